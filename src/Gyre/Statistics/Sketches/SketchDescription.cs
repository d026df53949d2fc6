using Gyre.Statistics.Cross;
using Gyre.Statistics.Protos;
using FeaturePath = Gyre.Statistics.Protos.Path;

namespace Gyre.Statistics.Sketches;

/// <summary>
/// Turns sketches into TFX's statistics. What is estimated stands where the exact number would, and the bound of its error
/// beside it in <c>custom_stats</c>: <c>sketch:…</c>.
/// </summary>
static class SketchDescription
{
    public static FeatureNameStatistics Of(string column, FeatureNameStatistics.Types.Type type, ColumnSketch sketch, StatisticsOptions options)
    {
        var result = new FeatureNameStatistics { Path = new FeaturePath { Step = { column } }, Type = type };
        result.CustomStats.Add(new CustomStatistic { Name = "sketch", Str = "estimated in one pass; counts, minimum, maximum, mean and standard deviation are exact" });
        if (type == FeatureNameStatistics.Types.Type.Bytes)
        {
            result.BytesStats = new BytesStatistics { CommonStats = Common(sketch, options), Unique = (ulong)Math.Round(sketch.Distinct.Estimate) };
            if (sketch.Values > 0)
            {
                (result.BytesStats.AvgNumBytes, result.BytesStats.MinNumBytes) = ((float)((double)sketch.Bytes / sketch.Values), sketch.LeastBytes);
                (result.BytesStats.MaxNumBytes, result.BytesStats.MaxNumBytesInt) = (sketch.MostBytes, sketch.MostBytes);
            }

            Add("sketch:unique_standard_error", sketch.Distinct.StandardError);
        }
        else if (sketch.IsText)
        {
            result.StringStats = Texts(sketch, options);
            Add("sketch:unique_standard_error", sketch.Distinct.StandardError);
            Add("sketch:frequency_error", sketch.Frequent.CountError);
        }
        else
        {
            result.NumStats = Numbers(sketch, options);
            Add("sketch:rank_error", sketch.Quantiles.Count == 0 ? 0 : (double)sketch.Quantiles.RankError / sketch.Quantiles.Count);
        }

        return result;

        void Add(string name, double value) => result.CustomStats.Add(new CustomStatistic { Name = name, Num = value });
    }

    static CommonStatistics Common(ColumnSketch sketch, StatisticsOptions options)
    {
        // An empty cell is one value less, but the feature is there.
        var emptyIsPresent = options.EmptyCells == EmptyCells.EmptyList;
        var present = sketch.Present + (emptyIsPresent ? sketch.Missing : 0);
        var result = new CommonStatistics
        {
            NumNonMissing = (ulong)present,
            NumMissing = (ulong)(emptyIsPresent ? 0 : sketch.Missing),
            TotNumValues = (ulong)sketch.Values,
        };
        if (present == 0)
            return result;
        var lengths = sketch.Lengths.Values().ToList();
        if (emptyIsPresent && sketch.Missing > 0)
            lengths.Insert(0, (0, sketch.Missing));
        (result.MinNumValues, result.MaxNumValues) = ((ulong)lengths[0].Value, (ulong)lengths[^1].Value);
        result.AvgNumValues = (float)((double)sketch.Values / present);
        result.NumValuesHistogram = Quantiles(lengths, options.HistogramBuckets);
        return result;
    }

    static StringStatistics Texts(ColumnSketch sketch, StatisticsOptions options)
    {
        var result = new StringStatistics { CommonStats = Common(sketch, options), Unique = (ulong)Math.Round(sketch.Distinct.Estimate) };
        if (sketch.Values == 0)
            return result;
        result.AvgLength = (float)((double)sketch.Bytes / sketch.Values);
        result.RankHistogram = new RankHistogram();
        IEnumerable<(string Text, long Count)> top = sketch.Frequent.Top(Math.Max(options.TopValues, options.RankBuckets));
        if (sketch.LongTexts > 0)
            top = top.Append((Text: SketchEngine.LongTexts, Count: sketch.LongTexts)).OrderByDescending(item => item.Count).ThenByDescending(item => item.Text, TextColumn.Utf8Order);
        var ranked = top.ToList();
        result.RankHistogram.Buckets.AddRange(ranked.Take(options.RankBuckets).Select((item, rank) => new RankHistogram.Types.Bucket
        {
            LowRank = (ulong)rank,
            HighRank = (ulong)rank,
            Label = item.Text,
            SampleCount = item.Count,
        }));
        result.TopValues.AddRange(ranked.Take(options.TopValues).Select(item => new StringStatistics.Types.FreqAndValue { Value = item.Text, Frequency = item.Count }));
        return result;
    }

    static NumericStatistics Numbers(ColumnSketch sketch, StatisticsOptions options)
    {
        var result = new NumericStatistics { CommonStats = Common(sketch, options) };
        if (sketch.Values == 0)
            return result;
        (result.Mean, result.StdDev, result.NumZeros) = (sketch.Moments.Mean, sketch.Moments.Deviation, (ulong)sketch.Zeros);
        if (sketch.Quantiles.Count == 0)
        {
            (result.Min, result.Median, result.Max) = (double.NaN, double.NaN, double.NaN);
            result.Histograms.Add(new Histogram { NumNan = (ulong)sketch.NotNumbers });
            return result;
        }

        var values = sketch.Quantiles.Values();
        (result.Min, result.Max) = (sketch.Least, sketch.Greatest);
        result.Median = ValueAt(values, QuantileRank.Of(sketch.Quantiles.Count, 1, 2));
        result.Histograms.Add(EqualWidth(values, sketch, options.HistogramBuckets));
        var quantiles = Quantiles(values, options.HistogramBuckets);
        (quantiles.Buckets[0].LowValue, quantiles.Buckets[^1].HighValue) = (sketch.Least, sketch.Greatest);
        result.Histograms.Add(quantiles);
        foreach (var histogram in result.Histograms)
            histogram.NumNan = (ulong)sketch.NotNumbers;
        return result;
    }

    static Histogram Quantiles(IReadOnlyList<(double Value, long Weight)> values, int buckets)
    {
        var count = values.Sum(item => item.Weight);
        var result = new Histogram { Type = Histogram.Types.HistogramType.Quantiles };
        var low = values[0].Value;
        for (var bucket = 1; bucket <= buckets; bucket++)
        {
            var high = ValueAt(values, QuantileRank.Of(count, bucket, buckets));
            result.Buckets.Add(new Histogram.Types.Bucket { LowValue = low, HighValue = high, SampleCount = (double)count / buckets });
            low = high;
        }

        return result;
    }

    static double ValueAt(IReadOnlyList<(double Value, long Weight)> values, long rank)
    {
        var below = 0L;
        foreach (var (value, weight) in values)
        {
            below += weight;
            if (rank < below)
                return value;
        }

        return values[^1].Value;
    }

    /// <summary>Infinities stand in buckets of their own at the ends.</summary>
    static Histogram EqualWidth(IReadOnlyList<(double Value, long Weight)> values, ColumnSketch sketch, int buckets)
    {
        var result = new Histogram { Type = Histogram.Types.HistogramType.Standard };
        Add(double.NegativeInfinity, double.NegativeInfinity, values.Where(item => double.IsNegativeInfinity(item.Value)).Sum(item => item.Weight));
        var finite = values.Where(item => double.IsFinite(item.Value)).ToList();
        if (finite.Count > 0)
        {
            var (least, greatest) = (Math.Max(sketch.Least, double.MinValue), Math.Min(sketch.Greatest, double.MaxValue));
            if (double.IsInfinity(sketch.Least))
                least = finite[0].Value;
            if (double.IsInfinity(sketch.Greatest))
                greatest = finite[^1].Value;
            AddFinite(least, greatest);
        }

        Add(double.PositiveInfinity, double.PositiveInfinity, values.Where(item => double.IsPositiveInfinity(item.Value)).Sum(item => item.Weight));
        return result;

        void Add(double low, double high, double count)
        {
            if (count > 0)
                result.Buckets.Add(new Histogram.Types.Bucket { LowValue = low, HighValue = high, SampleCount = count });
        }

        void AddFinite(double least, double greatest)
        {
            if (least == greatest)
            {
                Add(least, greatest, finite.Sum(item => item.Weight));
                return;
            }

            // Halves first: the span of two doubles may be none.
            var width = (greatest / 2) - (least / 2);
            var counts = new long[buckets];
            foreach (var (value, weight) in finite)
                counts[Math.Clamp((int)(((value / 2) - (least / 2)) / width * buckets), 0, buckets - 1)] += weight;
            for (var bucket = 0; bucket < buckets; bucket++)
            {
                result.Buckets.Add(new Histogram.Types.Bucket
                {
                    LowValue = Bound(bucket),
                    HighValue = Bound(bucket + 1),
                    SampleCount = counts[bucket],
                });
            }

            double Bound(int bucket) => bucket == buckets ? greatest : (least / buckets * (buckets - bucket)) + (greatest / buckets * bucket);
        }
    }
}
