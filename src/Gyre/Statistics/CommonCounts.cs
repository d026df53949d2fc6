using Gyre.Statistics.Protos;

namespace Gyre.Statistics;

/// <summary>What is counted for columns of every type.</summary>
static class CommonCounts
{
    /// <param name="rows">The examples in all.</param>
    /// <param name="values">How many of them have a value.</param>
    /// <param name="options">How to count.</param>
    public static CommonStatistics Of(long rows, long values, StatisticsOptions options)
    {
        var emptyIsPresent = options.EmptyCells == EmptyCells.EmptyList;
        var present = emptyIsPresent ? rows : values;
        var result = new CommonStatistics
        {
            NumNonMissing = (ulong)present,
            NumMissing = (ulong)(rows - present),
            TotNumValues = (ulong)values,
        };
        if (present == 0)
            return result;
        result.MinNumValues = values < present ? 0u : 1u;
        result.MaxNumValues = values > 0 ? 1u : 0u;
        result.AvgNumValues = (float)((double)values / present);
        result.NumValuesHistogram = Histograms.Quantiles(
            present, rank => rank < present - values ? 0 : 1, options.HistogramBuckets);
        return result;
    }
}
