using Gyre.Schemas.Protos;
using Gyre.Statistics.Protos;

namespace Gyre.Schemas;

/// <summary>What features of a schema mean, apart from any data.</summary>
static class SchemaFeatures
{
    /// <summary>All features by their paths, those inside structures behind the structure.</summary>
    public static IEnumerable<(IReadOnlyList<string> Path, Feature Feature)> Flatten(IEnumerable<Feature> features, IReadOnlyList<string>? parent = null)
    {
        foreach (var feature in features)
        {
            IReadOnlyList<string> path = [.. parent ?? [], feature.Name];
            yield return (path, feature);
            foreach (var nested in Flatten(feature.StructDomain?.Feature ?? [], path))
                yield return nested;
        }
    }

    /// <summary>The same without what is retired, and without what lies in it.</summary>
    public static IEnumerable<(IReadOnlyList<string> Path, Feature Feature)> InUse(IEnumerable<Feature> features, IReadOnlyList<string>? parent = null)
    {
        foreach (var feature in features.Where(feature => !IsRetired(feature)))
        {
            IReadOnlyList<string> path = [.. parent ?? [], feature.Name];
            yield return (path, feature);
            foreach (var nested in InUse(feature.StructDomain?.Feature ?? [], path))
                yield return nested;
        }
    }

    /// <summary>The values allowed for texts, whether they stand at the feature or are shared by name; null when there are none.</summary>
    public static StringDomain? StringDomainOf(Feature feature, Schema schema) => feature.DomainInfoCase switch
    {
        Feature.DomainInfoOneofCase.StringDomain => feature.StringDomain,
        Feature.DomainInfoOneofCase.Domain => schema.StringDomain.FirstOrDefault(domain => domain.Name == feature.Domain),
        _ => null,
    };

    /// <summary>Whether the feature is not, or no longer, in use, so that nothing is demanded of it.</summary>
    public static bool IsRetired(Feature feature) =>
#pragma warning disable CS0612 // Old schemas still say so.
        feature.Deprecated || IsRetired(feature.LifecycleStage);
#pragma warning restore CS0612

    public static bool IsRetired(SparseFeature feature) =>
#pragma warning disable CS0612 // Old schemas still say so.
        feature.Deprecated || IsRetired(feature.LifecycleStage);
#pragma warning restore CS0612

    public static bool IsRetired(LifecycleStage stage) =>
        stage is LifecycleStage.Planned or LifecycleStage.Alpha or LifecycleStage.Deprecated or LifecycleStage.DebugOnly or LifecycleStage.Disabled;

    /// <summary>Whether the feature belongs to an environment, for example the label to training but not to serving.</summary>
    public static bool IsIn(Feature feature, Schema schema, string? environment) =>
        environment is null
        || feature.InEnvironment.Contains(environment)
        || (!feature.NotInEnvironment.Contains(environment) && schema.DefaultEnvironment.Contains(environment));

    /// <summary>Whether the feature must have a value somewhere.</summary>
    public static bool IsRequired(Feature feature, Schema schema, string? environment) =>
        !IsRetired(feature) && feature is { Presence: { MinCount: > 0 } or { MinFraction: > 0 } } or { GroupPresence.Required: true } && IsIn(feature, schema, environment);

    public static string TypeName(FeatureType type) => type switch
    {
        FeatureType.Bytes => "BYTES",
        FeatureType.Int => "INT",
        FeatureType.Float => "FLOAT",
        FeatureType.Struct => "STRUCT",
        _ => "TYPE_UNKNOWN",
    };

    public static FeatureType TypeOf(FeatureNameStatistics.Types.Type type) => type switch
    {
        FeatureNameStatistics.Types.Type.Int => FeatureType.Int,
        FeatureNameStatistics.Types.Type.Float => FeatureType.Float,
        FeatureNameStatistics.Types.Type.Struct => FeatureType.Struct,
        _ => FeatureType.Bytes,
    };

    /// <summary>
    /// A path as one text, as keys of anomalies are written: steps joined by dots; a step that holds a dot, a parenthesis
    /// or a quote stands in single quotes, quotes within doubled; a step wholly in one pair of parentheses stays as it is.
    /// </summary>
    public static string Serialize(IReadOnlyList<string> path) => string.Join('.', path.Select(SerializeStep));

    static string SerializeStep(string step)
    {
        var isPlain = step.Length > 0 && !step.AsSpan().ContainsAny(".()'");
        var isExtension = step is ['(', .., ')'] && !step.AsSpan(1, step.Length - 2).ContainsAny('(', ')');
        return isPlain || isExtension ? step : $"'{step.Replace("'", "''", StringComparison.Ordinal)}'";
    }
}
