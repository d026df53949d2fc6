using System.Globalization;
using System.Text.Json;
using Gyre.Data;

namespace Gyre.Schemas;

/// <summary>Finds the rows behind anomalies: once per finding, one column of the examples is scanned.</summary>
static class OffendingRows
{
    const int LongestValue = 200;
    const int LevelsBelowRoot = 2;
    const string OriginsFile = "origins.parquet";
    const string OriginFilesFile = "origins.json";

    /// <summary>The first offenders of each finding, in the order of the rows.</summary>
    /// <param name="files">The Parquet files of one split, in order.</param>
    /// <param name="offences">What to look for.</param>
    /// <param name="most">How many examples of each are wanted.</param>
    /// <param name="threads">How many threads may work.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static IReadOnlyList<Offenders> Find(
        IReadOnlyList<string> files, IReadOnlyList<FoundOffence> offences, int most, int threads, CancellationToken cancellationToken)
    {
        if (offences.Count == 0 || most <= 0 || files.Count == 0)
            return [];
        using var engine = new DataEngine(threads);
        var sources = files.Select(file => (File: file, Columns: ParquetFile.Columns(engine, file).ToDictionary(column => column.Name, column => column.SqlType, StringComparer.Ordinal))).ToList();
        var result = new List<Offenders>();
        foreach (var (path, finding) in offences)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (path.Count != 1)
                continue;
            var found = new List<OffendingExample>();
            var before = 0L;
            foreach (var (file, columns) in sources)
            {
                if (found.Count < most && columns.TryGetValue(path[0], out var type))
                    found.AddRange(In(engine, file, path[0], type, finding.Offence!, most - found.Count, NamesOf(file), before));
                before += ParquetFile.Count(engine, file);
            }

            if (found.Count > 0)
                result.Add(new Offenders(SchemaFeatures.Serialize(path), AnomalyTypes.NameOf(finding.Type), found));
        }

        return result;
    }

    static List<OffendingExample> In(
        DataEngine engine, string file, string column, string type, Offence offence, int most, IReadOnlyList<string> names, long before)
    {
        var (condition, shown) = ConditionOf(SqlText.Identifier(column), type, offence);
        var origins = Path.Join(Path.GetDirectoryName(file), OriginsFile);
        var numbered = $"SELECT file_row_number AS number, {shown} AS shown FROM read_parquet({SqlText.Literal(file)}, file_row_number = true) WHERE {condition} ORDER BY file_row_number LIMIT {most.ToString(CultureInfo.InvariantCulture)}";
        var sql = File.Exists(origins)
            ? $"""
               WITH offenders AS ({numbered})
               SELECT number, shown, origin.file, origin.line FROM offenders
               LEFT JOIN read_parquet({SqlText.Literal(origins)}, file_row_number = true) AS origin ON origin.file_row_number = number ORDER BY number
               """
            : $"SELECT number, shown, NULL::INTEGER, NULL::BIGINT FROM ({numbered}) ORDER BY number";
        return
        [
            .. engine.Query(sql, row => new OffendingExample(
                row.IsDBNull(2) ? null : names.ElementAtOrDefault(row.GetInt32(2)),
                row.IsDBNull(3) ? null : row.GetInt64(3),
                before + row.GetInt64(0) + 1,
                column,
                row.IsDBNull(1) ? null : Cut(row.GetString(1)))),
        ];
    }

    /// <summary>Values of lists are judged one by one; the first that offends is shown.</summary>
    static (string Condition, string Shown) ConditionOf(string column, string type, Offence offence)
    {
        var isList = type.EndsWith("[]", StringComparison.Ordinal);
        switch (offence.Judged)
        {
            case Judged.Value when isList:
                var offending = $"list_filter({column}, lambda each: {offence.Condition("each")})";
                return ($"len({offending}) > 0", $"CAST({offending}[1] AS VARCHAR)");
            case Judged.Count:
                return (offence.Condition(isList ? $"len({column})" : $"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END"), $"CAST({column} AS VARCHAR)");
            default:
                return (offence.Condition(column), $"CAST({column} AS VARCHAR)");
        }
    }

    /// <summary>The names of the files that examples came from, by their index: they stand above the splits, and above spans.</summary>
    static IReadOnlyList<string> NamesOf(string parquet)
    {
        var directory = Path.GetDirectoryName(parquet);
        for (var level = 0; level < LevelsBelowRoot; level++)
        {
            directory = Path.GetDirectoryName(directory);
            if (directory is null)
                return [];
            var path = Path.Join(directory, OriginFilesFile);
            if (!File.Exists(path))
                continue;
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. document.RootElement.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString() ?? "")];
        }

        return [];
    }

    static string Cut(string value) => value.EnumerateRunes().Skip(LongestValue).Any()
        ? string.Concat(value.EnumerateRunes().Take(LongestValue)) + "…"
        : value;
}
