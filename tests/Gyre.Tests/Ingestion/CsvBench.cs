using System.Text;
using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;

namespace Gyre.Tests.Ingestion;

/// <summary>A directory with CSV files and what reading them gives.</summary>
sealed class CsvBench : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-csv-");

    public static SplitPlan OneSplit { get; } = Split.ByHash(("all", 1));

    public static CsvOptions Options { get; } = new() { Splits = OneSplit };

    public string Root => _directory.FullName;

    public string Output => Path.Combine(Root, "output");

    public void Dispose() => _directory.Delete(recursive: true);

    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public IngestionResult Ingest(IngestionOptions options, params string[] names) => Ingest(options, _ => { }, CancellationToken.None, names);

    public IngestionResult Ingest(IngestionOptions options, Action<Progress> report, CancellationToken cancellation, params string[] names)
    {
        if (Directory.Exists(Output))
            Directory.Delete(Output, recursive: true);
        Directory.CreateDirectory(Output);
        return RowIngestion.Run(options, [.. names.Select(name => new SourceFile(Path.Combine(Root, name), name))], Output, report, cancellation);
    }

    public IngestionResult IngestText(string content, CsvOptions? options = null)
    {
        Write("data.csv", content);
        return Ingest(options ?? Options, "data.csv");
    }

    public byte[] Bytes(string split) => File.ReadAllBytes(FileOf(split));

    public string FileOf(string split) => Path.Combine(Output, Examples.RelativeFileOf(split));

    public string Rejected => File.ReadAllText(Path.Combine(Output, Examples.RejectedFile));

    /// <summary>The rows of a split, each with its values as texts.</summary>
    public List<string?[]> Rows(string split = "all")
    {
        var columns = ExampleReader.Columns(FileOf(split)).Select(column => column.Name).ToList();
        return [.. ExampleReader.Read(FileOf(split)).SelectMany(batch => Enumerable.Range(0, batch.Rows)
            .Select(row => columns.Select(column => batch.Text(column)[row]).ToArray()))];
    }

    /// <summary>The rows of a split, a line to each: values with | between, ∅ where missing.</summary>
    public string Lines(string split = "all") => string.Join('/', Rows(split).Select(row => string.Join('|', row.Select(value => value ?? "∅"))));
}
