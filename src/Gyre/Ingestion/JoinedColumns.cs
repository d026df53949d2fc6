using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>The columns that hold the values of several readings: for each the narrowest type that loses nothing.</summary>
static class JoinedColumns
{
    /// <param name="results">For each reading where it came from, for messages, and what was found.</param>
    /// <exception cref="InvalidDataException">The readings have different columns.</exception>
    public static IReadOnlyList<ExampleColumn> Of(IReadOnlyList<(string Where, IngestionResult Result)> results)
    {
        var (first, names) = (results[0].Where, results[0].Result.Columns.Select(column => column.Name).ToList());
        foreach (var (where, result) in results.Skip(1))
        {
            var own = result.Columns.Select(column => column.Name).ToList();
            var (surplus, missing) = (own.Except(names, StringComparer.Ordinal).ToList(), names.Except(own, StringComparer.Ordinal).ToList());
            if (surplus.Count + missing.Count > 0)
            {
                throw new InvalidDataException(
                    $"{where} has other columns than {first}:{Listed(" it also has", surplus)}{(surplus.Count > 0 && missing.Count > 0 ? ";" : "")}{Listed(" it lacks", missing)}. "
                    + "Expected the same columns in all spans: correct the files, or choose with Columns what all have.");
            }
        }

        return [.. names.Select(name => Join(name, results.Select(each => each.Result)))];
    }

    /// <summary>Whole numbers are real numbers, all are texts, and all are bytes; a column without values is of any type; where some are lists, all are.</summary>
    static ExampleColumn Join(string name, IEnumerable<IngestionResult> results)
    {
        var own = results.Select(result => (Column: result.Columns.First(column => column.Name == name), IsOpen: result.ColumnsWithoutValues.Contains(name, StringComparer.Ordinal))).ToList();
        var types = own.Where(each => !each.IsOpen).Select(each => each.Column.Type).Distinct().ToList();
        var type = types switch
        {
            [] => own[0].Column.Type,
            [var only] => only,
            _ => types.Contains(ColumnType.Bytes) ? ColumnType.Bytes : types.Contains(ColumnType.Text) ? ColumnType.Text : ColumnType.Real,
        };
        return new ExampleColumn(name, type) { IsList = own.Any(each => each.Column.IsList) };
    }

    static string Listed(string text, List<string> names) => names.Count == 0 ? "" : $"{text} {string.Join(", ", names.Select(name => $"'{name}'"))}";
}
