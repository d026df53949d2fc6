using System.Text;

namespace Gyre.Ingestion;

/// <summary>How CSV files become examples; see <see cref="IngestCsv"/> for each.</summary>
sealed record CsvOptions : IngestionOptions
{
    const string Utf8 = "utf-8";

    public string Delimiter { get; init; } = ",";

    public string Quote { get; init; } = "\"";

    public string Encoding { get; init; } = Utf8;

    public bool Header { get; init; } = true;

    public IReadOnlyList<string>? ColumnNames { get; init; }

    public string? Comment { get; init; }

    public string? Entry { get; init; }

    public override string Expected => "a CSV file";

    public override string BelowHeader => Header ? " below the header" : "";

    CsvDialect Dialect => new((byte)Delimiter[0], Quote.Length == 0 ? null : (byte)Quote[0], System.Text.Encoding.UTF8.GetBytes(Comment ?? ""));

    public override Func<SourceFile, RowSource> Prepare(IReadOnlyList<SourceFile> files, CancellationToken cancellation) =>
        file => new CsvRows(Scan(file, bufferSize: 1 << 20), file.Name, this);

    public override IReadOnlyList<string>? KnownFields(string file)
    {
        using var rows = new CsvRows(Scan(new SourceFile(file, file), bufferSize: 1 << 14), file, this);
        return [.. rows.Fields.Select(field => field.Name)];
    }

    protected override IEnumerable<string> FormatProblems()
    {
        if (Delimiter is not [var delimiter] || delimiter is '"' or '\r' or '\n' || !char.IsAscii(delimiter))
            yield return $"The delimiter is '{Delimiter}'. Expected one ASCII character other than a quote or a line end, for example \",\" or \"\\t\".";
        if (Quote.Length > 1 || Quote is ['\r' or '\n'] || Quote.Any(letter => !char.IsAscii(letter)) || Quote == Delimiter)
            yield return $"The quote is '{Quote}'. Expected one ASCII character other than the delimiter or a line end, or \"\" for files without quotes.";
        if (TranscodedStream.Find(Encoding) is null)
            yield return $"There is no encoding '{Encoding}'. Expected a name such as \"utf-8\", \"utf-16\", \"latin1\" or \"windows-1252\".";
        if (Comment is { Length: 0 } || Comment?.AsSpan().ContainsAny('\r', '\n', '"') == true)
            yield return $"The comment sign is '{Comment}'. Expected a text without quotes and line ends, for example \"#\", or null for none.";
        if (Header && ColumnNames is not null)
            yield return "ColumnNames are given though the file has a header. Expected Header = false with them; to rename columns, use Columns.";
        if (ColumnNames is { Count: 0 })
            yield return "ColumnNames is an empty list. Expected a name for every column of the file, or null for c1, c2, …";
        foreach (var same in (ColumnNames ?? []).GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
            yield return $"ColumnNames has '{same.Key}' {same.Count()} times. Expected different names.";
    }

    CsvScanner Scan(SourceFile file, int bufferSize)
    {
        var stream = PackedFile.Open(file.Path, file.Name, Entry, "*.csv");
        if (TranscodedStream.Find(Encoding) is { } encoding && encoding is not UTF8Encoding)
            stream = new TranscodedStream(stream, Encoding, encoding);
        return new CsvScanner(stream, file.Name, Dialect, bufferSize);
    }
}
