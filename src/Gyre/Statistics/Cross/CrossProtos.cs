using Gyre.Statistics.Protos;
using FeaturePath = Gyre.Statistics.Protos.Path;

namespace Gyre.Statistics.Cross;

/// <summary>
/// Writes statistics of two columns into those of a data set, as TensorFlow Data Validation does where it has a place for
/// them: <c>cross_features</c> for correlation and lift, <c>custom_stats</c> of a feature for what it tells about the label.
/// What TFX has no place for stands in <c>custom_stats</c> too, named <c>measure:other column</c>.
/// </summary>
static class CrossProtos
{
    public const string MutualInformation = "mutual_information";
    public const string AdjustedMutualInformation = "adjusted_mutual_information";

    public static void AddTo(DatasetFeatureStatistics dataset, CrossStatistics cross)
    {
        var features = dataset.Features.ToDictionary(feature => feature.PathText(), StringComparer.Ordinal);
        foreach (var pair in cross.Numbers)
        {
            dataset.CrossFeatures.Add(new CrossFeatureStatistics
            {
                PathX = PathOf(pair.X),
                PathY = PathOf(pair.Y),
                Count = (ulong)pair.Count,
                NumCrossStats = new NumericCrossStatistics { Correlation = (float)pair.Correlation, Covariance = (float)pair.Covariance },
            });
        }

        foreach (var lift in cross.Lifts)
        {
            var statistics = new LiftStatistics();
            (cross.HasWeights ? statistics.WeightedLiftSeries : statistics.LiftSeries)
                .AddRange(lift.Series.Select((series, index) => SeriesOf(series, index, cross.Codes, cross.HasWeights)));
            dataset.CrossFeatures.Add(new CrossFeatureStatistics
            {
                PathX = PathOf(lift.Feature),
                PathY = PathOf(lift.Label),
                CategoricalCrossStats = new CategoricalCrossStatistics { Lift = statistics },
            });
        }

        foreach (var label in cross.Labels)
        {
            Number(label.Feature, MutualInformation, label.MutualInformation);
            Number(label.Feature, AdjustedMutualInformation, label.AdjustedMutualInformation);
            Number(label.Feature, "uncertainty_coefficient", label.UncertaintyCoefficient);
            Number(label.Feature, "best_accuracy_alone", label.BestAccuracy);
            if (label.AreaUnderCurve is { } area)
                Number(label.Feature, "area_under_curve_alone", area);
        }

        foreach (var pair in cross.Categories)
        {
            Both(pair.X, pair.Y, "cramers_v", pair.CramersV);
            Both(pair.X, pair.Y, "chi_squared_p_value", pair.PValue);
            Number(pair.X, $"uncertainty_coefficient:{pair.Y}", pair.XGivenY);
            Number(pair.Y, $"uncertainty_coefficient:{pair.X}", pair.YGivenX);
        }

        foreach (var pair in cross.Mixed)
            Both(pair.Number, pair.Category, "correlation_ratio", pair.CorrelationRatio);
        foreach (var skipped in cross.Skipped)
        {
            if (features.TryGetValue(skipped.Column, out var feature))
                feature.CustomStats.Add(new CustomStatistic { Name = "cross_statistics_skipped", Str = skipped.Reason });
        }

        void Both(string x, string y, string measure, double value)
        {
            Number(x, $"{measure}:{y}", value);
            Number(y, $"{measure}:{x}", value);
        }

        void Number(string column, string name, double value)
        {
            if (features.TryGetValue(column, out var feature))
                feature.CustomStats.Add(new CustomStatistic { Name = name, Num = value });
        }
    }

    static Protos.LiftSeries SeriesOf(LiftSeries series, int code, LabelCodes? codes, bool isWeighted)
    {
        var result = new Protos.LiftSeries();
        if (codes?.Bins is { } bins)
            result.YBucket = new Protos.LiftSeries.Types.Bucket { LowValue = bins[code].Low, HighValue = bins[code].High };
        else if (codes?.Integers is { } integers)
            result.YInt = (int)integers[code];
        else
            result.YString = series.LabelValue;
        if (isWeighted)
            result.WeightedYCount = series.Count;
        else
            result.YCount = (ulong)series.Count;
        result.LiftValues.AddRange(series.Values.Select(value => isWeighted
            ? new Protos.LiftSeries.Types.LiftValue { XString = value.Value, Lift = value.Lift, WeightedXCount = value.Count, WeightedXAndYCount = value.CountWithLabel }
            : new Protos.LiftSeries.Types.LiftValue { XString = value.Value, Lift = value.Lift, XCount = (ulong)value.Count, XAndYCount = (ulong)value.CountWithLabel }));
        return result;
    }

    static FeaturePath PathOf(string column) => new() { Step = { column } };
}
