using System.Globalization;
using Gyre.Statistics.Counting;
using Gyre.Statistics.Protos;

namespace Gyre.Statistics.Describing;

/// <summary>Describes whole numbers that stand for categories, as TensorFlow Data Validation does: like their decimal texts.</summary>
static class CategoryDescription
{
    /// <param name="run">The numbers.</param>
    /// <param name="common">What is counted for columns of every type.</param>
    /// <param name="options">How to describe.</param>
    /// <param name="isWeighted">Whether examples have weights.</param>
    /// <param name="name">What a number stands for; null for its decimal text.</param>
    public static StringStatistics Of(NumberRun run, CommonStatistics common, StatisticsOptions options, bool isWeighted, Func<long, string>? name = null)
    {
        name ??= Text;
        var result = new StringStatistics { CommonStats = common, Unique = (ulong)run.Keys.Length };
        if (run.Keys.Length == 0)
            return result;
        result.AvgLength = (float)(run.Keys.Zip(run.Counts).Sum(pair => (double)name(pair.First).Length * pair.Second) / run.Total);
        var ranked = Ranked(run, i => run.Counts[i], options.FrequencyThreshold, options, name);
        (result.RankHistogram, var top) = Ranks.Of(ranked, options);
        result.TopValues.AddRange(top);
        if (isWeighted)
        {
            var weighted = Ranked(run, i => Weight.ToDouble(run.Weights![i]), options.WeightedFrequencyThreshold, options, name);
            result.WeightedStringStats = new WeightedStringStatistics();
            (result.WeightedStringStats.RankHistogram, var weightedTop) = Ranks.Of(weighted, options);
            result.WeightedStringStats.TopValues.AddRange(weightedTop);
        }

        return result;
    }

    /// <summary>Of equal frequency, the greater number comes first.</summary>
    static List<(string Text, double Frequency)> Ranked(NumberRun run, Func<int, double> frequency, double threshold, StatisticsOptions options, Func<long, string> name) =>
        [.. Enumerable.Range(0, run.Keys.Length).Reverse().OrderByDescending(frequency).Take(Ranks.Listed(options))
            .Select(i => (name(run.Keys[i]), frequency(i))).TakeWhile(item => item.Item2 >= threshold)];

    static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The most frequent values in the format of statistics.</summary>
static class Ranks
{
    public static int Listed(StatisticsOptions options) => Math.Max(options.RankBuckets, options.TopValues);

    /// <param name="ranked">Values with their frequency, the most frequent first.</param>
    /// <param name="options">How many to list.</param>
    public static (RankHistogram Histogram, IEnumerable<StringStatistics.Types.FreqAndValue> Top) Of(
        IReadOnlyList<(string Text, double Frequency)> ranked, StatisticsOptions options) =>
        (Histogram(ranked.Take(options.RankBuckets)),
         ranked.Take(options.TopValues).Select(item => new StringStatistics.Types.FreqAndValue { Value = item.Text, Frequency = item.Frequency }));

    public static RankHistogram Histogram(IEnumerable<(string Text, double Frequency)> ranked)
    {
        var result = new RankHistogram();
        foreach (var (rank, (text, frequency)) in ranked.Index())
            result.Buckets.Add(new RankHistogram.Types.Bucket { LowRank = (ulong)rank, HighRank = (ulong)rank, Label = text, SampleCount = frequency });
        return result;
    }
}
