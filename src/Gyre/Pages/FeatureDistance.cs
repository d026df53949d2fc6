using Gyre.Schemas.Comparison;
using Gyre.Statistics;

namespace Gyre.Pages;

/// <summary>
/// The one distance by which features are sorted, by the conventions of TensorFlow Data Validation: for numbers the
/// Jensen–Shannon divergence (base 2) of the histograms, for texts L∞ over the values that the statistics list.
/// </summary>
static class FeatureDistance
{
    public static (double? Distance, string? Measure) Between(FeatureView first, FeatureView second) =>
        first.IsNumber && second.IsNumber ? (OfNumbers(Histogram(first), Histogram(second)), "js")
        : first.Type == FeatureValues.Text && second.Type == FeatureValues.Text ? (OfTexts(Counts(first), Counts(second)), "l_infinity")
        : (null, null);

    static double? OfNumbers(NumberHistogram first, NumberHistogram second) => first.Total <= 0 || second.Total <= 0
        ? null
        : Math.Clamp(NumberDistances.JensenShannon(first, second, Unplaced.LikeThemselves), 0, 1);

    static double? OfTexts(Dictionary<string, double> first, Dictionary<string, double> second) => first.Values.Sum() <= 0 || second.Values.Sum() <= 0
        ? null
        : CategoryDistances.LInfinity(first, second).Value;

    static NumberHistogram Histogram(FeatureView feature) =>
        new([.. feature.Infinite.Where(bucket => double.IsNegativeInfinity(bucket.Low)), .. feature.Histogram, .. feature.Infinite.Where(bucket => !double.IsNegativeInfinity(bucket.Low))], feature.NotNumbers ?? 0);

    static Dictionary<string, double> Counts(FeatureView feature) => feature.Ranks.Where(rank => rank.Low == rank.High).Select(rank => (Value: rank.Label, rank.Count))
        .Concat(feature.TopValues.Select(top => (top.Value, top.Count)))
        .DistinctBy(pair => pair.Value, StringComparer.Ordinal).ToDictionary(pair => pair.Value, pair => pair.Count, StringComparer.Ordinal);
}
