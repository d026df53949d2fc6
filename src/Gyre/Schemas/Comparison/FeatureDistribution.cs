using Gyre.Statistics;
using Gyre.Statistics.Protos;
using StatsCase = Gyre.Statistics.Protos.FeatureNameStatistics.StatsOneofCase;

namespace Gyre.Schemas.Comparison;

/// <summary>The distribution of one feature, taken out of its statistics.</summary>
sealed class FeatureDistribution
{
    /// <summary>A finer histogram by quantiles than TFX's ten buckets, which Gyre's statistics hold besides.</summary>
    internal const string Percentiles = "percentiles";

    readonly FeatureNameStatistics _feature;
    readonly bool _isWeighted;

    /// <param name="feature">The statistics.</param>
    /// <param name="isWeighted">Whether TFX's distances count weights; tests and other distances count examples always.</param>
    public FeatureDistribution(FeatureNameStatistics feature, bool isWeighted)
    {
        (_feature, _isWeighted) = (feature, isWeighted);
        var common = feature.Common() ?? new CommonStatistics();
        (Present, Missing) = (common.NumNonMissing, common.NumMissing);
        Values = common.TotNumValues > 0 ? common.TotNumValues : common.NumNonMissing * (double)common.AvgNumValues;
        var histograms = feature.NumStats?.Histograms.Concat(feature.CustomStats.Where(custom => custom.Name == Percentiles).Select(custom => custom.Histogram).OfType<Histogram>()) ?? [];
        var usable = histograms.Select(NumberHistogram.Of).Where(histogram => histogram.Total > 0).ToList();
        Numbers = usable.Count > 0 ? new NumberDistribution(usable) : null;
        Categories = feature.StatsCase == StatsCase.StringStats ? Counts(feature.StringStats.RankHistogram) : null;
        Rest = Categories is null ? 0 : Math.Max(0, Values - Categories.Values.Sum());
    }

    /// <summary>Examples that have the feature.</summary>
    public double Present { get; }

    /// <summary>Examples that lack it.</summary>
    public double Missing { get; }

    /// <summary>All values in them.</summary>
    public double Values { get; }

    public double Deviation => _feature.NumStats?.StdDev ?? 0;

    /// <summary>Values of lists hang together: as a sample they count no more than their examples.</summary>
    public double SampleShare => Values > Present && Values > 0 ? Present / Values : 1;

    /// <summary>The most frequent texts; null when the feature has none.</summary>
    public IReadOnlyDictionary<string, double>? Categories { get; }

    /// <summary>How many values are none of them.</summary>
    public double Rest { get; }

    /// <summary>Null when the feature has no numbers.</summary>
    public NumberDistribution? Numbers { get; }

    public IReadOnlyDictionary<string, double> WeightedCategories => _isWeighted
        ? Counts(_feature.StringStats?.WeightedStringStats?.RankHistogram)
        : Categories ?? Counts(null);

    /// <summary>The histogram that a comparator of the schema means; null when the statistics have none such.</summary>
    public NumberHistogram? Source(HistogramKind kind)
    {
        if (_feature.NumStats is not { } numbers)
            return null;
        var wanted = kind == HistogramKind.Quantiles ? Histogram.Types.HistogramType.Quantiles : Histogram.Types.HistogramType.Standard;
        var found = (_isWeighted ? numbers.WeightedNumericStats?.Histograms ?? [] : numbers.Histograms).FirstOrDefault(histogram => histogram.Type == wanted);
        return found is null ? null : NumberHistogram.Of(found);
    }

    static Dictionary<string, double> Counts(RankHistogram? histogram)
    {
        var counts = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var bucket in histogram?.Buckets ?? [])
            counts.TryAdd(bucket.Label, bucket.SampleCount);
        return counts;
    }
}
