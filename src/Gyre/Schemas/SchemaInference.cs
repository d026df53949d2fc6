using Gyre.Schemas.Protos;
using Gyre.Statistics;
using Gyre.Statistics.Protos;
using StatisticsType = Gyre.Statistics.Protos.FeatureNameStatistics.Types.Type;

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

    /// <summary>
    /// Whether columns whose sets of texts are alike share one set, by TensorFlow Data Validation's measure: equal sets, or
    /// of more than 10 values each and with more than half of all their values in common (Jaccard).
    /// </summary>
    public bool ShareDomains { get; init; } = true;

    /// <summary>The rules of TensorFlow Data Validation as they are.</summary>
    public static InferenceOptions Strict { get; } = new() { MinDomainMass = 1, MinPresence = 1, MinKeptPresence = 0, ShareDomains = false };

    /// <summary>Whether a guess holds for exactly the data it was made from.</summary>
    internal bool IsStrict => MinDomainMass >= 1;
}

/// <summary>Guesses from statistics what is to be expected of data.</summary>
public static class SchemaInference
{
    static readonly string[] TrueTexts = ["TRUE", "true", "SET", "set", "1", ""];
    static readonly string[] FalseTexts = ["FALSE", "false", "CLEAR", "clear", "0"];

    /// <summary>Infers a schema.</summary>
    /// <param name="statistics">Usually those of the training split.</param>
    /// <param name="options">How to guess.</param>
    public static SchemaDefinition Infer(DatasetStatistics statistics, InferenceOptions? options = null)
    {
        options ??= new InferenceOptions();
        var schema = new Schema();
        foreach (var feature in StatisticsView.Of(statistics).Roots)
            schema.Feature.Add(Infer(feature, schema, options));
        if (options.ShareDomains)
            SharedDomains.Merge(schema);
        return new SchemaDefinition(schema);
    }

    /// <summary>Describes one feature with all that lies in it; sets of texts are added to the schema.</summary>
    internal static Feature Infer(FeatureView found, Schema schema, InferenceOptions options)
    {
        var feature = new Feature { Name = found.Path[^1], Type = found.Type, Presence = PresenceOf(found, options) };
        if (found.Present > 0)
        {
            SetShape(feature, found, options);
            SetDomain(feature, found, schema, options);
        }

        if (found.Message.ValidationDerivedSource is { } source)
        {
            feature.ValidationDerivedSource = source.Clone();
            feature.LifecycleStage = LifecycleStage.ValidationDerived;
        }

        foreach (var child in found.Children)
        {
            feature.StructDomain ??= new StructDomain();
            feature.StructDomain.Feature.Add(Infer(child, schema, options));
        }

        return feature;
    }

    static FeaturePresence PresenceOf(FeatureView found, InferenceOptions options)
    {
        if (found.Present < 1)
            return new FeaturePresence { MinCount = 0 };
        if (found.Missing == 0)
            return new FeaturePresence { MinFraction = options.MinPresence, MinCount = 1 };
        if (options.MinKeptPresence == 0)
            return new FeaturePresence { MinCount = 1 };
        var share = found.Present / (found.Present + found.Missing);
        return new FeaturePresence { MinFraction = Math.Floor(share * options.MinKeptPresence * 10_000) / 10_000 };
    }

    static void SetShape(Feature feature, FeatureView found, InferenceOptions options)
    {
        var levels = found.Levels;
        if (options.MinPresence >= 1 && found.Type != FeatureType.Struct && levels.All(level => level.Missing == 0 && level.Least == level.Most && level.Least > 0))
        {
            feature.Shape = new FixedShape();
            feature.Shape.Dim.AddRange(levels.Select(level => new FixedShape.Types.Dim { Size = level.Least }));
            return;
        }

        SetValency(feature, levels);
    }

    /// <summary>Says how many values an example has: exactly where it is always the same number, otherwise at least one where it never is none.</summary>
    internal static void SetValency(Feature feature, IReadOnlyList<Level> levels)
    {
        feature.ClearShapeType();
        if (levels.Count > 1)
        {
            feature.ValueCounts = new ValueCountList();
            feature.ValueCounts.ValueCount.AddRange(levels.Select(CountOf));
        }
        else if (levels[0].Least > 0)
        {
            feature.ValueCount = CountOf(levels[0]);
        }
    }

    static ValueCount CountOf(Level level) => level.Least <= 0 ? new ValueCount()
        : level.Least == level.Most ? new ValueCount { Min = level.Least, Max = level.Most }
        : new ValueCount { Min = 1 };

    static void SetDomain(Feature feature, FeatureView found, Schema schema, InferenceOptions options)
    {
        if (TransformedFeatures.KindOf(found) is not null)
        {
            TransformedFeatures.Describe(feature, found);
            if (TransformedFeatures.HasIds(found) && found.Message.StringStats is { } terms)
                SetValues(feature, found, terms, schema, options);
            return;
        }

        if (SemanticDomains.Suggested(found) is { } suggestion)
        {
            feature.MergeFrom(suggestion.Feature);
            return;
        }

        if (found.Message.Type == StatisticsType.Int && found.Message.NumStats is { } numbers)
        {
            if (numbers is { Min: >= 0, Max: 1 })
                feature.BoolDomain = new BoolDomain();
            return;
        }

        if (found.Message.StringStats is { } texts && found.Message.Type is StatisticsType.String or StatisticsType.Int && !found.HasInvalidUtf8)
            SetTexts(feature, found, texts, schema, options);
    }

    static void SetTexts(Feature feature, FeatureView found, StringStatistics texts, Schema schema, InferenceOptions options)
    {
        var values = found.Values;
        if (found.Message.Type == StatisticsType.Int)
        {
            feature.IntDomain = new IntDomain { IsCategorical = true };
            return;
        }

        if (TruthOf(values, options) is { } truth)
        {
            feature.BoolDomain = truth;
            return;
        }

        if (options.IsStrict && values.Count > 0 && values.All(value => NumberRules.Integer(value.Label) is not null))
        {
            feature.IntDomain = new IntDomain();
            return;
        }

        SetValues(feature, found, texts, schema, options);
    }

    static void SetValues(Feature feature, FeatureView found, StringStatistics texts, Schema schema, InferenceOptions options)
    {
        var values = found.Values;
        if (values.Count == 0 || texts.Unique > (ulong)options.MaxDomainSize || values.Count > options.MaxDomainSize
            || values.Any(value => value.Label == TextColumn.LongTexts) || !IsComplete(values, options))
        {
            return;
        }

        var domain = new StringDomain { Name = FreeName(found.Key, schema) };
        domain.Value.AddRange(values.Select(value => value.Label).Order(StringComparer.Ordinal));
        schema.StringDomain.Add(domain);
        feature.Domain = domain.Name;
        if (options.MinDomainMass < 1)
            feature.DistributionConstraints = new DistributionConstraints { MinDomainMass = options.MinDomainMass };
    }

    /// <summary>One text that means true and one that means false; either alone is enough for a guess that need not hold for other data.</summary>
    static BoolDomain? TruthOf(IReadOnlyList<RankHistogram.Types.Bucket> values, InferenceOptions options)
    {
        if (values.Count is 0 or > 2 || (values.Count == 1 && !options.IsStrict))
            return null;
        var domain = new BoolDomain();
        foreach (var value in values)
        {
            if (!domain.HasTrueValue && TrueTexts.Contains(value.Label, StringComparer.Ordinal))
                domain.TrueValue = value.Label;
            else if (!domain.HasFalseValue && FalseTexts.Contains(value.Label, StringComparer.Ordinal))
                domain.FalseValue = value.Label;
            else
                return null;
        }

        return domain;
    }

    static string FreeName(string wanted, Schema schema)
    {
        var taken = schema.StringDomain.Select(domain => domain.Name).ToHashSet(StringComparer.Ordinal);
        var name = wanted;
        for (var number = 2; !taken.Add(name); number++)
            name = FormattableString.Invariant($"{wanted}{number}");
        return name;
    }

    static bool IsComplete(IReadOnlyList<RankHistogram.Types.Bucket> values, InferenceOptions options)
    {
        var once = values.Count(value => value.SampleCount <= 1);
        var all = values.Sum(value => value.SampleCount);
        return options.IsStrict || once <= all * (1 - options.MinDomainMass) / 2;
    }
}
