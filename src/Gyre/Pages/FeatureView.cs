using System.Text.Json.Serialization;
using Gyre.Statistics;

namespace Gyre.Pages;

/// <summary>
/// Everything that statistics tell about one feature, ready to be shown. What was not counted, or does not apply to
/// features of this type, is null or empty.
/// </summary>
public sealed record FeatureView
{
    public required string Name { get; init; }

    public required FeatureValues Type { get; init; }

    /// <summary>The examples that have the feature.</summary>
    public required long Present { get; init; }

    /// <summary>The examples that lack it.</summary>
    public required long Missing { get; init; }

    /// <summary>The share of examples that lack it, from 0 to 1.</summary>
    public double MissingShare => Present + Missing == 0 ? 0 : (double)Missing / (Present + Missing);

    /// <summary>How many values there are in all examples together.</summary>
    public long Values { get; init; }

    /// <summary>The fewest values in one example that has the feature.</summary>
    public long? FewestValues { get; init; }

    /// <summary>The most values in one example.</summary>
    public long? MostValues { get; init; }

    /// <summary>The mean number of values in the examples that have the feature.</summary>
    public double? AverageValues { get; init; }

    /// <summary>How many values examples have, in ranges of equal count.</summary>
    public IReadOnlyList<HistogramBucket> ValueCounts { get; init; } = [];

    /// <summary>For lists of lists: presence and number of values level by level, the outermost first.</summary>
    public IReadOnlyList<LevelView> Levels { get; init; } = [];

    /// <summary>The number of distinct values; for texts and bytes.</summary>
    public long? Unique { get; init; }

    public double? Mean { get; init; }

    /// <summary>The population standard deviation.</summary>
    public double? StandardDeviation { get; init; }

    public double? Min { get; init; }

    public double? Median { get; init; }

    public double? Max { get; init; }

    /// <summary>How many values are zero.</summary>
    public long? Zeros { get; init; }

    /// <summary>How many values are no number (NaN).</summary>
    public long? NotNumbers { get; init; }

    /// <summary>How many values are infinite, of either sign.</summary>
    public long? Infinities { get; init; }

    /// <summary>The mean length: of texts in bytes of UTF-8 as it was counted, of bytes in bytes.</summary>
    public double? AverageLength { get; init; }

    /// <summary>The least length of a value, in bytes; for bytes.</summary>
    public double? MinLength { get; init; }

    /// <summary>The greatest length of a value, in bytes; for bytes.</summary>
    public double? MaxLength { get; init; }

    /// <summary>How many texts are not valid UTF-8.</summary>
    public long? InvalidTexts { get; init; }

    /// <summary>The most frequent texts, the most frequent first.</summary>
    public IReadOnlyList<ValueFrequency> TopValues { get; init; } = [];

    /// <summary>Values in ranges of equal width, finite ones only; for numbers.</summary>
    public IReadOnlyList<HistogramBucket> Histogram { get; init; } = [];

    /// <summary>Ranges with an infinite bound, which no picture can show.</summary>
    internal IReadOnlyList<HistogramBucket> Infinite { get; init; } = [];

    /// <summary>Values in ranges of equal count; for numbers.</summary>
    public IReadOnlyList<HistogramBucket> Quantiles { get; init; } = [];

    /// <summary>Texts by rank of their frequency, the most frequent first; often many, therefore not in JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<RankedValues> Ranks { get; init; } = [];

    /// <summary>The same with every example counted by its weight; null where weights were not used.</summary>
    public WeightedView? Weighted { get; init; }

    /// <summary>Other figures that were taken of the feature.</summary>
    public IReadOnlyList<CustomView> Custom { get; init; } = [];

    /// <summary>Whether the values are numbers.</summary>
    [JsonIgnore]
    public bool IsNumber => Type is FeatureValues.Integer or FeatureValues.Real;

    /// <summary>Whether any example has more than one value.</summary>
    [JsonIgnore]
    public bool IsList => MostValues > 1;

    /// <summary>
    /// How far the values are from being spread evenly, from 0 (all equally frequent) to 1 (all the same):
    /// 1 − H / log n, where H is the entropy of the counts and n their number; of the histogram's ranges for numbers, of
    /// the listed values for texts. Null without values.
    /// </summary>
    public double? NonUniformity => Evenness.NonUniformity(IsNumber
        ? [.. Histogram.Select(bucket => bucket.Count)]
        : Ranks.Count > 0 ? [.. Ranks.Select(rank => rank.Count)] : [.. TopValues.Select(top => top.Count)]);
}

/// <summary>How often values of some ranks occur, ranks counted from 0.</summary>
/// <param name="Low">The first rank.</param>
/// <param name="High">The last rank.</param>
/// <param name="Label">The value; of several ranks one of them, or empty.</param>
/// <param name="Count">How often all of them occur.</param>
public sealed record RankedValues(long Low, long High, string Label, double Count);

/// <summary>Presence and number of values at one level of nested lists.</summary>
public sealed record LevelView(long Present, long Missing, long FewestValues, long MostValues, long Values);

/// <summary>The statistics of a feature with every example counted by its weight.</summary>
public sealed record WeightedView
{
    /// <summary>The weight of the examples that have the feature.</summary>
    public required double Present { get; init; }

    /// <summary>The weight of the examples that lack it.</summary>
    public required double Missing { get; init; }

    public double? AverageValues { get; init; }

    public double? Mean { get; init; }

    public double? StandardDeviation { get; init; }

    public double? Median { get; init; }

    public IReadOnlyList<HistogramBucket> Histogram { get; init; } = [];

    public IReadOnlyList<HistogramBucket> Quantiles { get; init; } = [];

    public IReadOnlyList<ValueFrequency> TopValues { get; init; } = [];

    [JsonIgnore]
    public IReadOnlyList<RankedValues> Ranks { get; init; } = [];
}

/// <summary>A figure beyond the usual ones: a number, a text, a histogram or ranked values.</summary>
public sealed record CustomView(string Name)
{
    public double? Number { get; init; }

    public string? Text { get; init; }

    public IReadOnlyList<HistogramBucket> Histogram { get; init; } = [];

    public IReadOnlyList<RankedValues> Ranks { get; init; } = [];
}

static class Evenness
{
    public static double? NonUniformity(IReadOnlyList<double> counts)
    {
        var total = counts.Where(count => count > 0).Sum();
        if (total <= 0)
            return null;
        if (counts.Count == 1)
            return 1;
        var entropy = counts.Where(count => count > 0).Sum(count => -(count / total) * Math.Log(count / total));
        return Math.Clamp(1 - (entropy / Math.Log(counts.Count)), 0, 1);
    }
}
