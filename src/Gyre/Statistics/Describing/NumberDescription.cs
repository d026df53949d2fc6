using System.Globalization;
using Gyre.Statistics.Counting;
using Gyre.Statistics.Protos;

namespace Gyre.Statistics.Describing;

/// <summary>Describes columns of numbers.</summary>
static class NumberDescription
{
    const int Percentiles = 100;

    public static NumericStatistics Of(SliceCounts counts, ValueKind kind, CommonStatistics common, StatisticsOptions options, bool isWeighted)
    {
        var result = new NumericStatistics { CommonStats = common };
        var run = counts.Numbers();
        var nans = counts.NotNumbers.Count;
        if (run.Keys.Length + nans == 0)
            return result;
        if (run.Keys.Length == 0)
        {
            (result.Mean, result.StdDev, result.Min, result.Median, result.Max) = (double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
            result.Histograms.Add(new Histogram { NumNan = (ulong)nans, Type = Histogram.Types.HistogramType.Standard });
            result.Histograms.Add(new Histogram { NumNan = (ulong)nans, Type = Histogram.Types.HistogramType.Quantiles });
            return result;
        }

        var numbers = Distribution.Counted(run, kind);
        (result.Mean, result.StdDev) = numbers.Moments();
        result.NumZeros = (ulong)numbers.MassOfZero;
        result.Min = numbers.Least;
        result.Median = numbers.Median;
        result.Max = numbers.Greatest;
        result.Histograms.AddRange(HistogramsOf(numbers));
        if (isWeighted)
            result.WeightedNumericStats = Weighted(Distribution.Weighted(run, kind));
        return result;

        IEnumerable<Histogram> HistogramsOf(Distribution distribution)
        {
            var histograms = new[] { distribution.EqualWidthHistogram(options.HistogramBuckets), distribution.QuantileHistogram(options.HistogramBuckets) };
            foreach (var histogram in histograms)
                histogram.NumNan = (ulong)nans;
            return histograms;
        }

        WeightedNumericStatistics Weighted(Distribution distribution)
        {
            if (distribution.Total == 0)
                return new WeightedNumericStatistics { Mean = double.NaN, StdDev = double.NaN, Median = double.NaN };
            var (mean, deviation) = distribution.Moments();
            return new WeightedNumericStatistics { Mean = mean, StdDev = deviation, Median = distribution.Median, Histograms = { HistogramsOf(distribution) } };
        }
    }

    public static IEnumerable<CustomStatistic> CustomOf(SliceCounts counts, ValueKind kind, StatisticsOptions options)
    {
        var run = counts.Numbers();
        if (run.Keys.Length == 0)
            yield break;
        yield return new CustomStatistic { Name = CustomNames.Unique, Num = run.Keys.Length };
        yield return new CustomStatistic { Name = CustomNames.Percentiles, Histogram = Distribution.Counted(run, kind).QuantileHistogram(Percentiles) };
        var minusOne = Array.BinarySearch(run.Keys, kind == ValueKind.Real ? NumberKeys.Of(-1) : -1);
        if (minusOne >= 0)
            yield return new CustomStatistic { Name = CustomNames.MinusOnes, Num = run.Counts[minusOne] };
        if (kind != ValueKind.Integer)
            yield break;
        foreach (var custom in UnixTimes.CustomOf(run, options))
            yield return custom;
    }
}

/// <summary>Finds columns of whole numbers that are times, by the rule of TensorFlow Data Validation.</summary>
static class UnixTimes
{
    /// <summary>From 1990 up to 2030.</summary>
    static readonly (string Format, long Begin, long End, double TicksPerUnit)[] Units =
    [
        ("UNIX_DAYS", 7305, 21915, TimeSpan.TicksPerDay),
        ("UNIX_SECONDS", 631152000, 1893456000, TimeSpan.TicksPerSecond),
        ("UNIX_MILLISECONDS", 631152000000, 1893456000000, TimeSpan.TicksPerMillisecond),
        ("UNIX_MICROSECONDS", 631152000000000, 1893456000000000, TimeSpan.TicksPerMicrosecond),
        ("UNIX_NANOSECONDS", 631152000000000000, 1893456000000000000, 0.01),
    ];

    public static IEnumerable<CustomStatistic> CustomOf(NumberRun run, StatisticsOptions options)
    {
        var total = run.Total;
        if (total < TimeFormats.FewestValues)
            return [];
        var (matching, first, last, unit) = Units.Select(unit =>
        {
            var (first, end) = (FirstAtLeast(run.Keys, unit.Begin), FirstAtLeast(run.Keys, unit.End));
            return (Matching: run.Counts.AsSpan(first..end).ToArray().Sum(), first, end - 1, unit);
        }).MaxBy(candidate => candidate.Matching);
        if (matching < TimeFormats.LeastShare * total)
            return [];
        return
        [
            new CustomStatistic { Name = CustomNames.Domain(options), Str = $"time_domain {{integer_format: {unit.Format}}}" },
            new CustomStatistic { Name = CustomNames.TimeShare, Num = (double)matching / total },
            new CustomStatistic { Name = CustomNames.Earliest, Str = Text(run.Keys[first], unit.TicksPerUnit) },
            new CustomStatistic { Name = CustomNames.Latest, Str = Text(run.Keys[last], unit.TicksPerUnit) },
        ];
    }

    static string Text(long value, double ticksPerUnit) => DateTime.UnixEpoch.AddTicks((long)decimal.Floor(value * (decimal)ticksPerUnit))
        .ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);

    static int FirstAtLeast(long[] ascending, long bound)
    {
        var at = Array.BinarySearch(ascending, bound);
        return at < 0 ? ~at : at;
    }
}
