using System.Text.Json;
using Gyre.Pipelines;

namespace Gyre.Statistics;

/// <summary>The statistics of examples, for each split a file <c>Split-&lt;name&gt;/FeatureStats.pb</c>.</summary>
public sealed record ExampleStatistics : Artifact
{
    internal const string SplitNamesProperty = "split_names";

    /// <summary>The names of the splits, in the order in which the examples have them.</summary>
    public IReadOnlyList<string> Splits => Properties.TryGetValue(SplitNamesProperty, out var names)
        ? JsonSerializer.Deserialize<string[]>(names.ToString()) ?? []
        : [];

    /// <summary>The batch of data in time that the examples are of; 0 where data does not come in batches.</summary>
    public long Span => Properties.TryGetValue("span", out var span) ? span.AsInteger() : 0;

    /// <summary>Which delivery of the span it is.</summary>
    public long Version => Properties.TryGetValue("version", out var version) ? version.AsInteger() : 0;

    /// <summary>The statistics of a split.</summary>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    public DatasetStatistics Of(string split) => Splits.Contains(split, StringComparer.Ordinal)
        ? DatasetStatistics.Load(PathOf(RelativeFileOf(split)))
        : throw new ArgumentException($"There are no statistics of a split '{split}'. Splits: {string.Join(", ", Splits)}.", nameof(split));

    internal static string RelativeFileOf(string split) => $"Split-{split}/FeatureStats.pb";
}
