using Google.Protobuf.Collections;
using Gyre.Schemas.Protos;

namespace Gyre.Schemas;

/// <summary>Takes single features out of one schema into another.</summary>
static class SchemaMerge
{
    /// <summary>The target with one feature, and the set of texts it names, as the source has them.</summary>
    /// <param name="target">The schema to change; it stays as it is, the result is another.</param>
    /// <param name="source">Where the feature is taken from; a feature that it lacks is removed.</param>
    /// <param name="path">Which feature.</param>
    public static Schema Feature(Schema target, Schema source, IReadOnlyList<string> path)
    {
        var result = target.Clone();
        Copy(result, source, path);
        return result;
    }

    /// <summary>The target with the source's constraints on the data set as a whole.</summary>
    public static Schema Dataset(Schema target, Schema source)
    {
        var result = target.Clone();
        result.DatasetConstraints = source.DatasetConstraints?.Clone();
        return result;
    }

    static void Copy(Schema result, Schema source, IReadOnlyList<string> path)
    {
        // A feature that lies in one that is new has no place of its own: all of it is taken.
        var depth = 1;
        while (depth < path.Count && Find(result, [.. path.Take(depth)]) is not null)
            depth++;
        IReadOnlyList<string> place = [.. path.Take(depth)];
        var (from, to) = (Find(source, place), Find(result, place));
        var siblings = place.Count == 1 ? result.Feature : Find(result, [.. place.SkipLast(1)])?.StructDomain?.Feature;
        if (siblings is null)
            return;
        if (from is null)
        {
            if (to is not null)
                siblings.Remove(to);
        }
        else if (to is null)
        {
            siblings.Add(from.Clone());
        }
        else
        {
            siblings[siblings.IndexOf(to)] = from.Clone();
        }

        foreach (var name in SchemaFeatures.Flatten(from is null ? [] : [from]).Where(each => each.Feature.DomainInfoCase == Protos.Feature.DomainInfoOneofCase.Domain).Select(each => each.Feature.Domain))
            CopyDomain(result.StringDomain, source.StringDomain.FirstOrDefault(domain => domain.Name == name));
        CopyComposites(result, source, path[^1]);
    }

    static void CopyDomain(RepeatedField<StringDomain> domains, StringDomain? domain)
    {
        if (domain is null)
            return;
        if (domains.Select((known, index) => (known, index)).FirstOrDefault(each => each.known.Name == domain.Name) is ({ }, var index))
            domains[index] = domain.Clone();
        else
            domains.Add(domain.Clone());
    }

    /// <summary>Sparse and weighted features have names among those of plain ones.</summary>
    static void CopyComposites(Schema result, Schema source, string name)
    {
        for (var index = 0; index < result.SparseFeature.Count; index++)
        {
            if (result.SparseFeature[index].Name == name && source.SparseFeature.FirstOrDefault(sparse => sparse.Name == name) is { } sparse)
                result.SparseFeature[index] = sparse.Clone();
        }

        for (var index = 0; index < result.WeightedFeature.Count; index++)
        {
            if (result.WeightedFeature[index].Name == name && source.WeightedFeature.FirstOrDefault(weighted => weighted.Name == name) is { } weighted)
                result.WeightedFeature[index] = weighted.Clone();
        }
    }

    /// <summary>The feature at a path; null when there is none.</summary>
    public static Feature? Find(Schema schema, IReadOnlyList<string> path)
    {
        Feature? found = null;
        foreach (var step in path)
        {
            found = (found is null ? schema.Feature : found.StructDomain?.Feature ?? []).FirstOrDefault(feature => feature.Name == step);
            if (found is null)
                return null;
        }

        return found;
    }
}
