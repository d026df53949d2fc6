using System.Collections;
using Gyre.Statistics;
using Gyre.Statistics.Protos;
using FeaturePath = Gyre.Statistics.Protos.Path;
using StatisticsType = Gyre.Statistics.Protos.FeatureNameStatistics.Types.Type;

namespace Gyre.Schemas;

/// <summary>Counts one example as if it were a data set, so that the rules of data sets judge it.</summary>
static class SingleExample
{
    /// <param name="example">Texts, whole and real numbers, truth values, or lists of them, by feature; null = missing.</param>
    /// <exception cref="ArgumentException">A value is of another kind.</exception>
    public static DatasetStatistics Count(IEnumerable<KeyValuePair<string, object?>> example)
    {
        var result = new DatasetFeatureStatistics { NumExamples = 1 };
        foreach (var (name, value) in example)
            result.Features.Add(Count(name, value));
        return new DatasetStatistics(result);
    }

    static FeatureNameStatistics Count(string name, object? value)
    {
        var values = value switch
        {
            null => [],
            string text => [text],
            IEnumerable list => [.. list.Cast<object?>()],
            _ => new List<object?> { value },
        };
        var number = (ulong)values.Count;
        var common = value is null
            ? new CommonStatistics { NumMissing = 1 }
            : new CommonStatistics { NumNonMissing = 1, MinNumValues = number, MaxNumValues = number, AvgNumValues = number, TotNumValues = number };
        var feature = new FeatureNameStatistics { Path = new FeaturePath { Step = { name } } };
        if (values.TrueForAll(each => each is string))
            CountTexts(feature, common, [.. values.Cast<string>()]);
        else
            CountNumbers(feature, common, name, values);
        return feature;
    }

    static void CountTexts(FeatureNameStatistics feature, CommonStatistics common, List<string> texts)
    {
        feature.Type = StatisticsType.String;
        var counts = texts.CountBy(text => text, StringComparer.Ordinal).OrderByDescending(text => text.Value).ThenBy(text => text.Key, StringComparer.Ordinal).ToList();
        feature.StringStats = new StringStatistics { CommonStats = common, Unique = (ulong)counts.Count, RankHistogram = new RankHistogram() };
        feature.StringStats.RankHistogram.Buckets.AddRange(counts.Select(text => new RankHistogram.Types.Bucket { Label = text.Key, SampleCount = text.Value }));
    }

    static void CountNumbers(FeatureNameStatistics feature, CommonStatistics common, string name, List<object?> values)
    {
        var numbers = values.ConvertAll(value => value switch
        {
            bool flag => flag ? 1 : 0,
            sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture),
            _ => throw new ArgumentException($"'{name}' has a value of the type {value?.GetType().Name ?? "null"}. Expected texts, numbers, truth values, or a list of one of these.", nameof(values)),
        });
        feature.Type = values.Exists(value => value is float or double or decimal) ? StatisticsType.Float : StatisticsType.Int;
        var sound = numbers.Where(number => !double.IsNaN(number)).ToList();
        feature.NumStats = new NumericStatistics { CommonStats = common, Min = sound.DefaultIfEmpty().Min(), Max = sound.DefaultIfEmpty().Max() };
        var histogram = new Histogram { Type = Histogram.Types.HistogramType.Quantiles, NumNan = (ulong)(numbers.Count - sound.Count) };
        histogram.Buckets.AddRange(sound.Select(number => new Histogram.Types.Bucket { LowValue = number, HighValue = number, SampleCount = 1 }));
        feature.NumStats.Histograms.Add(histogram);
    }
}
