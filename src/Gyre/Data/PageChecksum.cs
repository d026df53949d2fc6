using System.Buffers;

namespace Gyre.Data;

/// <summary>CRC-32 as gzip and Parquet use it (polynomial 0xEDB88320), eight bytes at a time.</summary>
static class PageChecksum
{
    const int Slices = 8;
    const int BufferSize = 1 << 16;

    static readonly uint[] _table = MakeTable();

    /// <summary>The checksum of a part of a file.</summary>
    public static uint Of(FileStream file, long position, int length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var sum = uint.MaxValue;
            while (length > 0)
            {
                var read = RandomAccess.Read(file.SafeFileHandle, buffer.AsSpan(0, Math.Min(length, buffer.Length)), position);
                if (read == 0)
                    throw new EndOfStreamException("an end in the middle of a page");
                sum = Add(sum, buffer.AsSpan(0, read));
                (position, length) = (position + read, length - read);
            }

            return ~sum;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static uint Of(ReadOnlySpan<byte> data) => ~Add(uint.MaxValue, data);

    static uint Add(uint sum, ReadOnlySpan<byte> data)
    {
        var table = _table;
        while (data.Length >= Slices)
        {
            var low = sum ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(data);
            var high = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            sum = table[(7 * 256) + (low & 0xFF)] ^ table[(6 * 256) + ((low >> 8) & 0xFF)] ^ table[(5 * 256) + ((low >> 16) & 0xFF)] ^ table[(4 * 256) + (low >> 24)]
                ^ table[(3 * 256) + (high & 0xFF)] ^ table[(2 * 256) + ((high >> 8) & 0xFF)] ^ table[256 + ((high >> 16) & 0xFF)] ^ table[high >> 24];
            data = data[Slices..];
        }

        foreach (var value in data)
            sum = (sum >> 8) ^ table[(sum ^ value) & 0xFF];
        return sum;
    }

    static uint[] MakeTable()
    {
        var table = new uint[Slices * 256];
        for (var value = 0u; value < 256; value++)
        {
            var sum = value;
            for (var bit = 0; bit < 8; bit++)
                sum = (sum >> 1) ^ ((sum & 1) * 0xEDB88320);
            table[value] = sum;
        }

        for (var value = 256; value < table.Length; value++)
            table[value] = (table[value - 256] >> 8) ^ table[table[value - 256] & 0xFF];
        return table;
    }
}
