using System.Buffers.Binary;
using System.Numerics;

namespace Gyre.Data.TfRecords;

/// <summary>
/// The checksum of TFRecord files: CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), masked, so that checksums of data
/// that holds checksums stay good ones: rotated right by 15 bits, plus 0xA282EAD8.
/// </summary>
static class RecordChecksum
{
    public static uint Masked(ReadOnlySpan<byte> data) => BitOperations.RotateRight(Plain(data), 15) + 0xA282EAD8;

    static uint Plain(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
