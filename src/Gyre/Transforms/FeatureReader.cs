using Gyre.Data;

namespace Gyre.Transforms;

/// <summary>Reads transformed examples into memory.</summary>
public static class FeatureReader
{
    /// <summary>The column of transformed examples that holds the label.</summary>
    public const string LabelColumn = "label";

    /// <summary>The column of transformed examples that holds their weights, if they have any.</summary>
    public const string WeightColumn = "weight";

    /// <summary>The column of transformed examples that holds the number of their group, if they have any.</summary>
    public const string GroupColumn = "group";

    /// <summary>The columns of transformed examples beside their features, the label first.</summary>
    internal static IReadOnlyList<string> LabelColumns(LabelSpec label) =>
        [LabelColumn, .. label.Weight is null ? [] : new[] { WeightColumn }, .. label.Group is null ? [] : new[] { GroupColumn }];

    /// <summary>Reads features and labels, examples in the file's order.</summary>
    /// <param name="path">A Parquet file of transformed examples.</param>
    /// <param name="features">The features wanted.</param>
    /// <param name="threads">How many threads may decode; the result does not depend on it.</param>
    /// <exception cref="InvalidDataException">A feature is not there, or is of another kind.</exception>
    public static FeatureSet Read(string path, IReadOnlyList<FeatureSpec> features, int threads = 1) =>
        Read(path, features, new LabelSpec(LabelColumn, []), threads);

    /// <summary>Reads features, labels, weights and groups, examples in the file's order.</summary>
    /// <param name="path">A Parquet file of transformed examples.</param>
    /// <param name="features">The features wanted.</param>
    /// <param name="label">What the label is; its classes are known.</param>
    /// <param name="threads">How many threads may decode; the result does not depend on it.</param>
    /// <exception cref="InvalidDataException">A feature is not there, or is of another kind.</exception>
    public static FeatureSet Read(string path, IReadOnlyList<FeatureSpec> features, LabelSpec label, int threads = 1)
    {
        var columns = ParquetReader.Read(path, [.. features.Select(feature => feature.Name), .. LabelColumns(label)], threads);
        var labels = Expect<FloatValues>(columns, LabelColumn, path);
        if (labels.Values.Length > 0 && labels.Width != label.LabelWidth)
            throw new InvalidDataException($"The column '{LabelColumn}' of {path} holds {labels.Width} numbers in each row. Expected {label.LabelWidth}: make the transformed examples again.");
        return new FeatureSet
        {
            Rows = labels.Values.Length / label.LabelWidth,
            Labels = labels.Values,
            LabelWidth = label.LabelWidth,
            Weights = label.Weight is null ? null : Expect<FloatValues>(columns, WeightColumn, path).Values,
            Groups = label.Group is null ? null : Expect<IntegerValues>(columns, GroupColumn, path).ToInt32(),
            Numbers = Collect(FeatureKind.Number, feature => Expect<FloatValues>(columns, feature.Name, path).Values),
            Ids = Collect(FeatureKind.OneHot, Ids).Concat(Collect(FeatureKind.Category, Ids)).ToDictionary(StringComparer.Ordinal),
            Tokens = Collect(FeatureKind.Tokens, feature =>
            {
                var lists = Expect<IntegerListValues>(columns, feature.Name, path);
                return new TokenLists(lists.Values, lists.Offsets);
            }),
        };

        int[] Ids(FeatureSpec feature) => Expect<IntegerValues>(columns, feature.Name, path).ToInt32();

        Dictionary<string, T> Collect<T>(FeatureKind kind, Func<FeatureSpec, T> read) => features
            .Where(feature => feature.Kind == kind).ToDictionary(feature => feature.Name, read, StringComparer.Ordinal);
    }

    static T Expect<T>(IReadOnlyDictionary<string, ColumnValues> columns, string name, string path)
        where T : ColumnValues =>
        columns[name] as T
        ?? throw new InvalidDataException($"The column '{name}' of {path} holds {columns[name].GetType().Name}. Expected {typeof(T).Name}: make the transformed examples again.");
}
