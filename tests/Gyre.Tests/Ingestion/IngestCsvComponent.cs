using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Testing;

namespace Gyre.Tests.Ingestion;

public sealed class IngestCsvComponent : IDisposable
{
    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    static string Rows(int count) => "id,text\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"{i},text {i}\n"));

    Task<RunResult> RunAsync(IngestCsv component) => RunAsync(component, out _);

    Task<RunResult> RunAsync(IngestCsv component, out Output<Examples> examples)
    {
        var pipeline = new Pipeline("test");
        examples = pipeline.Add(component);
        return _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
    }

    async Task<string> MessageOfFailedRunAsync(IngestCsv component)
    {
        var result = await RunAsync(component);
        result.ExitCode.ShouldBe(1);
        return result.Nodes.Single().Message!;
    }

    [Fact]
    public async Task Makes_examples_with_splits_counts_and_files()
    {
        var path = _home.Write("rows.csv", Rows(1000) + "broken\n,none\n");

        var result = await RunAsync(new IngestCsv(path) { MaxRejected = 1, RequireValues = ["id"] }, out var output);
        var examples = _home.Artifact(result, output);

        examples.Splits.ShouldBe(["train", "eval"]);
        (examples.Rows, examples.Rejected, examples.Filtered).ShouldBe((1000, 1, 1));
        (examples.RowsOf("train") + examples.RowsOf("eval")).ShouldBe(1000);
        examples.RowsOf("eval").ShouldBe(ExampleReader.Count(examples.FileOf("eval")));
        (await File.ReadAllTextAsync(examples.PathOf("rejected.csv"), TestContext.Current.CancellationToken)).ShouldContain("rows.csv\",1002,1,\"found 1 fields");
        Should.Throw<ArgumentException>(() => examples.FileOf("test")).Message.ShouldContain("There is no split 'test'. Splits: train, eval.");
        _home.Events.OfType<NodeProgressed>().ShouldContain(happened => happened.Progress.Rows > 0);
    }

    [Fact]
    public async Task Runs_again_when_a_file_changes_or_comes_and_not_otherwise()
    {
        _home.Write("in/1.csv", Rows(100));
        IngestCsv Component() => new(Path.Combine(_home.Root, "in/*.csv"));
        async Task<(NodeState, long)> StateAsync()
        {
            var result = await RunAsync(Component(), out var output);
            return (result.Nodes.Single().State, _home.Artifact(result, output).Rows);
        }

        (await StateAsync()).ShouldBe((NodeState.Complete, 100));
        (await StateAsync()).ShouldBe((NodeState.Cached, 100));
        _home.Write("in/2.csv", Rows(7));
        (await StateAsync()).ShouldBe((NodeState.Complete, 107));
        _home.Write("in/1.csv", Rows(101));
        (await StateAsync()).ShouldBe((NodeState.Complete, 108));
        (await StateAsync()).ShouldBe((NodeState.Cached, 108));
    }

    [Fact]
    public async Task The_same_rows_have_the_same_fingerprint_in_every_home()
    {
        using var other = new TemporaryHome();
        var path = _home.Write("rows.csv", Rows(5000));
        var (first, second) = (new Pipeline("test"), new Pipeline("test"));
        var (one, two) = (first.Add(new IngestCsv(path)), second.Add(new IngestCsv(path)));

        var here = await _home.RunAsync(first, workers: 1, cancellationToken: TestContext.Current.CancellationToken);
        var there = await other.RunAsync(second, workers: 4, cancellationToken: TestContext.Current.CancellationToken);

        other.Artifact(there, two).Fingerprint.ShouldBe(_home.Artifact(here, one).Fingerprint);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        (await MessageOfFailedRunAsync(new IngestCsv(Path.Combine(_home.Root, "none.csv")))).ShouldContain("none.csv");
        (await MessageOfFailedRunAsync(new IngestCsv(Path.Combine(_home.Root, "none-*.csv")))).ShouldContain("none-*.csv");
    }

    [Fact]
    public async Task Bad_rows_fail_the_node_with_their_places_and_nothing_is_published()
    {
        var path = _home.Write("rows.csv", Rows(10) + "a\nb,c,d\n");

        var message = await MessageOfFailedRunAsync(new IngestCsv(path));

        message.ShouldContain("2 of 12 rows were rejected");
        message.ShouldContain($"{path}:12:1: found 1 fields. Expected 2");
        message.ShouldContain($"{path}:13:3: found 3 fields. Expected 2");
        Directory.EnumerateFiles(_home.Root, "*.parquet", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public void Wrong_options_are_definition_errors_all_told_at_once()
    {
        var path = _home.Write("rows.csv", Rows(10));
        var pipeline = new Pipeline("test");
        pipeline.Add(new IngestCsv(path) { Splits = Split.ByHash(), Delimiter = "", MaxRejected = -1 });
        pipeline.Add(new IngestCsv(path) { Id = "other", RequireValues = ["idd"], SplitBy = ["txt"] });

        var errors = pipeline.Check().Select(error => error.ToString()).ToList();

        errors.Count.ShouldBe(5);
        errors.ShouldContain("other: RequireValues names the column 'idd', which is not among the columns: id, text. Correct the name, or add the column.");
    }

    [Fact]
    public void Its_columns_are_known_before_it_runs_if_the_file_is_there()
    {
        IReadOnlyCollection<string>? Known(IngestCsv component) => component.KnownColumns(new DefinitionCheck(component, []), component.Outputs);
        var path = _home.Write("rows.csv", Rows(1));

        Known(new IngestCsv(path)).ShouldBe(["id", "text"]);
        Known(new IngestCsv(path) { Columns = [Column.Named("number").From("id")] }).ShouldBe(["number"]);
        Known(new IngestCsv(path + ".none")).ShouldBeNull();
        Known(new IngestCsv(_home.Write("empty.csv", ""))).ShouldBeNull();
    }

    [Fact]
    public void Every_option_is_part_of_the_parameters()
    {
        var pipeline = new Pipeline("test");
        pipeline.Add(new IngestCsv("rows.csv")
        {
            Columns = ["a", Column.Named("b").From("B", "Bee").Of(ColumnType.Integer).WithNullTokens("N/A")],
            Types = new Dictionary<string, ColumnType> { ["a"] = ColumnType.Text },
            SplitBy = ["a"],
            Entry = "x*.csv",
        });

        pipeline.ToSpec().Nodes[0].Parameters.ToJsonString().ShouldBe(
            """{"columns":[{"name":"a","nullTokens":[],"sources":["a"]},{"name":"b","nullTokens":["N/A"],"sources":["B","Bee"],"type":"integer"}],"""
            + """ "delimiter":",","encoding":"utf-8","entry":"x*.csv","header":true,"maxRejected":0,"nullTokens":[""],"path":"rows.csv","quote":"\u0022","requireValues":[],"spans":{"$type":"RollingSpans","count":1,"exclude":[],"skipRecent":0,"start":0},"splitBy":["a"],"""[1..]
            + """ "splits":[{"buckets":9,"name":"train"},{"buckets":1,"name":"eval"}],"types":{"a":"text"}}"""[1..]);
    }
}
