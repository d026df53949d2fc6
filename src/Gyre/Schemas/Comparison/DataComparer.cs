using Gyre.Schemas.Protos;
using Gyre.Statistics;
using Gyre.Statistics.Protos;

namespace Gyre.Schemas.Comparison;

/// <summary>A data set to compare with.</summary>
/// <param name="With">What kind of data it is.</param>
/// <param name="Name">Its name, for example <c>span 4</c>.</param>
/// <param name="Statistics">Its statistics.</param>
public sealed record ReferenceData(ComparedWith With, string Name, DatasetStatistics Statistics);

/// <summary>Holds the statistics of data against those of other data, feature by feature.</summary>
public static class DataComparer
{
    /// <summary>Measures every distance of every feature that both have, and tells what differs by more than chance.</summary>
    /// <param name="current">The data looked at.</param>
    /// <param name="reference">What it is held against.</param>
    /// <param name="schema">Whose comparators set thresholds; null for none.</param>
    /// <param name="options">Thresholds for all others, and what counts as chance.</param>
    public static DataComparison Compare(DatasetStatistics current, ReferenceData reference, SchemaDefinition? schema = null, ComparisonOptions? options = null)
    {
        options ??= new ComparisonOptions();
        var isWeighted = IsWeighted(current.Message);
        var here = current.Message.Features.GroupBy(KeyOf, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var there = reference.Statistics.Message.Features.GroupBy(KeyOf, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var measured = here.Where(entry => there.ContainsKey(entry.Key)).Select(entry => new FeatureMeasurements(
            new FeatureDistribution(entry.Value, isWeighted), new FeatureDistribution(there[entry.Key], isWeighted), ComparatorOf(schema, entry.Value, reference.With), options)
            .Measure(entry.Key)).ToList();
        return new DataComparison
        {
            With = reference.With,
            Other = reference.Name,
            OtherExamples = reference.Statistics.Examples,
            ExampleRatio = reference.Statistics.Examples == 0 ? null : (double)current.Examples / reference.Statistics.Examples,
            Correction = options.Correction,
            Significance = options.Significance,
            Features = Judge(measured, options, enough: Math.Min(current.Examples, reference.Statistics.Examples) >= options.MinExamples),
            OnlyHere = [.. here.Keys.Where(key => !there.ContainsKey(key))],
            OnlyThere = [.. there.Keys.Where(key => !here.ContainsKey(key))],
        };
    }

    /// <summary>A comparison that could not be made.</summary>
    /// <param name="with">With what kind of data.</param>
    /// <param name="why">Why it was not.</param>
    public static DataComparison NotCompared(ComparedWith with, string why) => new() { With = with, Other = "", NotCompared = why };

    internal static string KeyOf(FeatureNameStatistics feature) => SchemaFeatures.Serialize(PathOf(feature));

    internal static IReadOnlyList<string> PathOf(FeatureNameStatistics feature) =>
        feature.FieldIdCase == FeatureNameStatistics.FieldIdOneofCase.Name ? [feature.Name] : [.. feature.Path?.Step ?? []];

    /// <summary>TFX's rule: weights count when every feature has them.</summary>
    internal static bool IsWeighted(DatasetFeatureStatistics message) => message.WeightedNumExamples != 0
        && message.Features.Where(feature => feature.StatsCase != FeatureNameStatistics.StatsOneofCase.None).All(feature => feature.Common() is { WeightedCommonStats: not null });

    /// <summary>The thresholds that a schema sets for one kind of comparison.</summary>
    internal static FeatureComparator? ComparatorOf(Feature feature, ComparedWith with) => with switch
    {
        ComparedWith.PreviousSpan => feature.DriftComparator,
        ComparedWith.Serving => feature.SkewComparator,
        _ => null,
    };

    static FeatureComparator? ComparatorOf(SchemaDefinition? schema, FeatureNameStatistics feature, ComparedWith with)
    {
        if (schema is null)
            return null;
        var key = KeyOf(feature);
        var found = SchemaFeatures.Flatten(schema.Message.Feature).FirstOrDefault(each => SchemaFeatures.Serialize(each.Path) == key).Feature;
        return found is null ? null : ComparatorOf(found, with);
    }

    static List<FeatureComparison> Judge(List<FeatureComparison> measured, ComparisonOptions options, bool enough)
    {
        // All tests of one comparison are one family: of values and of missing ones alike.
        var values = measured.Select(feature => feature.Test?.Probability).ToList();
        var missing = measured.Select(feature => feature.MissingTest?.Probability).ToList();
        var corrected = new Queue<double>(Multiplicity.Adjust([.. values.Concat(missing).OfType<double>()], options.Correction));
        var probabilities = values.Concat(missing).Select(value => value is null ? (double?)null : corrected.Dequeue()).ToList();
        return [.. measured.Select((feature, index) =>
        {
            var (probability, missingProbability) = (probabilities[index], probabilities[measured.Count + index]);
            bool IsUnlikely(Distance distance) => (distance.Name == DistanceNames.MissingShare ? missingProbability : probability) < options.Significance;
            return feature with
            {
                Probability = probability,
                MissingProbability = missingProbability,
                IsAlarm = feature.Distances.Any(distance => distance.IsAbove && (distance.IsOfSchema || (enough && IsUnlikely(distance)))),
            };
        })];
    }
}
