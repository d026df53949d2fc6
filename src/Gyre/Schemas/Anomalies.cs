using System.Text.Json;
using Gyre.Pipelines;
using Gyre.Schemas.Comparison;

namespace Gyre.Schemas;

/// <summary>
/// What validation found in examples, for each split a file <c>Split-&lt;name&gt;/SchemaDiff.pb</c>, beside it
/// <c>offending.json</c> with some of the rows to blame, and for all splits <c>fixed_schema.pbtxt</c> with the schema that
/// would allow the data; a gate that is closed when data is not as expected.
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
        ? AnomalyReport.LoadWithExamples(PathOf($"Split-{split}"))
        : throw new ArgumentException($"The split '{split}' was not validated. Splits: {string.Join(", ", Splits)}.", nameof(split));

    /// <summary>What was measured when a split was held against other data.</summary>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    public ComparisonReport ComparisonOf(string split) => Splits.Contains(split, StringComparer.Ordinal)
        ? ComparisonReport.Load(PathOf(RelativeComparisonOf(split)))
        : throw new ArgumentException($"The split '{split}' was not validated. Splits: {string.Join(", ", Splits)}.", nameof(split));

    internal static string RelativeComparisonOf(string split) => $"Split-{split}/{ComparisonReport.FileName}";

    /// <summary>The schema that was not met, relaxed as little as is needed for all splits to meet it; null when it was met.</summary>
    public SchemaDefinition? FixedSchema => File.Exists(PathOf(FixedSchemaFile)) ? SchemaDefinition.Load(PathOf(FixedSchemaFile)) : null;

    internal const string FixedSchemaFile = "fixed_schema.pbtxt";

    internal static string OffendersFileOf(string split) => $"Split-{split}/offending.json";

    internal static string RelativeFileOf(string split) => $"Split-{split}/SchemaDiff.pb";
}
