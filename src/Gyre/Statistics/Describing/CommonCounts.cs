using Gyre.Statistics.Counting;
using Gyre.Statistics.Protos;

namespace Gyre.Statistics.Describing;

/// <summary>What is counted for columns of every type.</summary>
static class CommonCounts
{
    /// <param name="lengths">How many examples have how many values, ascending.</param>
    /// <param name="examples">The examples in all.</param>
    /// <param name="options">How to count.</param>
    /// <param name="isWeighted">Whether examples have weights.</param>
    public static CommonStatistics Of(IReadOnlyList<(long Length, Tally Tally)> lengths, Tally examples, StatisticsOptions options, bool isWeighted)
    {
        var missing = examples;
        foreach (var (_, tally) in lengths)
            missing.Add(new Tally(-tally.Count, -tally.Weight));
        if (options.EmptyCells == EmptyCells.EmptyList && missing.Count > 0)
        {
            lengths = WithEmpty(lengths, missing);
            missing = default;
        }

        var present = lengths.Sum(pair => pair.Tally.Count);
        var values = lengths.Sum(pair => pair.Length * pair.Tally.Count);
        var result = new CommonStatistics { NumNonMissing = (ulong)present, NumMissing = (ulong)missing.Count, TotNumValues = (ulong)values };
        if (present > 0)
        {
            result.MinNumValues = (ulong)lengths[0].Length;
            result.MaxNumValues = (ulong)lengths[^1].Length;
            result.AvgNumValues = (float)((double)values / present);
            result.NumValuesHistogram = Distribution.Counted([.. lengths.Select(pair => (pair.Length, pair.Tally.Count))]).QuantileHistogram(options.HistogramBuckets);
        }

        if (isWeighted)
            result.WeightedCommonStats = Weighted(lengths, missing);
        return result;
    }

    static List<(long Length, Tally Tally)> WithEmpty(IReadOnlyList<(long Length, Tally Tally)> lengths, Tally empty)
    {
        var rest = lengths.AsEnumerable();
        if (lengths is [{ Length: 0 } first, ..])
        {
            empty.Add(first.Tally);
            rest = lengths.Skip(1);
        }

        return [(0, empty), .. rest];
    }

    static WeightedCommonStatistics Weighted(IReadOnlyList<(long Length, Tally Tally)> lengths, Tally missing)
    {
        Int128 present = 0;
        var values = new CompensatedSum();
        foreach (var (length, tally) in lengths)
        {
            present += tally.Weight;
            values.AddProduct(length, Weight.ToDouble(tally.Weight));
        }

        return new WeightedCommonStatistics
        {
            NumNonMissing = Weight.ToDouble(present),
            NumMissing = Weight.ToDouble(missing.Weight),
            TotNumValues = values.Value,
            AvgNumValues = present == 0 ? 0 : values.Value / Weight.ToDouble(present),
        };
    }
}
