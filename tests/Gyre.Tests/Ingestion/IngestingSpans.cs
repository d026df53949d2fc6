using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Testing;

namespace Gyre.Tests.Ingestion;

public sealed class IngestingSpans : IDisposable
{
    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    string Pattern => Path.Combine(_home.Root, "in/span-{SPAN}.csv");

    void Deliver(int span, string value = "1", int rows = 40) => _home.Write(
        $"in/span-{span}.csv", "id,value,text\n" + string.Concat(Enumerable.Range(0, rows).Select(row => $"{span}-{row},{value},t{row}\n")));

    async Task<(NodeOutcome Node, Examples? Examples)> RunAsync(SpanSelection spans, long maxRejected = 0, SplitPlan? splits = null)
    {
        var pipeline = new Pipeline("test");
        var output = pipeline.Add(new IngestCsv(Pattern) { Spans = spans, MaxRejected = maxRejected, Splits = splits ?? Split.ByHash(("train", 3), ("eval", 1)) });
        var result = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var node = result.Nodes.Single();
        return (node, node.EndedWell ? _home.Artifact(result, output) : null);
    }

    int SpansRead => _home.Events.OfType<NodeProgressed>().Count(happened => happened.Progress.Message?.StartsWith("reading ", StringComparison.Ordinal) == true);

    [Fact]
    public async Task The_newest_span_alone_lies_where_examples_always_lie()
    {
        Deliver(1);
        Deliver(2);

        var (_, examples) = await RunAsync(Span.Latest);

        examples!.Spans.ShouldBe([new ExampleSpan(2, 0)]);
        (examples.Properties["span"].AsInteger(), examples.Properties["version"].AsInteger(), examples.Rows).ShouldBe((2, 0, 40));
        examples.FileOf("train").ShouldBe(examples.PathOf("Split-train/examples.parquet"));
        ExampleReader.Read(examples.FilesOf("train")).SelectMany(batch => batch.Text("id")).ShouldAllBe(id => id!.StartsWith("2-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_window_holds_a_file_of_each_span_and_rolls_on_reading_only_the_new_one()
    {
        Deliver(1);
        Deliver(2);
        Deliver(3);
        var (_, first) = await RunAsync(Span.Rolling(3));
        SpansRead.ShouldBe(3);

        Deliver(4);
        var (_, second) = await RunAsync(Span.Rolling(3));

        SpansRead.ShouldBe(4);
        first!.Spans.Select(span => span.Span).ShouldBe([1, 2, 3]);
        second!.Spans.Select(span => span.Span).ShouldBe([2, 3, 4]);
        second.SpanFilesOf("train").Select(span => span.File).ShouldBe(second.FilesOf("train"));
        second.FilesOf("eval")[0].ShouldBe(second.PathOf("Span-2/Split-eval/examples.parquet"));
        Should.Throw<InvalidOperationException>(() => second.FileOf("train")).Message.ShouldContain("has 3 files, one of each span");
        second.Rows.ShouldBe(120);
        second.Splits.Sum(split => ExampleReader.Count(second.FilesOf(split))).ShouldBe(120);
        ExampleReader.Read(second.FilesOf("train")).SelectMany(batch => batch.Text("id")).Select(id => id![0]).ToList().ShouldBeInOrder();
        (await File.ReadAllBytesAsync(second.FilesOf("train")[0], TestContext.Current.CancellationToken))
            .ShouldBe(await File.ReadAllBytesAsync(first.FilesOf("train")[1], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Equal_spans_of_several_artifacts_share_their_place_on_the_disk()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("counts names of files as Unix does");
        Deliver(1);
        Deliver(2);
        var (_, window) = await RunAsync(Span.Rolling(2));
        var (_, single) = await RunAsync(Span.Of(2));

        var names = await NamesOf(window!.FilesOf("train")[1]);
        names.ShouldBe(await NamesOf(single!.FileOf("train")));
        names.ShouldEndWith(" 3", Case.Sensitive, "the memo and both artifacts");

        static async Task<string> NamesOf(string path)
        {
            using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("ls", ["-li", path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var parts = (await stat.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return $"{parts[0]} {parts[2]}";
        }
    }

    [Fact]
    public async Task Touching_a_file_changes_nothing_and_an_edit_of_equal_size_is_a_new_version()
    {
        Deliver(1, "1");
        var (first, before) = await RunAsync(Span.Latest);
        File.SetLastWriteTimeUtc(Pattern.Replace("{SPAN}", "1", StringComparison.Ordinal), new DateTime(2031, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var (touched, _) = await RunAsync(Span.Latest);
        Deliver(1, "2");
        var (edited, after) = await RunAsync(Span.Latest);

        (first.State, touched.State, edited.State).ShouldBe((NodeState.Complete, NodeState.Cached, NodeState.Complete));
        after!.Fingerprint.ShouldNotBe(before!.Fingerprint);
    }

    [Theory]
    [InlineData("1", "2", ColumnType.Integer, "1", "2")]
    [InlineData("1", "2.50", ColumnType.Real, "1", "2.5")]
    [InlineData("1.50", "x", ColumnType.Text, "1.50", "x")]
    [InlineData("12", "00501", ColumnType.Text, "12", "00501")]
    [InlineData("", "7", ColumnType.Integer, null, "7")]
    [InlineData("1.50", "", ColumnType.Real, "1.5", null)]
    [InlineData("", "", ColumnType.Text, null, null)]
    public async Task Types_are_those_of_all_rows_of_the_window_and_lose_nothing(string first, string second, ColumnType expected, string? firstRead, string? secondRead)
    {
        Deliver(1, first);
        Deliver(2, second);

        var (_, examples) = await RunAsync(Span.Range(1, 2));

        ExampleReader.Columns(examples!.FilesOf("train")).ShouldBe([new("id", ColumnType.Text), new("value", expected), new("text", ColumnType.Text)]);
        foreach (var (file, value) in examples.FilesOf("train").Zip([firstRead, secondRead]))
            ExampleReader.Read(file).SelectMany(batch => batch.Text("value")).ShouldAllBe(read => read == value);
    }

    [Fact]
    public async Task Rejected_rows_of_all_spans_count_together_and_stand_in_one_list()
    {
        Deliver(1);
        Deliver(2);
        await File.AppendAllTextAsync(Path.Combine(_home.Root, "in/span-1.csv"), "broken\n", TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(Path.Combine(_home.Root, "in/span-2.csv"), "broken,too\n", TestContext.Current.CancellationToken);

        var (failed, _) = await RunAsync(Span.Range(1, 2), maxRejected: 1);
        var (_, examples) = await RunAsync(Span.Range(1, 2), maxRejected: 2);

        failed.Message!.ShouldContain("2 rows of 2 spans were rejected, more than the 1 that MaxRejected allows: 1 in span 1");
        examples!.Rejected.ShouldBe(2);
        var lines = await File.ReadAllLinesAsync(examples.PathOf("rejected.csv"), TestContext.Current.CancellationToken);
        lines.Length.ShouldBe(3);
        lines[1].ShouldContain("span-1.csv\",42,1");
        lines[2].ShouldContain("span-2.csv\",42,");
    }

    [Fact]
    public async Task Every_example_of_a_window_knows_its_file_and_line()
    {
        Deliver(1);
        Deliver(2);
        Deliver(3);

        var (_, examples) = await RunAsync(Span.Rolling(3));

        using var engine = new DataEngine();
        using var index = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(examples!.PathOf("origins.json"), TestContext.Current.CancellationToken));
        var files = index.RootElement.GetProperty("files").EnumerateArray().ToList();
        files.Select(file => file.GetProperty("span").GetInt64()).ShouldBe([1, 2, 3]);
        foreach (var (_, _, file) in examples.SpanFilesOf("eval"))
        {
            var origins = Path.Join(Path.GetDirectoryName(file), "origins.parquet");
            var places = engine.Query($"SELECT file, line FROM read_parquet('{origins}')", row => (File: row.GetInt32(0), Line: row.GetInt64(1))).ToList();
            var ids = ExampleReader.Read(file).SelectMany(batch => batch.Text("id")).ToList();
            places.Count.ShouldBe(ids.Count);
            foreach (var (place, id) in places.Zip(ids))
                File.ReadLines(files[place.File].GetProperty("name").GetString()!).ElementAt((int)place.Line - 1).ShouldStartWith($"{id},");
        }
    }

    [Fact]
    public async Task A_span_may_lack_rows_of_a_split_as_long_as_the_window_has_some()
    {
        _home.Write("in/span-1.csv", "date\n2015-01-01\n2015-01-02\n");
        _home.Write("in/span-2.csv", "date\n2015-02-01\n");
        var splits = Split.ByTime("date", ("train", "2015-02-01"), ("eval", null));

        var (_, both) = await RunAsync(Span.Range(1, 2), splits: splits);
        var (one, _) = await RunAsync(Span.Of(1), splits: splits);

        (both!.RowsOf("train"), both.RowsOf("eval")).ShouldBe((2, 1));
        ExampleReader.Count(both.FilesOf("eval")).ShouldBe(1);
        one.Message!.ShouldContain("The split 'eval' got none of the 2 examples");
    }

    [Fact]
    public async Task Spans_of_other_columns_are_an_error_that_names_both()
    {
        Deliver(1);
        _home.Write("in/span-2.csv", "id,value,other\nx,1,2\n");

        var (node, _) = await RunAsync(Span.Range(1, 2));

        node.Message!.ShouldContain("has other columns than span 1");
        node.Message!.ShouldContain("it also has 'other'; it lacks 'text'");
    }

    [Fact]
    public async Task Columns_in_another_order_are_the_same_columns()
    {
        Deliver(1);
        _home.Write("in/span-2.csv", "text,id,value\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"t,2-{row},5\n")));

        var (_, examples) = await RunAsync(Span.Range(1, 2));

        ExampleReader.Columns(examples!.FilesOf("train")).Select(column => column.Name).ShouldBe(["id", "value", "text"]);
    }

    [Fact]
    public async Task A_missing_span_fails_the_node_and_the_plan_with_a_message()
    {
        Deliver(1);
        var pipeline = new Pipeline("test");
        pipeline.Add(new IngestCsv(Pattern) { Spans = Span.Of(5) });

        var (node, _) = await RunAsync(Span.Of(5));
        var plan = new Planner(_home.Home).Plan(pipeline, new RunOptions());

        node.Message!.ShouldContain("has no span 5. There are the spans 1.");
        (plan[0].Action, plan[0].Reason.Contains("has no span 5", StringComparison.Ordinal)).ShouldBe((PlannedAction.Fail, true));
    }
}
