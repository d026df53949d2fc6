namespace Gyre.Statistics.Cross;

/// <summary>Which of n sorted values is a quantile: for part i of k the one of rank ⌈n·i/k⌉, so always a value that occurs.</summary>
static class QuantileRank
{
    /// <summary>The rank, from 0, of the least value at or below which that part of all values lies.</summary>
    public static long Of(long count, int part, int parts) => Math.Max(0, (long)((((Int128)count * part) + parts - 1) / parts) - 1);
}
