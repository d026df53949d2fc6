using System.Text.Json;
using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>
/// Rows offered to a model, in named splits: for each a Parquet file of text (VARCHAR), whole-number (BIGINT) and
/// real-number (DOUBLE) columns, NULL where a value is missing. Rows that could not be read stand in <c>rejected.csv</c>.
/// </summary>
public sealed record Examples : Artifact
{
    internal const string SplitNamesProperty = "split_names";
    internal const string RowsProperty = "rows";
    internal const string RejectedProperty = "rejected";
    internal const string FilteredProperty = "filtered";

    /// <summary>The batch of data in time, and its re-delivery; both 0 where data does not come in batches.</summary>
    internal const string SpanProperty = "span";
    internal const string VersionProperty = "version";
    internal const string RejectedFile = "rejected.csv";

    /// <summary>The names of the splits, in the order in which they were defined.</summary>
    public IReadOnlyList<string> Splits => Properties.TryGetValue(SplitNamesProperty, out var names)
        ? JsonSerializer.Deserialize<string[]>(names.ToString()) ?? []
        : [];

    /// <summary>The examples of all splits.</summary>
    public long Rows => Count(RowsProperty);

    /// <summary>Rows that were not what the format demands.</summary>
    public long Rejected => Count(RejectedProperty);

    /// <summary>Rows that were well-formed but left out because a value that must be there is missing.</summary>
    public long Filtered => Count(FilteredProperty);

    /// <summary>The number of examples of a split.</summary>
    public long RowsOf(string split) => Count($"{RowsProperty}.{Known(split)}");

    /// <summary>The path of a split's Parquet file.</summary>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    public string FileOf(string split) => PathOf(RelativeFileOf(Known(split)));

    internal static string RelativeFileOf(string split) => $"Split-{split}/examples.parquet";

    /// <summary>Gives the artifact behind an output the properties that tell of its splits.</summary>
    /// <param name="execution">The execution whose output it is.</param>
    /// <param name="output">The output.</param>
    /// <param name="rowsOfSplits">For each split, in order, its number of examples.</param>
    /// <param name="rejected">Rows that were not what the format demands.</param>
    /// <param name="filtered">Rows that were left out.</param>
    public static void Describe(
        Execution execution, Output<Examples> output, IReadOnlyList<KeyValuePair<string, long>> rowsOfSplits, long rejected = 0, long filtered = 0)
    {
        execution.SetProperty(output, SplitNamesProperty, JsonSerializer.Serialize(rowsOfSplits.Select(split => split.Key)));
        execution.SetProperty(output, RowsProperty, rowsOfSplits.Sum(split => split.Value));
        foreach (var (split, rows) in rowsOfSplits)
            execution.SetProperty(output, $"{RowsProperty}.{split}", rows);
        execution.SetProperty(output, RejectedProperty, rejected);
        execution.SetProperty(output, FilteredProperty, filtered);
    }

    /// <summary>The path of the file for a split of an output that is being written.</summary>
    public static string FileFor(Execution execution, Output<Examples> output, string split) => execution.PathOf(output, RelativeFileOf(split));

    long Count(string property) => Properties.TryGetValue(property, out var count) ? count.AsInteger() : 0;

    string Known(string split) => Splits.Contains(split, StringComparer.Ordinal)
        ? split
        : throw new ArgumentException($"There is no split '{split}'. Splits: {string.Join(", ", Splits)}.", nameof(split));
}
