using System.Text.Json;
using Gyre.Pipelines;

namespace Gyre.Statistics;

/// <summary>The statistics of examples, for each split a file <c>Split-&lt;name&gt;/FeatureStats.pb</c>: of all examples, then of each slice.</summary>
public sealed record ExampleStatistics : Artifact
{
    internal const string SplitNamesProperty = "split_names";
    internal const string SpansComputedProperty = "spans_computed";

    /// <summary>The names of the splits, in the order in which the examples have them.</summary>
    public IReadOnlyList<string> Splits => Properties.TryGetValue(SplitNamesProperty, out var names)
        ? JsonSerializer.Deserialize<string[]>(names.ToString()) ?? []
        : [];

    /// <summary>The batch of data in time that the examples are of; 0 where data does not come in batches.</summary>
    public long Span => Properties.TryGetValue("span", out var span) ? span.AsInteger() : 0;

    /// <summary>Which delivery of the span it is.</summary>
    public long Version => Properties.TryGetValue("version", out var version) ? version.AsInteger() : 0;

    /// <summary>The statistics of all examples of a split.</summary>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    public DatasetStatistics Of(string split) => AllOf(split)[0];

    /// <summary>The statistics of a split's slices, each named after what its examples have in common.</summary>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    public IReadOnlyList<DatasetStatistics> SlicesOf(string split) => [.. AllOf(split).Skip(1)];

    /// <summary>The spans whose examples were counted anew for these statistics, as <c>split:span</c>; all others had been counted before.</summary>
    public IReadOnlyList<string> SpansComputed => Properties.TryGetValue(SpansComputedProperty, out var spans)
        ? JsonSerializer.Deserialize<string[]>(spans.ToString()) ?? []
        : [];

    IReadOnlyList<DatasetStatistics> AllOf(string split) => Splits.Contains(split, StringComparer.Ordinal)
        ? DatasetStatistics.LoadAll(PathOf(RelativeFileOf(split)))
        : throw new ArgumentException($"There are no statistics of a split '{split}'. Splits: {string.Join(", ", Splits)}.", nameof(split));

    internal static string RelativeFileOf(string split) => $"Split-{split}/FeatureStats.pb";
}
