using Gyre.Schemas.Protos;
using AnomalyType = Gyre.Schemas.Protos.AnomalyInfo.Types.Type;

namespace Gyre.Schemas;

/// <summary>
/// What the schema says of one feature while rules look at it: a copy that every rule which is broken relaxes just so far
/// that the data meets it, and what was found on the way.
/// </summary>
sealed class FeatureDraft
{
    public FeatureDraft(Feature feature, Schema schema, ValidationOptions options)
    {
        (Feature, Schema, Options) = (feature.Clone(), schema, options);
        if (feature.DomainInfoCase == Feature.DomainInfoOneofCase.Domain)
            Shared = SchemaFeatures.StringDomainOf(feature, schema)?.Clone();
    }

    /// <summary>The copy.</summary>
    public Feature Feature { get; }

    /// <summary>A copy of the set of texts that the feature shares with others.</summary>
    public StringDomain? Shared { get; }

    /// <summary>The schema as it was.</summary>
    public Schema Schema { get; }

    public ValidationOptions Options { get; }

    public List<Finding> Findings { get; } = [];

    public bool IsRetired => SchemaFeatures.IsRetired(Feature);

    public void Add(AnomalyType type, string summary, string description, FindingWeight weight = FindingWeight.Error, Offence? offence = null) =>
        Findings.Add(new Finding(type, summary, description, weight) { Offence = offence });

    /// <summary>Where no rule can be relaxed, nothing more is demanded of the feature.</summary>
    public void Retire() => Feature.LifecycleStage = LifecycleStage.Deprecated;
}
