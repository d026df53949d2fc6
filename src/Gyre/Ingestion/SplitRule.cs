using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gyre.Ingestion;

/// <summary>Sends rows to splits by a digest of their content.</summary>
sealed class SplitRule : IDisposable
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly int[] _splitOfBucket;

    public SplitRule(IReadOnlyList<Split> splits) =>
        _splitOfBucket = [.. splits.SelectMany((split, index) => Enumerable.Repeat(index, split.Buckets))];

    /// <summary>Takes a value of the row into account; each with its length, so that no two rows look the same.</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        AddLength(value.Length);
        _hash.AppendData(value);
    }

    public void AddMissing() => AddLength(-1);

    /// <summary>Takes into account that a list follows, so that its values are not those of several columns.</summary>
    public void AddList(int count) => AddLength(-2 - count);

    /// <summary>The index of the split to which the row with the values added since the last call belongs.</summary>
    public int Decide()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        return _splitOfBucket[BinaryPrimitives.ReadUInt64BigEndian(digest) % (ulong)_splitOfBucket.Length];
    }

    public void Dispose() => _hash.Dispose();

    void AddLength(int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        _hash.AppendData(bytes);
    }
}
