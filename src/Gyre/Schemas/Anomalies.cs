using System.Text.Json;
using Gyre.Pipelines;
using Gyre.Schemas.Comparison;

namespace Gyre.Schemas;

/// <summary>
/// What validation found in examples, for each split a file <c>Split-&lt;name&gt;/SchemaDiff.pb</c>; a gate that is
/// closed when data is not as expected.
/// </summary>
[ArtifactType("ExampleAnomalies")]
public sealed record Anomalies : Artifact
{
    internal const string SplitNamesProperty = "split_names";
    internal const string ErrorsProperty = "errors";
    internal const string WarningsProperty = "warnings";

    /// <summary>The names of the splits that were validated.</summary>
    public IReadOnlyList<string> Splits => Properties.TryGetValue(SplitNamesProperty, out var names)
        ? JsonSerializer.Deserialize<string[]>(names.ToString()) ?? []
        : [];

    /// <summary>What was found in a split.</summary>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    public AnomalyReport Of(string split) => Splits.Contains(split, StringComparer.Ordinal)
        ? AnomalyReport.Load(PathOf(RelativeFileOf(split)))
        : throw new ArgumentException($"The split '{split}' was not validated. Splits: {string.Join(", ", Splits)}.", nameof(split));

    /// <summary>What was measured when a split was held against other data.</summary>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    public ComparisonReport ComparisonOf(string split) => Splits.Contains(split, StringComparer.Ordinal)
        ? ComparisonReport.Load(PathOf(RelativeComparisonOf(split)))
        : throw new ArgumentException($"The split '{split}' was not validated. Splits: {string.Join(", ", Splits)}.", nameof(split));

    internal static string RelativeComparisonOf(string split) => $"Split-{split}/{ComparisonReport.FileName}";

    internal static string RelativeFileOf(string split) => $"Split-{split}/SchemaDiff.pb";
}
