namespace Gyre.Data;

/// <summary>What a Parquet file says about itself.</summary>
static class ParquetFile
{
    /// <summary>The columns with their SQL types, in order.</summary>
    public static IReadOnlyList<(string Name, string SqlType)> Columns(DataEngine engine, string path)
    {
        Require(path);
        return [.. engine.Query(
            $"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {Source(path)})", row => (row.GetString(0), row.GetString(1)))];
    }

    public static long Count(DataEngine engine, string path)
    {
        Require(path);
        return engine.Scalar<long>($"SELECT num_rows FROM parquet_file_metadata({SqlText.Literal(path)})");
    }

    /// <summary>The file as a table in SQL. Its rows come in order.</summary>
    public static string Source(string path) => $"read_parquet({SqlText.Literal(path)})";

    /// <summary>Several files of the same columns as one table in SQL. Their rows come in order, one file after the other.</summary>
    public static string Source(IReadOnlyList<string> paths) =>
        paths is [var only] ? Source(only) : $"read_parquet([{string.Join(", ", paths.Select(SqlText.Literal))}])";

    /// <summary>Reports columns that the file does not have, all at once.</summary>
    public static void RequireColumns(string path, IEnumerable<string> present, IEnumerable<string> wanted)
    {
        var known = present.ToList();
        var missing = wanted.Where(name => !known.Contains(name, StringComparer.Ordinal)).ToList();
        if (missing.Count > 0)
            throw new InvalidDataException($"{path} has no column {string.Join(", ", missing.Select(name => $"'{name}'"))}. Its columns: {string.Join(", ", known)}.");
    }

    static void Require(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}. Expected a Parquet file of examples; was the artifact deleted?", path);
    }
}
