using System.IO.Compression;

namespace Gyre.Ingestion;

/// <summary>
/// What a gzip file holds, its end checked. The framework's own stream takes a file that was cut short for a short file;
/// so a part of our own is put behind the last one, and if it does not come out again at the end, the end was not there.
/// </summary>
sealed class GzipFileStream : ReadOnceStream
{
    static readonly byte[] Mark = "this is the end of the gzip file"u8.ToArray();
    static readonly byte[] PackedMark = Pack(Mark);

    readonly GZipStream _unpacked;
    readonly byte[] _held = new byte[1 << 16];
    int _count;
    bool _ended;

    public GzipFileStream(Stream packed) => _unpacked = new GZipStream(new Followed(packed), CompressionMode.Decompress);

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (!_ended && _count <= Mark.Length)
            Fill();
        var read = Math.Min(count, _ended ? _count : _count - Mark.Length);
        _held.AsSpan(0, read).CopyTo(buffer.AsSpan(offset));
        _held.AsSpan(read, _count - read).CopyTo(_held);
        _count -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacked.Dispose();
        base.Dispose(disposing);
    }

    void Fill()
    {
        var read = _unpacked.Read(_held, _count, _held.Length - _count);
        _count += read;
        if (read > 0)
            return;
        if (!_held.AsSpan(0, _count).EndsWith(Mark))
            throw new InvalidDataException("it is cut short, or something stands behind its end. Expected a whole gzip file: fetch it again.");
        _ended = true;
        _count -= Mark.Length;
    }

    static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>A stream with the packed mark behind it.</summary>
    sealed class Followed(Stream first) : ReadOnceStream
    {
        readonly MemoryStream _second = new(PackedMark);

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = first.Read(buffer, offset, count);
            return read > 0 ? read : _second.Read(buffer, offset, count);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                first.Dispose();
                _second.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
