using System.Security.Cryptography;

namespace Gyre.Ingestion;

/// <summary>TFX's rule for splits: SHA-256 of the serialized example, as one large number, modulo the number of buckets.</summary>
static class TfxDigest
{
    /// <summary>The bucket of an example, or of the bytes of the feature that is to decide.</summary>
    /// <param name="serialized">A <c>tf.Example</c> as <see cref="Data.TfRecords.TfExample.Serialize"/> writes it; of a partition feature its bytes, or its number as decimal text.</param>
    /// <param name="buckets">How many there are, at least 1.</param>
    public static int Bucket(ReadOnlySpan<byte> serialized, int buckets)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(serialized, digest);
        ulong rest = 0;
        foreach (var value in digest)
            rest = ((rest << 8) | value) % (ulong)buckets;
        return (int)rest;
    }
}
