using Gyre.Onnx;

namespace Gyre.Transforms.Operators;

/// <summary>Hashes of texts in a graph; each gives int64 with the shape of the texts, to be taken as unsigned.</summary>
static class TextHashing
{
    /// <summary>A bucket from 0 to <paramref name="count"/> − 1 for each text, the empty one too.</summary>
    public static string Bucket(this OnnxGraph graph, string texts, int count, TextHash hash) => hash switch
    {
        TextHash.Murmur3 => graph.Hash(texts, count),
        TextHash.Fingerprint64 => graph.Bucket(texts, count, new Fingerprint(graph).Of),
        _ => throw new ArgumentOutOfRangeException(nameof(hash), hash, "Expected a hash of texts."),
    };

    /// <summary>The same by SipHash-2-4 under a key.</summary>
    public static string KeyedBucket(this OnnxGraph graph, string texts, int count, ulong key0, ulong key1) =>
        graph.Bucket(texts, count, new SipHash(graph, key0, key1).Of);

    static string Bucket(this OnnxGraph graph, string texts, int count, Func<TextBytes, string> hash)
    {
        // One text more, so that there is one even in a batch without any token.
        var some = graph.Node("Concat", [graph.Flat(texts), graph.Constant([""])], ("axis", 0L));
        var words = hash(TextBytes.Of(graph, some));
        var buckets = graph.Node("Slice", [new WordArithmetic(graph).Mod(words, count), graph.Constant([0L]), graph.Constant([-1L]), graph.Constant([0L])]);
        return graph.Node("Reshape", [buckets, graph.Node("Shape", [texts])], ("allowzero", 1L));
    }
}

/// <summary>
/// FarmHash's Fingerprint64 (the "na" variant, https://github.com/google/farmhash), the hash by which TensorFlow numbers texts.
/// Computed for each of the lengths that it treats differently; which one counts is chosen at the end.
/// </summary>
sealed class Fingerprint(OnnxGraph graph)
{
    const ulong K0 = 0xc3a5c85c97cb3127;
    const ulong K1 = 0xb492b66fbe98f273;
    const ulong K2 = 0x9ae16a3b2f90404f;
    const ulong Seed = 81;

    readonly WordArithmetic _math = new(graph);

    public string Of(TextBytes bytes)
    {
        var length = bytes.Lengths;
        var mul = _math.Add(_math.ShiftLeft(length, 1), K2);
        var result = Long(bytes);
        result = Choose(64, UpTo64(bytes, mul), result);
        result = Choose(32, UpTo32(bytes, mul), result);
        result = Choose(16, UpTo16(bytes, mul), result);
        result = Choose(7, UpTo7(bytes, mul), result);
        result = Choose(3, UpTo3(bytes), result);
        return Choose(0, _math.Constant(K2), result);

        string Choose(long atMost, string then, string otherwise) => graph.Where(graph.Node("LessOrEqual", [length, graph.Scalar(atMost)]), then, otherwise);
    }

    string UpTo3(TextBytes bytes)
    {
        var first = _math.And(bytes.Fetch(graph, 0), 0xff);
        var middle = _math.And(bytes.Fetch(graph, _math.ShiftRight(bytes.Lengths, 1)), 0xff);
        var last = _math.And(FromEnd(bytes, 1), 0xff);
        var y = _math.Add(first, _math.ShiftLeft(middle, 8));
        var z = _math.Add(bytes.Lengths, _math.ShiftLeft(last, 2));
        return _math.Mul(_math.Mix(_math.Xor(_math.Mul(y, K2), _math.Mul(z, K0)), 47), K2);
    }

    string UpTo7(TextBytes bytes, string mul)
    {
        var start = _math.And(bytes.Fetch(graph, 0), uint.MaxValue);
        var end = _math.And(FromEnd(bytes, 4), uint.MaxValue);
        return Two(_math.Add(bytes.Lengths, _math.ShiftLeft(start, 3)), end, mul);
    }

    string UpTo16(TextBytes bytes, string mul)
    {
        var a = _math.Add(bytes.Fetch(graph, 0), K2);
        var b = FromEnd(bytes, 8);
        var c = _math.Add(_math.Mul(_math.Rotate(b, 37), mul), a);
        var d = _math.Mul(_math.Add(_math.Rotate(a, 25), b), mul);
        return Two(c, d, mul);
    }

    string UpTo32(TextBytes bytes, string mul)
    {
        var a = _math.Mul(bytes.Fetch(graph, 0), K1);
        var b = bytes.Fetch(graph, 8);
        var c = _math.Mul(FromEnd(bytes, 8), mul);
        var d = _math.Mul(FromEnd(bytes, 16), K2);
        return Two(Sum(Rotated(a, b, 43), _math.Rotate(c, 30), d), Sum(a, _math.Rotate(_math.Add(b, K2), 18), c), mul);
    }

    string UpTo64(TextBytes bytes, string mul)
    {
        var a = _math.Mul(bytes.Fetch(graph, 0), K2);
        var b = bytes.Fetch(graph, 8);
        var c = _math.Mul(FromEnd(bytes, 8), mul);
        var d = _math.Mul(FromEnd(bytes, 16), K2);
        var y = Sum(Rotated(a, b, 43), _math.Rotate(c, 30), d);
        var z = Two(y, Sum(a, _math.Rotate(_math.Add(b, K2), 18), c), mul);
        var e = _math.Mul(bytes.Fetch(graph, 16), mul);
        var f = bytes.Fetch(graph, 24);
        var g = _math.Mul(_math.Add(y, FromEnd(bytes, 32)), mul);
        var h = _math.Mul(_math.Add(z, FromEnd(bytes, 24)), mul);
        return Two(Sum(Rotated(e, f, 43), _math.Rotate(g, 30), h), Sum(e, Rotated(f, a, 18), g), mul);
    }

    /// <summary>Beyond 64 bytes: block by block, and the last 64 bytes once more.</summary>
    string Long(TextBytes bytes)
    {
        // Shorter texts take part with what they have; it is not chosen.
        var length = graph.Node("Max", [bytes.Lengths, graph.Scalar(65L)]);
        var before = _math.Add(length, ulong.MaxValue);
        var blocks = _math.ShiftRight(before, 6);
        var rest = _math.And(before, 63);
        var zero = graph.Node("Sub", [length, length]);
        var y = unchecked((Seed * K1) + 113);
        var z = unchecked((y * K2) + 113);
        var state = new State(
            _math.Add(bytes.Fetch(graph, 0), unchecked(Seed * K2)), _math.Add(zero, y), _math.Add(zero, unchecked((z ^ (z >> 47)) * K2)), zero, zero, zero, zero);
        var rounds = graph.Node("ReduceMax", [graph.Where(graph.Node("Greater", [bytes.Lengths, graph.Scalar(64L)]), blocks, zero)], ("keepdims", 0L));
        state = State.Of(graph.Loop(rounds, state.All, OnnxType.Int64, (round, values) =>
        {
            var now = State.Of(values);
            var position = graph.Node("Mul", [graph.Node("Min", [graph.Node("Add", [zero, round]), _math.Add(blocks, ulong.MaxValue)]), graph.Scalar(64L)]);
            var next = Round(bytes, position, now, _math.Constant(K1), _math.Constant(1));
            var goesOn = graph.Node("Less", [graph.Node("Add", [zero, round]), blocks]);
            return [.. next.All.Zip(now.All, (then, otherwise) => graph.Where(goesOn, then, otherwise))];
        }));

        var mul = _math.Add(_math.ShiftLeft(_math.And(state.Z, 0xff), 1), K1);
        var w1 = _math.Add(state.W1, rest);
        var v1 = _math.Add(state.V1, w1);
        w1 = _math.Add(w1, v1);
        var end = Round(bytes, _math.Add(length, unchecked((ulong)-64L)), state with { V1 = v1, W1 = w1 }, mul, _math.Constant(9));
        return Two(
            Sum(Two(end.V1, end.W1, mul), _math.Mul(_math.Mix(end.Y, 47), K0), end.Z),
            _math.Add(Two(end.V2, end.W2, mul), end.X),
            mul);
    }

    /// <summary>Mixes 64 bytes into the state. In the blocks <paramref name="factor"/> is 1, at the end 9.</summary>
    State Round(TextBytes bytes, string position, State state, string mul, string factor)
    {
        var (x, y, z, v1, v2, w1, w2) = state;
        x = _math.Mul(_math.Rotate(Sum(_math.Add(x, y), v1, At(8)), 37), mul);
        y = _math.Mul(_math.Rotate(Sum(y, v2, At(48)), 42), mul);
        x = _math.Xor(x, _math.Mul(w2, factor));
        y = Sum(y, _math.Mul(v1, factor), At(40));
        z = _math.Mul(_math.Rotate(_math.Add(z, w1), 33), mul);
        (v1, v2) = Weak(0, _math.Mul(v2, mul), _math.Add(x, w1));
        (w1, w2) = Weak(32, _math.Add(z, w2), _math.Add(y, At(16)));
        return new State(z, y, x, v1, v2, w1, w2);

        string At(int offset) => bytes.Fetch(graph, graph.Node("Min", [_math.Add(position, (ulong)offset), Furthest(bytes)]));

        (string, string) Weak(int offset, string a, string b)
        {
            a = _math.Add(a, At(offset));
            b = _math.Rotate(Sum(b, a, At(offset + 24)), 21);
            var c = a;
            a = Sum(a, At(offset + 8), At(offset + 16));
            b = _math.Add(b, _math.Rotate(a, 44));
            return (_math.Add(a, At(offset + 24)), _math.Add(b, c));
        }
    }

    /// <summary>The last position that words begin at.</summary>
    string Furthest(TextBytes bytes)
    {
        var width = graph.Node("Slice", [graph.Node("Shape", [bytes.Words]), graph.Constant([1L]), graph.Constant([2L])]);
        return graph.Node("Sub", [width, graph.Scalar(1L)]);
    }

    string Two(string u, string v, string mul)
    {
        var a = _math.Mix(_math.Mul(_math.Xor(u, v), mul), 47);
        var b = _math.Mix(_math.Mul(_math.Xor(v, a), mul), 47);
        return _math.Mul(b, mul);
    }

    string Rotated(string a, string b, int bits) => _math.Rotate(_math.Add(a, b), bits);

    string Sum(string a, string b, string c) => _math.Add(_math.Add(a, b), c);

    /// <summary>The eight bytes that begin so many bytes before the end; what shorter texts give is not chosen.</summary>
    string FromEnd(TextBytes bytes, int count) =>
        bytes.Fetch(graph, graph.Node("Max", [_math.Add(bytes.Lengths, unchecked((ulong)-(long)count)), graph.Scalar(0L)]));

    sealed record State(string X, string Y, string Z, string V1, string V2, string W1, string W2)
    {
        public IReadOnlyList<string> All => [X, Y, Z, V1, V2, W1, W2];

        public static State Of(IReadOnlyList<string> all) => new(all[0], all[1], all[2], all[3], all[4], all[5], all[6]);
    }
}

/// <summary>SipHash-2-4 (Aumasson and Bernstein 2012), by which TensorFlow hashes under a key.</summary>
sealed class SipHash(OnnxGraph graph, ulong key0, ulong key1)
{
    readonly WordArithmetic _math = new(graph);

    public string Of(TextBytes bytes)
    {
        var zero = graph.Node("Sub", [bytes.Lengths, bytes.Lengths]);
        string[] state =
        [
            _math.Add(zero, key0 ^ 0x736f6d6570736575), _math.Add(zero, key1 ^ 0x646f72616e646f6d),
            _math.Add(zero, key0 ^ 0x6c7967656e657261), _math.Add(zero, key1 ^ 0x7465646279746573),
        ];
        var blocks = _math.ShiftRight(bytes.Lengths, 3);
        var rounds = graph.Node("ReduceMax", [blocks], ("keepdims", 0L));
        state = [.. graph.Loop(rounds, state, OnnxType.Int64, (round, values) =>
        {
            var block = graph.Node("Min", [graph.Node("Add", [zero, round]), blocks]);
            var next = Absorb([.. values], bytes.Fetch(graph, _math.ShiftLeft(block, 3)));
            var goesOn = graph.Node("Less", [graph.Node("Add", [zero, round]), blocks]);
            return [.. next.Zip(values, (then, otherwise) => graph.Where(goesOn, then, otherwise))];
        })];

        // Behind the end of a text are zeros, so that its last bytes stand alone; the length comes on top of them.
        var last = _math.Add(bytes.Fetch(graph, _math.ShiftLeft(blocks, 3)), _math.ShiftLeft(bytes.Lengths, 56));
        state = Absorb(state, last);
        state[2] = _math.Xor(state[2], 0xff);
        for (var i = 0; i < 4; i++)
            state = Round(state);
        return _math.Xor(_math.Xor(state[0], state[1]), _math.Xor(state[2], state[3]));
    }

    string[] Absorb(string[] v, string word)
    {
        v = [v[0], v[1], v[2], _math.Xor(v[3], word)];
        v = Round(Round(v));
        return [_math.Xor(v[0], word), v[1], v[2], v[3]];
    }

    string[] Round(string[] v)
    {
        var (v0, v1, v2, v3) = (_math.Add(v[0], v[1]), Left(v[1], 13), _math.Add(v[2], v[3]), Left(v[3], 16));
        v1 = _math.Xor(v1, v0);
        v0 = Left(v0, 32);
        v3 = _math.Xor(v3, v2);
        v0 = _math.Add(v0, v3);
        v3 = _math.Xor(Left(v3, 21), v0);
        v2 = _math.Add(v2, v1);
        v1 = _math.Xor(Left(v1, 17), v2);
        v2 = Left(v2, 32);
        return [v0, v1, v2, v3];
    }

    string Left(string word, int bits) => _math.Rotate(word, 64 - bits);
}
