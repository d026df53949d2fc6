using Microsoft.Win32.SafeHandles;

namespace Gyre.Statistics.Counting;

/// <summary>A place where texts lie, found by their offset.</summary>
interface ITextHeap : IDisposable
{
    void Read(long offset, Span<byte> text);
}

/// <summary>A file that any number of threads write at the same time, each in stretches of its own.</summary>
sealed class SharedFile(string path) : IDisposable
{
    readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
    long _end;

    /// <summary>The beginning of a stretch that nobody else gets.</summary>
    public long Claim(long bytes) => Interlocked.Add(ref _end, bytes) - bytes;

    /// <summary>Writes where no stretch was yet.</summary>
    public long Append(ReadOnlySpan<byte> bytes)
    {
        var offset = Claim(bytes.Length);
        Write(bytes, offset);
        return offset;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_file, bytes, offset);

    public void Read(long offset, Span<byte> bytes) => FileHeap.Read(_file, offset, bytes);

    public void Dispose() => _file.Dispose();
}

/// <summary>
/// Texts that are too many and too long for memory: they go straight into the file of partial statistics, in which they
/// stay. What is written reaches the file when the heap is disposed at the latest.
/// </summary>
sealed class TextSpill(SharedFile file) : ITextHeap
{
    const int FirstBytes = 1 << 12;
    const int MostBytes = 1 << 18;

    byte[] _buffer = [];
    long _start;
    int _used;

    public SharedFile File => file;

    /// <param name="text">At most 1,024 bytes.</param>
    public long Append(ReadOnlySpan<byte> text)
    {
        if (_used + text.Length > _buffer.Length)
        {
            Flush();
            _buffer = new byte[Math.Clamp(_buffer.Length * 2, FirstBytes, MostBytes)];
            (_start, _used) = (file.Claim(_buffer.Length), 0);
        }

        text.CopyTo(_buffer.AsSpan(_used));
        _used += text.Length;
        return _start + _used - text.Length;
    }

    public void Read(long offset, Span<byte> text)
    {
        Flush();
        file.Read(offset, text);
    }

    public void Dispose() => Flush();

    void Flush() => file.Write(_buffer.AsSpan(0, _used), _start);
}

/// <summary>Texts that lie in a file which belongs to somebody else.</summary>
sealed class FileHeap(SafeFileHandle file) : ITextHeap
{
    public static void Read(SafeFileHandle file, long offset, Span<byte> bytes)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(file, bytes[done..], offset + done);
            if (read == 0)
                throw new EndOfStreamException("A file of partial statistics ends before its texts do.");
            done += read;
        }
    }

    public void Read(long offset, Span<byte> text) => Read(file, offset, text);

    public void Dispose()
    {
        // The file is closed by whoever opened it.
    }
}
