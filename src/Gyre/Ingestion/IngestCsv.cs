using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>
/// Reads CSV files (RFC 4180) into examples, split by a digest of their content. Columns are found by their names; their
/// types are found from all values. A row that breaks the format fails the node, unless
/// <see cref="IngestRows.MaxRejected"/> allows for it.
/// </summary>
/// <param name="path">
/// A file, or several with <c>*</c> and <c>?</c>, relative to the current directory; plain, packed by gzip or zstd, or a
/// zip archive with one CSV file in it. With <c>{SPAN}</c>, or <c>{YYYY}{MM}{DD}</c>, and <c>{VERSION}</c> it tells deliveries of
/// data apart.
/// </param>
/// <example>
/// <code>
/// new IngestCsv("trips-*.csv.gz") { Columns = ["fare", Column.Named("tip").From("Tip", "tips")], RequireValues = ["tip"] }
/// new IngestCsv("adult.data") { Header = false, ColumnNames = ["age", "workclass"], NullTokens = ["?"] }
/// </code>
/// </example>
[CodeVersion(2)]
public sealed class IngestCsv(string path) : IngestFiles(path)
{
    /// <summary>The character between fields.</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>The character around fields that hold a delimiter or line end; doubled where it belongs to the text.</summary>
    public string Quote { get; init; } = "\"";

    /// <summary>The encoding, for example <c>windows-1252</c>, <c>utf-16</c> or <c>latin1</c>.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>Whether the first line has the names of the columns.</summary>
    public bool Header { get; init; } = true;

    /// <summary>The names of the columns of a file without a header; null for c1, c2, …</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>What a line begins with that is no row, for example <c>#</c>; null for none.</summary>
    public string? Comment { get; init; }

    /// <summary>Which entry of a zip archive to take, with wildcards; null for the only CSV file in it.</summary>
    public string? Entry { get; init; }

    private protected override IngestionOptions Format => new CsvOptions
    {
        Splits = Splits,
        Delimiter = Delimiter,
        Quote = Quote,
        Encoding = Encoding,
        Header = Header,
        ColumnNames = ColumnNames,
        Comment = Comment,
        Entry = Entry,
    };
}
