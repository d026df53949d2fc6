using Gyre.Pipelines;
using Gyre.Testing;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Torch.Tests;

public sealed class WideAndDeepTests
{
    static readonly FeatureSpec Words = new("words", FeatureKind.Tokens, 400);
    static readonly FeatureSpec City = new("city", FeatureKind.OneHot, 12);
    static readonly FeatureSpec Shop = new("shop", FeatureKind.Category, 30);
    static readonly FeatureSpec Price = new("price", FeatureKind.Number, 1);

    [Fact]
    public void The_contract_of_trainers_is_held() =>
        TrainerContract.Breaches(() => new WideAndDeep { Epochs = 2, BatchSize = 32, EmbeddingSize = 6, HiddenLayers = [9, 4], WideSize = 3 }).ShouldBeEmpty();

    [Fact]
    public void The_contract_is_held_with_dropout_decay_and_the_best_epoch_kept() =>
        TrainerContract.Breaches(() => new WideAndDeep
        {
            Epochs = 3,
            BatchSize = 50,
            EmbeddingSize = 5,
            HiddenLayers = [7],
            Dropout = 0.4,
            WeightDecay = 0.1,
            EarlyStopping = 1,
            LearningRate = 0.01,
        }).ShouldBeEmpty();

    [Fact]
    public void The_contract_is_held_without_hidden_layers() =>
        TrainerContract.Breaches(() => new WideAndDeep { Epochs = 1, HiddenLayers = [] }).ShouldBeEmpty();

    [Fact]
    public void It_comes_close_to_the_best_attainable_ranking()
    {
        FeatureSpec[] features = [Words, City, Shop, Price];
        var source = new MadeUpFeatures(features, seed: 3);
        var train = source.Make(6000, out _);
        var eval = source.Make(2000, out var logOdds);
        var attainable = TrainingMetrics.Auc(logOdds, eval.Labels);

        attainable.ShouldBeInRange(0.85, 0.95);
        var aucs = new List<double>();
        for (var seed = 1; seed <= 3; seed++)
        {
            using var model = new WideAndDeep { Epochs = 5, Seed = seed }.Train(TrainerContract.Input(features, train, eval), TestContext.Current.CancellationToken);
            aucs.Add(TrainingMetrics.Auc(model.Predict(eval), eval.Labels));
            model.Epochs.Count.ShouldBe(5);
            model.Epochs[^1].EvalAuc.ShouldBe(aucs[^1], 1e-6);
            model.Epochs[^1].TrainLoss.ShouldBeLessThan(model.Epochs[0].TrainLoss);
        }

        ((aucs.Average() - 0.5) / (attainable - 0.5)).ShouldBeGreaterThan(0.9, $"AUC {string.Join(", ", aucs)} of {attainable:F4}");
    }

    [Fact]
    public void Two_one_hot_features_are_weighed_together()
    {
        // Only both together tell the label (exclusive or): a sum of weights per feature learns nothing.
        FeatureSpec[] features = [new("left", FeatureKind.OneHot, 2), new("right", FeatureKind.OneHot, 2)];
        var random = new Random(1);
        int[] left = [.. Enumerable.Range(0, 400).Select(_ => random.Next(2))];
        int[] right = [.. Enumerable.Range(0, 400).Select(_ => random.Next(2))];
        var examples = new FeatureSet
        {
            Rows = 400,
            Labels = [.. left.Zip(right, (a, b) => a == b ? 0f : 1f)],
            Numbers = new Dictionary<string, float[]>(StringComparer.Ordinal),
            Ids = new Dictionary<string, int[]>(StringComparer.Ordinal) { ["left"] = left, ["right"] = right },
            Tokens = new Dictionary<string, TokenLists>(StringComparer.Ordinal),
        };

        using var model = new WideAndDeep { Epochs = 20 }.Train(TrainerContract.Input(features, examples, examples), TestContext.Current.CancellationToken);

        TrainingMetrics.Auc(model.Predict(examples), examples.Labels).ShouldBe(1);
    }

    [Fact]
    public void Another_seed_gives_another_model()
    {
        FeatureSpec[] features = [Words, City];
        var source = new MadeUpFeatures(features, seed: 4);
        var train = source.Make(200, out _);
        using var one = new WideAndDeep { Epochs = 1, Seed = 1 }.Train(TrainerContract.Input(features, train, train), TestContext.Current.CancellationToken);
        using var other = new WideAndDeep { Epochs = 1, Seed = 2 }.Train(TrainerContract.Input(features, train, train), TestContext.Current.CancellationToken);
        one.Predict(train).ShouldNotBe(other.Predict(train));
    }

    [Fact]
    public void Stopping_early_goes_back_to_the_best_epoch()
    {
        FeatureSpec[] features = [Words, City];
        var source = new MadeUpFeatures(features, seed: 5);
        var train = source.Make(400, out _);
        var eval = source.Make(400, out _);

        var trainer = new WideAndDeep { Epochs = 60, LearningRate = 0.01, EarlyStopping = 3 };
        using var model = trainer.Train(TrainerContract.Input(features, train, eval), TestContext.Current.CancellationToken);

        var best = model.Epochs.MinBy(epoch => epoch.EvalLoss)!;
        model.Epochs.Count.ShouldBe(best.Epoch + 3);
        model.Epochs.Count.ShouldBeLessThan(60);
        TrainingMetrics.Auc(model.Predict(eval), eval.Labels).ShouldBe(best.EvalAuc, 1e-9);

        using var shorter = (trainer with { Epochs = best.Epoch, EarlyStopping = 0 }).Train(TrainerContract.Input(features, train, eval), TestContext.Current.CancellationToken);
        shorter.Predict(eval).ShouldBe(model.Predict(eval));
    }

    [Fact]
    public void Cancelling_stops_between_two_steps()
    {
        FeatureSpec[] features = [City];
        var train = new MadeUpFeatures(features, seed: 6).Make(1000, out _);
        using var stop = new CancellationTokenSource();
        var reports = new List<Progress>();
        var input = TrainerContract.Input(features, train, train) with
        {
            Report = progress =>
            {
                reports.Add(progress);
                stop.Cancel();
            },
        };

        Should.Throw<OperationCanceledException>(() => new WideAndDeep { Epochs = 1000 }.Train(input, stop.Token));

        reports.Count.ShouldBe(1);
        reports[0].Epoch.ShouldBe(1);
        reports[0].TotalRows.ShouldBe(1000);
        reports[0].Loss!.Value.ShouldBeInRange(0.01, 10);
    }

    [Fact]
    public void A_loss_that_is_no_number_names_the_cure()
    {
        FeatureSpec[] features = [Price];
        var train = new MadeUpFeatures(features, seed: 7).Make(500, out _);
        var message = Should.Throw<InvalidDataException>(() => new WideAndDeep { LearningRate = 1e30 }.Train(TrainerContract.Input(features, train, train), TestContext.Current.CancellationToken)).Message;
        message.ShouldContain("in epoch 1");
        message.ShouldContain("Lower the learning rate (it is 1E+30)");
    }

    [Fact]
    public void Stopping_early_needs_examples_to_watch()
    {
        FeatureSpec[] features = [City];
        var source = new MadeUpFeatures(features, seed: 8);
        Should.Throw<InvalidDataException>(() => new WideAndDeep { EarlyStopping = 1 }.Train(
            TrainerContract.Input(features, source.Make(100, out _), source.Make(0, out _)), TestContext.Current.CancellationToken))
            .Message.ShouldContain("has no examples");
    }

    [Fact]
    public void Without_an_eval_split_its_metrics_are_undefined()
    {
        FeatureSpec[] features = [City];
        var source = new MadeUpFeatures(features, seed: 9);
        using var model = new WideAndDeep { Epochs = 1 }.Train(
            TrainerContract.Input(features, source.Make(100, out _), source.Make(0, out _)), TestContext.Current.CancellationToken);
        model.Epochs[0].EvalLoss.ShouldBe(double.NaN);
        model.Epochs[0].TrainLoss.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void All_wrong_options_are_named_at_once()
    {
        var problems = new WideAndDeep
        {
            Epochs = 0,
            LearningRate = -1,
            BatchSize = 0,
            EmbeddingSize = 0,
            HiddenLayers = [8, 0],
            WideSize = 0,
            Dropout = 1,
            WeightDecay = double.NaN,
            EarlyStopping = -1,
        }.Problems().ToList();

        problems.Count.ShouldBe(9);
        problems.ShouldContain("WideAndDeep.LearningRate is -1. Expected a number above 0, such as 0.001.");
        problems.ShouldContain("WideAndDeep.HiddenLayers is [8, 0]. Expected widths of at least 1; an empty list for no hidden layers.");
        new WideAndDeep().Problems().ShouldBeEmpty();
    }
}
