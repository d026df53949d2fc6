namespace Gyre.Statistics;

/// <summary>The one rule by which quantiles are taken here.</summary>
static class Histograms
{
    /// <summary>
    /// The rank, from 0, of the value below or at which <paramref name="part"/> of <paramref name="parts"/> of all values lie:
    /// of n sorted values x, that is x[⌈n·part/parts⌉ − 1], so it is always a value that occurs.
    /// </summary>
    public static long RankOfQuantile(long count, int part, int parts) =>
        Math.Max(0, (long)((((Int128)count * part) + parts - 1) / parts) - 1);
}
