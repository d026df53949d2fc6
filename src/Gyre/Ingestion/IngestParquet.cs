using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>
/// Reads Parquet files into examples. Columns are found by their names, in any order, and have the types that the file
/// declares: whole numbers and flags (0, 1) become whole numbers, floats and decimals real numbers, dates and times text
/// by ISO 8601, lists of these lists. A column with a number that a double cannot hold becomes text, so that nothing is
/// rounded.
/// </summary>
/// <param name="path">A file, or several with <c>*</c> and <c>?</c>, relative to the current directory.</param>
/// <example>
/// <code>
/// new IngestParquet("trips/*.parquet") { Columns = ["fare", "tips", Column.Named("when").From("pickup_at")] }
/// </code>
/// </example>
[CodeVersion(1)]
public sealed class IngestParquet(string path) : IngestFiles(path)
{
    private protected override IngestionOptions Format => new ParquetOptions { Splits = Splits };
}
