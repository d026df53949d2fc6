using Microsoft.Win32.SafeHandles;

namespace Gyre.Statistics.Counting;

/// <summary>A place where texts lie one after the other, found by their offset.</summary>
interface ITextHeap : IDisposable
{
    void Read(long offset, Span<byte> text);
}

/// <summary>
/// Texts that are too many and too long for memory, in a file of their own that is gone when the heap is. Written first,
/// read afterwards.
/// </summary>
sealed class TextSpill(string directory) : ITextHeap
{
    const int BufferBytes = 1 << 18;

    static int _spills;

    FileStream? _file;
    long _length;

    public long Append(ReadOnlySpan<byte> text)
    {
        _file ??= new FileStream(Path.Combine(directory, $"{Environment.ProcessId}-{Interlocked.Increment(ref _spills)}.texts"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            BufferSize = BufferBytes,
        });
        _file.Write(text);
        var offset = _length;
        _length += text.Length;
        return offset;
    }

    public void Read(long offset, Span<byte> text)
    {
        _file!.Position = offset;
        _file.ReadExactly(text);
    }

    public void Dispose() => _file?.Dispose();
}

/// <summary>Texts that lie in a part of a file which belongs to somebody else.</summary>
sealed class FileHeap(SafeFileHandle file, long start) : ITextHeap
{
    public void Read(long offset, Span<byte> text)
    {
        for (var done = 0; done < text.Length;)
        {
            var read = RandomAccess.Read(file, text[done..], start + offset + done);
            if (read == 0)
                throw new EndOfStreamException("A file of partial statistics ends before its texts do.");
            done += read;
        }
    }

    public void Dispose()
    {
        // The file is closed by whoever opened it.
    }
}
