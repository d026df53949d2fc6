namespace Gyre.Schemas.Comparison;

/// <summary>How far two distributions of numbers are apart, as far as their histograms tell.</summary>
public static class NumberDistances
{
    /// <summary>The least deviation that a normalised Wasserstein distance is divided by, as in Evidently.</summary>
    public const double LeastDeviation = 0.001;

    const int StabilityCells = 10;

    /// <summary>
    /// The divergence of Jensen and Shannon with logarithms to the base 2, from 0 to 1. TFX's rules: both histograms are
    /// cut at the bounds of either, values lie evenly inside a bucket, a bucket of no width is a cell of its own. Beware of
    /// equally wide buckets: one outlier puts all other values into one of them; quantiles do not have that fault.
    /// </summary>
    /// <param name="one">The one side.</param>
    /// <param name="other">The other.</param>
    /// <param name="unplaced">What becomes of NaN and infinite bounds; by TFX's convention they are never alike, so that data full of NaN is at distance 1 from itself.</param>
    /// <exception cref="ArgumentException">The kinds differ, a side is empty, or a bucket ends before it begins.</exception>
    public static double JensenShannon(NumberHistogram one, NumberHistogram other, Unplaced unplaced = Unplaced.NeverAlike)
    {
        if (one.Kind != other.Kind)
            throw new ArgumentException($"One histogram has buckets by {one.Kind}, the other by {other.Kind}. Expected two of one kind.", nameof(other));
        return CategoryDistances.JensenShannon(HistogramAlignment.Cells(one, other, unplaced));
    }

    /// <summary>
    /// The population stability index over ten cells between the deciles of the reference (fewer where they coincide); what
    /// lies outside is in the first and the last; NaN is a cell of its own. A share of zero counts as <see cref="CategoryDistances.SmallestShare"/>.
    /// </summary>
    public static double PopulationStability(NumberDistribution reference, NumberDistribution current) =>
        CategoryDistances.PopulationStability(DecileCells(reference, current));

    /// <summary>
    /// The statistic of Kolmogorov and Smirnov, the greatest distance of the two cumulated distributions, from 0 to 1; NaN is
    /// left out. Where histograms leave room, the value assumes that numbers lie evenly inside buckets, and
    /// <c>Certain</c> is the least that the distance can be whatever lies inside.
    /// </summary>
    public static (double Value, double Certain) KolmogorovSmirnov(NumberDistribution one, NumberDistribution other)
    {
        var (value, certain) = (0.0, 0.0);
        foreach (var bound in one.Bounds.Union(other.Bounds))
        {
            value = Math.Max(value, Math.Abs(one.ShareUpTo(bound) - other.ShareUpTo(bound)));
            value = Math.Max(value, Math.Abs(one.ShareBelow(bound) - other.ShareBelow(bound)));
            certain = Math.Max(certain, Math.Max(one.LeastUpTo(bound) - other.MostUpTo(bound), other.LeastUpTo(bound) - one.MostUpTo(bound)));
        }

        // Bounds of several histograms of one data set may contradict each other by a rounding error.
        certain = certain < 1e-12 ? 0 : certain;
        return (Math.Min(1, Math.Max(value, certain)), Math.Min(1, certain));
    }

    /// <summary>
    /// Wasserstein's distance of order 1 (the earth mover's), in the unit of the numbers: the area between the two cumulated
    /// distributions of finite values.
    /// </summary>
    public static double Wasserstein(NumberDistribution one, NumberDistribution other)
    {
        if (!one.HasFinite || !other.HasFinite)
            return 0;
        var bounds = one.Bounds.Union(other.Bounds).Where(double.IsFinite).Order().ToArray();
        var area = 0.0;
        for (var i = 1; i < bounds.Length; i++)
        {
            var (low, high) = (bounds[i - 1], bounds[i]);
            var before = one.FiniteShareUpTo(low) - other.FiniteShareUpTo(low);
            var after = one.FiniteShareBelow(high) - other.FiniteShareBelow(high);
            area += (high - low) * MeanMagnitude(before, after);
        }

        return area;
    }

    /// <summary>Wasserstein's distance in standard deviations of the reference (at least <see cref="LeastDeviation"/>), as in Evidently.</summary>
    /// <param name="distance">The distance in the unit of the numbers.</param>
    /// <param name="referenceDeviation">The population standard deviation of the reference.</param>
    public static double NormalizedWasserstein(double distance, double referenceDeviation) =>
        distance / Math.Max(double.IsNaN(referenceDeviation) ? 0 : referenceDeviation, LeastDeviation);

    internal static IReadOnlyList<(double Reference, double Current)> DecileCells(NumberDistribution reference, NumberDistribution current)
    {
        var cuts = Enumerable.Range(1, StabilityCells - 1).Select(i => reference.Quantile((double)i / StabilityCells)).Where(double.IsFinite).Distinct().ToArray();
        var cells = new List<(double, double)>();
        var (seen, seenCurrent) = (0.0, 0.0);
        foreach (var cut in cuts)
        {
            var (upTo, currentUpTo) = (reference.ShareUpTo(cut) * reference.Placed, current.ShareUpTo(cut) * current.Placed);
            cells.Add((upTo - seen, currentUpTo - seenCurrent));
            (seen, seenCurrent) = (upTo, currentUpTo);
        }

        cells.Add((reference.Placed - seen, current.Placed - seenCurrent));
        cells.Add((reference.NaNs, current.NaNs));
        return cells;
    }

    /// <summary>The mean of |d| where d runs evenly from one value to another, possibly through zero.</summary>
    static double MeanMagnitude(double first, double last) => first * last >= 0
        ? (Math.Abs(first) + Math.Abs(last)) / 2
        : ((first * first) + (last * last)) / (2 * (Math.Abs(first) + Math.Abs(last)));
}
