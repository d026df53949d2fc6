using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>Reads a stream line by line, keeping no more than one line (and one buffer) in memory.</summary>
/// <param name="stream">The bytes; disposed of with the reader.</param>
/// <param name="file">The file's name in messages.</param>
/// <param name="bufferSize">How many bytes to read at once.</param>
sealed class LineReader(Stream stream, string file, int bufferSize = 1 << 20) : IDisposable
{
    /// <summary>A line longer than this is taken for a file of another kind.</summary>
    internal const int LongestLine = 64 << 20;

    byte[] _buffer = new byte[bufferSize];
    int _start;
    int _length;
    int _end;
    bool _isLast;

    /// <summary>The number of the line, counted from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The bytes of the line without its end.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_start, _length) is [.. var line, (byte)'\r'] ? line : _buffer.AsSpan(_start, _length);

    /// <summary>Goes to the next line; false at the end.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read, is UTF-16, or has a line of more than 64 MiB.</exception>
    public bool Next()
    {
        if (Number == 0)
            SkipByteOrderMark();
        else
            _start += Math.Min(_length + 1, _end - _start);
        Number++;
        for (var searched = 0; ;)
        {
            var end = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (end >= 0 || _isLast)
            {
                _length = end >= 0 ? searched + end : _end - _start;
                return end >= 0 || _length > 0;
            }

            searched = _end - _start;
            if (searched >= LongestLine)
                throw new InvalidDataException($"{file}:{Number}: there is no end of the line within {LongestLine >> 20} MiB. Expected one object on every line; is this a file of JSON lines?");
            Fill();
        }
    }

    public void Dispose() => stream.Dispose();

    void Fill()
    {
        var left = _end - _start;
        var target = left > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_start, left).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, left);
        while (_end < _buffer.Length && !_isLast)
        {
            var count = Read(_buffer.AsSpan(_end));
            _end += count;
            _isLast = count == 0;
        }
    }

    int Read(Span<byte> target)
    {
        try
        {
            return stream.Read(target);
        }
        catch (Exception error) when (UnreadableFile.IsCause(error))
        {
            throw UnreadableFile.Of(file, error);
        }
    }

    void SkipByteOrderMark()
    {
        Fill();
        var data = _buffer.AsSpan(0, _end);
        if (data is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new InvalidDataException($"{file} is UTF-16. Expected UTF-8: convert it, for example with 'iconv -f UTF-16 -t UTF-8'.");
        if (data is [0xEF, 0xBB, 0xBF, ..])
            _start = 3;
    }
}
