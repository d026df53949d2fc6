using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Testing;

namespace Gyre.Tests.Ingestion;

public sealed class IngestParquetComponent : IDisposable
{
    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    string Write(string name, string query)
    {
        var path = Path.Combine(_home.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var engine = new DataEngine();
        engine.Execute($"COPY ({query}) TO {SqlText.Literal(path)} (FORMAT parquet)");
        return path;
    }

    async Task<(RunResult Result, Output<Examples> Output)> RunAsync(IngestParquet component)
    {
        var pipeline = new Pipeline("test");
        var output = pipeline.Add(component);
        return (await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken), output);
    }

    [Fact]
    public async Task Makes_examples_of_all_files_that_a_pattern_means_and_runs_again_when_one_comes()
    {
        Write("in/year=2023/a[1].parquet", "SELECT i AS id, 'text ' || i AS words FROM range(700) AS rows(i)");
        Write("in/year=2024/b.parquet", "SELECT 'more ' || i AS words, i::INTEGER AS id FROM range(300) AS rows(i)");
        var pattern = Path.Combine(_home.Root, "in/*/*.parquet");

        var (result, output) = await RunAsync(new IngestParquet(pattern));
        var examples = _home.Artifact(result, output);
        (examples.Rows, examples.Rejected, examples.Splits.Count).ShouldBe((1000, 0, 2));
        ExampleReader.Columns(examples.FileOf("train")).ShouldBe([new ExampleColumn("id", ColumnType.Integer), new ExampleColumn("words", ColumnType.Text)]);
        (await RunAsync(new IngestParquet(pattern))).Result.Nodes.Single().State.ShouldBe(NodeState.Cached);

        Write("in/year=2024/c.parquet", "SELECT 1 AS id, 'x' AS words");
        (result, output) = await RunAsync(new IngestParquet(pattern));
        _home.Artifact(result, output).Rows.ShouldBe(1001);
    }

    [Fact]
    public async Task The_same_rows_split_alike_whether_they_come_from_parquet_or_csv()
    {
        var parquet = Write("rows.parquet", "SELECT i AS id, 'text ' || i AS words FROM range(500) AS rows(i)");
        var csv = _home.Write("rows.csv", "words,id\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"text {i},{i}\n")));
        var pipeline = new Pipeline("test");
        var (one, two) = (pipeline.Add(new IngestParquet(parquet)), pipeline.Add(new IngestCsv(csv) { Columns = ["id", "words"] }));

        var result = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        (await File.ReadAllBytesAsync(_home.Artifact(result, one).FileOf("eval"), TestContext.Current.CancellationToken))
            .ShouldBe(await File.ReadAllBytesAsync(_home.Artifact(result, two).FileOf("eval"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Unknown_columns_in_its_options_are_found_before_anything_runs()
    {
        var path = Write("rows.parquet", "SELECT 1 AS id");
        var failure = await Should.ThrowAsync<DefinitionException>(() => RunAsync(new IngestParquet(path) { RequireValues = ["tip"] }));
        failure.Message.ShouldContain("RequireValues names the column 'tip', which is not among the columns: id.");
    }

    [Fact]
    public async Task A_file_that_is_none_fails_the_node_by_name()
    {
        var path = _home.Write("rows.parquet", "id\n1\n");
        var (result, _) = await RunAsync(new IngestParquet(path));
        result.ExitCode.ShouldBe(1);
        result.Nodes.Single().Message!.ShouldContain("rows.parquet is no Parquet file: it begins with the bytes");
    }
}
