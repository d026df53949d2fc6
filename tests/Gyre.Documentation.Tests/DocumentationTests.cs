using System.Text.Json;

namespace Gyre.Documentation.Tests;

public sealed class DocumentationTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("gyre-docs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_tutorial_runs_to_a_pushed_model_and_a_second_run_does_nothing()
    {
        var program = MarkdownProgram.Compile("docs/tutorial.md", "tutorial");

        var first = program.Run(_folder);
        first.ExitCode.ShouldBe(0, first.Output);
        File.Exists(Path.Combine(_folder, ".gyre", "serving", "parcels", "1", "model.onnx")).ShouldBeTrue();
        var counts = Directory.GetFiles(Path.Combine(_folder, ".gyre", "artifacts"), "counts.txt", SearchOption.AllDirectories).ShouldHaveSingleItem();
        File.ReadAllText(counts).ShouldContain("leave");

        var second = program.Run(_folder, "run", "--json");
        second.ExitCode.ShouldBe(0, second.Output);
        using var summary = JsonDocument.Parse(second.Output);
        summary.RootElement.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("state").GetString()).Distinct().ShouldBe(["cached"]);
    }

    [Fact]
    public void A_whole_pipeline_writes_nothing_into_the_user_s_own_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps the user's folder elsewhere.");
        var userHome = Directory.CreateDirectory(Path.Combine(_folder, "user")).FullName;

        var run = MarkdownProgram.Compile("docs/tutorial.md", "tutorial_alone").Run(_folder, userHome, []);

        run.ExitCode.ShouldBe(0, run.Output);
        Directory.EnumerateFileSystemEntries(userHome, "*", SearchOption.AllDirectories).ShouldBeEmpty("telemetry of a native library would leave its files here");
    }

    [Fact]
    public void The_example_of_the_page_about_training_is_blessed_and_pushed()
    {
        var program = MarkdownProgram.Compile("docs/training.md", "training");

        var run = program.Run(_folder);

        run.ExitCode.ShouldBe(0, run.Output);
        using var signature = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, ".gyre", "serving", "homes", "1", "signature.json")));
        signature.RootElement.GetProperty("label").GetProperty("classes").EnumerateArray().Select(name => name.GetString()).ShouldBe(["flat", "house", "villa"]);

        var shown = program.Run(_folder, "evaluate");
        shown.ExitCode.ShouldBe(0, shown.Output);
        shown.Output.ShouldContain("macro_f1");
        shown.Output.ShouldContain("is \\ taken for");
    }

    [Fact]
    public void The_features_of_the_transform_language_s_page_are_fitted()
    {
        var run = MarkdownProgram.Compile("docs/transform.md", "transform_page").Run(_folder);

        run.ExitCode.ShouldBe(0, run.Output);
        Directory.GetFiles(Path.Combine(_folder, ".gyre", "artifacts"), "transform.onnx", SearchOption.AllDirectories).ShouldHaveSingleItem();
    }

    [Fact]
    public void The_network_of_the_page_about_going_on_goes_on_from_the_week_before()
    {
        var program = MarkdownProgram.Compile("docs/warm-start.md", "warm_start");

        for (var week = 1; week <= 2; week++)
        {
            var run = program.Run(_folder);
            run.ExitCode.ShouldBe(0, run.Output);
        }

        var begun = program.Run(_folder, "logs", "e5");
        begun.Output.ShouldContain("There is no earlier model yet");
        var gone = program.Run(_folder, "logs", "e10");
        gone.Output.ShouldContain("The training goes on from the model a");
        gone.Output.ShouldContain("rows are taken over from the earlier model");
    }

    [Fact]
    public void The_search_of_the_page_about_tuning_runs_and_its_trials_can_be_looked_at()
    {
        File.WriteAllLines(Path.Combine(_folder, "visits.csv"), ["pages,shop,bought", .. Enumerable.Range(0, 600).Select(Row)]);
        var program = MarkdownProgram.Compile("docs/tuning.md", "tuning");

        var run = program.Run(_folder);

        run.ExitCode.ShouldBe(0, run.Output);
        using var shown = JsonDocument.Parse(program.Run(_folder, "show", "r1", "--json").Output);
        var search = shown.RootElement.GetProperty("executions").EnumerateArray().Single(execution => execution.GetProperty("node").GetString() == "tune-model");
        search.GetProperty("parts").GetArrayLength().ShouldBe(15);
        program.Run(_folder, "runs", "compare", "r1").Output.ShouldContain("train-model.eval_loss");

        static string Row(int i) => FormattableString.Invariant($"{i * 37 % 101},shop{i % 4},{((i * 37 % 101) + (i % 4 * 20) + (i * 53 % 41) > 90 ? 1 : 0)}");
    }

    [Fact]
    public void The_network_of_the_page_about_networks_learns_rings()
    {
        var random = new Random(5);
        File.WriteAllLines(Path.Combine(_folder, "shots.csv"), ["x,y,hit", .. Enumerable.Range(0, 1500).Select(_ => Row(random.NextDouble() - 0.5, random.NextDouble() - 0.5))]);
        var program = MarkdownProgram.Compile("docs/neural-networks.md", "networks");

        var run = program.Run(_folder);

        run.ExitCode.ShouldBe(0, run.Output);
        var file = Directory.GetFiles(Path.Combine(_folder, ".gyre", "artifacts"), "training.json", SearchOption.AllDirectories).ShouldHaveSingleItem();
        using var record = JsonDocument.Parse(File.ReadAllText(file));

        // No line parts a ring from what is within and around it.
        record.RootElement.GetProperty("epochs").EnumerateArray().Last().GetProperty("eval_auc").GetDouble().ShouldBeGreaterThan(0.95);

        static string Row(double x, double y) => FormattableString.Invariant($"{x:F4},{y:F4},{(Math.Sqrt((x * x) + (y * y)) is > 0.2 and < 0.4 ? 1 : 0)}");
    }

    [Fact]
    public void The_readme_s_pipeline_runs_to_a_pushed_model()
    {
        File.WriteAllLines(Path.Combine(_folder, "trips.csv"), ["miles,payment,tipped", .. Enumerable.Range(0, 600).Select(Row)]);
        var program = MarkdownProgram.Compile("README.md", "readme");

        var run = program.Run(_folder);

        run.ExitCode.ShouldBe(0, run.Output);
        File.Exists(Path.Combine(_folder, ".gyre", "serving", "tips", "1", "model.onnx")).ShouldBeTrue();

        static string Row(int i) => FormattableString.Invariant($"{i * 37 % 101 / 10.0},{(i % 3 == 0 ? "Cash" : "Card")},{(i % 3 != 0 && i * 37 % 101 > 30 ? 1 : 0)}");
    }
}
