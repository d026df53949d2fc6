using System.Globalization;
using System.Text;

namespace Gyre.Ingestion;

/// <summary>The rows of a CSV file.</summary>
sealed class CsvRows : RowSource
{
    readonly CsvScanner _scanner;
    readonly CsvOptions _options;

    /// <summary>Whether the scanner stands on a row that has not been handed out.</summary>
    bool _holdsRow;

    /// <param name="scanner">Reads the records; disposed of with the rows.</param>
    /// <param name="name">The file's name in messages.</param>
    /// <param name="options">Whether there is a header, and what the columns are called if not.</param>
    /// <exception cref="InvalidDataException">The header is missing, or no text.</exception>
    public CsvRows(CsvScanner scanner, string name, CsvOptions options)
        : base(name)
    {
        (_scanner, _options) = (scanner, options);
        try
        {
            var names = options.Header ? CsvHeader.Read(scanner, name) : options.ColumnNames ?? CountColumns();
            Fields = [.. names.Select(column => new SourceField(column))];
        }
        catch
        {
            scanner.Dispose();
            throw;
        }
    }

    public override string HeaderPlace => _options.Header ? $"{Name}:1" : Name;

    public override string HeaderName => _options.Header ? "The header" : base.HeaderName;

    public override IReadOnlyList<SourceField> Fields { get; }

    public override long Line => _scanner.Line;

    public override bool Next()
    {
        var isSound = true;
        if (!_holdsRow && !_scanner.Next(out isSound))
            return false;
        _holdsRow = false;
        Fault = isSound ? FaultOfSound() : At(_scanner.PlaceOfFault(), _scanner.Fault);
        return true;
    }

    public override ReadOnlySpan<byte> Value(int field, int index) => _scanner.Value(field);

    public override (long Line, long Position) PlaceOf(int field) => _scanner.PlaceOf(field);

    public override string RowText() => Encoding.UTF8.GetString(_scanner.Record).TrimEnd('\r', '\n');

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _scanner.Dispose();
        base.Dispose(disposing);
    }

    static RowFault At((long Line, long Position) place, string reason) => new(place.Line, place.Position, reason);

    string Pattern => _options.Header ? "the header" : _options.ColumnNames is null ? "the first row" : nameof(_options.ColumnNames);

    /// <summary>Names columns c1, c2, … after the fields of the first row.</summary>
    IReadOnlyList<string> CountColumns()
    {
        if (!_scanner.Next(out var isSound))
            throw new InvalidDataException($"{Name} is empty. Expected at least one row: check how the file was made.");
        if (!isSound)
        {
            var (line, position) = _scanner.PlaceOfFault();
            throw new InvalidDataException($"{Name}:{line}:{position}: the first row, which tells how many columns there are, has {_scanner.Fault}.");
        }

        _holdsRow = true;
        return [.. Enumerable.Range(1, _scanner.FieldCount).Select(column => string.Create(CultureInfo.InvariantCulture, $"c{column}"))];
    }

    RowFault? FaultOfSound()
    {
        if (_scanner.PlaceOfInvalidUtf8() is { } invalid)
            return At(invalid, "bytes that are no valid UTF-8. Expected a file in UTF-8: say in which encoding it is with Encoding, for example \"windows-1252\", or convert it ('iconv -f LATIN1 -t UTF-8')");
        if (_scanner.FieldCount == Fields.Count)
            return null;
        return At(
            _scanner.PlaceOf(Math.Min(_scanner.FieldCount, Fields.Count) - 1),
            $"{_scanner.FieldCount} fields. Expected {Fields.Count}, as in {Pattern}: "
                + (_scanner.FieldCount > Fields.Count ? "enclose fields that hold the delimiter in quotes" : "add the fields that are missing, or look for a line break outside quotes"));
    }
}
