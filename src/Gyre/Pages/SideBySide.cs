using Gyre.Statistics;

namespace Gyre.Pages;

/// <summary>One feature in two data sets.</summary>
public sealed record FeaturePair
{
    public required string Name { get; init; }

    /// <summary>The feature in the first set; null where the set lacks it.</summary>
    public FeatureView? First { get; init; }

    /// <summary>The feature in the second set; null where the set lacks it.</summary>
    public FeatureView? Second { get; init; }

    /// <summary>How far the two distributions are from each other, from 0 (equal) to 1; null where they cannot be compared.</summary>
    public double? Distance { get; init; }

    /// <summary>What the distance is: <c>js</c> (Jensen–Shannon divergence, base 2) for numbers, <c>l_infinity</c> for texts.</summary>
    public string? Measure { get; init; }

    /// <summary>The change of the share of examples that lack the feature, in percentage points from −1 to 1.</summary>
    public double MissingChange => (Second?.MissingShare ?? 1) - (First?.MissingShare ?? 1);

    /// <summary>Frequent texts of the second set that the first one does not have among those that its statistics list.</summary>
    public IReadOnlyList<ValueFrequency> Appeared { get; init; } = [];

    /// <summary>Frequent texts of the first set that the second one does not have among those that its statistics list.</summary>
    public IReadOnlyList<ValueFrequency> Vanished { get; init; } = [];

    /// <summary>By what comparisons are sorted: a feature that stands in one set only comes first, then by distance or by what is missing.</summary>
    internal double Drift => First is null || Second is null || First.Type != Second.Type ? 2 : Math.Max(Distance ?? 0, Math.Abs(MissingChange));
}

/// <summary>Two data sets side by side, feature by feature.</summary>
public sealed record SideBySide
{
    public required DataSetView First { get; init; }

    public required DataSetView Second { get; init; }

    /// <summary>All features of both sets, those that differ most first.</summary>
    public required IReadOnlyList<FeaturePair> Features { get; init; }

    /// <summary>What stands out, the weightiest first.</summary>
    public IReadOnlyList<Remark> Remarks { get; init; } = [];

    /// <summary>Sets two data sets side by side.</summary>
    public static SideBySide Between(DataSetView first, DataSetView second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var seconds = second.Features.DistinctBy(feature => feature.Name, StringComparer.Ordinal).ToDictionary(feature => feature.Name, StringComparer.Ordinal);
        var firsts = first.Features.Select(feature => feature.Name).ToHashSet(StringComparer.Ordinal);
        var pairs = first.Features.Select(feature => Pair(feature.Name, feature, seconds.GetValueOrDefault(feature.Name)))
            .Concat(second.Features.Where(feature => !firsts.Contains(feature.Name)).Select(feature => Pair(feature.Name, null, feature)));
        var comparison = new SideBySide
        {
            First = first,
            Second = second,
            Features = [.. pairs.OrderByDescending(pair => pair.Drift)],
        };
        return comparison with { Remarks = [.. Remark.Of(comparison)] };
    }

    static FeaturePair Pair(string name, FeatureView? first, FeatureView? second)
    {
        var pair = new FeaturePair { Name = name, First = first, Second = second };
        if (first is null || second is null)
            return pair;
        var (distance, measure) = FeatureDistance.Between(first, second);
        return pair with
        {
            Distance = distance,
            Measure = measure,
            Appeared = NotIn(first, second),
            Vanished = NotIn(second, first),
        };
    }

    static List<ValueFrequency> NotIn(FeatureView one, FeatureView other)
    {
        var known = one.TopValues.Select(top => top.Value).Concat(one.Ranks.Select(rank => rank.Label)).ToHashSet(StringComparer.Ordinal);

        // Where most values are not listed, one that is not may well be there: saying so would be a guess.
        return known.Count < one.Unique ? [] : [.. other.TopValues.Where(top => !known.Contains(top.Value))];
    }
}
