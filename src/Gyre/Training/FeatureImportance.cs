using System.Text.Json.Serialization;

namespace Gyre.Training;

/// <summary>How much each feature counts in a model, by a measure of the trainer's own. Values of different measures cannot be compared.</summary>
/// <param name="Measure">What the values are, such as <c>gain</c>.</param>
/// <param name="Features">All features, the most important first, those of equal value in ordinal order of their names.</param>
public sealed record ImportanceRecord(string Measure, IReadOnlyList<FeatureImportance> Features)
{
    /// <summary>The same in the order in which they are to stand.</summary>
    public static ImportanceRecord Ranked(string measure, IEnumerable<FeatureImportance> features) =>
        new(measure, [.. features.OrderByDescending(feature => feature.Value).ThenBy(feature => feature.Feature, StringComparer.Ordinal)]);
}

/// <summary>How much one feature counts.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Value">The measure, 0 or more.</param>
public sealed record FeatureImportance(string Feature, double Value)
{
    /// <summary>Of trees, how many splits ask about it; null for others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Splits { get; init; }
}
