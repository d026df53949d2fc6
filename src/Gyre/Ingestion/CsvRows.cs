using System.Text;

namespace Gyre.Ingestion;

/// <summary>The rows of a CSV file.</summary>
sealed class CsvRows : RowSource
{
    readonly CsvScanner _scanner;

    /// <param name="scanner">Reads the records; disposed of with the rows.</param>
    /// <param name="name">The file's name in messages.</param>
    /// <exception cref="InvalidDataException">The header is missing, or no text.</exception>
    public CsvRows(CsvScanner scanner, string name)
        : base(name)
    {
        _scanner = scanner;
        Fields = [.. CsvHeader.Read(scanner, name).Select(column => new SourceField(column))];
    }

    public override string HeaderPlace => $"{Name}:1";

    public override string HeaderName => "The header";

    public override IReadOnlyList<SourceField> Fields { get; }

    public override long Line => _scanner.Line;

    public override bool Next()
    {
        if (!_scanner.Next(out var isSound))
            return false;
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

    RowFault? FaultOfSound()
    {
        if (_scanner.PlaceOfInvalidUtf8() is { } invalid)
            return At(invalid, "bytes that are no valid UTF-8. Expected a file in UTF-8: say in which encoding it is with Encoding, for example \"windows-1252\", or convert it ('iconv -f LATIN1 -t UTF-8')");
        if (_scanner.FieldCount == Fields.Count)
            return null;
        return At(
            _scanner.PlaceOf(Math.Min(_scanner.FieldCount, Fields.Count) - 1),
            $"{_scanner.FieldCount} fields. Expected {Fields.Count}, as in the header: "
                + (_scanner.FieldCount > Fields.Count ? "enclose fields that hold the delimiter in quotes" : "add the fields that are missing, or look for a line break outside quotes"));
    }
}
