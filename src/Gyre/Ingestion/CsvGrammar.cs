using System.Buffers;
using System.Runtime.InteropServices;

namespace Gyre.Ingestion;

/// <summary>What the beginning of some bytes is, read as CSV.</summary>
enum CsvToken
{
    /// <summary>A record; its fields are known.</summary>
    Record,

    /// <summary>An empty line, which holds nothing.</summary>
    Blank,

    /// <summary>A record that breaks the format.</summary>
    Malformed,

    /// <summary>The beginning of a record whose end is not among these bytes.</summary>
    Incomplete,

    /// <summary>The last bytes are inside quotes.</summary>
    Unterminated,
}

/// <summary>Where a field stands in its record, quotes left out.</summary>
/// <param name="Start">The position of its first byte.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="HasDoubledQuotes">Whether each quote in it stands twice.</param>
readonly record struct CsvField(int Start, int Length, bool HasDoubledQuotes);

/// <summary>What CSV files have their own ways in.</summary>
/// <param name="Delimiter">What stands between fields.</param>
/// <param name="Quote">What stands around fields; null for nothing.</param>
/// <param name="Comment">What a line begins with that is no record; empty for none.</param>
sealed record CsvDialect(byte Delimiter, byte? Quote, byte[] Comment)
{
    public static CsvDialect Standard { get; } = new((byte)',', (byte)'"', []);
}

/// <summary>
/// RFC 4180, strictly: fields between delimiters, lines ended by LF or CRLF, a field with a quote, delimiter or line end
/// in it wholly in quotes, quotes in it doubled.
/// </summary>
/// <param name="dialect">What deviates from the standard.</param>
sealed class CsvGrammar(CsvDialect dialect)
{
    readonly byte _delimiter = dialect.Delimiter;
    readonly byte _quote = dialect.Quote ?? dialect.Delimiter;
    readonly bool _hasQuotes = dialect.Quote is not null;
    readonly byte[] _comment = dialect.Comment;
    readonly SearchValues<byte> _ends = SearchValues.Create([dialect.Delimiter, (byte)'\n', (byte)'\r', dialect.Quote ?? dialect.Delimiter]);
    readonly List<CsvField> _fields = [];

    /// <summary>The fields of the record.</summary>
    public ReadOnlySpan<CsvField> Fields => CollectionsMarshal.AsSpan(_fields);

    /// <summary>How many bytes the record, empty line or malformed line takes.</summary>
    public int Length { get; private set; }

    /// <summary>Where the format is broken, or where the quote opened that has no end; −1 when neither.</summary>
    public int FaultAt { get; private set; }

    /// <summary>What is wrong there, with the cure.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>Reads one record.</summary>
    /// <param name="data">Bytes that begin with a record.</param>
    /// <param name="isLast">Whether nothing follows them.</param>
    public CsvToken Read(ReadOnlySpan<byte> data, bool isLast)
    {
        _fields.Clear();
        (Length, FaultAt) = (0, -1);
        if (data is [(byte)'\n', ..] or [(byte)'\r', (byte)'\n', ..])
        {
            Length = data[0] == (byte)'\n' ? 1 : 2;
            return CsvToken.Blank;
        }

        if (_comment.Length > 0 && _comment.AsSpan().StartsWith(data[..Math.Min(data.Length, _comment.Length)]))
        {
            if (data.Length >= _comment.Length)
                return SkipLine(data, isLast);
            if (!isLast)
                return CsvToken.Incomplete;
        }

        for (var position = 0; ;)
        {
            var opened = -1;
            if (_hasQuotes && position < data.Length && data[position] == _quote)
            {
                opened = position;
                if (!ReadQuoted(data, isLast, ref position))
                {
                    FaultAt = opened;
                    return isLast ? CsvToken.Unterminated : CsvToken.Incomplete;
                }
            }
            else if (!ReadPlain(data, isLast, ref position))
            {
                return CsvToken.Incomplete;
            }

            if (position == data.Length)
                return End(position);
            switch (data[position])
            {
                case var next when next == _delimiter:
                    position++;
                    break;
                case (byte)'\n':
                    return End(position + 1);
                case (byte)'\r' when position + 1 == data.Length:
                    return isLast ? End(position + 1) : CsvToken.Incomplete;
                case (byte)'\r' when data[position + 1] == (byte)'\n':
                    return End(position + 2);
                case (byte)'\r':
                    return Break(data, isLast, position, position, "a carriage return that no line feed follows, outside quotes. Expected lines that end with LF or CRLF: convert the line ends, or enclose the field in quotes");
                case var next when next == _quote && opened < 0:
                    return Break(data, isLast, position, position, "a quote inside a field without quotes. Expected the whole field in quotes with the inner quote doubled (\"a \"\"word\"\"\")");
                case var _ when data[opened..position].Contains((byte)'\n'):
                    return Break(data, isLast, opened, opened, "a quote that closes only on a later line, with text behind it. Expected a delimiter or the end of the line there: close this quote where its field ends, and double the quotes inside the field");
                default:
                    return Break(data, isLast, position, opened, "text after a closing quote. Expected a delimiter or the end of the line: double the quotes inside the field, or close it where it ends");
            }
        }
    }

    CsvToken SkipLine(ReadOnlySpan<byte> data, bool isLast)
    {
        var end = data.IndexOf((byte)'\n');
        if (end < 0 && !isLast)
            return CsvToken.Incomplete;
        Length = end < 0 ? data.Length : end + 1;
        return CsvToken.Blank;
    }

    /// <summary>Reads a field in quotes; false when its end is not there.</summary>
    bool ReadQuoted(ReadOnlySpan<byte> data, bool isLast, ref int position)
    {
        var start = ++position;
        var doubled = false;
        while (true)
        {
            var quote = data[position..].IndexOf(_quote);
            if (quote < 0)
                return false;
            position += quote + 1;
            if (position == data.Length && !isLast)
                return false;
            if (position == data.Length || data[position] != _quote)
                break;
            doubled = true;
            position++;
        }

        _fields.Add(new CsvField(start, position - 1 - start, doubled));
        return true;
    }

    bool ReadPlain(ReadOnlySpan<byte> data, bool isLast, ref int position)
    {
        var length = data[position..].IndexOfAny(_ends);
        if (length < 0 && !isLast)
            return false;
        length = length < 0 ? data.Length - position : length;
        _fields.Add(new CsvField(position, length, HasDoubledQuotes: false));
        position += length;
        return true;
    }

    CsvToken End(int position)
    {
        Length = position;
        return CsvToken.Record;
    }

    /// <summary>
    /// Leaves out the line on which things went wrong. When a quote opened and swallowed the lines after it, that is the
    /// line where it opened: those after it may be sound.
    /// </summary>
    CsvToken Break(ReadOnlySpan<byte> data, bool isLast, int at, int lineOf, string fault)
    {
        var lineEnd = data[lineOf..].IndexOf((byte)'\n');
        if (lineEnd < 0 && !isLast)
            return CsvToken.Incomplete;
        Length = lineEnd < 0 ? data.Length : lineOf + lineEnd + 1;
        (FaultAt, Fault) = (at, fault);
        return CsvToken.Malformed;
    }
}
