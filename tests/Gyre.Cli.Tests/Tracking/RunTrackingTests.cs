using Gyre.Cli.Tests.EndToEnd;

namespace Gyre.Cli.Tests.Tracking;

/// <summary>What is kept of runs, set side by side and shown, by real processes.</summary>
public sealed class RunTrackingTests : IDisposable
{
    readonly TestProgram _program = new();

    public RunTrackingTests() => File.WriteAllText(Path.Combine(_program.Root, "visits.csv"), TuningTests.Visits());

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Runs_are_compared_as_a_table_as_json_and_as_a_page()
    {
        await RunAsync();
        await RunAsync("--set", "train-model.trainer.epochs=3", "--set", "tune-model.seed=2");

        var table = await _program.RunAsync("runs", "compare", "r1", "r2");
        table.ExitCode.ShouldBe(0, table.ToString());
        table.Output.ShouldContain("train-model.eval_loss");
        table.Output.ShouldContain("train-model.trainer.epochs");
        table.Output.ShouldNotContain("train-model.trainSplit", customMessage: "what is the same in both is left out");
        (await _program.RunAsync("runs", "compare", "r1", "r2", "--all")).Output.ShouldContain("train-model.trainSplit");

        var runs = (await _program.RunAsync("runs", "compare", "r1", "r2", "--json")).Json.GetProperty("runs");
        runs[0].GetProperty("parameters").GetProperty("train-model.trainer.epochs").GetString().ShouldBe("9");
        runs[1].GetProperty("parameters").GetProperty("train-model.trainer.epochs").GetString().ShouldBe("3");
        runs[1].GetProperty("metrics").GetProperty("train-model.epochs").GetDouble().ShouldBe(3);
        runs[0].GetProperty("data").GetProperty("ingest-csv rows").GetString().ShouldBe("400");
        runs[0].GetProperty("environment").GetProperty("gyre").GetString().ShouldNotBeEmpty();
        runs[0].GetProperty("curves")[0].GetProperty("training").GetProperty("epochs").GetArrayLength().ShouldBe(9);

        var page = Path.Combine(_program.Root, "page.html");
        (await _program.RunAsync("runs", "compare", "r1", "r2", "--html", page)).ExitCode.ShouldBe(0);
        var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        html.ShouldContain("Curves of train-model");
        html.ShouldContain("<polyline class=\"curve s1\"");
        html.ShouldNotContain("https://");
    }

    [Fact]
    public async Task Trainings_and_searches_have_pages_of_their_own()
    {
        await RunAsync();
        var artifacts = (await _program.RunAsync("show", "r1", "--json")).Json.GetProperty("executions").EnumerateArray()
            .SelectMany(execution => execution.GetProperty("outputs").EnumerateArray()).DistinctBy(output => output.GetProperty("type").GetString(), StringComparer.Ordinal).ToDictionary(output => output.GetProperty("type").GetString()!, output => output.GetProperty("artifact").GetString()!);
        foreach (var (type, expected) in new[] { ("Model", "largest difference of model.onnx to the trainer"), ("Hyperparameters", "trained to its end") })
        {
            var page = Path.Combine(_program.Root, $"{type}.html");
            var ended = await _program.RunAsync("show", artifacts[type], "--html", page);
            ended.ExitCode.ShouldBe(0, ended.ToString());
            (await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken)).ShouldContain(expected);
        }

        (await File.ReadAllTextAsync(Path.Combine(_program.Root, "Model.html"), TestContext.Current.CancellationToken)).ShouldContain("found by a search; given was");
        (await _program.RunAsync("show", "r1", "--html", "x.html")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Curves_are_written_for_TensorBoard()
    {
        await RunAsync();
        var logs = Path.Combine(_program.Root, "logs");
        var ended = await _program.RunAsync("runs", "export", "--tensorboard", logs);

        ended.ExitCode.ShouldBe(0, ended.ToString());
        Directory.GetFiles(Path.Combine(logs, "r1", "train-model"), "events.out.tfevents.*").ShouldHaveSingleItem();
        Directory.GetDirectories(Path.Combine(logs, "r1", "tune-model")).Length.ShouldBe(12);
    }

    [Fact]
    public async Task Runs_that_are_not_there_or_trained_nothing_are_named()
    {
        await _program.RunAsync("--only", "start");
        (await _program.RunAsync("runs", "compare", "r1", "r9")).Error.ShouldContain("There is no run 'r9'");
        (await _program.RunAsync("runs", "compare", "r1", "r1")).Error.ShouldContain("The run 'r1' is named twice");
        (await _program.RunAsync("runs", "export", "r1", "--tensorboard", "logs")).Error.ShouldContain("There is no training in r1");
        (await _program.RunAsync("runs", "compare", "r1")).ExitCode.ShouldBe(0);
    }

    async Task RunAsync(params string[] more)
    {
        var ended = await _program.RunAsync(["--tune", Path.Combine(_program.Root, "journal.txt"), "--data", "visits.csv", "--milliseconds", "0", .. more]);
        ended.ExitCode.ShouldBe(0, ended.ToString());
    }
}
