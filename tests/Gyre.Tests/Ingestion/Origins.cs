using System.Text.Json.Nodes;
using Gyre.Data;
using Gyre.Ingestion;

namespace Gyre.Tests.Ingestion;

public sealed class Origins : IDisposable
{
    readonly CsvBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Of_every_example_say_from_which_line_of_which_file_it_came()
    {
        _bench.Write("one.csv", "a,b\n1,x\n\n2,\"y\ny\"\n3,z\n");
        _bench.Write("two.csv", "b,a\nbroken\nw,4\n");
        _bench.Ingest(CsvBench.Options with { MaxRejected = 1 }, "one.csv", "two.csv");

        using var engine = new DataEngine();
        engine.Query($"SELECT * FROM {ParquetFile.Source(Path.Combine(_bench.Output, "Split-all/origins.parquet"))}", row => (row.GetInt32(0), row.GetInt64(1)))
            .ShouldBe([(0, 2L), (0, 4L), (0, 6L), (1, 3L)]);
        ParquetFile.Columns(engine, Path.Combine(_bench.Output, "Split-all/origins.parquet")).ShouldBe([("file", "INTEGER"), ("line", "BIGINT")]);
        var files = JsonNode.Parse(File.ReadAllText(Path.Combine(_bench.Output, "origins.json")))!["files"]!.AsArray();
        files.Select(file => file!["name"]!.GetValue<string>()).ShouldBe(["one.csv", "two.csv"]);
        files[0]!.AsObject().Select(property => property.Key).ShouldBe(["name", "fingerprint", "span", "version"]);
    }

    [Fact]
    public void Line_up_with_the_examples_of_their_split()
    {
        var options = CsvBench.Options with { Splits = Split.ByHash(("train", 7), ("eval", 3)) };
        _bench.IngestText("line\n" + string.Concat(Enumerable.Range(2, 5000).Select(line => $"{line}\n")), options);

        using var engine = new DataEngine();
        foreach (var split in new[] { "train", "eval" })
        {
            var lines = engine.Query($"SELECT line FROM {ParquetFile.Source(Path.Combine(_bench.Output, $"Split-{split}/origins.parquet"))}", row => row.GetInt64(0)).ToList();
            lines.ShouldBe(engine.Query($"SELECT line FROM {ParquetFile.Source(_bench.FileOf(split))}", row => row.GetInt64(0)));
            lines.Count.ShouldBeGreaterThan(1000);
        }
    }
}
