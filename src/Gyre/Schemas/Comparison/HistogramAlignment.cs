using Gyre.Statistics;

namespace Gyre.Schemas.Comparison;

/// <summary>What becomes of values that have no place on the axis of numbers when two histograms are laid over each other.</summary>
public enum Unplaced
{
    /// <summary>NaN differs from NaN, and a bucket with an infinite bound from every other: TFX's convention.</summary>
    NeverAlike,

    /// <summary>NaN is like NaN, and buckets with the same infinite bound are alike.</summary>
    LikeThemselves,
}

/// <summary>
/// Lays two histograms over each other, by TFX's rules: cells between all bounds that either has, with the values of a
/// bucket spread evenly over its width; a bucket of no width is a cell of its own, even inside a wider bucket.
/// </summary>
static class HistogramAlignment
{
    /// <returns>How many values of the one and of the other lie in each cell.</returns>
    /// <exception cref="ArgumentException">A bucket ends before it begins, or has a count below zero.</exception>
    public static IReadOnlyList<(double One, double Other)> Cells(NumberHistogram one, NumberHistogram other, Unplaced unplaced)
    {
        var (wide, otherWide) = (Wide(one), Wide(other));
        var bounds = wide.Concat(otherWide).SelectMany(bucket => new[] { bucket.Low, bucket.High }).Distinct().Order().ToArray();
        var cells = new List<(double, double)>();
        var (spread, otherSpread) = (Spread(wide, bounds), Spread(otherWide, bounds));
        for (var i = 0; i < spread.Length; i++)
            cells.Add((spread[i], otherSpread[i]));
        var (points, otherPoints) = (Points(one), Points(other));
        cells.AddRange(points.Keys.Union(otherPoints.Keys).Order().Select(value => (points.GetValueOrDefault(value), otherPoints.GetValueOrDefault(value))));
        var unplacedCells = Infinite(one).Keys.Union(Infinite(other).Keys)
            .Select(key => (One: Infinite(one).GetValueOrDefault(key), Other: Infinite(other).GetValueOrDefault(key)))
            .Append((One: one.NaNs, Other: other.NaNs));
        foreach (var (ours, theirs) in unplacedCells.Where(cell => cell.One != 0 || cell.Other != 0))
        {
            if (unplaced == Unplaced.LikeThemselves)
            {
                cells.Add((ours, theirs));
                continue;
            }

            cells.Add((ours, 0));
            cells.Add((0, theirs));
        }

        return cells;
    }

    static List<HistogramBucket> Wide(NumberHistogram histogram)
    {
        foreach (var bucket in histogram.Buckets)
        {
            if (bucket.Low > bucket.High || bucket.Count < 0 || double.IsNaN(bucket.Count))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"The histogram has a bucket from {bucket.Low} to {bucket.High} with {bucket.Count} values. Expected an end at or after its beginning, and no count below zero."), nameof(histogram));
            }
        }

        return [.. histogram.Buckets.Where(bucket => IsFinite(bucket) && bucket.Low < bucket.High)];
    }

    static Dictionary<double, double> Points(NumberHistogram histogram) => histogram.Buckets
        .Where(bucket => IsFinite(bucket) && bucket.Low == bucket.High)
        .GroupBy(bucket => bucket.Low).ToDictionary(group => group.Key, group => group.Sum(bucket => bucket.Count));

    static Dictionary<(double, double), double> Infinite(NumberHistogram histogram) => histogram.Buckets
        .Where(bucket => !IsFinite(bucket))
        .GroupBy(bucket => (bucket.Low, bucket.High)).ToDictionary(group => group.Key, group => group.Sum(bucket => bucket.Count));

    static double[] Spread(List<HistogramBucket> buckets, double[] bounds)
    {
        var counts = new double[Math.Max(0, bounds.Length - 1)];
        foreach (var bucket in buckets)
        {
            var width = bucket.High - bucket.Low;
            for (var i = Array.BinarySearch(bounds, bucket.Low); bounds[i] < bucket.High; i++)
                counts[i] += Share(bounds[i], bounds[i + 1], width) * bucket.Count;
        }

        return counts;
    }

    /// <summary>The width of two very distant doubles is no double.</summary>
    static double Share(double low, double high, double width) => double.IsFinite(width)
        ? (high - low) / width
        : ((high / 2) - (low / 2)) / double.MaxValue;

    static bool IsFinite(HistogramBucket bucket) => double.IsFinite(bucket.Low) && double.IsFinite(bucket.High);
}
