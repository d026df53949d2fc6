namespace Gyre.Statistics.Sketches;

/// <summary>
/// Asks for sketches instead of exact counts: statistics in memory that does not grow with the data, in one pass, with
/// their error stated beside them. The defaults hold some 3 MB to a column of numbers and 1 MB, besides the texts that
/// are listed, to one of text.
/// </summary>
public sealed record SketchOptions
{
    /// <summary>
    /// How many values each level of the sketch of quantiles holds. The error of a rank is below (1 + log2(n / size)) / size
    /// of n, for certain; what it was at most is stated. Up to so many values quantiles are exact.
    /// </summary>
    public int QuantileSize { get; init; } = 8192;

    /// <summary>
    /// How many of the least digests of values stand for all different ones. Up to so many different values their number is
    /// exact; beyond, its standard error is 1 / √(size − 2).
    /// </summary>
    public int DistinctSize { get; init; } = 16_384;

    /// <summary>How many texts are counted. A count is short by at most n / size; by how much at most is stated.</summary>
    public int FrequentSize { get; init; } = 8192;

    internal void Check()
    {
        Require(nameof(QuantileSize), QuantileSize);
        Require(nameof(DistinctSize), DistinctSize);
        Require(nameof(FrequentSize), FrequentSize);
    }

    static void Require(string option, int value)
    {
        if (value is < 16 or > 1 << 24)
            throw new InvalidDataException($"{option} is {value}. Expected 16 to {1 << 24}.");
    }
}
