using System.Numerics;

namespace Gyre.Data;

/// <summary>Parquet's hybrid of run lengths and packed bits (see <c>Encodings.md</c> of Apache Parquet), in which levels and places in dictionaries stand.</summary>
static class ParquetLevels
{
    /// <summary>How many bits numbers below a limit take; at least one.</summary>
    public static int WidthOf(int limit) => Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(0, limit - 1)));

    /// <summary>So many equal numbers of up to eight bits.</summary>
    public static void Run(ByteBuffer to, int value, int count)
    {
        if (count == 0)
            return;
        to.Varint((ulong)count << 1);
        to.Byte((byte)value);
    }

    /// <summary>Numbers of so many bits each, eight to a group, the last group filled with zeros.</summary>
    public static void Pack(ByteBuffer to, ReadOnlySpan<int> numbers, int width)
    {
        var groups = (numbers.Length + 7) / 8;
        to.Varint(((ulong)groups << 1) | 1);
        var target = to.Take(groups * width);
        var (at, bits, filled) = (0, 0UL, 0);
        foreach (var number in numbers)
        {
            bits |= (ulong)(uint)number << filled;
            filled += width;
            if (filled < 32)
                continue;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(target[at..], (uint)bits);
            at += sizeof(uint);
            bits >>= 32;
            filled -= 32;
        }

        for (; at < target.Length; at++, bits >>= 8)
            target[at] = (byte)bits;
    }
}
