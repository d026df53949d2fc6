using Gyre.Statistics.Cross;

namespace Gyre.Schemas.Comparison;

/// <summary>What a test says about two samples.</summary>
/// <param name="Statistic">The value of the test's statistic.</param>
/// <param name="Freedom">Its degrees of freedom; 0 where it has none.</param>
/// <param name="Probability">The probability (p-value) of such a statistic or a greater one when both samples come from one distribution.</param>
/// <param name="Cells">How many cells were compared, after rare ones were pooled; 0 where there are none.</param>
/// <param name="Name">The test's name.</param>
public sealed record TestResult(double Statistic, int Freedom, double Probability, int Cells, string Name);

/// <summary>How likely differences are by chance.</summary>
public static class SignificanceTests
{
    /// <summary>An expected count below it makes the χ² distribution a bad approximation (Cochran's rule).</summary>
    public const double LeastExpected = 5;

    /// <summary>Up to so many pairs of examples the exact distribution of the Kolmogorov-Smirnov statistic is computed.</summary>
    const double MostExactPairs = 4e6;

    const string ChiSquareName = "chi_square";
    const string FisherName = "fisher_exact";
    const string KolmogorovName = "kolmogorov_smirnov";

    /// <summary>
    /// Pearson's χ² test that two samples have the same distribution over categories, without Yates' correction. Categories
    /// of which fewer than <see cref="LeastExpected"/> would be expected in the smaller sample are pooled. When that
    /// leaves one cell, the most frequent category is held against all others by Fisher's exact test.
    /// </summary>
    public static TestResult ChiSquare(IReadOnlyDictionary<string, double> one, IReadOnlyDictionary<string, double> other) =>
        ChiSquare(CategoryDistances.Cells(one, other));

    /// <summary>Pearson's χ² test that a sample comes from a given distribution. Rare categories are pooled.</summary>
    /// <param name="counts">The sample.</param>
    /// <param name="expected">The shares expected, in any scale; what is not named is not expected at all.</param>
    public static TestResult ChiSquareFit(IReadOnlyDictionary<string, double> counts, IReadOnlyDictionary<string, double> expected)
    {
        var cells = CategoryDistances.Cells(counts, expected);
        var (all, scale) = (cells.Sum(cell => cell.One), cells.Sum(cell => cell.Other));
        if (all <= 0 || scale <= 0)
            return new TestResult(0, 0, 1, 0, ChiSquareName);
        if (cells.Any(cell => cell.One > 0 && cell.Other <= 0))
            return new TestResult(double.MaxValue, cells.Count - 1, 0, cells.Count, ChiSquareName);
        var pooled = Pool(cells, cell => cell.Other / scale * all);
        if (pooled.Count < 2)
            return new TestResult(0, 0, 1, pooled.Count, ChiSquareName);
        var statistic = pooled.Sum(cell =>
        {
            var wanted = cell.Other / scale * all;
            return (cell.One - wanted) * (cell.One - wanted) / wanted;
        });
        return Of(statistic, pooled.Count);
    }

    /// <summary>The probability that a χ² distributed quantity is at least so great.</summary>
    public static double ChiSquareTail(double statistic, int freedom) => ChiSquaredTail.Of(statistic, freedom);

    /// <summary>
    /// The two-sample test of Kolmogorov and Smirnov, two-sided: exact by counting paths up to 4 million pairs of examples,
    /// else Kolmogorov's limit with Stephens' correction for the size of the samples. Ties make it say less than it could, never more.
    /// </summary>
    /// <param name="distance">The greatest distance of the cumulated distributions.</param>
    /// <param name="count">The size of the one sample.</param>
    /// <param name="otherCount">The size of the other.</param>
    public static TestResult KolmogorovSmirnov(double distance, double count, double otherCount)
    {
        if (count < 1 || otherCount < 1 || distance <= 0)
            return new TestResult(distance, 0, 1, 0, KolmogorovName);
        var probability = count * otherCount <= MostExactPairs
            ? ExactKolmogorov(distance, (int)count, (int)otherCount)
            : KolmogorovTail(distance, count * otherCount / (count + otherCount));
        return new TestResult(distance, 0, Math.Clamp(probability, 0, 1), 0, KolmogorovName);
    }

    internal static TestResult ChiSquare(IReadOnlyList<(double One, double Other)> cells)
    {
        var (all, allOther) = (cells.Sum(cell => cell.One), cells.Sum(cell => cell.Other));
        if (all <= 0 || allOther <= 0)
            return new TestResult(0, 0, 1, 0, ChiSquareName);
        var smaller = Math.Min(all, allOther) / (all + allOther);
        var pooled = Pool([.. cells.Where(cell => cell.One + cell.Other > 0)], cell => (cell.One + cell.Other) * smaller);
        if (pooled.Count < 2)
            return Fisher(cells);
        var statistic = pooled.Sum(cell =>
        {
            var (expected, expectedOther) = ((cell.One + cell.Other) * all / (all + allOther), (cell.One + cell.Other) * allOther / (all + allOther));
            return ((cell.One - expected) * (cell.One - expected) / expected) + ((cell.Other - expectedOther) * (cell.Other - expectedOther) / expectedOther);
        });
        return Of(statistic, pooled.Count);
    }

    /// <summary>Cells of which too few are expected become one; when that one is too small still, it takes the smallest of the others in.</summary>
    internal static IReadOnlyList<(double One, double Other)> Pool(IReadOnlyList<(double One, double Other)> cells, Func<(double One, double Other), double> expected)
    {
        var kept = cells.Where(cell => expected(cell) >= LeastExpected).OrderByDescending(expected).ToList();
        var rare = cells.Where(cell => expected(cell) < LeastExpected).Aggregate((One: 0.0, Other: 0.0), (sum, cell) => (sum.One + cell.One, sum.Other + cell.Other));
        if (rare.One + rare.Other <= 0)
            return kept;
        if (expected(rare) < LeastExpected && kept.Count > 0)
        {
            rare = (rare.One + kept[^1].One, rare.Other + kept[^1].Other);
            kept.RemoveAt(kept.Count - 1);
        }

        kept.Add(rare);
        return kept;
    }

    static TestResult Of(double statistic, int cells) => new(statistic, cells - 1, ChiSquareTail(statistic, cells - 1), cells, ChiSquareName);

    /// <summary>Fisher's exact test of the most frequent category against all others, two-sided: the sum over all tables that are not more likely.</summary>
    static TestResult Fisher(IReadOnlyList<(double One, double Other)> cells)
    {
        if (cells.Count(cell => cell.One + cell.Other > 0) < 2)
            return new TestResult(0, 0, 1, 1, ChiSquareName);
        var most = cells.MaxBy(cell => cell.One + cell.Other);
        return new TestResult(0, 0, FisherExact(most.One, cells.Sum(cell => cell.One), most.Other, cells.Sum(cell => cell.Other)), 2, FisherName);
    }

    /// <summary>Two-sided: <paramref name="hits"/> of <paramref name="all"/> against others of others.</summary>
    internal static double FisherExact(double hits, double all, double otherHits, double otherAll)
    {
        // Weights make counts fractional; the distribution is that of whole ones.
        (hits, all, otherHits, otherAll) = (Math.Round(hits), Math.Round(all), Math.Round(otherHits), Math.Round(otherAll));
        var total = hits + otherHits;
        double Probability(double x) => Math.Exp(LogChoose(all, x) + LogChoose(otherAll, total - x) - LogChoose(all + otherAll, total));
        var found = Probability(hits);
        var sum = 0.0;
        for (var x = Math.Max(0, total - otherAll); x <= Math.Min(total, all); x++)
        {
            if (Probability(x) is var probability && probability <= found * (1 + 1e-7))
                sum += probability;
        }

        return Math.Min(1, sum);
    }

    /// <summary>Of whole numbers.</summary>
    static double LogChoose(double n, double k) =>
        InformationTheory.LogFactorial((long)n) - InformationTheory.LogFactorial((long)k) - InformationTheory.LogFactorial((long)(n - k));

    /// <summary>2 Σ (−1)^(k−1) exp(−2 k² λ²) with λ = (√n + 0.12 + 0.11/√n) · D (Stephens 1970).</summary>
    static double KolmogorovTail(double distance, double effective)
    {
        var lambda = (Math.Sqrt(effective) + 0.12 + (0.11 / Math.Sqrt(effective))) * distance;
        if (lambda < 0.2)
            return 1;
        var sum = 0.0;
        for (var k = 1; k <= 100; k++)
        {
            var term = Math.Exp(-2.0 * k * k * lambda * lambda);
            sum += k % 2 == 1 ? term : -term;
            if (term < 1e-18)
                break;
        }

        return 2 * sum;
    }

    /// <summary>The share of all orders of two samples in which the distance is at least so great: lattice paths that leave a band (Kim and Jennrich 1973).</summary>
    static double ExactKolmogorov(double distance, int count, int otherCount)
    {
        var (m, n) = (Math.Min(count, otherCount), Math.Max(count, otherCount));
        var band = (0.5 + Math.Floor((distance * m * n) - 1e-7)) / ((double)m * n);
        var inside = new double[n + 1];
        for (var j = 0; j <= n; j++)
            inside[j] = (double)j / n > band ? 0 : 1;
        for (var i = 1; i <= m; i++)
        {
            var weight = (double)i / (i + n);
            inside[0] = (double)i / m > band ? 0 : weight * inside[0];
            for (var j = 1; j <= n; j++)
                inside[j] = Math.Abs(((double)i / m) - ((double)j / n)) > band ? 0 : (weight * inside[j]) + inside[j - 1];
        }

        return 1 - inside[n];
    }
}
