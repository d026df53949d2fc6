using System.Globalization;
using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>What differs between two versions of data.</summary>
/// <param name="ColumnsAdded">Columns that only the second has.</param>
/// <param name="ColumnsRemoved">Columns that only the first has.</param>
/// <param name="ColumnsRetyped">Columns of another type.</param>
/// <param name="Overall">Rows of all splits together.</param>
/// <param name="Splits">Rows of each split.</param>
/// <param name="Distributions">For each column of both how far its values' distribution moved, the farthest first.</param>
public sealed record DataDifference(
    IReadOnlyList<DataColumn> ColumnsAdded,
    IReadOnlyList<DataColumn> ColumnsRemoved,
    IReadOnlyList<RetypedColumn> ColumnsRetyped,
    RowDifference Overall,
    IReadOnlyList<RowDifference> Splits,
    IReadOnlyList<ColumnShift> Distributions)
{
    /// <summary>Compares two versions: rows as multisets, by the values of the columns that both have.</summary>
    /// <param name="before">The first.</param>
    /// <param name="after">The second.</param>
    /// <param name="samples">How many of the added and of the removed rows to show.</param>
    /// <param name="temporaryDirectory">Where work may wait that does not fit into memory.</param>
    public static DataDifference Between(DataVersion before, DataVersion after, int samples, string temporaryDirectory)
    {
        var (old, current) = (before.Columns(), after.Columns());
        var shared = old.Where(column => current.Any(other => other.Name == column.Name)).ToList();
        var retyped = shared.Select(column => new RetypedColumn(column.Name, column.Type, current.First(other => other.Name == column.Name).Type)).Where(column => column.Before != column.After).ToList();
        using var engine = new DataEngine(threads: 1, temporaryDirectory);
        var names = shared.Where(column => retyped.TrueForAll(other => other.Name != column.Name)).Select(column => column.Name).ToList();

        // Columns of another type are compared as texts.
        var values = shared.ConvertAll(column => names.Contains(column.Name, StringComparer.Ordinal) ? SqlText.Identifier(column.Name) : $"CAST({SqlText.Identifier(column.Name)} AS VARCHAR) AS {SqlText.Identifier(column.Name)}");
        if (values.Count == 0)
            throw new InvalidDataException($"'{before.Directory}' and '{after.Directory}' have no column in common, so their rows cannot be compared.");
        string Rows(DataVersion version, IEnumerable<string> splits)
        {
            var files = splits.SelectMany(version.FilesOf).ToList();
            return files.Count == 0
                ? $"(SELECT {string.Join(", ", values)} FROM {ParquetFile.Source(version.FilesOf(version.Splits[0]))} LIMIT 0)"
                : $"(SELECT {string.Join(", ", values)} FROM {ParquetFile.Source(files)})";
        }

        var all = (Before: Rows(before, before.Splits), After: Rows(after, after.Splits));
        var splits = before.Splits.Union(after.Splits, StringComparer.Ordinal).Select(split => Compare(
            engine, split, Rows(before, before.Splits.Where(name => name == split)), Rows(after, after.Splits.Where(name => name == split)), 0)).ToList();
        return new DataDifference(
            [.. current.Where(column => shared.TrueForAll(other => other.Name != column.Name))],
            [.. old.Where(column => !shared.Contains(column))],
            retyped,
            Compare(engine, "all", all.Before, all.After, samples),
            splits,
            [.. shared.Select(column => Shift(engine, column.Name, all.Before, all.After)).OrderByDescending(shift => shift.LInfinity).ThenBy(shift => shift.Column, StringComparer.Ordinal)]);
    }

    /// <summary>Rows are equal when all their values are; each is counted as often as it stands there.</summary>
    static RowDifference Compare(DataEngine engine, string split, string before, string after, int samples)
    {
        var (rowsBefore, rowsAfter) = (engine.Scalar<long>($"SELECT count(*) FROM {before}"), engine.Scalar<long>($"SELECT count(*) FROM {after}"));
        var added = engine.Scalar<long>($"SELECT count(*) FROM (SELECT * FROM {after} EXCEPT ALL SELECT * FROM {before})");
        return new RowDifference(split, rowsBefore, rowsAfter, added, rowsBefore - (rowsAfter - added), Some(after, before), Some(before, after));

        IReadOnlyList<string> Some(string one, string other) => samples == 0 ? [] : [.. engine.Query(
            string.Create(CultureInfo.InvariantCulture, $"SELECT CAST(to_json(difference) AS VARCHAR) AS row FROM (SELECT * FROM {one} EXCEPT ALL SELECT * FROM {other}) AS difference ORDER BY row LIMIT {samples}"),
            row => row.GetString(0))];
    }

    static ColumnShift Shift(DataEngine engine, string column, string before, string after)
    {
        var name = SqlText.Identifier(column);
        return engine.Query(
            $"""
            WITH one AS (SELECT CAST({name} AS VARCHAR) AS value, count(*) / sum(count(*)) OVER () AS share FROM {before} GROUP BY 1),
                 two AS (SELECT CAST({name} AS VARCHAR) AS value, count(*) / sum(count(*)) OVER () AS share FROM {after} GROUP BY 1),
                 joined AS (SELECT coalesce(one.value, two.value) AS value, coalesce(one.share, 0) AS p, coalesce(two.share, 0) AS q
                          FROM one FULL JOIN two ON one.value IS NOT DISTINCT FROM two.value)
            SELECT coalesce(max(abs(p - q)), 0), greatest(0, coalesce(sum((CASE WHEN p > 0 THEN p * log2(2 * p / (p + q)) ELSE 0 END + CASE WHEN q > 0 THEN q * log2(2 * q / (p + q)) ELSE 0 END) / 2), 0)),
                   arg_max(value, abs(p - q)), arg_max(p, abs(p - q)), arg_max(q, abs(p - q)) FROM joined
            """,
            row => new ColumnShift(column, row.GetDouble(0), row.GetDouble(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? 0 : row.GetDouble(3), row.IsDBNull(4) ? 0 : row.GetDouble(4))).First();
    }
}

/// <summary>A column whose type differs.</summary>
public sealed record RetypedColumn(string Name, string Before, string After);

/// <summary>Rows that differ, as multisets.</summary>
/// <param name="Split">The split, or «all».</param>
/// <param name="Before">How many rows the first has.</param>
/// <param name="After">How many the second has.</param>
/// <param name="Added">How many of the second the first lacks.</param>
/// <param name="Removed">How many of the first the second lacks.</param>
/// <param name="AddedRows">Some of the added rows, as JSON.</param>
/// <param name="RemovedRows">Some of the removed rows, as JSON.</param>
public sealed record RowDifference(
    string Split, long Before, long After, long Added, long Removed, IReadOnlyList<string> AddedRows, IReadOnlyList<string> RemovedRows);

/// <summary>How far a column's distribution moved; each value, also a missing one, counts as a category.</summary>
/// <param name="Column">The column.</param>
/// <param name="LInfinity">The largest difference between a value's shares.</param>
/// <param name="JensenShannon">The Jensen–Shannon divergence with the logarithm of base 2: 0 equal, 1 without anything in common.</param>
/// <param name="Value">The value whose share moved most; null for missing ones.</param>
/// <param name="Before">Its share in the first.</param>
/// <param name="After">Its share in the second.</param>
public sealed record ColumnShift(string Column, double LInfinity, double JensenShannon, string? Value, double Before, double After);
