using System.Buffers.Binary;
using System.Numerics;

namespace Gyre.Statistics.Sketches;

/// <summary>XXH64 with seed 0 (Collet's specification): a digest of 64 well-mixed bits that is the same on every machine.</summary>
static class Digest
{
    const ulong Prime1 = 0x9E3779B185EBCA87;
    const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    const ulong Prime3 = 0x165667B19E3779F9;
    const ulong Prime4 = 0x85EBCA77C2B2AE63;
    const ulong Prime5 = 0x27D4EB2F165667C5;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var length = (ulong)bytes.Length;
        unchecked
        {
            ulong digest;
            if (bytes.Length >= 32)
            {
                ulong one = Prime1 + Prime2, two = Prime2, three = 0, four = 0 - Prime1;
                for (; bytes.Length >= 32; bytes = bytes[32..])
                {
                    one = Round(one, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
                    two = Round(two, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
                    three = Round(three, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
                    four = Round(four, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
                }

                digest = BitOperations.RotateLeft(one, 1) + BitOperations.RotateLeft(two, 7) + BitOperations.RotateLeft(three, 12) + BitOperations.RotateLeft(four, 18);
                digest = Join(Join(Join(Join(digest, one), two), three), four);
            }
            else
            {
                digest = Prime5;
            }

            digest += length;
            for (; bytes.Length >= 8; bytes = bytes[8..])
                digest = (BitOperations.RotateLeft(digest ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(bytes)), 27) * Prime1) + Prime4;
            if (bytes.Length >= 4)
            {
                digest = (BitOperations.RotateLeft(digest ^ (BinaryPrimitives.ReadUInt32LittleEndian(bytes) * Prime1), 23) * Prime2) + Prime3;
                bytes = bytes[4..];
            }

            foreach (var value in bytes)
                digest = BitOperations.RotateLeft(digest ^ (value * Prime5), 11) * Prime1;
            digest = (digest ^ (digest >> 33)) * Prime2;
            digest = (digest ^ (digest >> 29)) * Prime3;
            return digest ^ (digest >> 32);
        }
    }

    static ulong Round(ulong state, ulong lane) => unchecked(BitOperations.RotateLeft(state + (lane * Prime2), 31) * Prime1);

    static ulong Join(ulong digest, ulong state) => unchecked(((digest ^ Round(0, state)) * Prime1) + Prime4);
}
