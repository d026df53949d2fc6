using System.Globalization;
using Gyre.Data;

namespace Gyre.Statistics.Cross;

/// <summary>The examples as a table in SQL, with its columns sorted by what can be done with them.</summary>
sealed class CrossSource
{
    public CrossSource(DataEngine engine, IReadOnlyList<string> files, CrossOptions options, string? condition = null)
    {
        foreach (var file in files.Where(file => !File.Exists(file)))
            throw new FileNotFoundException($"There is no file {file}. Expected a Parquet file of examples; was the artifact deleted?", file);
        var all = $"read_parquet([{string.Join(", ", files.Select(SqlText.Literal))}], union_by_name = true)";
        Sql = condition is null ? all : $"(SELECT * FROM {all} WHERE {condition})";
        var columns = engine.Query($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {Sql})", row => (Name: row.GetString(0), Type: row.GetString(1))).ToList();
        Require(files[0], [.. columns.Select(column => column.Name)], [.. options.Columns ?? [], .. Given(options.Label), .. Given(options.Weight)]);
        Rows = engine.Scalar<long>($"SELECT count(*) FROM {Sql}");
        Types = columns.ToDictionary(column => column.Name, column => column.Type, StringComparer.Ordinal);
        var others = columns.Where(column => column.Name != options.Label && column.Name != options.Weight
            && (options.Columns is null || options.Columns.Contains(column.Name, StringComparer.Ordinal))).ToList();
        Texts = [.. others.Where(column => IsText(column.Type)).Select(column => column.Name)];
        Numbers = [.. others.Where(column => IsNumber(column.Type)).Select(column => column.Name)];
        Skipped = [.. others.Where(column => !IsText(column.Type) && !IsNumber(column.Type))
            .Select(column => new SkippedColumn(column.Name, $"holds {column.Type}: only columns with one text or number to an example are held against others"))];
    }

    public string Sql { get; }

    public long Rows { get; }

    public IReadOnlyDictionary<string, string> Types { get; }

    public IReadOnlyList<string> Texts { get; }

    public IReadOnlyList<string> Numbers { get; }

    public IReadOnlyList<SkippedColumn> Skipped { get; }

    public static bool IsText(string type) => type == "VARCHAR";

    public static bool IsNumber(string type) => type is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "FLOAT" or "DOUBLE";

    public static bool IsWhole(string type) => IsNumber(type) && type is not ("FLOAT" or "DOUBLE");

    /// <summary>A column of numbers as a double.</summary>
    public static string Number(string column) => $"CAST({SqlText.Identifier(column)} AS DOUBLE)";

    /// <summary>A double as it must be written so that it means itself.</summary>
    public static string Literal(double value) => $"'{value.ToString("R", CultureInfo.InvariantCulture)}'::DOUBLE";

    static IEnumerable<string> Given(string? name) => name is null ? [] : [name];

    static void Require(string file, IReadOnlyList<string> known, IReadOnlyList<string> wanted) => ParquetFile.RequireColumns(file, known, wanted);
}
