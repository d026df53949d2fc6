using Gyre.Statistics;
using Gyre.Statistics.Protos;

namespace Gyre.Pages;

/// <summary>Makes views of TFX's messages.</summary>
static class FeatureReading
{
    public static FeatureView Read(FeatureNameStatistics feature)
    {
        var common = feature.Common() ?? new CommonStatistics();
        var view = new FeatureView
        {
            Name = feature.PathText(),
            Type = (FeatureValues)feature.Type,
            Present = Count(common.NumNonMissing),
            Missing = Count(common.NumMissing),
            // Writers of long ago counted the average only.
            Values = common.TotNumValues > 0 ? Count(common.TotNumValues) : (long)Math.Round(common.AvgNumValues * (double)common.NumNonMissing),
            ValueCounts = Buckets(common.NumValuesHistogram),
            Levels = [.. common.PresenceAndValencyStats.Select(level => new LevelView(
                Count(level.NumNonMissing), Count(level.NumMissing), Count(level.MinNumValues), Count(level.MaxNumValues), Count(level.TotNumValues)))],
            Weighted = Weighted(feature, common),
            Custom = [.. feature.CustomStats.Select(Read)],
        };
        if (common.NumNonMissing > 0)
        {
            view = view with
            {
                FewestValues = Count(common.MinNumValues),
                MostValues = Count(common.MaxNumValues),
                AverageValues = common.AvgNumValues,
            };
        }

        return feature.StatsCase switch
        {
            FeatureNameStatistics.StatsOneofCase.NumStats => With(view, feature.NumStats),
            FeatureNameStatistics.StatsOneofCase.StringStats => With(view, feature.StringStats),
            FeatureNameStatistics.StatsOneofCase.BytesStats => With(view, feature.BytesStats),
            _ => view,
        };
    }

    static FeatureView With(FeatureView view, NumericStatistics numbers)
    {
        if (view.Present == 0 || view.MostValues == 0)
            return view;
        var standard = numbers.Histograms.FirstOrDefault(one => one.Type == Histogram.Types.HistogramType.Standard);
        var quantiles = numbers.Histograms.FirstOrDefault(one => one.Type == Histogram.Types.HistogramType.Quantiles);
        var buckets = Buckets(standard);
        return view with
        {
            Mean = numbers.Mean,
            StandardDeviation = numbers.StdDev,
            Min = numbers.Min,
            Median = numbers.Median,
            Max = numbers.Max,
            Zeros = Count(numbers.NumZeros),
            NotNumbers = Count(standard?.NumNan ?? quantiles?.NumNan ?? 0),
            Infinities = (long)buckets.Where(bucket => !IsFinite(bucket)).Sum(bucket => bucket.Count),
            Histogram = [.. buckets.Where(IsFinite)],
            Infinite = [.. buckets.Where(bucket => !IsFinite(bucket))],
            Quantiles = Buckets(quantiles),
        };
    }

    static FeatureView With(FeatureView view, StringStatistics texts) => view.Present == 0 ? view : view with
    {
        Unique = Count(texts.Unique),
        AverageLength = texts.AvgLength,
        InvalidTexts = Count(texts.InvalidUtf8Count),
        TopValues = Top(texts.TopValues),
        Ranks = Ranks(texts.RankHistogram),
    };

    static FeatureView With(FeatureView view, BytesStatistics bytes) => view.Present == 0 ? view : view with
    {
        Unique = Count(bytes.Unique),
        AverageLength = bytes.AvgNumBytes,
        MinLength = bytes.MinNumBytes,
        MaxLength = bytes.MaxNumBytesInt > 0 ? bytes.MaxNumBytesInt : bytes.MaxNumBytes,
    };

    static WeightedView? Weighted(FeatureNameStatistics feature, CommonStatistics common)
    {
        if (common.WeightedCommonStats is not { } weighted)
            return null;
        var view = new WeightedView { Present = weighted.NumNonMissing, Missing = weighted.NumMissing, AverageValues = weighted.AvgNumValues };
        if (feature.NumStats?.WeightedNumericStats is { } numbers)
        {
            return view with
            {
                Mean = numbers.Mean,
                StandardDeviation = numbers.StdDev,
                Median = numbers.Median,
                Histogram = [.. Buckets(numbers.Histograms.FirstOrDefault(one => one.Type == Histogram.Types.HistogramType.Standard)).Where(IsFinite)],
                Quantiles = Buckets(numbers.Histograms.FirstOrDefault(one => one.Type == Histogram.Types.HistogramType.Quantiles)),
            };
        }

        return feature.StringStats?.WeightedStringStats is { } texts
            ? view with { TopValues = Top(texts.TopValues), Ranks = Ranks(texts.RankHistogram) }
            : view;
    }

    static CustomView Read(CustomStatistic custom) => new(custom.Name)
    {
        Number = custom.ValCase == CustomStatistic.ValOneofCase.Num ? custom.Num : null,
        Text = custom.ValCase switch
        {
            CustomStatistic.ValOneofCase.Str => custom.Str,
            CustomStatistic.ValOneofCase.Any => custom.Any.TypeUrl,
            _ => null,
        },
        Histogram = Buckets(custom.Histogram),
        Ranks = Ranks(custom.RankHistogram),
    };

    static bool IsFinite(HistogramBucket bucket) => double.IsFinite(bucket.Low) && double.IsFinite(bucket.High);

    static List<HistogramBucket> Buckets(Histogram? histogram) =>
        [.. (histogram?.Buckets ?? []).Select(bucket => new HistogramBucket(bucket.LowValue, bucket.HighValue, bucket.SampleCount))];

    static List<ValueFrequency> Top(IEnumerable<StringStatistics.Types.FreqAndValue> values) =>
        [.. values.Select(top => new ValueFrequency(top.Value, top.Frequency))];

    static List<RankedValues> Ranks(RankHistogram? histogram) =>
        [.. (histogram?.Buckets ?? []).Select(bucket => new RankedValues(Count(bucket.LowRank), Count(bucket.HighRank), bucket.Label, bucket.SampleCount))];

    static long Count(ulong value) => checked((long)value);
}
