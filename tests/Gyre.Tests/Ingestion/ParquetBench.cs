using Gyre.Data;
using Gyre.Ingestion;

namespace Gyre.Tests.Ingestion;

/// <summary>A directory with Parquet files and what reading them gives.</summary>
sealed class ParquetBench : IDisposable
{
    readonly CsvBench _bench = new();

    public static ParquetOptions Options { get; } = new() { Splits = CsvBench.OneSplit };

    public string Root => _bench.Root;

    public string Output => _bench.Output;

    public void Dispose() => _bench.Dispose();

    /// <summary>Has the data engine write the rows of a query.</summary>
    /// <param name="name">The name of the file.</param>
    /// <param name="query">The query.</param>
    /// <param name="options">Further options of the COPY statement.</param>
    public string Write(string name, string query, string options = "")
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var engine = new DataEngine();
        engine.Execute($"COPY ({query}) TO {SqlText.Literal(path)} (FORMAT parquet{options})");
        return path;
    }

    public string Write(string name, byte[] content) => _bench.Write(name, content);

    public byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Root, name));

    public IngestionResult Ingest(ParquetOptions options, params string[] names) => _bench.Ingest(options, names);

    public IngestionResult Ingest(params string[] names) => _bench.Ingest(Options, names);

    public string FileOf(string split) => _bench.FileOf(split);

    public string Rejected => _bench.Rejected;

    /// <summary>Name and SQL type of each column of the examples.</summary>
    public string Columns()
    {
        using var engine = new DataEngine();
        return string.Join(", ", ParquetFile.Columns(engine, FileOf("all")).Select(column => $"{column.Name} {column.SqlType}"));
    }

    /// <summary>The rows of the examples as the data engine shows them: values with | between, / between rows, ∅ where missing.</summary>
    public string Lines(string columns = "*")
    {
        using var engine = new DataEngine();
        return string.Join('/', engine.Query($"SELECT COLUMNS({columns})::VARCHAR FROM {ParquetFile.Source(FileOf("all"))}", row =>
            string.Join('|', Enumerable.Range(0, row.FieldCount).Select(column => row.IsDBNull(column) ? "∅" : row.GetString(column)))));
    }
}
