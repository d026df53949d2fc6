using System.Buffers.Binary;
using System.Numerics;
using Gyre.Transforms.Analysis;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms.Kernels;

/// <summary>What operators compute that make ids without a plain vocabulary: by a hash, of whole numbers, of two ids.</summary>
static class IdKernels
{
    /// <summary>What computes a step; null for other operators, and for hashes that are not the fast one.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="found">What its analyzer found, if it has one.</param>
    /// <param name="inputs">Where its inputs stand.</param>
    /// <param name="sizeOf">The number of distinct ids of one of its inputs, by position.</param>
    public static Func<KernelFrame, object>? Of(Operator op, Fitted? found, int[] inputs, Func<int, int> sizeOf)
    {
        switch (op)
        {
            case HashBuckets { Key: null, Hash: null or TextHash.Murmur3 } buckets:
                return frame => Ids(frame.Texts(inputs[0]), buckets.HashMissing == true, text => Hash(text) % (uint)buckets.Count);
            case TokenHashBuckets { Key: null, Hash: null or TextHash.Murmur3, HashMissing: not true } buckets:
                return frame => new IdLists(Array.ConvertAll(Ids(frame.Tokens(inputs[0]).Tokens, ofMissing: true, text => Hash(text) % (uint)buckets.Count), id => (int)id), frame.Tokens(inputs[0]).Offsets);
            case Vocabulary { OovBuckets: > 1, Hash: null or TextHash.Murmur3 } vocabulary:
                var known = new TextTable(((FittedVocabulary)found!).Values);
                var first = ((FittedVocabulary)found).Values.Count;
                return frame => Ids(
                    frame.Texts(inputs[0]), vocabulary.MissingIsOov == true,
                    text => !text.IsEmpty && known.Find(text) is >= 0 and var id ? id : first + (Hash(text) % (uint)vocabulary.OovBuckets));
            case WholeNumberId whole:
                return frame => Array.ConvertAll(frame.Numbers(inputs[0]), number => WholeId(number, whole));
            case CrossIds:
                var second = sizeOf(1);
                return frame => Crossed(frame.Ids(inputs[0]), frame.Ids(inputs[1]), second);
            case IsOneOf one:
                var table = new TextTable(one.Texts);
                return frame => frame.Texts(inputs[0]).ToNumbers(text => NumberKernels.Truth(!text.IsEmpty && table.Find(text) >= 0));
            default:
                return null;
        }
    }

    /// <summary>MurmurHash3 in 32 bits with the seed 0 (Austin Appleby, public domain), as ONNX Runtime has it.</summary>
    public static uint Hash(ReadOnlySpan<byte> text)
    {
        var hash = 0u;
        var at = 0;
        for (; text.Length - at >= sizeof(uint); at += sizeof(uint))
            hash = (BitOperations.RotateLeft(hash ^ Mixed(BinaryPrimitives.ReadUInt32LittleEndian(text[at..])), 13) * 5) + 0xe6546b64;
        var rest = 0u;
        for (var i = text.Length - 1; i >= at; i--)
            rest = (rest << 8) | text[i];
        if (at < text.Length)
            hash ^= Mixed(rest);
        hash ^= (uint)text.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);

        static uint Mixed(uint block) => BitOperations.RotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
    }

    static long[] Ids(Texts texts, bool ofMissing, Func<ReadOnlySpan<byte>, long> id)
    {
        var ids = new long[texts.Count];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = texts[i].IsEmpty && !ofMissing ? -1 : id(texts[i]);
        return ids;
    }

    static long WholeId(double number, WholeNumberId whole)
    {
        var place = NumberKernels.Subtract(number, whole.First);
        return place == Math.Floor(place) && place >= 0 && place < whole.Count ? (long)place : -1;
    }

    static long[] Crossed(long[] first, long[] second, int size)
    {
        var ids = new long[first.Length];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = first[i] < 0 || second[i] < 0 ? -1 : (first[i] * size) + second[i];
        return ids;
    }
}
