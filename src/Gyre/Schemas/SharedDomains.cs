using Gyre.Schemas.Protos;

namespace Gyre.Schemas;

/// <summary>Lets features share one set of texts where theirs are alike.</summary>
static class SharedDomains
{
    /// <summary>Sets of no more values must be equal to be alike.</summary>
    const int SmallSet = 10;

    /// <summary>The share of all values of two sets that both must have.</summary>
    const double LeastSimilarity = 0.5;

    /// <summary>
    /// Merges groups of alike sets: the first set of a group decides which others belong to it, the merged set has the
    /// values of all and the shortest name.
    /// </summary>
    public static void Merge(Schema schema)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var merged = new List<StringDomain>();
        var left = schema.StringDomain.ToList();
        while (left is [var first, ..])
        {
            var group = left.Where(other => ReferenceEquals(other, first) || AreAlike(first, other)).ToList();
            left.RemoveAll(group.Contains);
            var name = group.Select(domain => domain.Name).OrderBy(one => one.Length).ThenBy(one => one, StringComparer.Ordinal).First();
            foreach (var domain in group)
                names[domain.Name] = name;
            var union = first.Clone();
            union.Name = name;
            union.Value.Clear();
            union.Value.AddRange(group.SelectMany(domain => domain.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            merged.Add(union);
        }

        schema.StringDomain.Clear();
        schema.StringDomain.AddRange(merged);
        foreach (var (_, feature) in SchemaFeatures.Flatten(schema.Feature))
        {
            if (feature.DomainInfoCase == Feature.DomainInfoOneofCase.Domain && names.TryGetValue(feature.Domain, out var name))
                feature.Domain = name;
        }
    }

    static bool AreAlike(StringDomain one, StringDomain other)
    {
        var (first, second) = (one.Value.ToHashSet(StringComparer.Ordinal), other.Value.ToHashSet(StringComparer.Ordinal));
        var common = (double)first.Count(second.Contains);
        var similarity = common / (first.Count + second.Count - common);
        return similarity >= 1 || (similarity > LeastSimilarity && first.Count > SmallSet && second.Count > SmallSet);
    }
}
