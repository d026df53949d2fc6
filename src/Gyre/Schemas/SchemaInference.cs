using Gyre.Schemas.Protos;
using Gyre.Statistics;
using Gyre.Statistics.Protos;

namespace Gyre.Schemas;

/// <summary>
/// How a schema is guessed from statistics. The rules are those of TensorFlow Data Validation, made tolerant by default:
/// a schema that nobody has looked at should stop a run for broken data, not for a rare value that chance put into one
/// split only. <see cref="Strict"/> is the original, fit for a schema that people then correct and keep.
/// </summary>
public sealed record InferenceOptions
{
    /// <summary>A column of text with no more distinct values than this is taken for one of a closed set of values.</summary>
    public int MaxDomainSize { get; init; } = 100;

    /// <summary>
    /// The share of a column's values, from 0 to 1, that must lie in its set. Below 1, a column gets a set only when it
    /// seems to be nearly complete: when values seen once make up at most half of the share left over, for their number
    /// tells how many values are yet unseen (Good and Turing).
    /// </summary>
    public double MinDomainMass { get; init; } = 0.95;

    /// <summary>The share of examples that must have a column which is missing nowhere. At 1, its shape is fixed too.</summary>
    public double MinPresence { get; init; } = 0.99;

    /// <summary>
    /// The part of its present share that a column must keep which is missing in places: at 0.5, one found in 60 % of the
    /// examples must be found in 30 %. At 0, one example that has it is enough.
    /// </summary>
    public double MinKeptPresence { get; init; } = 0.5;

    /// <summary>The rules of TensorFlow Data Validation as they are.</summary>
    public static InferenceOptions Strict { get; } = new() { MinDomainMass = 1, MinPresence = 1, MinKeptPresence = 0 };
}

/// <summary>Guesses from statistics what is to be expected of data.</summary>
public static class SchemaInference
{
    static readonly string[] TrueTexts = ["TRUE", "true", "SET", "set", "1"];
    static readonly string[] FalseTexts = ["FALSE", "false", "CLEAR", "clear", "0"];

    /// <summary>Infers a schema.</summary>
    /// <param name="statistics">Usually those of the training split.</param>
    /// <param name="options">How to guess.</param>
    public static SchemaDefinition Infer(DatasetStatistics statistics, InferenceOptions? options = null)
    {
        options ??= new InferenceOptions();
        var schema = new Schema();
        foreach (var feature in statistics.Message.Features)
        {
            if (feature.FieldIdCase == FeatureNameStatistics.FieldIdOneofCase.Path && feature.Path.Step.Count != 1)
            {
                throw new InvalidDataException(
                    $"The feature '{feature.PathText()}' lies within a structure. Expected plain columns: write its part of the schema by hand, or flatten the data.");
            }

            schema.Feature.Add(Infer(feature, schema, options));
        }

        return new SchemaDefinition(schema);
    }

    static Feature Infer(FeatureNameStatistics statistics, Schema schema, InferenceOptions options)
    {
        var common = statistics.Common() ?? new CommonStatistics();
        var feature = new Feature { Name = statistics.PathText(), Type = SchemaFeatures.TypeOf(statistics.Type) };
        feature.Presence = PresenceOf(common, options);
        if (common.NumNonMissing == 0)
            return feature;
        SetValency(feature, common, options);
        SetDomain(feature, statistics, schema, options);
        return feature;
    }

    static FeaturePresence PresenceOf(CommonStatistics common, InferenceOptions options)
    {
        if (common.NumNonMissing == 0)
            return new FeaturePresence { MinCount = 0 };
        if (common.NumMissing == 0)
            return new FeaturePresence { MinFraction = options.MinPresence, MinCount = 1 };
        if (options.MinKeptPresence == 0)
            return new FeaturePresence { MinCount = 1 };
        var share = (double)common.NumNonMissing / (common.NumNonMissing + common.NumMissing);
        return new FeaturePresence { MinFraction = Math.Floor(share * options.MinKeptPresence * 10_000) / 10_000 };
    }

    static void SetValency(Feature feature, CommonStatistics common, InferenceOptions options)
    {
        var (least, most) = ((long)common.MinNumValues, (long)common.MaxNumValues);
        if (least <= 0)
            return;
        if (least == most && common.NumMissing == 0 && options.MinPresence >= 1)
            feature.Shape = new FixedShape { Dim = { new FixedShape.Types.Dim { Size = least } } };
        else if (least == most)
            feature.ValueCount = new ValueCount { Min = least, Max = most };
        else
            feature.ValueCount = new ValueCount { Min = 1 };
    }

    static void SetDomain(Feature feature, FeatureNameStatistics statistics, Schema schema, InferenceOptions options)
    {
        if (statistics.Type == FeatureNameStatistics.Types.Type.Int)
        {
            if (statistics.NumStats is { Min: >= 0, Max: 1 })
                feature.BoolDomain = new BoolDomain();
            return;
        }

        if (statistics.Type != FeatureNameStatistics.Types.Type.String || statistics.StringStats is not { InvalidUtf8Count: 0 } texts)
            return;
        var values = texts.RankHistogram?.Buckets ?? [];
        if (values.Count == 2 && values.FirstOrDefault(value => TrueTexts.Contains(value.Label, StringComparer.Ordinal)) is { } yes
            && values.FirstOrDefault(value => FalseTexts.Contains(value.Label, StringComparer.Ordinal)) is { } no)
        {
            feature.BoolDomain = new BoolDomain { TrueValue = yes.Label, FalseValue = no.Label };
            return;
        }

        if (values.Count == 0 || texts.Unique > (ulong)options.MaxDomainSize || values.Any(value => value.Label == TextColumn.LongTexts) || !IsComplete(texts, options))
            return;
        var domain = new StringDomain { Name = feature.Name };
        domain.Value.AddRange(values.Select(value => value.Label).Order(StringComparer.Ordinal));
        schema.StringDomain.Add(domain);
        feature.Domain = domain.Name;
        if (options.MinDomainMass < 1)
            feature.DistributionConstraints = new DistributionConstraints { MinDomainMass = options.MinDomainMass };
    }

    static bool IsComplete(StringStatistics texts, InferenceOptions options)
    {
        var once = texts.RankHistogram.Buckets.Count(bucket => bucket.SampleCount <= 1);
        var all = texts.RankHistogram.Buckets.Sum(bucket => bucket.SampleCount);
        return options.MinDomainMass >= 1 || once <= all * (1 - options.MinDomainMass) / 2;
    }
}
