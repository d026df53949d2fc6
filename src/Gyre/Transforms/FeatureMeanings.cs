using Gyre.Ingestion;

namespace Gyre.Transforms;

/// <summary>What the columns of transformed examples mean, for statistics of them.</summary>
static class FeatureMeanings
{
    public static IReadOnlyDictionary<string, ColumnMeaning> Of(TransformGraph transform)
    {
        var description = transform.Describe();
        var graph = transform.LoadGraph();
        var meanings = description.Features.ToDictionary(feature => feature.Name, Meaning, StringComparer.Ordinal);
        foreach (var column in FeatureReader.LabelColumns(description.Label))
            meanings[column] = new ColumnMeaning(column, column == FeatureReader.LabelColumn ? description.Label.LabelWidth : 1);
        return meanings;

        ColumnMeaning Meaning(FeatureSpec feature)
        {
            if (feature.Kind == FeatureKind.Number)
                return new ColumnMeaning(feature.Size == 1 ? "number" : "vector", feature.Size);
            var names = IdNames.Of(feature, description, graph);
            return new ColumnMeaning(KindOf(feature), feature.Size) { NameOf = id => names[id].Label, IsOther = names.IsOther };
        }
    }

    static string KindOf(FeatureSpec feature) => feature.Kind switch
    {
        FeatureKind.OneHot => "one_hot",
        FeatureKind.Category => "category",
        _ => "tokens",
    };
}
