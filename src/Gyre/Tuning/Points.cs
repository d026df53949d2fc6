namespace Gyre.Tuning;

/// <summary>Points drawn by chance. That of a trial depends on the seed and its number only.</summary>
sealed class ChancePoints(SearchSpace space, int seed) : IPoints
{
    public bool LooksAtResults => false;

    public double[] Next(int trial, IReadOnlyList<TrialResult> seen)
    {
        var chance = Chance(seed, trial);
        return [.. space.Dimensions.Select(dimension => dimension.Draw(chance.NextDouble()))];
    }

    /// <summary>The chance of one trial; that of neighbouring seeds and trials has nothing in common.</summary>
    public static Random Chance(int seed, int trial) => new((int)(SplitMix.Of(((ulong)(uint)seed << 32) | (uint)trial) >> 33));
}

/// <summary>All combinations of values, those of the last option changing first.</summary>
sealed class GridPoints(SearchSpace space, int points) : IPoints
{
    readonly IReadOnlyList<double[]> _grid = Distinct(space, points);

    public bool LooksAtResults => false;

    public double[] Next(int trial, IReadOnlyList<TrialResult> seen) => _grid[trial - 1];

    /// <summary>How many combinations there are, those that conditions make equal counted each.</summary>
    public static long Count(SearchSpace space, int points) => space.Dimensions.Aggregate(1L, (product, dimension) =>
        (long)Math.Min((double)product * dimension.Grid(points).Count, long.MaxValue / 2));

    /// <summary>The combinations that differ in an option that counts.</summary>
    public static IReadOnlyList<double[]> Distinct(SearchSpace space, int points)
    {
        IEnumerable<double[]> all = [[]];
        foreach (var dimension in space.Dimensions)
        {
            var places = dimension.Grid(points);
            all = all.SelectMany(start => places.Select(place => (double[])[.. start, place]));
        }

        return [.. all.DistinctBy(point => space.At(point).ToJsonString(), StringComparer.Ordinal)];
    }
}

/// <summary>A way to spread numbers over all 64 bits (Steele, Lea and Flood, 2014).</summary>
static class SplitMix
{
    public static ulong Of(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
