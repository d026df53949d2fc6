using System.Buffers.Binary;

namespace Gyre.Data.TfRecords;

/// <summary>Writes records as TFRecord: each with its length and the checksums of both.</summary>
/// <param name="stream">Where to; disposed of with the writer.</param>
sealed class TfRecordWriter(Stream stream) : IDisposable
{
    public void Write(ReadOnlySpan<byte> record)
    {
        Span<byte> frame = stackalloc byte[sizeof(ulong) + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(frame, (ulong)record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[sizeof(ulong)..], RecordChecksum.Masked(frame[..sizeof(ulong)]));
        stream.Write(frame);
        stream.Write(record);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, RecordChecksum.Masked(record));
        stream.Write(frame[..sizeof(uint)]);
    }

    public void Dispose() => stream.Dispose();
}
