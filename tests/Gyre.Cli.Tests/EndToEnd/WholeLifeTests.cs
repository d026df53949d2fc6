using System.Net.Http.Json;
using System.Text.Json;

namespace Gyre.Cli.Tests.EndToEnd;

/// <summary>From a new project to a served model, as a newcomer does it.</summary>
[Trait("Category", "Slow")]
public sealed class WholeLifeTests(NewProject project) : IClassFixture<NewProject>
{
    [Fact]
    public void The_first_run_ends_with_a_pushed_model_and_says_how_to_serve_and_ask_it()
    {
        var output = project.FirstRun.Output;

        output.ShouldContain("evaluate-model on eval");
        output.ShouldContain("cafe-visits/1 is pushed to .gyre/serving/cafe-visits/1");
        output.ShouldContain("serve it  bin/program/cafe-visits serve");
        output.ShouldContain("ask it    curl -d @.gyre/serving/cafe-visits/1/example.json http://localhost:8501/v1/models/cafe-visits:predict");
    }

    [Fact]
    public async Task A_second_run_is_all_cached_and_names_the_model_again()
    {
        var ended = await project.RunAsync("--json");

        ended.Json.GetProperty("nodes").EnumerateArray().ShouldAllBe(node => node.GetProperty("state").GetString() == "cached");
        ended.Json.GetProperty("pushed")[0].GetProperty("name").GetString().ShouldBe("cafe-visits");
        ended.Json.GetProperty("evaluations").GetProperty("evaluate-model").GetProperty("model").GetProperty("auc").GetDouble().ShouldBeGreaterThan(0.6);
    }

    [Fact]
    public async Task Lineage_of_the_pushed_model_names_the_file_every_execution_and_all_parameters()
    {
        var ended = await project.RunAsync("lineage", "--json");

        var ancestors = ended.Json.GetProperty("ancestors");
        var file = ancestors.GetProperty("artifacts").EnumerateArray().Single(artifact => artifact.GetProperty("type").GetString() == "ExternalFile");
        file.GetProperty("uri").GetString().ShouldBe(project.File("visits.csv"));
        file.GetProperty("fingerprint").GetString().ShouldBe(Gyre.Artifacts.ContentFingerprint.Of(project.File("visits.csv")));
        var executions = ancestors.GetProperty("executions").EnumerateArray().ToList();
        executions.Select(execution => execution.GetProperty("node").GetString()).Order(StringComparer.Ordinal).ShouldBe(
            ["compute-statistics", "evaluate-model", "fit-transform", "infer-schema", "ingest-csv", "push-model", "register-model", "train-model", "validate-examples"]);
        executions.ShouldAllBe(execution => execution.GetProperty("gyreVersion").GetString()!.Length > 0 && execution.GetProperty("parameters").ValueKind == JsonValueKind.Object);
        var text = (await project.RunAsync("lineage", "cafe-visits/1")).Output;
        text.ShouldContain("visits.csv");
        text.ShouldContain("by train-model e");
        text.ShouldContain("push-model e");
    }

    [Fact]
    public async Task The_file_can_be_looked_at_and_held_against_a_schema()
    {
        (await project.RunAsync("stats", "visits.csv")).Output.ShouldContain("wait_minutes");
        (await project.RunAsync("stats")).Output.ShouldContain("train: ");
        (await project.RunAsync("schema", "infer", "visits.csv", "--output", "schema.pbtxt")).ExitCode.ShouldBe(0);
        (await project.RunAsync("validate", "visits.csv", "--schema", "schema.pbtxt")).ExitCode.ShouldBe(0);
        var newest = await project.RunAsync("validate");
        newest.ExitCode.ShouldBe(0, newest.ToString());
        newest.Output.ShouldContain(" ExampleStatistics against the schema a");
        (await project.RunAsync("validate", "visits.csv", "--schema", newest.Output.Split('\n')[0].Split(' ')[^1])).ExitCode.ShouldBe(0);
        (await project.RunAsync("validate", "visits.csv", "--schema", "a1")).Error.ShouldContain("a1 is an ExternalFile. Expected a Schema.");
        await File.WriteAllTextAsync(project.File("new.csv"), (await File.ReadAllTextAsync(project.File("visits.csv"), TestContext.Current.CancellationToken)).Replace("espresso", "lemonade", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var ended = await project.RunAsync("validate", "new.csv", "--schema", "schema.pbtxt", "--json");

        ended.ExitCode.ShouldBe(3);
        ended.Json.GetProperty("valid").GetBoolean().ShouldBeFalse();
        ended.Json.GetProperty("splits")[0].GetProperty("anomalies")[0].GetProperty("feature").GetString().ShouldBe("drink");
    }

    [Fact]
    public async Task The_evaluation_and_the_registry_can_be_read()
    {
        (await project.RunAsync("evaluate")).Output.ShouldContain("drink = tea");
        (await project.RunAsync("evaluate", "cafe-visits", "--json")).Json.GetProperty("report").GetProperty("blessed").GetBoolean().ShouldBeTrue();
        (await project.RunAsync("model", "list", "--json")).Json[0].GetProperty("name").GetString().ShouldBe("cafe-visits");
        (await project.RunAsync("model", "show", "cafe-visits", "1")).Output.ShouldContain("wait_minutes (number)");
        (await project.RunAsync("model", "compare", "cafe-visits/1", "cafe-visits/1")).Output.ShouldContain("Both are the same model.");
        (await project.RunAsync("model", "show", "nobody")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Predictions_of_a_file_are_those_of_the_server()
    {
        await File.WriteAllTextAsync(project.File("few.csv"), "comment,wait_minutes,drink,weekday,other\nlovely place,3,tea,mon,x\n,,,,\n", TestContext.Current.CancellationToken);
        var batch = await project.RunAsync("predict", "few.csv", "--model", "cafe-visits", "--json");
        using var server = project.Start("serve", "--port", "0");
        var address = (await server.UntilAsync("serving ")).Split(' ')[^1];
        using var client = new HttpClient { BaseAddress = new Uri(address) };

        var answer = await client.PostAsJsonAsync(
            new Uri("v1/models/cafe-visits:predict", UriKind.Relative),
            new { instances = new object[] { new { comment = "lovely place", wait_minutes = 3, drink = "tea", weekday = "mon" }, new { } } },
            TestContext.Current.CancellationToken);

        batch.ExitCode.ShouldBe(0, batch.ToString());
        var served = (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("predictions").EnumerateArray().Select(Probability).ToList();
        batch.Json.GetProperty("predictions").EnumerateArray().Select(value => value.GetSingle()).ShouldBe(served);
        server.Signal(TestProgram.Interrupt);
        (await server.EndAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Predictions_are_written_whole_or_not_at_all()
    {
        var written = await project.RunAsync("predict", "visits.csv", "--model", "cafe-visits/1", "--output", "scores.csv");
        var missing = await project.RunAsync("predict", "few-columns.csv", "--model", "cafe-visits", "--output", "none.csv");

        written.ExitCode.ShouldBe(0, written.ToString());
        var lines = await File.ReadAllLinesAsync(project.File("scores.csv"), TestContext.Current.CancellationToken);
        lines[0].ShouldBe("row,probability");
        lines.Length.ShouldBe(801);
        (await project.RunAsync("predict", "visits.csv", "--json")).Json.GetProperty("model").GetString().ShouldBe("cafe-visits");
        missing.ExitCode.ShouldBe(1);
        missing.Error.ShouldContain("few-columns.csv");
        File.Exists(project.File("none.csv")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_version_that_waits_for_review_is_pushed_after_it_was_approved_and_not_before()
    {
        var program = await File.ReadAllTextAsync(project.File("Program.cs"), TestContext.Current.CancellationToken);
        try
        {
            await File.WriteAllTextAsync(project.File("Program.cs"), program.Replace("\"cafe-visits\"));", "\"reviewed\") { Review = true });", StringComparison.Ordinal), TestContext.Current.CancellationToken);
            await project.BuildAsync();

            var waiting = await project.RunAsync("--home", "other");
            waiting.ExitCode.ShouldBe(3, waiting.ToString());
            waiting.Output.ShouldContain("waits for a review");
            (await project.RunAsync("model", "approve", "reviewed/1", "--home", "other")).ExitCode.ShouldBe(2);
            (await project.RunAsync("model", "reject", "reviewed", "1", "--reason", "not yet", "--home", "other")).ExitCode.ShouldBe(0);
            (await project.RunAsync("--home", "other")).ExitCode.ShouldBe(3);
            (await project.RunAsync("model", "approve", "reviewed/1", "--reason", "good enough", "--home", "other")).Output.ShouldContain("approved");
            (await project.RunAsync("--home", "other")).ExitCode.ShouldBe(0);
            var list = await project.RunAsync("model", "show", "reviewed/1", "--json", "--home", "other");

            list.Json.GetProperty("version").GetProperty("state").GetString().ShouldBe("approved, pushed");
            list.Json.GetProperty("version").GetProperty("decisions").EnumerateArray().Select(decision => decision.GetProperty("reason").GetString()).ShouldBe(["good enough", "not yet"]);
        }
        finally
        {
            await File.WriteAllTextAsync(project.File("Program.cs"), program, TestContext.Current.CancellationToken);
            await project.BuildAsync();
        }
    }

    [Theory]
    [InlineData("lineage r1", "'r1' is the name of a run. Expected an artifact (a45) or a model (NAME or NAME/VERSION): 'show r1'")]
    [InlineData("show nobody", "There is no model 'nobody'. 'model list' tells what there is")]
    [InlineData("stats r1", "'r1' is the name of a run. Expected a file, or an artifact")]
    [InlineData("logs a1", "'a1' is the name of an artifact. Expected an execution")]
    [InlineData("model approve a1", "a1 is an ExternalFile. Expected a version of a model")]
    public async Task A_name_of_another_kind_is_answered_with_what_it_is(string arguments, string expected)
    {
        var ended = await project.RunAsync(arguments.Split(' '));

        ended.ExitCode.ShouldBe(2, ended.ToString());
        ended.Error.ShouldContain(expected);
    }

    [Fact]
    public async Task A_rejected_version_that_is_pushed_is_said_to_be_served_still_and_lineage_tells_the_decision()
    {
        await project.RunAsync("--home", "rejected");
        var artifact = (await project.RunAsync("model", "list", "--json", "--home", "rejected")).Json[0].GetProperty("artifact").GetString()!;

        var ended = await project.RunAsync("model", "reject", artifact, "--reason", "stale [data]", "--home", "rejected");

        ended.Output.ShouldContain("It is still served from rejected/serving/cafe-visits/1");
        (await project.RunAsync("lineage", "--home", "rejected")).Output.ShouldContain(": stale [data]");
    }

    [Fact]
    public async Task Init_overwrites_nothing()
    {
        var ended = await project.RunAsync("init", ".");

        ended.ExitCode.ShouldBe(2);
        ended.Error.ShouldContain("nothing is overwritten");
    }

    static float Probability(JsonElement prediction) => prediction.ValueKind == JsonValueKind.Number ? prediction.GetSingle() : prediction.GetProperty("probability").GetSingle();
}
