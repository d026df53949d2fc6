using System.Globalization;
using Gyre.Data;

namespace Gyre.Statistics.Cross;

/// <summary>
/// Columns of categories as whole numbers, in a table of the engine, so that counting pairs touches two small columns
/// instead of two columns of text.
/// </summary>
sealed class CategoryCodes
{
    const string Table = "category_codes";
    const string LabelColumn = "label";

    readonly DataEngine _engine;
    readonly IReadOnlyList<string> _expressions;

    CategoryCodes(DataEngine engine, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> values, IReadOnlyList<string> expressions, int labels)
    {
        (_engine, _expressions) = (engine, expressions);
        (Columns, Values, Labels) = (columns, values, labels);
    }

    /// <summary>The names of the columns that are categories.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>For each column its values in the order of their bytes; a value's place is its code.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Values { get; }

    /// <summary>How many codes the label has; 0 without one.</summary>
    public int Labels { get; }

    /// <summary>The code of a row's category, over the examples' own table; NULL when it has none.</summary>
    public string SqlOf(int column) => _expressions[column];

    public static CategoryCodes Create(DataEngine engine, CrossSource source, LabelCodes? label, CrossOptions options, List<SkippedColumn> skipped, CancellationToken cancellation)
    {
        var (columns, values, expressions) = (new List<string>(), new List<IReadOnlyList<string>>(), new List<string>());
        var estimates = Estimates(engine, source);
        foreach (var (index, column) in source.Texts.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            if (columns.Count >= options.MaxTexts)
            {
                skipped.Add(new SkippedColumn(column, $"comes after the first {options.MaxTexts} columns of categories (MaxTexts)"));
                continue;
            }

            // The estimate is off by a few per cent; where it says twice as many, nobody has to count.
            var names = estimates[index] > 2L * options.MaxDistinct ? [] : ValuesOf(engine, source, column, options.MaxDistinct);
            if (estimates[index] > 2L * options.MaxDistinct || names.Count > options.MaxDistinct)
            {
                skipped.Add(new SkippedColumn(column, $"has more than {options.MaxDistinct} different texts (MaxDistinct), so it is no category"));
                continue;
            }

            expressions.Add(Make(engine, source, column, string.Create(CultureInfo.InvariantCulture, $"values_{columns.Count}")));
            columns.Add(column);
            values.Add(names);
        }

        List<string> selected = [.. expressions.Select((sql, index) => $"{sql} AS {Name(index)}"), .. label is null ? [] : new[] { $"{label.Sql} AS {LabelColumn}" }];
        if (selected.Count > 0)
            engine.Run($"CREATE OR REPLACE TEMPORARY TABLE {Table} AS SELECT {string.Join(", ", selected)} FROM {source.Sql}", cancellation);
        return new CategoryCodes(engine, columns, values, expressions, label?.Names.Count ?? 0);
    }

    /// <summary>The different texts of a column, in the order of their bytes; one more than <paramref name="most"/> when there are more. The empty text is none.</summary>
    public static IReadOnlyList<string> ValuesOf(DataEngine engine, CrossSource source, string column, int most)
    {
        var name = SqlText.Identifier(column);
        return [.. engine.Query($"SELECT DISTINCT {name} AS value FROM {source.Sql} WHERE {name} <> '' ORDER BY value LIMIT {most + 1}", row => row.GetString(0))];
    }

    /// <summary>Makes a type of a column's values and gives the expression of their codes.</summary>
    public static string Make(DataEngine engine, CrossSource source, string column, string type)
    {
        var name = SqlText.Identifier(column);
        engine.Execute($"CREATE TYPE {type} AS ENUM (SELECT DISTINCT {name} AS value FROM {source.Sql} WHERE {name} <> '' ORDER BY value)");
        return $"CAST(enum_code(TRY_CAST(NULLIF({name}, '') AS {type})) AS USMALLINT)";
    }

    /// <summary>How often each pair of two columns' values stands together, over the examples in which both have one.</summary>
    public ContingencyTable Pair(int x, int y)
    {
        var cells = new long[Values[x].Count * Values[y].Count];
        foreach (var (row, column, count) in Grouped(Name(x), Name(y)))
        {
            if (row >= 0 && column >= 0)
                cells[(row * Values[y].Count) + column] = count;
        }

        return new ContingencyTable(cells, Values[y].Count);
    }

    /// <summary>The same against the label; the last row is that of examples without a value, the last column that of those without a label.</summary>
    public long[] WithLabel(int x)
    {
        var columns = Labels + 1;
        var cells = new long[(Values[x].Count + 1) * columns];
        foreach (var (row, column, count) in Grouped(Name(x), LabelColumn))
            cells[((row < 0 ? Values[x].Count : row) * columns) + (column < 0 ? Labels : column)] = count;
        return cells;
    }

    IEnumerable<(int X, int Y, long Count)> Grouped(string x, string y) => _engine.Query(
        $"SELECT {x} AS x, {y} AS y, count(*) FROM {Table} GROUP BY ALL", row => (Code(row, 0), Code(row, 1), row.GetInt64(2)));

    static int Code(System.Data.Common.DbDataReader row, int column) => row.IsDBNull(column) ? -1 : row.GetFieldValue<ushort>(column);

    static long[] Estimates(DataEngine engine, CrossSource source) => source.Texts.Count == 0
        ? []
        : engine.Query(
            $"SELECT {string.Join(", ", source.Texts.Select(column => $"approx_count_distinct({SqlText.Identifier(column)})"))} FROM {source.Sql}",
            row => source.Texts.Select((_, index) => row.GetInt64(index)).ToArray()).Single();

    static string Name(int column) => string.Create(CultureInfo.InvariantCulture, $"c{column}");
}
