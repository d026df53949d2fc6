using Gyre.Onnx;

namespace Gyre.Transforms.Operators;

/// <summary>
/// The UTF-8 bytes of texts as numbers. ONNX has no operator for that, but it can cut a text into characters, and the
/// 32-bit MurmurHash3 of at most four bytes is one-to-one for each number of bytes; so it is computed backwards.
/// </summary>
/// <param name="words">Words.</param>
/// <param name="lengths">Lengths.</param>
sealed class TextBytes(string words, string lengths)
{
    /// <summary>Zeros behind the longest text, so that a block of this many bytes can be read wherever one begins.</summary>
    public const int Margin = 72;

    const ulong Mask = uint.MaxValue;
    const ulong Block1 = 0xcc9e2d51;
    const ulong Block2 = 0x1b873593;
    const ulong Final1 = 0x85ebca6b;
    const ulong Final2 = 0xc2b2ae35;

    /// <summary>int64 [M, W]: at each position the eight bytes from there on, the first as the lowest; zeros behind the end.</summary>
    public string Words => words;

    /// <summary>int64 [M, 1]: the number of bytes of each text.</summary>
    public string Lengths => lengths;

    /// <summary>Adds the nodes that take the bytes out of texts, string [M], of which there is at least one.</summary>
    public static TextBytes Of(OnnxGraph graph, string texts)
    {
        // At least one character, even where all texts are empty.
        var blank = graph.Where(graph.Node("Equal", [texts, texts]), graph.Scalar(""), texts);
        var characters = graph.Node("Concat", [graph.Matches(texts, "(?s)."), graph.Column(blank)], ("axis", 1L));
        var lengths = LengthsOf(graph, characters);
        var codes = CodesOf(graph, characters, lengths);

        var starts = graph.Node("CumSum", [lengths, graph.Scalar(1L)], ("exclusive", 1L));
        var total = graph.Node("ReduceSum", [lengths, graph.Constant([1L])], ("keepdims", 1L));
        var width = graph.Node("Add", [graph.Node("ReduceMax", [total], ("keepdims", 0L)), graph.Scalar(Margin + 1L)]);
        var rows = graph.Node("Slice", [graph.Node("Shape", [characters]), graph.Constant([0L]), graph.Constant([1L])]);
        var bytes = graph.Node("Expand", [graph.Scalar(0L), graph.Node("Concat", [rows, graph.Node("Reshape", [width, graph.Constant([1L])])], ("axis", 0L))]);
        bytes = graph.Node("ScatterElements", [bytes, .. Places(graph, starts, lengths, codes, width)], ("axis", 1L));

        // The last column took what is no byte of any text.
        bytes = graph.Node("Slice", [bytes, graph.Constant([0L]), graph.Constant([-1L]), graph.Constant([1L])]);
        return new TextBytes(WordsOf(graph, bytes), total);
    }

    /// <summary>The eight bytes that begin at a position of each text: int64 [M, 1], given a position each.</summary>
    public string Fetch(OnnxGraph graph, string positions) => graph.Node("GatherElements", [words, positions], ("axis", 1L));

    /// <summary>The eight bytes that begin at one position of all texts.</summary>
    public string Fetch(OnnxGraph graph, long position) =>
        graph.Node("Slice", [words, graph.Constant([position]), graph.Constant([position + 1]), graph.Constant([1L])]);

    static string LengthsOf(OnnxGraph graph, string characters)
    {
        var lengths = graph.Scalar(4L);
        foreach (var (pattern, length) in new[] { (@"[\x{800}-\x{ffff}]", 3L), (@"[\x{80}-\x{7ff}]", 2L), (@"[\x00-\x7f]", 1L), ("", 0L) })
        {
            var matches = graph.Node("RegexFullMatch", [characters], ("pattern", pattern));
            lengths = graph.Where(matches, graph.Scalar(length), lengths);
        }

        return lengths;
    }

    /// <summary>The bytes of each character as one number, the first as the lowest.</summary>
    static string CodesOf(OnnxGraph graph, string characters, string lengths)
    {
        var math = new WordArithmetic(graph);
        var hash = graph.Cast(graph.Node(OnnxGraph.Microsoft, "MurmurHash3", [characters], 1, ("positive", 1L), ("seed", 0L))[0], OnnxType.Int64);

        // The final mix, backwards.
        hash = math.Mix(hash, 16);
        hash = math.And(math.Mul(hash, Inverse(Final2)), Mask);
        hash = math.Xor(math.Mix(hash, 13), math.ShiftRight(hash, 26));
        hash = math.And(math.Mul(hash, Inverse(Final1)), Mask);
        hash = math.Xor(math.Mix(hash, 16), lengths);

        // Four bytes are a block, which is mixed once more than what stands behind the last block.
        var block = math.And(math.Mul(math.Add(hash, unchecked((ulong)-0xe6546b64L)), Inverse(5)), Mask);
        block = RotateHalf(math, block, 13);
        var code = graph.Where(graph.Node("Equal", [lengths, graph.Scalar(4L)]), block, hash);
        code = math.And(math.Mul(code, Inverse(Block2)), Mask);
        return math.And(math.Mul(RotateHalf(math, code, 15), Inverse(Block1)), Mask);
    }

    /// <summary>Turns 32 bits to the right.</summary>
    static string RotateHalf(WordArithmetic math, string word, int bits) =>
        math.And(math.Xor(math.ShiftRight(word, bits), math.ShiftLeft(word, 32 - bits)), Mask);

    static string[] Places(OnnxGraph graph, string starts, string lengths, string codes, string width)
    {
        var math = new WordArithmetic(graph);
        var nowhere = graph.Node("Sub", [width, graph.Scalar(1L)]);
        var (places, bytes) = (new List<string>(), new List<string>());
        for (var i = 0; i < 4; i++)
        {
            var isByte = graph.Node("Greater", [lengths, graph.Scalar((long)i)]);
            places.Add(graph.Where(isByte, math.Add(starts, (ulong)i), nowhere));
            bytes.Add(math.And(math.ShiftRight(codes, 8 * i), 0xff));
        }

        return [graph.Node("Concat", places, ("axis", 1L)), graph.Node("Concat", bytes, ("axis", 1L))];
    }

    static string WordsOf(OnnxGraph graph, string bytes)
    {
        var math = new WordArithmetic(graph);
        var words = "";
        for (var i = 0; i < 8; i++)
        {
            var shifted = graph.Node("Slice", [bytes, graph.Constant([(long)i]), graph.Constant([i - 8L]), graph.Constant([1L])]);
            words = i == 0 ? shifted : math.Add(words, math.ShiftLeft(shifted, 8 * i));
        }

        return words;
    }

    /// <summary>The number whose product with an odd one is 1 in 32 bits.</summary>
    static ulong Inverse(ulong odd)
    {
        var inverse = odd;
        for (var i = 0; i < 5; i++)
            inverse *= 2 - (odd * inverse);
        return inverse & Mask;
    }
}
