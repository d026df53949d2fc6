using System.Globalization;
using System.Text.Json;
using Gyre.Cli.Terminal;
using Gyre.Ingestion;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Runners.Local;
using Gyre.Schemas;
using Gyre.Statistics;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Cli.Tests.Tracking;

/// <summary>What a training says of rare classes, of the epoch that it kept and of its features.</summary>
public sealed class ImbalanceTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gyre-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task With_class_weights_the_rare_class_is_found_more_often_and_both_runs_show_it()
    {
        var plain = await RunAsync(new LinearTrainer { L2 = 0.1 });
        var balanced = await RunAsync(new LinearTrainer { L2 = 0.1, ClassWeights = ClassWeights.Balanced });

        var (before, after) = (Training(plain).Outcome!, Training(balanced).Outcome!);
        before.Classes.Select(one => one.Name).ShouldBe(["no", "yes"]);
        before.Classes[1].Examples.ShouldBeInRange(before.Classes[0].Examples / 40, before.Classes[0].Examples / 10);
        before.Confusion!.Sum(row => row.Sum()).ShouldBe(Training(plain).EvalRows);
        before.Classes[1].Recall!.Value.ShouldBeLessThan(0.4);
        after.Classes[1].Recall!.Value.ShouldBeGreaterThan(before.Classes[1].Recall!.Value + 0.3);
        ((double)after.Confusion![1][1] / after.Classes[1].Examples).ShouldBe(after.Classes[1].Recall!.Value, 1e-12);
        ((double)after.Confusion[1][1] / after.Classes[1].Taken).ShouldBe(after.Classes[1].Precision!.Value, 1e-12);

        var runs = JsonDocument.Parse(await SayAsync("runs", "compare", "r1", "r2", "--json")).RootElement.GetProperty("runs");
        runs[0].GetProperty("classes").GetProperty("train-model recall of yes").GetDouble().ShouldBe(before.Classes[1].Recall!.Value);
        runs[1].GetProperty("classes").GetProperty("train-model recall of yes").GetDouble().ShouldBe(after.Classes[1].Recall!.Value);
        var table = await SayAsync("runs", "compare", "r1", "r2");
        table.ShouldContain("train-model recall of yes");
        table.ShouldContain("train-model precision of yes");
        table.ShouldContain("train-model.trainer.classWeights");

        var page = Path.Combine(_folder.FullName, "page.html");
        await SayAsync("show", balanced, "--html", page);
        var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        html.ShouldContain("<h2>Decisions on eval</h2>");
        html.ShouldContain("taken for yes");
        html.ShouldContain("deviation of the score");
        html.ShouldContain("most memory of the process");
        await SayAsync("runs", "compare", "r1", "r2", "--html", page);
        (await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken)).ShouldContain("train-model recall of yes");
    }

    [Fact]
    public async Task The_figures_are_those_of_the_epoch_that_was_kept()
    {
        var model = await RunAsync(new BackToTheSecond());

        var training = Training(model);
        training.KeptEpoch.ShouldBe(2);
        training.Kept!.EvalLoss.ShouldBe(0.4);
        JsonDocument.Parse(await SayAsync("runs", "compare", "r1", "--json")).RootElement.GetProperty("runs")[0].GetProperty("metrics")
            .GetProperty("train-model.eval_loss").GetDouble().ShouldBe(0.4);
        var page = Path.Combine(_folder.FullName, "page.html");
        await SayAsync("show", model, "--html", page);
        var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        html.ShouldContain("4, of which epoch 2 was kept");
        html.ShouldContain("class=\"ring s1\"");
        html.ShouldMatch("eval loss of the model</bdi></th><td[^>]*><bdi>0\\.4");
    }

    static string Rows()
    {
        var random = new Random(4);
        var lines = new List<string> { "pages,shop,bought" };
        for (var i = 0; i < 2000; i++)
        {
            var bought = random.NextDouble() < 0.05;
            var pages = (bought ? 2 : 0) + (random.NextDouble() * 5);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{pages:0.00},{"abc"[random.Next(3)]},{(bought ? "yes" : "no")}"));
        }

        return string.Join('\n', lines) + "\n";
    }

    /// <returns>The model that a run made.</returns>
    async Task<string> RunAsync(Trainer trainer)
    {
        var data = Path.Combine(_folder.FullName, "visits.csv");
        if (!File.Exists(data))
            await File.WriteAllTextAsync(data, Rows(), TestContext.Current.CancellationToken);
        using var home = Home.Open(HomeFolder);
        var pipeline = new Pipeline("visits");
        var examples = pipeline.Add(new IngestCsv(data) { Splits = Split.ByHash(("train", 1), ("eval", 1)) });
        var transform = pipeline.Add(new FitTransform(examples, pipeline.Add(new InferSchema(pipeline.Add(new ComputeStatistics(examples)))), f =>
        {
            f.Label("bought", "yes");
            f.Output("pages", f.Number("pages").FillMissing(0));
            f.Output("shop", f.Text("shop").Vocabulary(top: 5).OneHot());
        }));
        pipeline.Add(new TrainModel(transform, trainer));
        (await new LocalRunner(home).RunAsync(pipeline, new RunOptions(), TestContext.Current.CancellationToken)).Nodes.ShouldAllBe(node => node.EndedWell);
        return home.Store.Read(transaction => $"a{transaction.ArtifactsOfType("Model", limit: 1)[0].Id}");
    }

    TrainingRecord Training(string model)
    {
        using var home = Home.Open(HomeFolder);
        return TrainingRecord.Load(Path.Combine(home.Artifacts.PathOf(home.Store.Read(transaction => transaction.Artifact(int.Parse(model.AsSpan(1), CultureInfo.InvariantCulture))!.Uri)), "training.json"));
    }

    string HomeFolder => Path.Combine(_folder.FullName, "home");

    async Task<string> SayAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        var streams = new Streams { Output = output, Error = output, IsTerminal = false, ErrorIsTerminal = false };
        await new GyreApp([.. arguments, "--home", HomeFolder], streams, hasPipeline: false).RunAsync(() => throw new InvalidOperationException("no pipeline"));
        return output.ToString();
    }

    /// <summary>Has its best epoch in the middle and goes back to it.</summary>
    sealed record BackToTheSecond : Trainer
    {
        public override ITrainedModel Train(TrainingInput input, CancellationToken cancellationToken) => new Half();

        sealed class Half : ITrainedModel
        {
            public IReadOnlyList<EpochSummary> Epochs => [new(1, 0.7, 0.6, double.NaN), new(2, 0.6, 0.4, double.NaN), new(3, 0.5, 0.5, double.NaN), new(4, 0.4, 0.93, double.NaN)];

            public int? KeptEpoch => 2;

            public float[] Predict(FeatureSet features) => [.. Enumerable.Repeat(0.5f, features.Rows)];

            public string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features) =>
                graph.Node("Sigmoid", [graph.Node("Squeeze", [graph.Node("Mul", [features["pages"], graph.Scalar(0f)]), graph.Constant([1L])])]);

            public void Dispose()
            {
            }
        }
    }
}
