using Gyre.Statistics.Protos;

namespace Gyre.Statistics;

/// <summary>What the values of a feature are.</summary>
public enum FeatureValues
{
    Integer,
    Real,
    Text,
    Bytes,
    Structure,
}

/// <summary>A value and how often it occurs.</summary>
public sealed record ValueFrequency(string Value, double Count);

/// <summary>The statistics of one feature in short, for people. What does not apply is null.</summary>
public sealed record FeatureSummary
{
    public required string Name { get; init; }

    public required FeatureValues Type { get; init; }

    /// <summary>The examples that have the feature.</summary>
    public required long Present { get; init; }

    /// <summary>The examples that lack it.</summary>
    public required long Missing { get; init; }

    /// <summary>The share of examples that lack it, from 0 to 1.</summary>
    public double MissingShare => Present + Missing == 0 ? 0 : (double)Missing / (Present + Missing);

    /// <summary>The number of distinct values; for texts.</summary>
    public long? Unique { get; init; }

    public double? Mean { get; init; }

    /// <summary>The population standard deviation.</summary>
    public double? StandardDeviation { get; init; }

    public double? Min { get; init; }

    public double? Median { get; init; }

    public double? Max { get; init; }

    /// <summary>How many values are zero.</summary>
    public long? Zeros { get; init; }

    /// <summary>The mean length of texts, in bytes of UTF-8.</summary>
    public double? AverageLength { get; init; }

    /// <summary>The most frequent texts, the most frequent first.</summary>
    public IReadOnlyList<ValueFrequency> TopValues { get; init; } = [];

    /// <summary>Values that lie in ranges of equal width; for numbers.</summary>
    public IReadOnlyList<HistogramBucket> Histogram { get; init; } = [];

    internal static FeatureSummary Of(FeatureNameStatistics feature)
    {
        var common = feature.Common() ?? new CommonStatistics();
        var summary = new FeatureSummary
        {
            Name = feature.PathText(),
            Type = (FeatureValues)feature.Type,
            Present = checked((long)common.NumNonMissing),
            Missing = checked((long)common.NumMissing),
        };
        return feature.StatsCase switch
        {
            FeatureNameStatistics.StatsOneofCase.NumStats when common.MaxNumValues > 0 => summary.With(feature.NumStats),
            FeatureNameStatistics.StatsOneofCase.StringStats => summary.With(feature.StringStats),
            FeatureNameStatistics.StatsOneofCase.BytesStats => summary with
            {
                Unique = checked((long)feature.BytesStats.Unique),
                AverageLength = feature.BytesStats.AvgNumBytes,
            },
            _ => summary,
        };
    }

    FeatureSummary With(NumericStatistics numbers) => this with
    {
        Mean = numbers.Mean,
        StandardDeviation = numbers.StdDev,
        Min = numbers.Min,
        Median = numbers.Median,
        Max = numbers.Max,
        Zeros = checked((long)numbers.NumZeros),
        Histogram = [.. (numbers.Histograms.FirstOrDefault(one => one.Type == Protos.Histogram.Types.HistogramType.Standard)?.Buckets ?? [])
            .Select(bucket => new HistogramBucket(bucket.LowValue, bucket.HighValue, bucket.SampleCount))],
    };

    FeatureSummary With(StringStatistics texts) => this with
    {
        Unique = checked((long)texts.Unique),
        AverageLength = texts.AvgLength,
        TopValues = [.. texts.TopValues.Select(top => new ValueFrequency(top.Value, top.Frequency))],
    };
}

/// <summary>How many values lie between two bounds.</summary>
public sealed record HistogramBucket(double Low, double High, double Count);
