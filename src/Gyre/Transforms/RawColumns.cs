using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Schemas;

namespace Gyre.Transforms;

/// <summary>Whether raw examples hold what features are made of.</summary>
static class RawColumns
{
    /// <exception cref="InvalidDataException">There is no such split, or nothing in it.</exception>
    public static void RequireSplit(Examples raw, string split)
    {
        if (!raw.Splits.Contains(split, StringComparer.Ordinal))
            throw new InvalidDataException($"There is no split '{split}' to learn from. Splits: {string.Join(", ", raw.Splits)}. Name one of them: new FitTransform(…) {{ TrainSplit = \"…\" }}.");
        if (raw.RowsOf(split) == 0)
            throw new InvalidDataException($"The split '{split}' has no examples to learn from. Give more data, or another division into splits.");
    }

    /// <exception cref="InvalidDataException">Columns are not there or of the wrong type; all are named.</exception>
    public static void Require(TransformDefinition definition, Examples raw, string split, DataSchema schema)
    {
        var types = ExampleReader.Columns(raw.FilesOf(split)).ToDictionary(column => column.Name, StringComparer.Ordinal);
        var expected = schema.Load().Columns;
        var problems = new List<string>();
        foreach (var column in definition.Columns.Concat(definition.LabelColumns))
        {
            if (!types.TryGetValue(column.Name, out var found))
                problems.Add($"the examples have no column '{column.Name}'");
            else if (!expected.Contains(column.Name, StringComparer.Ordinal))
                problems.Add($"the schema says nothing of the column '{column.Name}'");
            else if (column.IsList && !found.IsList && column.Name != definition.Label.Column)
                problems.Add($"the column '{column.Name}' holds single values, and is read as lists; read it with Text or Number");
            else if (column.IsList && !found.IsList)
                problems.Add($"the column '{column.Name}' holds single values, and a label of any number of classes is a list; if each example has one class, use f.LabelClass");
            else if (found.IsList && !column.IsList && column.Name == definition.Label.Column)
                problems.Add($"the column '{column.Name}' holds lists, and the label is one value; if each example has any number of classes, use f.LabelClasses");
            else if (found.IsList && !column.IsList)
                problems.Add($"the column '{column.Name}' holds lists, and is read as single values; read it with Texts(\"{column.Name}\") or Numbers(\"{column.Name}\")");
            else if (found.Type == ColumnType.Bytes)
                problems.Add($"the column '{column.Name}' holds bytes that are not text; make texts or numbers of them before, or leave it out of the features");
            else if (column.Type != ColumnType.Text && found.Type == ColumnType.Text)
                problems.Add($"the column '{column.Name}' holds texts, not numbers; if single values are wrong, give the column its type when it is ingested, Column.Named(\"{column.Name}\").Of(ColumnType.Real), and they are rejected with file and line; if texts are right, read it as Text(\"{column.Name}\").ToNumber()");
        }

        if (problems.Count > 0)
            throw new InvalidDataException($"The features do not fit the data: {string.Join("; ", problems)}. Columns: {string.Join(", ", types.Keys)}.");
    }
}
