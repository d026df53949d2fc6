using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>
/// Reads CSV records from a stream, keeping no more than one record (and one buffer) in memory, and knows on which line it is.
/// </summary>
sealed class CsvScanner : IDisposable
{
    /// <summary>A record longer than this is taken for a quote without end.</summary>
    internal const int LongestRecord = 64 << 20;

    readonly Stream _stream;
    readonly string _file;
    readonly CsvGrammar _grammar;
    readonly byte _quote;

    /// <summary>Fields of this record without their doubled quotes, one after the other, and where each begins; its length, −1 when it has not been asked for.</summary>
    readonly List<(int Start, int Length)> _unescapedAt = [];
    byte[] _unescaped = [];
    int _unescapedLength;
    byte[] _buffer;
    int _start;
    int _end;
    int _length;
    bool _hasBegun;
    bool _isLast;
    long _nextLine = 1;

    /// <param name="stream">The bytes; disposed of with the scanner.</param>
    /// <param name="file">The file's name in messages.</param>
    /// <param name="dialect">How records are written.</param>
    /// <param name="bufferSize">How many bytes to read at once.</param>
    public CsvScanner(Stream stream, string file, CsvDialect dialect, int bufferSize = 1 << 20)
    {
        (_stream, _file, _grammar) = (stream, file, new CsvGrammar(dialect));
        _quote = dialect.Quote ?? 0;
        _buffer = new byte[bufferSize];
    }

    /// <summary>The line on which the record begins, counted from 1.</summary>
    public long Line { get; private set; }

    public int FieldCount => _grammar.Fields.Length;

    /// <summary>What is wrong with a malformed record, with the cure.</summary>
    public string Fault => _grammar.Fault;

    /// <summary>The bytes of the record, including its line end.</summary>
    public ReadOnlySpan<byte> Record => _buffer.AsSpan(_start, _length);

    /// <summary>Goes to the next record; false at the end.</summary>
    /// <param name="isSound">Whether it has the format of CSV.</param>
    /// <exception cref="InvalidDataException">A quote has no end, or a record is too long.</exception>
    public bool Next(out bool isSound)
    {
        if (!_hasBegun)
            SkipByteOrderMark();
        Consume();
        while (true)
        {
            var data = _buffer.AsSpan(_start, _end - _start);
            if (data.IsEmpty && _isLast)
            {
                isSound = true;
                return false;
            }

            var token = data.IsEmpty ? CsvToken.Incomplete : _grammar.Read(data, _isLast);
            _length = _grammar.Length;
            switch (token)
            {
                case CsvToken.Record or CsvToken.Malformed:
                    isSound = token == CsvToken.Record;
                    return true;
                case CsvToken.Blank:
                    Consume();
                    break;
                case CsvToken.Unterminated:
                    throw Unterminated(data, "the end of the file");
                case var _ when data.Length >= LongestRecord:
                    throw _grammar.FaultAt >= 0
                        ? Unterminated(data, $"{LongestRecord >> 20} MiB")
                        : new InvalidDataException($"{_file}:{Line}: there is no end of the line within {LongestRecord >> 20} MiB. Expected a CSV file; is this one?");
                default:
                    Fill();
                    break;
            }
        }
    }

    /// <summary>The value of a field; valid until the next record.</summary>
    public ReadOnlySpan<byte> Value(int field)
    {
        ref readonly var place = ref _grammar.Fields[field];
        var raw = _buffer.AsSpan(_start + place.Start, place.Length);
        return place.HasDoubledQuotes ? Unescaped(field, raw) : raw;
    }

    /// <summary>The line and the position in it, both counted from 1, of a field's first byte.</summary>
    public (long Line, long Position) PlaceOf(int field) => Place(_grammar.Fields[field].Start);

    /// <summary>The line and the position in it, both counted from 1, of the fault of a malformed record.</summary>
    public (long Line, long Position) PlaceOfFault() => Place(_grammar.FaultAt);

    /// <summary>The line and the position in it, both counted from 1, of the first byte that is no UTF-8; null when all is well.</summary>
    public (long Line, long Position)? PlaceOfInvalidUtf8()
    {
        if (Utf8.IsValid(Record))
            return null;
        for (var position = 0; ;)
        {
            if (Rune.DecodeFromUtf8(Record[position..], out _, out var length) != OperationStatus.Done)
                return Place(position);
            position += length;
        }
    }

    public void Dispose() => _stream.Dispose();

    void Consume()
    {
        _nextLine += Record.Count((byte)'\n');
        Line = _nextLine;
        _start += _length;
        _length = 0;
        _unescapedAt.Clear();
        _unescapedLength = 0;
    }

    /// <summary>Reads on, behind what is left, which moves to the front of a buffer that is large enough.</summary>
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
            return _stream.Read(target);
        }
        catch (Exception error) when (UnreadableFile.IsCause(error))
        {
            throw UnreadableFile.Of(_file, error);
        }
    }

    void SkipByteOrderMark()
    {
        _hasBegun = true;
        Fill();
        var data = _buffer.AsSpan(0, _end);
        if (data is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new InvalidDataException($"{_file} is UTF-16. Expected UTF-8: say so with Encoding = \"utf-16\", or convert it, for example with 'iconv -f UTF-16 -t UTF-8'.");
        if (data is [0xEF, 0xBB, 0xBF, ..])
            _start = 3;
    }

    ReadOnlySpan<byte> Unescaped(int field, ReadOnlySpan<byte> raw)
    {
        while (_unescapedAt.Count <= field)
            _unescapedAt.Add((0, -1));
        if (_unescapedAt[field].Length < 0)
        {
            if (_unescaped.Length - _unescapedLength < raw.Length)
                Array.Resize(ref _unescaped, Math.Max(_unescaped.Length * 2, _unescapedLength + raw.Length));
            var length = Unescape(raw, _unescaped.AsSpan(_unescapedLength));
            _unescapedAt[field] = (_unescapedLength, length);
            _unescapedLength += length;
        }

        return _unescaped.AsSpan(_unescapedAt[field].Start, _unescapedAt[field].Length);
    }

    int Unescape(ReadOnlySpan<byte> raw, Span<byte> target)
    {
        var length = 0;
        while (!raw.IsEmpty)
        {
            var quote = raw.IndexOf(_quote);
            var take = quote < 0 ? raw.Length : quote + 1;
            raw[..take].CopyTo(target[length..]);
            length += take;
            raw = raw[(quote < 0 ? take : take + 1)..];
        }

        return length;
    }

    /// <summary>Positions count characters, as editors do; what is no UTF-8 counts by bytes that begin none.</summary>
    (long Line, long Position) Place(int offset)
    {
        var before = _buffer.AsSpan(_start, offset);
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        var position = 1L;
        foreach (var value in before[lineStart..])
            position += (value & 0xC0) == 0x80 ? 0 : 1;
        return (Line + before.Count((byte)'\n'), position);
    }

    InvalidDataException Unterminated(ReadOnlySpan<byte> data, string until)
    {
        var (line, position) = Place(_grammar.FaultAt);
        var lines = data[_grammar.FaultAt..].Count((byte)'\n');
        return new InvalidDataException(
            $"{_file}:{line}:{position}: a quote opens here and is not closed before {until}; it swallows {lines} lines. "
            + "Expected a closing quote: add it, or double the quote if it belongs to the text.");
    }
}
