using System.Text.Json;
using Gyre.Data;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Testing;
using Gyre.Tests.Transforms;
using Gyre.Training;
using Gyre.Transforms;
using Microsoft.Extensions.Logging;

namespace Gyre.Tests.Training;

public sealed class TrainModelTests
{
    static readonly string?[] Train = ["5,good cat,Yes", "7,bad dog,No", ",good the cat,Yes", "9,,No", "100,dog,", "3,bad good,No", "4,cat,Yes", "8,bad,No"];
    static readonly string?[] Eval = ["8,good zebra,Yes", "1,cat,", ",,No", "4,bad dog,No"];

    static readonly ExampleBatch Raw = new(3, new Dictionary<string, Array>(StringComparer.Ordinal)
    {
        ["count"] = new[] { 5, 5, double.NaN },
        ["words"] = new[] { "the good cat", "bad bad dog", null },
    });

    [Fact]
    public async Task One_file_leads_from_raw_columns_to_the_prediction()
    {
        using var home = new TemporaryHome();
        var (pipeline, output) = Build(new LinearTrainer());
        var run = await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var model = home.Artifact(run, output);

        using var loaded = new OnnxModel(model.GraphPath);
        loaded.Outputs.ShouldBe([OnnxModel.Probability]);
        var predictions = loaded.Predict(Raw);
        predictions[0].ShouldBeInRange(0.6f, 0.99f);
        predictions[1].ShouldBeInRange(0.01f, 0.4f);
        predictions[2].ShouldBeInRange(0.01f, 0.99f);

        var signature = ModelSignature.Load(model.PathOf(ModelSignature.FileName));
        signature.Inputs.ShouldBe([new SignatureInput("count", "number"), new SignatureInput("words", "text")]);
        signature.Label.Column.ShouldBe("answer");
        signature.Operators.ShouldContain("com.microsoft.Tokenizer");
        model.Properties["trainer"].ToString().ShouldBe("LinearTrainer");
    }

    [Fact]
    public async Task The_record_says_how_it_went()
    {
        using var home = new TemporaryHome();
        var (pipeline, output) = Build(new LinearTrainer());
        var run = await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var record = home.Artifact(run, output).LoadTraining();

        record.Trainer.ShouldBe("LinearTrainer");
        record.TrainRows.ShouldBe(7);
        record.EvalRows.ShouldBe(4);
        record.Epochs.Count.ShouldBeGreaterThan(2);
        record.Epochs[^1].TrainLoss.ShouldBeLessThan(record.Epochs[0].TrainLoss);
        record.Epochs[^1].EvalAuc.ShouldBeInRange(0, 1);
        record.Parity.Split.ShouldBe("eval");
        record.Parity.Rows.ShouldBe(4);
        record.Parity.LargestDifference.ShouldBeLessThan(1e-6);
    }

    [Fact]
    public async Task The_contract_of_components_is_held() =>
        (await ComponentContract.BreachesAsync(() => Build(new LinearTrainer { L1 = 0.1 }).Pipeline, TestContext.Current.CancellationToken)).ShouldBeEmpty();

    [Fact]
    public async Task Another_option_trains_anew_and_the_transform_stays()
    {
        using var home = new TemporaryHome();
        await home.RunAsync(Build(new LinearTrainer()).Pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var run = await home.RunAsync(Build(new LinearTrainer { L2 = 3 }).Pipeline, cancellationToken: TestContext.Current.CancellationToken);

        run.Nodes.Single(node => node.NodeId == "fit-transform").Reason.ShouldStartWith("same as");
        run.Nodes.Single(node => node.NodeId == "train-model").Reason.ShouldContain("l2");
    }

    [Fact]
    public async Task A_graph_that_does_not_say_what_the_trainer_computes_fails_the_node()
    {
        var message = await FailureAsync(new LyingTrainer());
        message.ShouldContain("for 2 of 4 examples, by up to 2.5E-001 (allowed: 1E-005)");
        message.ShouldContain("example 2: 0.5 instead of 0.75; example 4: 0.5 instead of 0.75");
    }

    [Fact]
    public async Task An_example_travels_with_the_model_only_when_asked_for()
    {
        using var home = new TemporaryHome();
        var (pipeline, output) = Build(new LinearTrainer());
        var run = await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        File.Exists(home.Artifact(run, output).PathOf("example.json")).ShouldBeFalse();

        (pipeline, output) = Build(new LinearTrainer(), inputExample: true);
        run = await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        using var example = JsonDocument.Parse(await File.ReadAllTextAsync(home.Artifact(run, output).PathOf("example.json"), TestContext.Current.CancellationToken));
        var instance = example.RootElement.GetProperty("instances")[0];
        instance.GetProperty("words").GetString().ShouldBe("good zebra");
        instance.GetProperty("count").GetDouble().ShouldBe(8);
    }

    [Fact]
    public async Task Without_an_eval_split_the_training_split_is_compared()
    {
        using var home = new TemporaryHome();
        var (pipeline, output) = Build(new LinearTrainer(), evalSplit: null);
        var run = await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var record = home.Artifact(run, output).LoadTraining();
        record.EvalRows.ShouldBe(0);
        record.Epochs[0].EvalLoss.ShouldBe(double.NaN);
        record.Parity.ShouldBe(new ParityRecord("train", 7, record.Parity.LargestDifference));
    }

    [Fact]
    public async Task A_split_that_is_not_there_is_named_with_those_that_are() =>
        (await FailureAsync(new LinearTrainer(), evalSplit: "test")).ShouldContain("There is no split 'test' among the transformed examples: train, eval.");

    [Fact]
    public void Wrong_options_are_found_before_anything_runs()
    {
        var errors = Build(new LinearTrainer { L2 = -1, MaxIterations = 0 }, evalSplit: "train").Pipeline.Check().Select(error => error.ToString()).ToList();
        errors.ShouldBe([
            "train-model: LinearTrainer.L2 is -1. Expected 0 or more.",
            "train-model: LinearTrainer.MaxIterations is 0. Expected at least 1.",
            "train-model: EvalSplit and TrainSplit are both 'train'. Watch progress on another split, or set EvalSplit = null.",
        ]);
    }

    static async Task<string> FailureAsync(Trainer trainer, string? evalSplit = "eval")
    {
        using var home = new TemporaryHome();
        var run = await home.RunAsync(Build(trainer, evalSplit).Pipeline, cancellationToken: TestContext.Current.CancellationToken);
        return run.Nodes.Single(node => node.NodeId == "train-model").Message!;
    }

    static (Pipeline Pipeline, Output<Model> Model) Build(Trainer trainer, string? evalSplit = "eval", bool inputExample = false)
    {
        var pipeline = new Pipeline("test");
        var source = pipeline.Add(new GiveExamples(Train, Eval));
        var transform = pipeline.Add(new FitTransform(source.Examples, source.Schema, Define));
        return (pipeline, pipeline.Add(new TrainModel(transform, trainer) { EvalSplit = evalSplit, InputExample = inputExample }));
    }

    static void Define(FeatureBuilder f)
    {
        f.Label("answer", "Yes");
        f.Output("words", f.Text("words").Lower().Tokens("[a-z]+").Vocabulary(top: 5));
        f.Output("count", f.Number("count").ScaleToZScore());
        f.Output("bucket", f.Number("count").Bucketize(2).OneHot());
    }

    /// <summary>Says a half in its graph, and something else for every second example.</summary>
    sealed record LyingTrainer : Trainer
    {
        public override ITrainedModel Train(TrainingInput input, CancellationToken cancellationToken)
        {
            input.Log.LogInformation("nothing is learnt here");
            return new Liar();
        }

        sealed class Liar : ITrainedModel
        {
            public IReadOnlyList<EpochSummary> Epochs => [new EpochSummary(1, 0.7, 0.7, 0.5)];

            public float[] Predict(FeatureSet features) => [.. Enumerable.Range(0, features.Rows).Select(row => row % 2 == 0 ? 0.5f : 0.75f)];

            public string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features)
            {
                var zeros = graph.Node("Mul", [graph.Node("Reshape", [graph.Cast(features["bucket"], OnnxType.Float), graph.Constant([-1L])]), graph.Scalar(0f)]);
                return graph.Node("Sigmoid", [zeros]);
            }

            public void Dispose()
            {
            }
        }
    }
}
