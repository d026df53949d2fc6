using Gyre.Onnx;

namespace Gyre.Transforms.Operators;

/// <summary>
/// Arithmetic of unsigned 64-bit words in a graph, as hashes need it. Words are held as int64, whose sums and products wrap around
/// to the same bits; shifts are done as uint64.
/// </summary>
sealed class WordArithmetic(OnnxGraph graph)
{
    readonly Dictionary<ulong, string> _words = [];
    readonly Dictionary<int, string> _shifts = [];

    public string Constant(ulong value)
    {
        if (!_words.TryGetValue(value, out var name))
            _words.Add(value, name = graph.Scalar((long)value));
        return name;
    }

    public string Add(string a, string b) => graph.Node("Add", [a, b]);

    public string Add(string a, ulong b) => Add(a, Constant(b));

    public string Mul(string a, string b) => graph.Node("Mul", [a, b]);

    public string Mul(string a, ulong b) => Mul(a, Constant(b));

    public string Xor(string a, string b) => graph.Node("BitwiseXor", [a, b]);

    public string Xor(string a, ulong b) => Xor(a, Constant(b));

    public string And(string a, ulong b) => graph.Node("BitwiseAnd", [a, Constant(b)]);

    /// <summary>Shifts to the right; zeros come in.</summary>
    public string ShiftRight(string a, int bits) => Signed(Shift(Unsigned(a), bits, "RIGHT"));

    public string ShiftLeft(string a, int bits) => Mul(a, 1UL << bits);

    /// <summary>Turns the bits to the right.</summary>
    public string Rotate(string a, int bits)
    {
        var word = Unsigned(a);
        return Signed(graph.Node("BitwiseOr", [Shift(word, bits, "RIGHT"), Shift(word, 64 - bits, "LEFT")]));
    }

    /// <summary>The word xor itself shifted to the right.</summary>
    public string Mix(string a, int bits) => Xor(a, ShiftRight(a, bits));

    /// <summary>The remainder of the word, taken as unsigned.</summary>
    public string Mod(string a, long divisor) => Signed(graph.Node("Mod", [Unsigned(a), Unsigned(graph.Scalar(divisor))]));

    string Shift(string word, int bits, string direction)
    {
        if (!_shifts.TryGetValue(bits, out var name))
            _shifts.Add(bits, name = graph.Scalar((long)bits));
        return graph.Node("BitShift", [word, Unsigned(name)], ("direction", direction));
    }

    string Unsigned(string a) => graph.Cast(a, OnnxType.UInt64);

    string Signed(string a) => graph.Cast(a, OnnxType.Int64);
}
