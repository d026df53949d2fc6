using Gyre.Statistics;

namespace Gyre.Pages;

/// <summary>
/// How far two distributions are from each other, by the conventions of TensorFlow Data Validation: for numbers the
/// Jensen–Shannon divergence (base 2) of the histograms cut at the bounds of both, for texts the greatest difference of
/// the share of a value (L∞) over the values that the statistics list.
/// </summary>
static class FeatureDistance
{
    public static (double? Distance, string? Measure) Between(FeatureView first, FeatureView second) =>
        first.IsNumber && second.IsNumber ? (JensenShannon(first, second), "js")
        : first.Type == FeatureValues.Text && second.Type == FeatureValues.Text ? (LInfinity(first, second), "l_infinity")
        : (null, null);

    static double? LInfinity(FeatureView first, FeatureView second)
    {
        var (one, other) = (Shares(first), Shares(second));
        if (one.Count == 0 || other.Count == 0)
            return null;
        return one.Keys.Union(other.Keys, StringComparer.Ordinal).Max(value => Math.Abs(one.GetValueOrDefault(value) - other.GetValueOrDefault(value)));
    }

    static Dictionary<string, double> Shares(FeatureView feature)
    {
        var total = Math.Max(1, feature.Values > 0 ? feature.Values : feature.Present);
        var counts = feature.Ranks.Where(rank => rank.Low == rank.High).Select(rank => (Value: rank.Label, rank.Count))
            .Concat(feature.TopValues.Select(top => (top.Value, top.Count)));
        return counts.DistinctBy(pair => pair.Value, StringComparer.Ordinal).ToDictionary(pair => pair.Value, pair => pair.Count / total, StringComparer.Ordinal);
    }

    static double? JensenShannon(FeatureView first, FeatureView second)
    {
        if (first.Histogram.Count == 0 || second.Histogram.Count == 0)
            return null;
        double[] bounds = [.. first.Histogram.Concat(second.Histogram).SelectMany(bucket => new[] { bucket.Low, bucket.High }).Distinct().Order()];
        var (one, other) = (Spread(first, bounds), Spread(second, bounds));
        var divergence = 0.0;
        for (var index = 0; index < one.Length; index++)
        {
            var middle = (one[index] + other[index]) / 2;
            divergence += (Term(one[index], middle) + Term(other[index], middle)) / 2;
        }

        return Math.Clamp(divergence, 0, 1);

        static double Term(double share, double middle) => share > 0 ? share * Math.Log2(share / middle) : 0;
    }

    /// <summary>
    /// The shares of the ranges between bounds and, behind them, of the bounds themselves, where a bucket without width
    /// holds its values; last the share of NaN. Within a bucket values are taken to lie evenly.
    /// </summary>
    static double[] Spread(FeatureView feature, double[] bounds)
    {
        var shares = new double[(2 * bounds.Length) + 1];
        var notNumbers = (double)(feature.NotNumbers ?? 0);
        var total = feature.Histogram.Sum(bucket => bucket.Count) + notNumbers;
        if (total <= 0)
            return shares;
        foreach (var bucket in feature.Histogram)
        {
            var (low, high) = (Array.BinarySearch(bounds, bucket.Low), Array.BinarySearch(bounds, bucket.High));
            if (low == high)
            {
                shares[bounds.Length + low] += bucket.Count / total;
                continue;
            }

            for (var index = low; index < high; index++)
                shares[index] += bucket.Count / total * Portion(bounds[index], bounds[index + 1], bucket);
        }

        shares[^1] = notNumbers / total;
        return shares;
    }

    /// <summary>Halves first: the span of two doubles may be more than a double.</summary>
    static double Portion(double low, double high, HistogramBucket bucket) => ((high / 2) - (low / 2)) / ((bucket.High / 2) - (bucket.Low / 2));
}
