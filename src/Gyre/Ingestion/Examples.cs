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

    /// <summary>All spans that it holds, oldest first, as JSON: <c>[{"span":1,"version":0},…]</c>; absent where data does not come in spans.</summary>
    internal const string SpansProperty = "spans";
    internal const string RejectedFile = "rejected.csv";

    /// <summary>The files that the rows came from: <c>{"files":[{"name","fingerprint","span","version"}]}</c>.</summary>
    internal const string OriginsFile = "origins.json";

    internal const string SplitOriginsFile = "origins.parquet";

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

    /// <summary>The spans that it holds, oldest first; one of number 0 where data does not come in spans.</summary>
    public IReadOnlyList<ExampleSpan> Spans => Properties.TryGetValue(SpansProperty, out var spans)
        ? JsonSerializer.Deserialize<ExampleSpan[]>(spans.ToString(), JsonSerializerOptions.Web) ?? []
        : [new ExampleSpan(Count(SpanProperty), Count(VersionProperty))];

    /// <summary>The path of a split's Parquet file, where it has only one.</summary>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    /// <exception cref="InvalidOperationException">It has several, one of each span.</exception>
    public string FileOf(string split) => FilesOf(split) is [var only]
        ? only
        : throw new InvalidOperationException($"The split '{split}' has {Spans.Count} files, one of each span. Read them all: FilesOf(\"{split}\").");

    /// <summary>The paths of a split's Parquet files, one of each span, oldest first; all have the same columns.</summary>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    public IReadOnlyList<string> FilesOf(string split) => [.. SpanFilesOf(split).Select(span => span.File)];

    /// <summary>The files of a split with the spans that they are of.</summary>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    public IReadOnlyList<SpanFile> SpanFilesOf(string split)
    {
        var relative = RelativeFileOf(Known(split));
        var spans = Spans;
        return [.. spans.Select(span => new SpanFile(span.Span, span.Version, PathOf(spans.Count > 1 ? $"{FolderOf(span.Span)}/{relative}" : relative)))];
    }

    /// <summary>Beside a split's examples lies where each came from: <c>file INTEGER</c> counts in <see cref="OriginsFile"/> from 0, <c>line BIGINT</c> from 1.</summary>
    internal static string RelativeOriginsOf(string split) => $"Split-{split}/{SplitOriginsFile}";

    internal static string RelativeFileOf(string split) => $"Split-{split}/examples.parquet";

    /// <summary>Where the files of a span lie when there are several.</summary>
    internal static string FolderOf(long span) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Span-{span}");

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

/// <summary>A span of data, and which delivery of it.</summary>
/// <param name="Span">Its number.</param>
/// <param name="Version">Its version.</param>
public sealed record ExampleSpan(long Span, long Version);

/// <summary>The rows of one span in one split.</summary>
/// <param name="Span">The number of the span.</param>
/// <param name="Version">The version of the span.</param>
/// <param name="File">The path of the Parquet file.</param>
public sealed record SpanFile(long Span, long Version, string File);
