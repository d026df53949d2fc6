using Gyre.Schemas.Comparison;
using Gyre.Schemas.Protos;
using Gyre.Statistics;
using AnomalyType = Gyre.Schemas.Protos.AnomalyInfo.Types.Type;

namespace Gyre.Schemas;

/// <summary>How data is held against a schema.</summary>
public sealed record ValidationOptions
{
    /// <summary>
    /// Which environment the data is of, for example <c>SERVING</c>, where the schema says that some features belong to
    /// some environments only; null when all features are expected.
    /// </summary>
    public string? Environment { get; init; }

    /// <summary>
    /// Where a schema allows a share (of missing examples, of values outside a set) and more than that is found, it is an
    /// anomaly; but it stops a run only when it is unlikely to be chance: when examples of which just the allowed share
    /// deviates would look like this with less than this probability. It matters for small splits: 2 of 21 examples
    /// are 10 %, and mean little. At 1, every anomaly stops.
    /// </summary>
    public double Significance { get; init; } = 0.001;

    /// <summary>How many unexpected values are named in a description, the most frequent first.</summary>
    public int NamedValues { get; init; } = 10;

    /// <summary>
    /// Of which severity anomalies are, by TFX's name of their type, for example
    /// <c>["SCHEMA_NEW_COLUMN"] = AnomalySeverity.Warning</c>; what is not named has the severity of its rule.
    /// A feature with several anomalies has the greatest of theirs. TFX's files of this kind are read by
    /// <see cref="ValidationConfiguration"/>.
    /// </summary>
    public IReadOnlyDictionary<string, AnomalySeverity> Severities { get; init; } = new SortedDictionary<string, AnomalySeverity>(StringComparer.Ordinal);

    /// <summary>How many offending examples are kept of each anomaly; 0 for none.</summary>
    public int OffendingExamples { get; init; } = 5;

    /// <summary>When features count as different from those of other data, where the schema says nothing.</summary>
    public ComparisonOptions Comparison { get; init; } = new();

    /// <summary>The column of the label: its classes are counted and held against other data; null for none.</summary>
    public string? Label { get; init; }

    /// <summary>How the label's classes are to be distributed, in any scale, for example <c>{ ["Yes"] = 0.5, ["No"] = 0.5 }</c>; null when nothing is expected.</summary>
    public IReadOnlyDictionary<string, double>? ExpectedLabel { get; init; }

    /// <summary>When the label's classes count as out of balance.</summary>
    public BalanceOptions Balance { get; init; } = new();

    /// <summary>What counts as a hint at leakage, where examples are looked at.</summary>
    public LeakageOptions Leakage { get; init; } = new();
}

/// <summary>Holds the statistics of data against a schema, by the rules of TensorFlow Data Validation.</summary>
public static class SchemaValidation
{
    /// <summary>Finds what the schema does not allow.</summary>
    /// <param name="statistics">The statistics of one data set.</param>
    /// <param name="schema">What is expected.</param>
    /// <param name="options">How to compare.</param>
    public static AnomalyReport Validate(DatasetStatistics statistics, SchemaDefinition schema, ValidationOptions? options = null) =>
        Find(statistics, schema, options ?? new ValidationOptions()).Build();

    /// <summary>
    /// Finds what the schema does not allow in one example, for example a request to a model. What a schema says of many
    /// examples together, it cannot say of one: shares, numbers of distinct values and of examples are not looked at.
    /// </summary>
    /// <param name="example">Texts, whole and real numbers, truth values, or lists of them, by feature; null = missing.</param>
    /// <param name="schema">What is expected.</param>
    /// <param name="options">How to compare.</param>
    /// <exception cref="ArgumentException">A value is of another kind.</exception>
    public static AnomalyReport ValidateExample(IReadOnlyDictionary<string, object?> example, SchemaDefinition schema, ValidationOptions? options = null)
    {
        var single = schema.Message.Clone();
        single.DatasetConstraints = null;
        foreach (var (_, feature) in SchemaFeatures.Flatten(single.Feature))
        {
            feature.UniqueConstraints = null;
            feature.DistributionConstraints = null;
            if (feature.Presence is { } presence && (presence.HasMinCount || presence.MinFraction < 1))
                feature.Presence = presence.MinFraction >= 1 ? new FeaturePresence { MinFraction = 1 } : null;
        }

        return Validate(SingleExample.Count(example), new SchemaDefinition(single), options);
    }

    /// <summary>
    /// The schema, relaxed as little as is needed for data to meet it: new values are added to sets, bounds widened to the
    /// data, new columns described; a column whose type changed, or that is gone, is marked as deprecated.
    /// </summary>
    /// <param name="schema">What was expected.</param>
    /// <param name="statistics">The statistics of the data sets that shall be as expected.</param>
    /// <param name="options">How to compare.</param>
    public static SchemaDefinition Relax(SchemaDefinition schema, IEnumerable<DatasetStatistics> statistics, ValidationOptions? options = null) =>
        statistics.Aggregate(schema, (current, each) => new SchemaDefinition(Find(each, current, options ?? new ValidationOptions()).Fixed));

    /// <summary>The same as a collection to which comparisons with other data add what they find.</summary>
    internal static AnomalyBuilder Find(DatasetStatistics statistics, SchemaDefinition schema, ValidationOptions options)
    {
        var data = StatisticsView.Of(statistics);
        var result = new AnomalyBuilder(schema.Message, options) { Fixed = schema.Message.Clone() };
        if (statistics.Examples == 0 && data.Examples == 0)
        {
            result.DataMissing = true;
            result.AddDataset([new Finding(AnomalyType.NoDataInSpan, "No examples", "There are no examples. Expected at least one.")]);
            return result;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var feature in data.Roots)
            Check(feature, result, seen);
        CheckUnseen(data, result, seen);
        result.AddDataset(DatasetRules.Check(data.Examples, result.Fixed.DatasetConstraints));
        return result;
    }

    static void Check(FeatureView found, AnomalyBuilder result, HashSet<string> seen)
    {
        var schema = result.Baseline;
        var feature = SchemaMerge.Find(schema, found.Path);
        var sparse = SparseOf(schema, found.Path);
        var weighted = found.Path.Count == 1 ? schema.WeightedFeature.FirstOrDefault(each => each.Name == found.Path[0]) : null;
        foreach (var each in found.WithDescendants())
            seen.Add(each.Key);
        if (weighted is not null || sparse is not null)
        {
            CheckComposite(found, feature, sparse, weighted, result);
            return;
        }

        if (feature is null)
        {
            result.Add(found.Path, [new Finding(AnomalyType.SchemaNewColumn, "New column", "The column is in the data, but not in the schema.")]);
            Describe(found, result.Fixed);
            return;
        }

        if (SchemaFeatures.IsRetired(feature))
            return;
        var draft = new FeatureDraft(feature, schema, result.Options);
        FeatureRules.Check(found, draft);
        Apply(draft, found.Path, result);
        if (draft.IsRetired)
            return;
        foreach (var child in found.Children)
            Check(child, result, seen);
    }

    static SparseFeature? SparseOf(Schema schema, IReadOnlyList<string> path) => path.Count == 1
        ? schema.SparseFeature.FirstOrDefault(sparse => sparse.Name == path[0])
        : SchemaMerge.Find(schema, [.. path.SkipLast(1)])?.StructDomain?.SparseFeature.FirstOrDefault(sparse => sparse.Name == path[^1]);

    /// <summary>Sparse and weighted features share their names with no other kind.</summary>
    static void CheckComposite(FeatureView found, Feature? feature, SparseFeature? sparse, WeightedFeature? weighted, AnomalyBuilder result)
    {
        if (weighted is not null)
        {
            if (SchemaFeatures.IsRetired(weighted.LifecycleStage))
                return;
            var findings = feature is not null || sparse is not null
                ? [new Finding(AnomalyType.WeightedFeatureNameCollision, "Weighted feature name collision", "A weighted_feature and another feature have the same name. Rename one.")]
                : CompositeRules.OfWeighted(found);
            Retire(findings, found.Path, result);
        }
        else if (!SchemaFeatures.IsRetired(sparse!))
        {
            var collides = feature is not null && !SchemaFeatures.IsRetired(feature);
            Retire(
                collides ? [new Finding(AnomalyType.SparseFeatureNameCollision, "Sparse feature name collision", "A sparse_feature and another feature have the same name. Rename one.")] : CompositeRules.OfSparse(found),
                found.Path, result);
        }
    }

    static void Retire(List<Finding> findings, IReadOnlyList<string> path, AnomalyBuilder result)
    {
        if (findings.Count == 0)
            return;
        result.Add(path, findings);
        if (SchemaMerge.Find(result.Fixed, path) is { } feature)
            feature.LifecycleStage = LifecycleStage.Deprecated;
        if (SparseOf(result.Fixed, path) is { } sparse)
            sparse.LifecycleStage = LifecycleStage.Deprecated;
        foreach (var weighted in result.Fixed.WeightedFeature.Where(weighted => path.Count == 1 && weighted.Name == path[0]))
            weighted.LifecycleStage = LifecycleStage.Deprecated;
    }

    /// <summary>A new column, with all that lies in it, as the data has it.</summary>
    static void Describe(FeatureView found, Schema schema)
    {
        var described = SchemaInference.Infer(found, schema, InferenceOptions.Strict);
        if (found.Path.Count == 1)
        {
            schema.Feature.Add(described);
        }
        else if (SchemaMerge.Find(schema, [.. found.Path.SkipLast(1)]) is { } parent)
        {
            parent.StructDomain ??= new StructDomain();
            parent.StructDomain.Feature.Add(described);
        }
    }

    /// <summary>What the schema says of features that the data lacks.</summary>
    static void CheckUnseen(StatisticsView data, AnomalyBuilder result, HashSet<string> seen)
    {
        var groups = data.Features.Where(feature => feature.Present > 0).Select(feature => feature.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (path, feature) in SchemaFeatures.InUse(result.Baseline.Feature))
        {
            if (seen.Contains(SchemaFeatures.Serialize(path)))
                continue;
            var draft = new FeatureDraft(feature, result.Baseline, result.Options);
            SpecificationRules.Check(draft, found: null);
            var isInGroup = path.Count == 1 || feature.GroupPresence is null || groups.Contains(SchemaFeatures.Serialize([.. path.SkipLast(1)]));
            if (!draft.IsRetired && isInGroup && SchemaFeatures.IsRequired(feature, result.Baseline, result.Options.Environment))
            {
                draft.Add(AnomalyType.SchemaMissingColumn, "Column dropped", "The column is in the schema, but not in the data.");
                draft.Retire();
            }

            Apply(draft, path, result);
        }
    }

    static void Apply(FeatureDraft draft, IReadOnlyList<string> path, AnomalyBuilder result)
    {
        if (draft.Findings.Count == 0)
            return;
        result.Add(path, draft.Findings);
        if (draft.Findings.TrueForAll(finding => finding.Weight == FindingWeight.Note))
            return;
        if (SchemaMerge.Find(result.Fixed, path) is not { } target)
            return;

        // What lies in a structure is looked at by itself.
        var inside = target.StructDomain?.Clone();
        var siblings = path.Count == 1 ? result.Fixed.Feature : SchemaMerge.Find(result.Fixed, [.. path.SkipLast(1)])!.StructDomain.Feature;
        var changed = draft.Feature.Clone();
        if (changed.DomainInfoCase == Feature.DomainInfoOneofCase.StructDomain)
            changed.StructDomain = inside;
        siblings[siblings.IndexOf(target)] = changed;
        if (draft.Shared is { } shared && result.Fixed.StringDomain.FirstOrDefault(domain => domain.Name == shared.Name) is { } set)
            set.Value.AddRange(shared.Value.Except(set.Value, StringComparer.Ordinal).ToList());
    }
}
