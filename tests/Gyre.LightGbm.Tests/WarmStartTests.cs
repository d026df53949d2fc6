using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Schemas;
using Gyre.Statistics;
using Gyre.Testing;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.LightGbm.Tests;

public sealed class WarmStartTests : IDisposable
{
    static readonly FeatureSpec[] Features = [new("city", FeatureKind.OneHot, 12), new("price", FeatureKind.Number, 1), new("words", FeatureKind.Tokens, 50)];

    readonly string _directory = Directory.CreateTempSubdirectory("gyre-warm-").FullName;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(LearningTask.Binary)]
    [InlineData(LearningTask.Multiclass)]
    [InlineData(LearningTask.Multilabel)]
    [InlineData(LearningTask.Regression)]
    [InlineData(LearningTask.Ranking)]
    public void Going_on_from_ten_rounds_by_ten_more_is_twenty_rounds(LearningTask task)
    {
        var label = TrainerContract.LabelOf(task);
        var train = new MadeUpFeatures(Features, seed: 1).Make(1500, label);
        var input = TrainerContract.Input(Features, label, train, train);
        var ten = new LightGbmTrainer { Trees = 10 };
        using var whole = (ten with { Trees = 20 }).Train(input, Token);
        using var first = ten.Train(input, Token);
        first.SaveWarmStart(_directory);

        using var second = ten.Train(input with { WarmStart = _directory }, Token);

        // LightGBM's own sums of the first rounds are in other order, which is all that may differ.
        Largest(second.Predict(train), whole.Predict(train)).ShouldBeLessThan(task is LearningTask.Regression or LearningTask.Ranking ? 1e-3f : 1e-4f);
        second.Epochs.Count.ShouldBe(10);
        second.Epochs[^1].EvalLoss.ShouldBe(whole.Epochs[^1].EvalLoss, 1e-4 * Math.Max(1, whole.Epochs[^1].EvalLoss));
        using var graph = new FeatureGraph(second, Features, label);
        Largest(graph.Predict(train, 500), second.Predict(train)).ShouldBeLessThan(1e-5f);
    }

    [Fact]
    public void Early_stopping_keeps_the_earlier_trees_and_the_best_of_the_new()
    {
        var source = new MadeUpFeatures(Features, seed: 2);
        var (train, eval) = (source.Make(600, out _), source.Make(600, out _));
        var input = TrainerContract.Input(Features, train, eval);
        using var first = new LightGbmTrainer { Trees = 10 }.Train(input, Token);
        first.SaveWarmStart(_directory);

        using var second = new LightGbmTrainer { Trees = 300, LearningRate = 0.3, EarlyStopping = 5 }.Train(input with { WarmStart = _directory }, Token);

        TrainingMetrics.Auc(second.Predict(eval), eval.Labels).ShouldBe(second.Epochs.MinBy(epoch => epoch.EvalLoss)!.EvalAuc, 1e-9);
    }

    [Fact]
    public void Trees_of_other_columns_or_of_another_task_are_refused()
    {
        var binary = new MadeUpFeatures(Features, seed: 3).Make(300, out _);
        using var first = new LightGbmTrainer { Trees = 2 }.Train(TrainerContract.Input(Features, binary, binary), Token);
        first.SaveWarmStart(_directory);
        var regression = TrainerContract.LabelOf(LearningTask.Regression);
        var numbers = new MadeUpFeatures(Features, seed: 3).Make(300, regression);

        Should.Throw<InvalidDataException>(() => new LightGbmTrainer().Train(TrainerContract.Input(Features[..2], binary, binary) with { WarmStart = _directory }, Token))
            .Message.ShouldContain("looks at other columns");
        Should.Throw<InvalidDataException>(() => new LightGbmTrainer().Train(TrainerContract.Input(Features, regression, numbers, numbers) with { WarmStart = _directory }, Token))
            .Message.ShouldContain("was learnt by 'binary' with 1 trees in a round. Expected 'regression' with 1");
    }

    [Fact]
    public async Task A_pipeline_goes_on_from_a_model_of_the_same_transform_only()
    {
        using var home = new TemporaryHome();
        var random = new Random(4);
        var rows = Enumerable.Range(0, 900).Select(_ => (Size: random.Next(100), Noise: random.Next(30))).Select(row => $"{row.Size},{(row.Size + row.Noise > 60 ? "Yes" : "No")}");
        var file = home.Write("rows.csv", "size,answer\n" + string.Join('\n', rows));
        var pipeline = new Pipeline("warm");
        var examples = pipeline.Add(new IngestCsv(file) { Splits = Split.ByHash(("train", 4), ("recent", 4), ("eval", 2)) });
        var schema = pipeline.Add(new InferSchema(pipeline.Add(new ComputeStatistics(examples))));
        var transform = pipeline.Add(new FitTransform(examples, schema, Define(100)));
        var trainer = new LightGbmTrainer { Trees = 15 };
        var first = pipeline.Add(new TrainModel(transform, trainer) { Id = "first" });
        var second = pipeline.Add(new TrainModel(transform, trainer) { Id = "second", TrainSplit = "recent", WarmStart = first });
        var other = pipeline.Add(new FitTransform(examples, schema, Define(50)) { Id = "other" });
        var third = pipeline.Add(new TrainModel(other, trainer) { Id = "third", WarmStart = first });

        var run = await home.RunAsync(pipeline, cancellationToken: Token);

        TreesOf(home.Artifact(run, second)).ShouldBe(2 * TreesOf(home.Artifact(run, first)));
        home.Artifact(run, second).LoadTraining().Parity.LargestDifference.ShouldBeLessThan(1e-6);
        run.Nodes.Single(node => node.NodeId == third.ToString()[..5]).Message!.ShouldContain("features of another fitted transform");

        static Action<FeatureBuilder> Define(double most) => f =>
        {
            f.Label("answer", "Yes");
            f.Output("size", f.Number("size").FillMissing(0).Clip(0, most));
        };

        static int TreesOf(Model model) => TreeText.Read(File.ReadAllText(Path.Combine(model.PathOf("warm_start"), "lightgbm.0.txt"))).Count;
    }

    static float Largest(float[] one, float[] other) => one.Zip(other, (a, b) => Math.Abs(a - b) / Math.Max(1, Math.Abs(b))).Max();
}
