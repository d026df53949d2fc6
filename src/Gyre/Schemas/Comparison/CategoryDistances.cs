namespace Gyre.Schemas.Comparison;

/// <summary>
/// How far two distributions over texts or other categories are apart. Distributions are counts (or weights) by
/// category; each is normalised to shares where not said otherwise.
/// </summary>
public static class CategoryDistances
{
    /// <summary>What stands for a share of zero in the population stability index, as in Evidently.</summary>
    public const double SmallestShare = 1e-4;

    /// <summary>
    /// L∞: the greatest difference of shares, from 0 to 1, and the category that has it. TFX's <c>infinity_norm</c>:
    /// each side is normalised by its own total.
    /// </summary>
    public static (double Value, string? Category) LInfinity(IReadOnlyDictionary<string, double> one, IReadOnlyDictionary<string, double> other) =>
        Greatest(one, other, Total(one), Total(other));

    /// <summary>
    /// The greatest difference of counts, divided by the sum of both totals, and the category that has it. TFX's
    /// <c>normalized_abs_difference</c>: unlike the others it sees that one side is larger.
    /// </summary>
    public static (double Value, string? Category) NormalizedAbsoluteDifference(IReadOnlyDictionary<string, double> one, IReadOnlyDictionary<string, double> other) =>
        Greatest(one, other, Total(one) + Total(other), Total(one) + Total(other));

    /// <summary>
    /// The divergence of Jensen and Shannon, with logarithms to the base 2: from 0 (the same shares) to 1 (no category in
    /// common). It is no distance in the strict sense; its square root, which others report, is.
    /// </summary>
    /// <exception cref="ArgumentException">A side is empty, or a count is not above zero.</exception>
    public static double JensenShannon(IReadOnlyDictionary<string, double> one, IReadOnlyDictionary<string, double> other)
    {
        if (one.Count == 0 || other.Count == 0)
            throw new ArgumentException("There are no values on one side. Expected at least one on each.", nameof(one));
        if (one.Concat(other).FirstOrDefault(entry => !(entry.Value > 0)) is { Key: { } category, Value: var count })
            throw new ArgumentException(FormattableString.Invariant($"The count of '{category}' is {count}. Expected counts above zero."), nameof(one));
        return JensenShannon(Cells(one, other));
    }

    /// <summary>
    /// The population stability index, Σ (c − r) · ln(c / r) over the shares r of the reference and c of the current data:
    /// 0 when they are equal, without an upper bound. A share of zero counts as <see cref="SmallestShare"/>.
    /// </summary>
    public static double PopulationStability(IReadOnlyDictionary<string, double> reference, IReadOnlyDictionary<string, double> current) =>
        PopulationStability(Cells(reference, current));

    internal static double PopulationStability(IReadOnlyList<(double Reference, double Current)> cells)
    {
        var (all, allCurrent) = (cells.Sum(cell => cell.Reference), cells.Sum(cell => cell.Current));
        if (all <= 0 || allCurrent <= 0)
            return 0;
        return cells.Where(cell => cell.Reference > 0 || cell.Current > 0).Sum(cell =>
        {
            var (expected, actual) = (Math.Max(cell.Reference / all, SmallestShare), Math.Max(cell.Current / allCurrent, SmallestShare));
            return (actual - expected) * Math.Log(actual / expected);
        });
    }

    internal static double JensenShannon(IReadOnlyList<(double One, double Other)> cells)
    {
        var (all, allOther) = (cells.Sum(cell => cell.One), cells.Sum(cell => cell.Other));
        if (all <= 0 || allOther <= 0)
            throw new ArgumentException("There are no values on one side. Expected at least one on each.", nameof(cells));
        var sum = 0.0;
        foreach (var (ours, theirs) in cells)
        {
            var (p, q) = (ours / all, theirs / allOther);
            var middle = (p + q) / 2;
            sum += (p > 0 ? p * Math.Log2(p / middle) : 0) + (q > 0 ? q * Math.Log2(q / middle) : 0);
        }

        return Math.Clamp(sum / 2, 0, 1);
    }

    /// <summary>The counts of both sides, category by category, in one order.</summary>
    internal static IReadOnlyList<(double One, double Other)> Cells(IReadOnlyDictionary<string, double> one, IReadOnlyDictionary<string, double> other) =>
        [.. one.Keys.Union(other.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(key => (one.GetValueOrDefault(key), other.GetValueOrDefault(key)))];

    static double Total(IReadOnlyDictionary<string, double> counts) => counts.OrderBy(entry => entry.Key, StringComparer.Ordinal).Sum(entry => entry.Value);

    /// <summary>Of several categories with the greatest difference the last by name, as TFX does.</summary>
    static (double, string?) Greatest(IReadOnlyDictionary<string, double> one, IReadOnlyDictionary<string, double> other, double scale, double otherScale)
    {
        var greatest = (Value: 0.0, Category: (string?)null);
        foreach (var key in one.Keys.Union(other.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var difference = Math.Abs(Scaled(one, key, scale) - Scaled(other, key, otherScale));
            if (difference >= greatest.Value)
                greatest = (difference, key);
        }

        return greatest;
    }

    static double Scaled(IReadOnlyDictionary<string, double> counts, string key, double scale) =>
        counts.GetValueOrDefault(key) / (scale == 0 ? 1 : scale);
}
