using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Runners.Local;

namespace Gyre.Cli.Tests.EndToEnd;

/// <summary>Versions of data of a home, looked at by real processes.</summary>
public sealed class DataVerbTests : IDisposable
{
    readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    string In(string name) => Path.Combine(_program.Root, name);

    async Task IngestAsync(string path, SpanSelection? spans = null)
    {
        using var home = Home.Open(_program.Home);
        var pipeline = new Pipeline("test");
        pipeline.Add(new IngestCsv(path) { Spans = spans ?? Span.Latest, Splits = Split.ByHash(("train", 3), ("eval", 1)), MaxRejected = 1 });
        var result = await new LocalRunner(home).RunAsync(pipeline, new RunOptions(), TestContext.Current.CancellationToken);
        result.Nodes.Single().EndedWell.ShouldBeTrue(result.Nodes.Single().Message);
    }

    static string Rows(int first, int count) => string.Concat(Enumerable.Range(first, count).Select(i => $"{i},\"say \"\"{i}\"\", or\n{i % 3}\",{i / 4.0},{(i % 5 == 0 ? "" : "x")}\n"));

    async Task<string> VersionAsync(int newest = 0) => (await _program.RunAsync("data", "log", "--json")).Json[newest].GetProperty("id").GetString()!;

    [Fact]
    public async Task Log_and_show_tell_spans_rows_files_and_rejected_rows()
    {
        await File.WriteAllTextAsync(In("s1.csv"), "id,text,x,flag\n" + Rows(0, 40), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(In("s2.csv"), "id,text,x,flag\n" + Rows(40, 30) + "broken\n", TestContext.Current.CancellationToken);
        await IngestAsync(In("s{SPAN}.csv"), Span.Rolling(2));

        var log = (await _program.RunAsync("data", "log", "--json")).Json;
        var show = (await _program.RunAsync("data", "show", await VersionAsync(), "--json")).Json;
        var page = await _program.RunAsync("data", "show", await VersionAsync());

        log.GetArrayLength().ShouldBe(1);
        log[0].GetProperty("spans").GetArrayLength().ShouldBe(2);
        log[0].GetProperty("rejected").GetInt64().ShouldBe(1);
        log[0].GetProperty("rows").EnumerateObject().Sum(split => split.Value.GetInt64()).ShouldBe(70);
        show.GetProperty("columns").EnumerateArray().Select(column => $"{column.GetProperty("name")} {column.GetProperty("type")}").ShouldBe(["id BIGINT", "text VARCHAR", "x DOUBLE", "flag VARCHAR"]);
        show.GetProperty("origins").EnumerateArray().Select(origin => origin.GetProperty("span").GetInt64()).ShouldBe([1, 2]);
        show.GetProperty("rejected")[0].GetString()!.ShouldContain("s2.csv");
        page.ExitCode.ShouldBe(0);
        page.Output.ShouldContain("s1.csv");
        (await _program.RunAsync("data", "log")).Output.ShouldContain("1–2 (2 spans)");
    }

    [Fact]
    public async Task Diff_counts_rows_as_multisets_and_tells_columns_and_distributions()
    {
        await File.WriteAllTextAsync(In("data.csv"), "id,c,old\n1,a,0\n1,a,0\n2,b,0\n3,b,0\n" + string.Concat(Enumerable.Range(10, 40).Select(i => $"{i},a,0\n")), TestContext.Current.CancellationToken);
        await IngestAsync(In("data.csv"));
        await File.WriteAllTextAsync(In("data.csv"), "id,c,new\n1,a,0\n2,b,0\n4,b,0\n5,b,0\n" + string.Concat(Enumerable.Range(10, 40).Select(i => $"{i},a,0\n")), TestContext.Current.CancellationToken);
        await IngestAsync(In("data.csv"));
        var (before, after) = (await VersionAsync(1), await VersionAsync());

        var ended = await _program.RunAsync("data", "diff", before, after, "--json");
        ended.ExitCode.ShouldBe(0, ended.ToString());
        var difference = ended.Json.GetProperty("difference");
        var page = await _program.RunAsync("data", "diff", before, after);

        var overall = difference.GetProperty("overall");
        (overall.GetProperty("added").GetInt64(), overall.GetProperty("removed").GetInt64()).ShouldBe((2, 2));
        overall.GetProperty("addedRows").EnumerateArray().Select(row => row.GetString()).ShouldBe(["{\"id\":4,\"c\":\"b\"}", "{\"id\":5,\"c\":\"b\"}"]);
        overall.GetProperty("removedRows").EnumerateArray().Select(row => row.GetString()).ShouldBe(["{\"id\":1,\"c\":\"a\"}", "{\"id\":3,\"c\":\"b\"}"]);
        difference.GetProperty("columnsAdded")[0].GetProperty("name").GetString().ShouldBe("new");
        difference.GetProperty("columnsRemoved")[0].GetProperty("name").GetString().ShouldBe("old");
        difference.GetProperty("distributions").EnumerateArray().First(shift => shift.GetProperty("column").GetString() == "c").GetProperty("lInfinity").GetDouble().ShouldBe(1.0 / 44, 1e-12);
        page.Output.ShouldContain("column removed: old BIGINT");
        (await _program.RunAsync("data", "diff", after, after)).Output.ShouldNotContain("column removed");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    [InlineData("jsonl")]
    [InlineData("tfrecord")]
    public async Task What_is_exported_has_all_rows(string format)
    {
        await File.WriteAllTextAsync(In("data.csv"), "id,text,x,flag\n" + Rows(0, 60), TestContext.Current.CancellationToken);
        await IngestAsync(In("data.csv"));
        var first = await VersionAsync();

        var ended = await _program.RunAsync("data", "export", first, "--format", format, "-o", In($"out.{format}"), "--json");

        ended.ExitCode.ShouldBe(0, ended.ToString());
        ended.Json.GetProperty("rows").GetInt64().ShouldBe(60);
        if (format != "csv")
            return;
        await IngestAsync(In("out.csv"));
        var overall = (await _program.RunAsync("data", "diff", first, await VersionAsync(), "--json")).Json.GetProperty("difference").GetProperty("overall");
        (overall.GetProperty("added").GetInt64(), overall.GetProperty("removed").GetInt64(), overall.GetProperty("after").GetInt64()).ShouldBe((0, 0, 60));
    }

    [Fact]
    public async Task Wrong_names_are_usage_errors()
    {
        await File.WriteAllTextAsync(In("data.csv"), "id\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i}\n")), TestContext.Current.CancellationToken);
        await IngestAsync(In("data.csv"));

        (await _program.RunAsync("data", "show", "a999")).ExitCode.ShouldBe(2);
        (await _program.RunAsync("data", "export", await VersionAsync(), "--split", "none", "-o", In("x"))).Error.ShouldContain("has no split 'none'. Its splits: train, eval.");
        (await _program.RunAsync("data", "export", await VersionAsync(), "--format", "xls", "-o", In("x"))).ExitCode.ShouldBe(2);
    }
}
