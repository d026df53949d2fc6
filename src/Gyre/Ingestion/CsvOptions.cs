namespace Gyre.Ingestion;

/// <summary>How CSV files become examples; see <see cref="IngestCsv"/> for each.</summary>
sealed record CsvOptions : IngestionOptions
{
    public string Delimiter { get; init; } = ",";

    public string? Entry { get; init; }

    public override string BelowHeader => " below the header";

    public override Func<SourceFile, RowSource> Prepare(IReadOnlyList<SourceFile> files, CancellationToken cancellation) =>
        file => new CsvRows(new CsvScanner(CsvSource.Open(file.Path, file.Name, Entry), file.Name, (byte)Delimiter[0]), file.Name);

    protected override IEnumerable<string> FormatProblems()
    {
        if (Delimiter is not [var delimiter] || delimiter is '"' or '\r' or '\n' || !char.IsAscii(delimiter))
            yield return $"The delimiter is '{Delimiter}'. Expected one ASCII character other than a quote or a line end, for example \",\" or \"\\t\".";
    }
}
