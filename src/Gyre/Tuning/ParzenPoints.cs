namespace Gyre.Tuning;

/// <summary>
/// Points by the tree-structured Parzen estimator: Bergstra, Bardenet, Bengio and Kégl, «Algorithms for Hyper-Parameter Optimization»,
/// 2011, section 4. Each dimension by itself: of candidates drawn from the density l of the best trials, the one with the greatest l/g,
/// where g is the density of the rest.
/// </summary>
sealed class ParzenPoints(SearchSpace space, int seed, TpeSearch options) : IPoints
{
    const int MostGood = 25;

    public bool LooksAtResults => true;

    public double[] Next(int trial, IReadOnlyList<TrialResult> seen)
    {
        if (seen.Count < options.Startup)
            return new ChancePoints(space, seed).Next(trial, seen);
        var sorted = seen.OrderBy(result => result.Loss).ThenBy(result => result.Job.Trial).Select(result => result.Job.Point).ToList();
        var good = (int)Math.Clamp(Math.Ceiling(options.GoodShare * sorted.Count), 1, MostGood);
        var chance = ChancePoints.Chance(seed, trial);
        return [.. space.Dimensions.Select((dimension, i) => Next(dimension, chance, PlacesOf(sorted.Take(good), i), PlacesOf(sorted.Skip(good), i)))];
    }

    double Next(SearchDimension dimension, Random chance, IReadOnlyList<double> good, IReadOnlyList<double> rest)
    {
        IParzenDensity l = dimension.Choices > 0 ? new ChoiceDensity(good, dimension.Choices) : new RangeDensity(good);
        IParzenDensity g = dimension.Choices > 0 ? new ChoiceDensity(rest, dimension.Choices) : new RangeDensity(rest);
        var candidates = Enumerable.Range(0, options.Candidates).Select(_ => l.Draw(chance)).ToList();
        return candidates.MaxBy(place => l.Log(place) - g.Log(place));
    }

    /// <summary>The places of trials in which the option was active.</summary>
    static IReadOnlyList<double> PlacesOf(IEnumerable<double[]> points, int dimension) =>
        [.. points.Select(point => point[dimension]).Where(place => !double.IsNaN(place))];
}

/// <summary>How likely places are.</summary>
interface IParzenDensity
{
    double Log(double place);

    double Draw(Random chance);
}

/// <summary>The shares of choices; each has been seen once more than it has, so none is impossible.</summary>
sealed class ChoiceDensity(IReadOnlyList<double> places, int choices) : IParzenDensity
{
    public double Log(double place) => Math.Log(Share((int)place));

    public double Draw(Random chance)
    {
        var left = chance.NextDouble();
        for (var choice = 0; choice < choices - 1; choice++)
        {
            left -= Share(choice);
            if (left < 0)
                return choice;
        }

        return choices - 1;
    }

    double Share(int choice) => (places.Count(place => (int)place == choice) + 1.0) / (places.Count + choices);
}

/// <summary>
/// A mixture of normal distributions cut off at 0 and 1, one about each place that was seen, as wide as the farther of its neighbours is
/// away, and a wide one about the middle, which makes no place impossible.
/// </summary>
sealed class RangeDensity : IParzenDensity
{
    const double Widest = 1;
    const int Finest = 100;

    readonly (double Mean, double Deviation)[] _parts;

    public RangeDensity(IReadOnlyList<double> places)
    {
        double[] sorted = [.. places.Append(0.5).Order()];
        var narrowest = Widest / Math.Min(Finest, sorted.Length + 1);
        var prior = Array.IndexOf(sorted, 0.5);
        _parts = [.. sorted.Select((mean, i) => (mean, i == prior ? Widest : Math.Clamp(Math.Max(Before(i), After(i)), narrowest, Widest)))];

        double Before(int i) => sorted[i] - (i == 0 ? 0 : sorted[i - 1]);
        double After(int i) => (i == sorted.Length - 1 ? 1 : sorted[i + 1]) - sorted[i];
    }

    public double Log(double place)
    {
        var sum = 0.0;
        foreach (var (mean, deviation) in _parts)
        {
            var distance = (place - mean) / deviation;
            sum += Math.Exp(-distance * distance / 2) / (deviation * (Below((1 - mean) / deviation) - Below(-mean / deviation)));
        }

        return Math.Log(sum / _parts.Length / Math.Sqrt(2 * Math.PI));
    }

    public double Draw(Random chance)
    {
        var (mean, deviation) = _parts[chance.Next(_parts.Length)];
        while (true)
        {
            // Every mean lies between the bounds, so at least about a third of the draws does.
            var normal = Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());
            if (mean + (deviation * normal) is >= 0 and <= 1 and var place)
                return place;
        }
    }

    /// <summary>The share of a standard normal distribution below a number, to 1e-7 (Abramowitz and Stegun, 7.1.26).</summary>
    static double Below(double number)
    {
        var x = Math.Abs(number) / Math.Sqrt(2);
        var t = 1 / (1 + (0.3275911 * x));
        var polynomial = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
        var tail = polynomial * Math.Exp(-x * x) / 2;
        return number < 0 ? tail : 1 - tail;
    }
}
