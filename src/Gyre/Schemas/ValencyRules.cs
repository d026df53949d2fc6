using System.Globalization;
using Gyre.Schemas.Protos;
using AnomalyType = Gyre.Schemas.Protos.AnomalyInfo.Types.Type;

namespace Gyre.Schemas;

/// <summary>The rules for how many values an example has, at each level of nesting.</summary>
static class ValencyRules
{
    const string Dropped = "Feature shape dropped";

    public static void Check(FeatureView found, FeatureDraft draft)
    {
        var levels = found.Levels;
        switch (draft.Feature.ShapeTypeCase)
        {
            case Feature.ShapeTypeOneofCase.ValueCount: CheckSingle(levels, draft); break;
            case Feature.ShapeTypeOneofCase.ValueCounts: CheckNested(levels, draft); break;
            case Feature.ShapeTypeOneofCase.Shape: CheckShape(levels, draft); break;
        }

        CheckEmbedding(levels, draft);
    }

    static void CheckSingle(IReadOnlyList<Level> levels, FeatureDraft draft)
    {
        if (levels.Count > 1)
            AddNesting(levels, draft, 1);
        else
            CheckCount(levels[0], draft.Feature.ValueCount, draft, "");
    }

    static void CheckNested(IReadOnlyList<Level> levels, FeatureDraft draft)
    {
        var counts = draft.Feature.ValueCounts.ValueCount;
        if (counts.Count != levels.Count)
        {
            AddNesting(levels, draft, counts.Count);
            return;
        }

        foreach (var (index, level) in levels.Index())
            CheckCount(level, counts[index], draft, string.Create(CultureInfo.InvariantCulture, $" at nesting level {index}"));
    }

    static void AddNesting(IReadOnlyList<Level> levels, FeatureDraft draft, int expected)
    {
        draft.Add(
            AnomalyType.ValueNestednessMismatch, "Mismatched value nest level",
            string.Create(CultureInfo.InvariantCulture, $"The values nest {levels.Count} levels deep. Expected {expected}, as {(expected == 1 ? "value_count" : "value_counts")} says."));
        SchemaInference.SetValency(draft.Feature, levels);
    }

    static void CheckCount(Level level, ValueCount count, FeatureDraft draft, string where)
    {
        if (count.HasMin && level.Least < count.Min)
        {
            draft.Add(
                AnomalyType.FeatureTypeLowNumberValues, "Missing values",
                string.Create(CultureInfo.InvariantCulture, $"Some examples have {level.Least} values{where}. Expected at least {count.Min}."),
                offence: where.Length == 0 || where.EndsWith(" 0", StringComparison.Ordinal) ? Offence.Fewer(count.Min) : null);
            if (level.Least == 0)
                count.ClearMin();
            else
                count.Min = level.Least;
        }

        if (count.HasMax && level.Most > count.Max)
        {
            draft.Add(
                AnomalyType.FeatureTypeHighNumberValues, "Superfluous values",
                string.Create(CultureInfo.InvariantCulture, $"Some examples have {level.Most} values{where}. Expected at most {count.Max}."),
                offence: where.Length == 0 || where.EndsWith(" 0", StringComparison.Ordinal) ? Offence.More(count.Max) : null);
            count.Max = level.Most;
        }
    }

    static void CheckShape(IReadOnlyList<Level> levels, FeatureDraft draft)
    {
        var size = draft.Feature.Shape.Dim.Aggregate(1L, (product, dim) => product * dim.Size);
        var isMissing = levels.Any(level => level.Missing > 0);
        var isFixed = levels.All(level => level.Least == level.Most && level.Least > 0);
        var found = isFixed ? levels.Aggregate(1L, (product, level) => product * level.Least) : 0;
        if (isMissing || !isFixed)
        {
            draft.Add(
                AnomalyType.InvalidFeatureShape, Dropped, string.Create(
                    CultureInfo.InvariantCulture, $"The number of values varies from {(isMissing ? 0 : levels.Min(level => level.Least))} to {levels.Max(level => level.Most)}. Expected the fixed shape of {size}."),
                offence: levels.Count == 1 ? Offence.OtherThan(size) : null);
            draft.Feature.Shape = null;
        }
        else if (found != size)
        {
            draft.Add(
                AnomalyType.InvalidFeatureShape, Dropped,
                string.Create(CultureInfo.InvariantCulture, $"Every example has {found} values. Expected the fixed shape of {size}."),
                offence: levels.Count == 1 ? Offence.OtherThan(size) : null);
            draft.Feature.Shape = null;
        }
    }

    static void CheckEmbedding(IReadOnlyList<Level> levels, FeatureDraft draft)
    {
        if (draft.Feature.DomainInfoCase != Feature.DomainInfoOneofCase.FloatDomain || draft.Feature.FloatDomain is not { IsEmbedding: true } domain)
            return;
        var innermost = levels[^1];
        if (innermost.Least == innermost.Most && (!domain.HasEmbeddingDim || domain.EmbeddingDim == innermost.Least))
            return;
        draft.Add(
            AnomalyType.EmbeddingShapeInvalid, "Embedding of varying length", string.Create(
                CultureInfo.InvariantCulture, $"The feature is an embedding, but has from {innermost.Least} to {innermost.Most} values. Expected {(domain.HasEmbeddingDim ? $"{domain.EmbeddingDim}" : "always the same number")}."),
            offence: levels.Count == 1 && domain.HasEmbeddingDim ? Offence.OtherThan(domain.EmbeddingDim) : null);
        domain.ClearIsEmbedding();
        domain.ClearEmbeddingDim();
    }
}
