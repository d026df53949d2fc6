using System.Globalization;
using Gyre.Data;

namespace Gyre.Statistics.RowSkew;

/// <summary>How two sets of examples are held against each other.</summary>
public sealed record RowSkewOptions
{
    /// <summary>The columns that say which example is which; together they must be unique in each set.</summary>
    public required IReadOnlyList<string> Identifiers { get; init; }

    /// <summary>Features that are not compared.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Real numbers are rounded to so many digits behind the point before they are compared; null compares all digits.</summary>
    public int? RoundDigits { get; init; }

    /// <summary>How many pairs that differ are shown.</summary>
    public int Samples { get; init; } = 10;
}

/// <summary>
/// Finds examples whose features differ between two sets, for example between training and serving, by joining them on
/// identifiers, as TensorFlow Data Validation's <c>detect_feature_skew</c> does.
/// </summary>
public static class RowSkewDetection
{
    const int MostDigits = 15;

    /// <summary>Holds one set against the other.</summary>
    /// <param name="baseFiles">Parquet files of the first set.</param>
    /// <param name="testFiles">Parquet files of the second set.</param>
    /// <param name="options">How to compare.</param>
    /// <param name="threads">How many threads may work; the result does not depend on it.</param>
    /// <param name="temporaryDirectory">Where the join may spill; null keeps all in memory.</param>
    /// <exception cref="InvalidDataException">An identifier is not there or not unique.</exception>
    public static RowSkewReport Detect(
        IReadOnlyList<string> baseFiles, IReadOnlyList<string> testFiles, RowSkewOptions options, int threads = 1, string? temporaryDirectory = null)
    {
        if (options.Identifiers.Count == 0)
            throw new InvalidDataException("There is no identifier. Expected at least one column that says which example is which.");
        if (options.RoundDigits is < 0 or > MostDigits)
            throw new InvalidDataException($"RoundDigits is {options.RoundDigits}. Expected 0 to {MostDigits}.");
        using var engine = new DataEngine(threads, temporaryDirectory);
        var one = new Side(engine, "base", baseFiles, options);
        var other = new Side(engine, "test", testFiles, options);
        var features = one.Columns.Keys.Concat(other.Columns.Keys.Where(name => !one.Columns.ContainsKey(name)))
            .Where(name => !options.Identifiers.Contains(name, StringComparer.Ordinal) && !options.Ignore.Contains(name, StringComparer.Ordinal)).ToList();
        engine.Execute($"CREATE TEMPORARY TABLE pairs AS SELECT {string.Join(", ", options.Identifiers.Select((_, index) => $"b.k{index}"))}"
            + string.Concat(features.Select((name, index) => $", {one.Value(name, options)} AS b{index}, {other.Value(name, options)} AS t{index}"))
            + $" FROM {one.Sql} b JOIN {other.Sql} t ON {string.Join(" AND ", options.Identifiers.Select((_, index) => $"b.k{index} = t.k{index}"))}");
        var pairs = engine.Scalar<long>("SELECT count(*) FROM pairs");
        return new RowSkewReport(
            pairs, one.Rows - pairs, other.Rows - pairs, one.Left + other.Left, [.. features.Select((name, index) => Count(engine, name, index))], Sample(engine, features, options));
    }

    static FeatureSkew Count(DataEngine engine, string name, int index)
    {
        var (b, t) = (string.Create(CultureInfo.InvariantCulture, $"b{index}"), string.Create(CultureInfo.InvariantCulture, $"t{index}"));
        return engine.Query(
            $"SELECT count({b}), count({t}), count(*) FILTER ({b} = {t}), count(*) FILTER ({b} IS NOT NULL AND {t} IS NULL), "
            + $"count(*) FILTER ({b} IS NULL AND {t} IS NOT NULL), count(*) FILTER ({b} <> {t}) FROM pairs",
            row => new FeatureSkew(name, row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5))).Single();
    }

    static List<SkewedPair> Sample(DataEngine engine, List<string> features, RowSkewOptions options)
    {
        if (options.Samples <= 0 || features.Count == 0)
            return [];
        var keys = options.Identifiers.Select((_, index) => string.Create(CultureInfo.InvariantCulture, $"k{index}")).ToList();
        var differs = string.Join(" OR ", features.Select((_, index) => $"b{index} IS DISTINCT FROM t{index}"));
        var values = string.Concat(features.Select((_, index) => $", CAST(b{index} AS VARCHAR), CAST(t{index} AS VARCHAR)"));
        return [.. engine.Query(
            $"SELECT {string.Join(", ", keys.Select(key => $"CAST({key} AS VARCHAR)"))}{values} FROM pairs WHERE {differs} ORDER BY {string.Join(", ", keys)} LIMIT {options.Samples}",
            row => new SkewedPair(
                [.. keys.Select((_, index) => row.GetString(index))],
                [.. features.Select((name, index) => new ValueDifference(name, Text(row, keys.Count + (2 * index)), Text(row, keys.Count + (2 * index) + 1)))
                    .Where(difference => difference.Base != difference.Test)]))];

        static string? Text(System.Data.Common.DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }

    /// <summary>One of the two sets.</summary>
    sealed class Side
    {
        readonly string _alias;

        public Side(DataEngine engine, string name, IReadOnlyList<string> files, RowSkewOptions options)
        {
            foreach (var file in files.Where(file => !File.Exists(file)))
                throw new FileNotFoundException($"There is no file {file}. Expected a Parquet file of examples.", file);
            _alias = name[..1];
            var source = $"read_parquet([{string.Join(", ", files.Select(SqlText.Literal))}], union_by_name = true)";
            Columns = engine.Query($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {source})", row => (Name: row.GetString(0), Type: row.GetString(1)))
                .ToDictionary(column => column.Name, column => column.Type, StringComparer.Ordinal);
            ParquetFile.RequireColumns(files[0], Columns.Keys, options.Identifiers);
            var keys = string.Join(", ", options.Identifiers.Select((key, index) => $"{Rounded(key, SqlText.Identifier(key), options)} AS k{index}"));
            var present = string.Join(" AND ", options.Identifiers.Select(key => $"{SqlText.Identifier(key)} IS NOT NULL"));
            Sql = $"(SELECT *, {keys} FROM {source} WHERE {present})";
            Rows = engine.Scalar<long>($"SELECT count(*) FROM {Sql}");
            Left = engine.Scalar<long>($"SELECT count(*) FROM {source}") - Rows;
            var groups = string.Join(", ", options.Identifiers.Select((_, index) => $"k{index}"));
            var twice = engine.Query(
                $"SELECT concat_ws(', ', {groups}), count(*) FROM {Sql} GROUP BY {groups} HAVING count(*) > 1 ORDER BY {groups} LIMIT 1", row => (Key: row.GetString(0), Count: row.GetInt64(1))).ToList();
            if (twice.Count > 0)
            {
                throw new InvalidDataException(
                    $"In the {name} examples, {string.Join(", ", options.Identifiers)} = {twice[0].Key} stands {twice[0].Count} times. "
                    + "Expected identifiers that name each example once: add a column to them.");
            }
        }

        public IReadOnlyDictionary<string, string> Columns { get; }

        public string Sql { get; }

        public long Rows { get; }

        /// <summary>Examples without identifier.</summary>
        public long Left { get; }

        /// <summary>A feature as it is compared; NULL where the set does not have it.</summary>
        public string Value(string feature, RowSkewOptions options) =>
            Columns.ContainsKey(feature) ? Rounded(feature, $"{_alias}.{SqlText.Identifier(feature)}", options) : "NULL";

        string Rounded(string column, string sql, RowSkewOptions options) => Columns[column] switch
        {
            "FLOAT" or "DOUBLE" when options.RoundDigits is { } digits => string.Create(CultureInfo.InvariantCulture, $"round(CAST({sql} AS DOUBLE), {digits})"),
            "FLOAT[]" or "DOUBLE[]" when options.RoundDigits is { } digits => string.Create(CultureInfo.InvariantCulture, $"list_transform({sql}, lambda x: round(CAST(x AS DOUBLE), {digits}))"),
            _ => sql,
        };
    }
}
