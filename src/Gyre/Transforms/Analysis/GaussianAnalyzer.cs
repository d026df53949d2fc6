using System.Text.Json.Nodes;
using Gyre.Data;

namespace Gyre.Transforms.Analysis;

/// <summary>
/// The Tukey hh distribution that has the first four L-moments of the numbers: location, scale, and how heavy its left and right
/// tails are (0 for those of a normal distribution). Where neither is heavy, mean and standard deviation scale.
/// </summary>
sealed record FittedGaussian(double Location, double Scale, double Left, double Right, double StandardDeviation, long Count) : Fitted
{
    public override bool IsEmpty => Count == 0;

    public override JsonObject ToJson() => new()
    {
        ["location"] = Location,
        ["scale"] = Scale,
        ["left"] = Left,
        ["right"] = Right,
        ["standard_deviation"] = StandardDeviation,
        ["count"] = Count,
    };

    public override string ToString() => FormattableString.Invariant($"location {Location}, scale {Scale}, tails {Left} and {Right}");
}

/// <summary>L-moments from all numbers in order (Hosking 1990), and from them the distribution, as TensorFlow Transform finds it.</summary>
sealed class GaussianAnalyzer : SortingAnalyzer
{
    protected override Fitted Result(IReadOnlyList<double> sorted)
    {
        if (sorted.Count == 0)
            return new FittedGaussian(0, 1, 0, 0, 0, 0);
        var moments = new ExactMoments();
        foreach (var number in sorted)
            moments.Add(number);
        var (l1, l2, l3, l4) = LMoments(sorted);
        var (left, right) = sorted.Count < 4 || l2 <= 0 ? (0, 0) : TukeyHh.Tails(l3 / l2, l4 / l2);
        var (mean, unit) = TukeyHh.MeanAndScale(left, right);
        var scale = l2 > 0 ? l2 / unit : 1;
        return new FittedGaussian(l1 - (scale * mean), scale, left, right, moments.Deviation, sorted.Count);
    }

    static (double L1, double L2, double L3, double L4) LMoments(IReadOnlyList<double> sorted)
    {
        double n = sorted.Count;
        var (b0, b1, b2, b3) = (0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < sorted.Count; i++)
        {
            var first = n > 1 ? i / (n - 1) : 0;
            var second = n > 2 ? first * (i - 1) / (n - 2) : 0;
            var third = n > 3 ? second * (i - 2) / (n - 3) : 0;
            b0 += sorted[i] / n;
            b1 += first * sorted[i] / n;
            b2 += second * sorted[i] / n;
            b3 += third * sorted[i] / n;
        }

        return (b0, n > 1 ? (2 * b1) - b0 : 0, n > 2 ? (6 * b2) - (6 * b1) + b0 : 0, n > 3 ? (20 * b3) - (30 * b2) + (12 * b1) - b0 : 0);
    }
}

/// <summary>
/// Tukey's hh distribution: u·exp(h·u²) of a normal u, with one h left of 0 and another right. Formulas of Headrick and Pant (2012),
/// the search that of TensorFlow Transform.
/// </summary>
static class TukeyHh
{
    /// <summary>The L-kurtosis of a normal distribution.</summary>
    const double NormalKurtosis = 0.1226017;

    const double LeastStep = 1e-6;
    const int MostRounds = 20;
    const int MostHalvings = 10;

    /// <summary>The first two L-moments.</summary>
    public static (double Mean, double Scale) MeanAndScale(double left, double right)
    {
        var factor = 1 / Math.Sqrt(2 * Math.PI);
        var mean = factor * ((1 / (left - 1)) + (1 / (1 - right)));
        var (a, b) = (Math.Sqrt(2 - left), Math.Sqrt(2 - right));
        var scale = factor * ((a + b - (left * a) - (right * b)) / ((left - 1) * (right - 1) * Math.Sqrt((left - 2) * (right - 2))));
        return (mean, scale);
    }

    /// <summary>The tails that give an L-skewness and an L-kurtosis; both 0 where the tails are lighter than those of a normal distribution.</summary>
    public static (double Left, double Right) Tails(double skewness, double kurtosis)
    {
        if (!(kurtosis >= NormalKurtosis))
            return (0, 0);
        if (skewness < 0)
        {
            var (right, left) = Tails(-skewness, kurtosis);
            return (left, right);
        }

        kurtosis = Math.Min(kurtosis, 1 - 1e-5);
        var initial = 3 - (1 / Math.Cos(Math.PI / 15 * (kurtosis - 6)));
        var (h, delta) = (initial, 0.0);
        var (minH, minDelta) = (initial, 0.0);
        var (maxH, maxDelta) = (1 - 1e-7, initial);
        var (lastH, lastDelta) = (0.0, 0.0);
        for (var round = 0; round < MostRounds; round++)
        {
            // The difference of the tails at a constant right one, then the right one at a constant difference.
            var isFound = SkewnessError(maxDelta) > 0;
            if (isFound)
                delta = maxDelta = Search(SkewnessError, minDelta, maxDelta).High;
            else
                delta = minDelta = maxDelta;
            var (low, high) = Search(KurtosisError, minH, maxH);
            if (isFound)
            {
                h = maxH = high;
                delta = minDelta = Search(SkewnessError, minDelta, maxDelta).Low;
                h = minH = Search(KurtosisError, minH, maxH).Low;
            }
            else
            {
                h = minH = low;
                maxDelta = low;
            }

            var (skewnessOff, kurtosisOff) = (SkewnessError(delta), KurtosisError(h));
            var steps = (Math.Abs(h - lastH), Math.Abs(delta - lastDelta));
            (lastH, lastDelta) = (h, delta);
            if ((Math.Abs(skewnessOff) < LeastStep && Math.Abs(kurtosisOff) < LeastStep) || (steps.Item1 < LeastStep && steps.Item2 < LeastStep))
                break;
        }

        return (h - delta, h);

        double SkewnessError(double difference) => SkewnessAndKurtosis(h - difference, h).Skewness - skewness;

        double KurtosisError(double right) => SkewnessAndKurtosis(right - delta, right).Kurtosis - kurtosis;
    }

    static (double Low, double High) Search(Func<double, double> error, double low, double high)
    {
        for (var halvings = 0; ;)
        {
            var middle = (low + high) / 2;
            var off = error(middle);
            if (off < 0)
                low = middle;
            else
                high = middle;
            if (++halvings > MostHalvings || Math.Abs(off) < LeastStep || high - low < LeastStep)
                return (low, high);
        }
    }

    static (double Skewness, double Kurtosis) SkewnessAndKurtosis(double hl, double hr)
    {
        var skewness = (SkewnessPart(hl, hr) - (Math.PI * (hl - hr) * (hl - 2) * (hr - 2)) - SkewnessPart(hr, hl))
            / (2 * Math.PI * Math.Sqrt((hl - 2) * (hr - 2)) * (Denominator(hl) + Denominator(hr)));
        var root = Math.Sqrt((hl - 4) * (hl - 2) * (hl - 1) * (hr - 2));
        var other = Math.Sqrt((hl - 4) * (hl - 1));
        var first = (hr * root) - (2 * other);
        var second = (hl * (hl - 3) * other) + root;
        var third = 30 * (hl - 1) * Math.Sqrt((hl - 4) * (hl - 2) * (hr - 2) / (hl - 1)) * (hr - 1) * Math.Atan(Math.Sqrt(1 + (2 / (hl - 4))));
        var fourth = 30 * (hl - 2) * other * (hl - 1) * Math.Atan(Math.Sqrt(1 + (2 / (hr - 4))));
        var kurtosis = ((6 * Math.PI * (first - second)) + third + fourth)
            / (Math.PI * Math.Sqrt((4 - hl) * (2 - hl) * (1 - hl)) * (Denominator(hl) + Denominator(hr)));
        return (skewness, kurtosis);
    }

    static double SkewnessPart(double h1, double h2) => 12 * Math.Sqrt(2 - h1) * (h2 - 2) * (h2 - 1) * Math.Atan(1 / Math.Sqrt(2 - h1));

    static double Denominator(double h) => (h * Math.Sqrt(2 - h)) - Math.Sqrt(2 - h);
}
