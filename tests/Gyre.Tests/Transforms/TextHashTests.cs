using System.Globalization;
using System.Text;
using System.Text.Json;
using Gyre.Transforms;
using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

public sealed class TextHashTests
{
    static async Task<long[]> BucketsAsync(int count, TextHash hash, params string?[] texts)
    {
        using var run = await FitAsync(f => f.Output("x", f.Text("c").HashBuckets(count, hash, hashMissing: true).OneHot()), Batch(texts));
        return run.Ids("x", Batch(texts));
    }

    [Fact]
    public async Task Fingerprints_are_those_of_TensorFlow()
    {
        var lines = File.ReadAllLines(SharedData.File("conformance/derived/farmhash_fingerprint64_mod10.tsv"))
            .Where(line => line.Contains('\t') && !line.StartsWith('#')).Select(line => line.Split('\t')).ToList();

        lines.Count.ShouldBe(9);
        (await BucketsAsync(10, TextHash.Fingerprint64, [.. lines.Select(line => line[0])]))
            .ShouldBe([.. lines.Select(line => long.Parse(line[1], CultureInfo.InvariantCulture))]);
    }

    [Fact]
    public async Task Hashes_with_and_without_a_key_are_those_of_TensorFlow_Transform()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllText(SharedData.File("conformance/derived/vectors_numeric.json")));
        var group = vectors.RootElement.GetProperty("tft_hash_strings");
        foreach (var vector in group.GetProperty("no_key_fast_hash").EnumerateArray())
            (await BucketsAsync(vector[1].GetInt32(), TextHash.Fingerprint64, vector[0].GetString())).ShouldBe([vector[2].GetInt64()]);
        foreach (var vector in group.GetProperty("strong_hash").EnumerateArray())
        {
            var (key0, key1) = (vector[1][0].GetUInt64(), vector[1][1].GetUInt64());
            using var run = await FitAsync(f => f.Output("x", f.Text("c").KeyedHashBuckets(vector[2].GetInt32(), key0, key1).OneHot()), Batch(new[] { "x" }));
            run.Ids("x", Batch(new[] { vector[0].GetString() })).ShouldBe([vector[3].GetInt64()]);
        }
    }

    [Fact]
    public async Task Texts_of_all_lengths_and_all_letters_get_the_fingerprint_of_their_bytes()
    {
        string[] letters = ["a", "Z", "0", "\0", "\n", "é", "ß", "€", "한", "𝄞", "😀", "\u007f", "\u0080", "\u07ff", "\u0800", "\uffff", "\U0010ffff"];
        var random = new Random(7);
        var texts = Enumerable.Range(0, 300).Select(length => string.Concat(Enumerable.Range(0, length).Select(_ => letters[random.Next(length % 3 == 0 ? 3 : letters.Length)]))).ToArray();

        (await BucketsAsync(int.MaxValue, TextHash.Fingerprint64, texts)).ShouldBe([.. texts.Select(text => (long)(FarmFingerprint.Of(Encoding.UTF8.GetBytes(text)) % int.MaxValue))]);
    }

    [Fact]
    public Task Any_text_gets_the_fingerprint_of_its_bytes() => Gen.String.Array[1, 12].SampleAsync(
        async texts => (await BucketsAsync(1_000_003, TextHash.Fingerprint64, texts))
            .ShouldBe([.. texts.Select(text => (long)(FarmFingerprint.Of(Encoding.UTF8.GetBytes(text)) % 1_000_003))]),
        iter: 15);

    [Fact]
    public async Task SipHash_gives_the_vectors_of_its_authors()
    {
        // Appendix A of «SipHash: a fast short-input PRF»: the bytes 0 to 14 under the key 0 to 15 give a129ca6149be45e5.
        var text = new string([.. Enumerable.Range(0, 15).Select(i => (char)i)]);
        using var run = await FitAsync(
            f => f.Output("x", f.Text("c").KeyedHashBuckets(1_000_000_007, 0x0706050403020100, 0x0f0e0d0c0b0a0908).OneHot()), Batch(new[] { "x" }));

        run.Ids("x", Batch(new[] { text, null })).ShouldBe([(long)(0xa129ca6149be45e5 % 1_000_000_007), -1]);
    }

    [Fact]
    public async Task Missing_texts_have_no_bucket_unless_they_are_to()
    {
        using var run = await FitAsync(
            f =>
            {
                f.Output("none", f.Text("c").HashBuckets(17, TextHash.Fingerprint64).OneHot());
                f.Output("one", f.Text("c").HashBuckets(17, TextHash.Fingerprint64, hashMissing: true).OneHot());
            },
            Batch(new[] { "Dog", null }));

        run.Ids("none", Batch(new[] { "Dog", null, "" })).ShouldBe([12, -1, -1]);
        run.Ids("one", Batch(new[] { "Dog", null, "" })).ShouldBe([12, 11, 11]);
    }

    [Fact]
    public async Task Tokens_have_fingerprints_too()
    {
        (await TokensAsync(f => f.Text("c").Tokens("[A-Za-z]+").HashBuckets(17, TextHash.Fingerprint64), "Dog Cat", null, "Cat")).ShouldBe([[12, 4], [], [4]]);
        (await TokensAsync(f => f.Text("c").Tokens("[A-Za-z]+").HashBuckets(17, TextHash.Fingerprint64), null, null)).ShouldBe([[], []]);
    }

    [Fact]
    public async Task Texts_outside_the_vocabulary_get_an_id_by_their_fingerprint()
    {
        using var run = await FitAsync(
            f => f.Output("x", f.Text("c").Vocabulary(new VocabularyOptions { Top = 1, OovBuckets = 17, OovHash = TextHash.Fingerprint64, MissingIsOov = true }).OneHot()),
            Batch(new[] { "known", "known", "rare" }));

        run.Features[0].Size.ShouldBe(18);
        run.Ids("x", Batch(new[] { "known", "Dog", "Cat", null })).ShouldBe([0, 13, 5, 12]);
    }
}

/// <summary>Fingerprint64 of FarmHash once more, as its C++ code has it, for what the graph gives to be compared with.</summary>
static class FarmFingerprint
{
    const ulong K0 = 0xc3a5c85c97cb3127;
    const ulong K1 = 0xb492b66fbe98f273;
    const ulong K2 = 0x9ae16a3b2f90404f;

    public static ulong Of(ReadOnlySpan<byte> s)
    {
        var length = (ulong)s.Length;
        var mul = K2 + (length * 2);
        switch (s.Length)
        {
            case 0:
                return K2;
            case <= 3:
                return Mix(((s[0] + ((ulong)s[s.Length >> 1] << 8)) * K2) ^ ((length + ((ulong)s[^1] << 2)) * K0)) * K2;
            case <= 7:
                return Two(length + ((ulong)BitConverter.ToUInt32(s) << 3), BitConverter.ToUInt32(s[^4..]), mul);
            case <= 16:
                {
                    var (a, b) = (At(s, 0) + K2, At(s, s.Length - 8));
                    return Two((Rotate(b, 37) * mul) + a, (Rotate(a, 25) + b) * mul, mul);
                }

            case <= 32:
                {
                    var (a, b, c, d) = (At(s, 0) * K1, At(s, 8), At(s, s.Length - 8) * mul, At(s, s.Length - 16) * K2);
                    return Two(Rotate(a + b, 43) + Rotate(c, 30) + d, a + Rotate(b + K2, 18) + c, mul);
                }

            case <= 64:
                {
                    var (a, b, c, d) = (At(s, 0) * K2, At(s, 8), At(s, s.Length - 8) * mul, At(s, s.Length - 16) * K2);
                    var y = Rotate(a + b, 43) + Rotate(c, 30) + d;
                    var z = Two(y, a + Rotate(b + K2, 18) + c, mul);
                    var (e, f) = (At(s, 16) * mul, At(s, 24));
                    var (g, h) = ((y + At(s, s.Length - 32)) * mul, (z + At(s, s.Length - 24)) * mul);
                    return Two(Rotate(e + f, 43) + Rotate(g, 30) + h, e + Rotate(f + a, 18) + g, mul);
                }

            default:
                return Long(s);
        }
    }

    static ulong Long(ReadOnlySpan<byte> s)
    {
        var x = 81UL;
        var y = unchecked((81 * K1) + 113);
        var z = Mix((y * K2) + 113) * K2;
        (ulong, ulong) v = (0, 0), w = (0, 0);
        x = (x * K2) + At(s, 0);
        var end = (s.Length - 1) / 64 * 64;
        for (var at = 0; at != end; at += 64)
        {
            x = Rotate(x + y + v.Item1 + At(s, at + 8), 37) * K1;
            y = Rotate(y + v.Item2 + At(s, at + 48), 42) * K1;
            x ^= w.Item2;
            y += v.Item1 + At(s, at + 40);
            z = Rotate(z + w.Item1, 33) * K1;
            v = Weak(s[at..], v.Item2 * K1, x + w.Item1);
            w = Weak(s[(at + 32)..], z + w.Item2, y + At(s, at + 16));
            (z, x) = (x, z);
        }

        var mul = K1 + ((z & 0xff) << 1);
        var last = s.Length - 64;
        w.Item1 += (ulong)((s.Length - 1) & 63);
        v.Item1 += w.Item1;
        w.Item1 += v.Item1;
        x = Rotate(x + y + v.Item1 + At(s, last + 8), 37) * mul;
        y = Rotate(y + v.Item2 + At(s, last + 48), 42) * mul;
        x ^= w.Item2 * 9;
        y += (v.Item1 * 9) + At(s, last + 40);
        z = Rotate(z + w.Item1, 33) * mul;
        v = Weak(s[last..], v.Item2 * mul, x + w.Item1);
        w = Weak(s[(last + 32)..], z + w.Item2, y + At(s, last + 16));
        (z, x) = (x, z);
        return Two(Two(v.Item1, w.Item1, mul) + (Mix(y) * K0) + z, Two(v.Item2, w.Item2, mul) + x, mul);
    }

    static (ulong, ulong) Weak(ReadOnlySpan<byte> s, ulong a, ulong b)
    {
        a += At(s, 0);
        b = Rotate(b + a + At(s, 24), 21);
        var c = a;
        a += At(s, 8) + At(s, 16);
        b += Rotate(a, 44);
        return (a + At(s, 24), b + c);
    }

    static ulong At(ReadOnlySpan<byte> s, int position) => BitConverter.ToUInt64(s[position..]);

    static ulong Rotate(ulong value, int bits) => ulong.RotateRight(value, bits);

    static ulong Mix(ulong value) => value ^ (value >> 47);

    static ulong Two(ulong u, ulong v, ulong mul) => Mix((v ^ Mix((u ^ v) * mul)) * mul) * mul;
}
