using System.Buffers.Binary;
using System.Globalization;

namespace Gyre.Data.TfRecords;

/// <summary>
/// Reads the records of a TFRecord stream one by one: length (64 bits), its checksum, data, its checksum; little endian.
/// Both checksums are checked, so what is handed out is what was written.
/// </summary>
/// <param name="stream">The bytes, unpacked; disposed of with the reader.</param>
/// <param name="file">The file's name in messages.</param>
sealed class TfRecordReader(Stream stream, string file) : IDisposable
{
    /// <summary>A record longer than this is taken for damage.</summary>
    internal const int LongestRecord = 256 << 20;

    const int HeaderLength = sizeof(ulong) + sizeof(uint);

    readonly byte[] _header = new byte[HeaderLength];
    byte[] _buffer = new byte[1 << 12];
    long _next;

    /// <summary>The number of the record, counted from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Where in the unpacked stream the record's length stands, counted from 0.</summary>
    public long Offset { get; private set; }

    /// <summary>Goes to the next record; false at the end.</summary>
    /// <param name="record">Its data; valid until the next one.</param>
    /// <exception cref="InvalidDataException">The file is cut short or damaged.</exception>
    public bool Next(out ReadOnlySpan<byte> record)
    {
        record = default;
        Offset = _next;
        Number++;
        var read = Read(_header);
        if (read == 0)
            return false;
        if (read < HeaderLength)
            throw Fault("the file ends inside the record's header. Expected 12 bytes there: the file was cut short, fetch or write it again");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(_header);
        if (BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(sizeof(ulong))) != RecordChecksum.Masked(_header.AsSpan(0, sizeof(ulong))))
        {
            throw Fault(Number == 1
                ? "the checksum of the record's length is wrong. Expected a TFRecord file, plain or packed by gzip; is this one?"
                : "the checksum of the record's length is wrong. Expected an undamaged file: fetch or write it again");
        }

        if (length > LongestRecord)
            throw Fault(string.Create(CultureInfo.InvariantCulture, $"the record has {length} bytes. Expected at most {LongestRecord >> 20} MiB: write smaller records"));
        var size = (int)length + sizeof(uint);
        if (_buffer.Length < size)
            _buffer = new byte[Math.Max(size, _buffer.Length * 2)];
        if (Read(_buffer.AsSpan(0, size)) < size)
            throw Fault(string.Create(CultureInfo.InvariantCulture, $"the file ends inside the record. Expected {length} bytes of data and 4 of checksum: the file was cut short, fetch or write it again"));
        if (BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan((int)length)) != RecordChecksum.Masked(_buffer.AsSpan(0, (int)length)))
            throw Fault("the checksum of the record's data is wrong. Expected an undamaged file: fetch or write it again");
        _next += HeaderLength + size;
        record = _buffer.AsSpan(0, (int)length);
        return true;
    }

    public void Dispose() => stream.Dispose();

    int Read(Span<byte> target)
    {
        try
        {
            return stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        }
        catch (Exception error) when (UnreadableFile.IsCause(error))
        {
            throw UnreadableFile.Of(file, error);
        }
    }

    InvalidDataException Fault(string what) => new(string.Create(CultureInfo.InvariantCulture, $"{file}: record {Number}, at byte {Offset}: {what}."));
}
