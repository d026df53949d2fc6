using System.Buffers.Binary;

namespace Gyre.Data;

/// <summary>Bytes that are put one behind the other.</summary>
sealed class ByteBuffer
{
    byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value) => Take(1)[0] = value;

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Seven bits to a byte, the lowest first, the highest bit of a byte set where more follow.</summary>
    public void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    /// <summary>Overwrites a number that was put before.</summary>
    public void Int32At(int position, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(position), value);

    /// <summary>The place of so many more bytes, whatever stood there before.</summary>
    public Span<byte> Take(int length)
    {
        if (_bytes.Length - Length < length)
            Array.Resize(ref _bytes, checked((int)Math.Max(Length + (long)length, Math.Min(Array.MaxLength, _bytes.Length * 2L))));
        Length += length;
        return _bytes.AsSpan(Length - length, length);
    }
}
