namespace Gyre.Statistics.Cross;

/// <summary>
/// What one thing tells about another, in bits. The expected information is that of independent things with the same
/// counts, as Vinh, Epps and Bailey ("Information theoretic measures for clusterings comparison", 2010) derive it; both
/// are taken apart cell by cell as in TensorFlow Transform's vocabularies.
/// </summary>
static class InformationTheory
{
    /// <summary>
    /// What a cell of a table of counts adds to the mutual information, times the total: n_ij·log2(n·n_ij / (n_i·n_j)).
    /// </summary>
    /// <param name="cell">How often both stand together.</param>
    /// <param name="row">How often the one stands.</param>
    /// <param name="column">How often the other stands.</param>
    /// <param name="total">The examples in all.</param>
    public static double PartialMutualInformation(double cell, double row, double column, double total) =>
        cell <= 0 || row <= 0 || column <= 0 ? 0 : cell * (Math.Log2(cell) + Math.Log2(total) - (Math.Log2(row) + Math.Log2(column)));

    /// <summary>What a cell with these margins adds on average when both are independent, times the total.</summary>
    public static double PartialExpectedMutualInformation(long total, long row, long column)
    {
        if (row == 0 || column == 0)
            return 0;
        var coefficient = Math.Log2(total) - Math.Log2(row) - Math.Log2(column);
        double sum = 0, probabilities = 0;
        foreach (var (count, probability) in Hypergeometric(total, row, column))
        {
            probabilities += probability;
            if (count > 0)
                sum += count * (coefficient + Math.Log2(count)) * probability;
        }

        return sum / probabilities;
    }

    /// <summary>
    /// The chances that of <paramref name="row"/> examples drawn out of <paramref name="total"/> so many are among
    /// <paramref name="column"/> ones. Counts whose chance is below 10⁻³⁰ of the greatest are left out.
    /// </summary>
    public static IEnumerable<(long Count, double Probability)> Hypergeometric(long total, long row, long column)
    {
        var (least, most) = (Math.Max(0, row + column - total), Math.Min(row, column));
        var mode = Math.Clamp((long)((row + 1.0) * (column + 1.0) / (total + 2.0)), least, most);
        var top = LogFactorial(row) + LogFactorial(column) + LogFactorial(total - row) + LogFactorial(total - column) - LogFactorial(total)
            - LogFactorial(mode) - LogFactorial(row - mode) - LogFactorial(column - mode) - LogFactorial(total - row - column + mode);
        var atMode = Math.Exp(top);
        var below = Walk(mode, -1).Reverse();
        return below.Append((mode, atMode)).Concat(Walk(mode, 1));

        // Neighbours follow from each other by a ratio of counts, which needs no logarithm.
        IEnumerable<(long Count, double Probability)> Walk(long from, int step)
        {
            const double Negligible = 1e-30;
            var probability = atMode;
            for (var count = from + step; count >= least && count <= most; count += step)
            {
                var upper = step > 0 ? count : count + 1;
                var ratio = (row - upper + 1.0) * (column - upper + 1.0) / (upper * (total - row - column + (double)upper));
                probability *= step > 0 ? ratio : 1 / ratio;
                if (probability < atMode * Negligible)
                    yield break;
                yield return (count, probability);
            }
        }
    }

    /// <summary>The information per token of a vocabulary about a label, times the total weight, as TensorFlow Transform orders vocabularies by it.</summary>
    /// <param name="together">For each label value, the weight of examples with the token.</param>
    /// <param name="labels">For each label value, the weight of all examples.</param>
    /// <param name="adjusted">Whether the information that chance alone brings is subtracted.</param>
    /// <param name="minimalDifference">Label values whose weight differs less than so much from the expected one count nothing.</param>
    public static double OfToken(IReadOnlyList<double> together, IReadOnlyList<double> labels, bool adjusted = false, double minimalDifference = 0)
    {
        var (row, total) = (together.Sum(), labels.Sum());
        if (Math.Round(row) == Math.Round(total))
            return 0;
        var result = 0.0;
        for (var label = 0; label < labels.Count; label++)
        {
            if (Math.Abs((row * labels[label] / total) - together[label]) < minimalDifference)
                continue;
            result += PartialMutualInformation(together[label], row, labels[label], total);
            if (adjusted)
                result -= PartialExpectedMutualInformation((long)Math.Round(total), (long)Math.Round(row), (long)Math.Round(labels[label]));
        }

        return result;
    }

    /// <summary>ln n!, by Stirling's series from 10 on, whose next term is below 10⁻¹⁶ there.</summary>
    public static double LogFactorial(long n)
    {
        if (n < 10)
        {
            double product = 1;
            for (var factor = 2; factor <= n; factor++)
                product *= factor;
            return Math.Log(product);
        }

        double x = n;
        var inverse = 1 / x;
        var square = inverse * inverse;
        var series = 691.0 / 360360;
        foreach (var denominator in (ReadOnlySpan<double>)[1188, 1680, 1260, 360, 12])
            series = (1 / denominator) - (square * series);
        return (x * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI * x)) + (inverse * series);
    }
}
