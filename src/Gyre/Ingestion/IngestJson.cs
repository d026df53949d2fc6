using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>
/// Reads JSON lines into examples: one object on every line. A key becomes a column, that of an object inside another
/// <c>outer.inner</c>; lists become columns of lists, true and false 1 and 0, null and keys left out missing. A number is
/// kept exactly or as text: whole ones of more than 15 digits are not rounded. What is text in the file stays text, also
/// when it looks like a number.
/// </summary>
/// <param name="path">A file, or several with <c>*</c> and <c>?</c>, relative to the current directory; plain, or packed by gzip, zstd or zip.</param>
/// <example>
/// <code>
/// new IngestJson("events-*.jsonl.gz") { Columns = ["user.id", "tags", Column.Named("amount").From("payment.amount")] }
/// </code>
/// </example>
[CodeVersion(1)]
public sealed class IngestJson(string path) : IngestFiles(path)
{
    /// <summary>Which entry of a zip archive to take, with wildcards; null for the only one.</summary>
    public string? Entry { get; init; }

    private protected override IngestionOptions Format => new JsonOptions { Splits = Splits, Entry = Entry };
}
