using Gyre.Data;
using Gyre.Pipelines;
using Gyre.Testing;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.LightGbm.Tests;

public sealed class LightGbmTrainerTests
{
    static readonly FeatureSpec Words = new("words", FeatureKind.Tokens, 400);
    static readonly FeatureSpec City = new("city", FeatureKind.OneHot, 12);
    static readonly FeatureSpec Shop = new("shop", FeatureKind.Category, 30);
    static readonly FeatureSpec Price = new("price", FeatureKind.Number, 1);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_contract_of_trainers_is_held() => TrainerContract.Breaches(() => new LightGbmTrainer { Trees = 8, MinDataInLeaf = 5 }).ShouldBeEmpty();

    [Fact]
    public void The_contract_is_held_with_all_options() =>
        TrainerContract.Breaches(() => new LightGbmTrainer
        {
            Trees = 12,
            Leaves = 7,
            MaxDepth = 3,
            LearningRate = 0.3,
            MinDataInLeaf = 10,
            MinGain = 0.001,
            L1 = 0.1,
            L2 = 1,
            FeatureFraction = 0.7,
            BaggingFraction = 0.6,
            MaxBins = 15,
            EarlyStopping = 3,
            RegressionLoss = RegressionLoss.Huber,
        }).ShouldBeEmpty();

    [Fact]
    public void It_comes_close_to_the_best_attainable_ranking()
    {
        FeatureSpec[] features = [Words, City, Shop, Price];
        var source = new MadeUpFeatures(features, seed: 3);
        var train = source.Make(6000, out _);
        var eval = source.Make(2000, out var logOdds);
        var attainable = TrainingMetrics.Auc(logOdds, eval.Labels);

        using var model = new LightGbmTrainer().Train(TrainerContract.Input(features, train, eval), Token);

        var auc = TrainingMetrics.Auc(model.Predict(eval), eval.Labels);
        ((auc - 0.5) / (attainable - 0.5)).ShouldBeGreaterThan(0.8, $"AUC {auc:F4} of {attainable:F4}");
        model.Epochs.Count.ShouldBe(100);
        model.Epochs[^1].EvalAuc.ShouldBe(auc, 1e-9);
        model.Epochs[^1].EvalLoss.ShouldBe(TrainingLoss.Of(TrainerContract.LabelOf(LearningTask.Binary), eval, model.Predict(eval)), 1e-9);
        model.Epochs[^1].TrainLoss.ShouldBeLessThan(model.Epochs[0].TrainLoss);
    }

    [Fact]
    public void More_threads_give_the_same_trees()
    {
        FeatureSpec[] features = [City, Shop, Price, new("numbers", FeatureKind.Number, 3)];
        var train = new MadeUpFeatures(features, seed: 4).Make(60_000, out _);
        var trainer = new LightGbmTrainer { Trees = 10, BaggingFraction = 0.7, FeatureFraction = 0.7 };

        using var one = trainer.Train(TrainerContract.Input(features, train, train, threads: 1), Token);
        using var other = trainer.Train(TrainerContract.Input(features, train, train, threads: 3), Token);

        ((LightGbmModel)one).Texts.ShouldBe(((LightGbmModel)other).Texts);
    }

    [Fact]
    public void Another_seed_gives_another_model()
    {
        FeatureSpec[] features = [Shop, City];
        var train = new MadeUpFeatures(features, seed: 4).Make(2000, out _);
        var trainer = new LightGbmTrainer { Trees = 5, BaggingFraction = 0.5 };
        using var one = trainer.Train(TrainerContract.Input(features, train, train), Token);
        using var other = (trainer with { Seed = 2 }).Train(TrainerContract.Input(features, train, train), Token);
        one.Predict(train).ShouldNotBe(other.Predict(train));
    }

    [Theory]
    [InlineData(TreeMetric.Loss)]
    [InlineData(TreeMetric.Auc)]
    public void Stopping_early_keeps_the_trees_up_to_the_best_round(TreeMetric watch)
    {
        FeatureSpec[] features = [Words, City];
        var source = new MadeUpFeatures(features, seed: 5);
        var train = source.Make(800, out _);
        var eval = source.Make(800, out _);
        var trainer = new LightGbmTrainer { Trees = 400, LearningRate = 0.3, EarlyStopping = 10, Watch = watch };

        using var model = trainer.Train(TrainerContract.Input(features, train, eval), Token);

        var best = watch == TreeMetric.Loss ? model.Epochs.MinBy(epoch => epoch.EvalLoss)! : model.Epochs.MaxBy(epoch => epoch.EvalAuc)!;
        model.Epochs.Count.ShouldBe(best.Epoch + 10);
        TrainingMetrics.Auc(model.Predict(eval), eval.Labels).ShouldBe(best.EvalAuc, 1e-9);
        using var shorter = (trainer with { Trees = best.Epoch, EarlyStopping = 0 }).Train(TrainerContract.Input(features, train, eval), Token);
        shorter.Predict(eval).ShouldBe(model.Predict(eval));
    }

    [Fact]
    public void A_metric_of_another_task_cannot_be_watched()
    {
        FeatureSpec[] features = [City];
        var train = new MadeUpFeatures(features, seed: 5).Make(100, out _);
        Should.Throw<InvalidDataException>(() => new LightGbmTrainer { EarlyStopping = 2, Watch = TreeMetric.Ndcg }.Train(TrainerContract.Input(features, train, train), Token))
            .Message.ShouldBe("LightGbmTrainer.Watch is Ndcg. Expected a metric of this task, binary: Loss, Auc, Accuracy.");
    }

    [Fact]
    public void Stopping_early_needs_examples_to_watch()
    {
        FeatureSpec[] features = [City];
        var source = new MadeUpFeatures(features, seed: 8);
        Should.Throw<InvalidDataException>(() => new LightGbmTrainer { EarlyStopping = 1 }.Train(
            TrainerContract.Input(features, source.Make(100, out _), source.Make(0, out _)), Token)).Message.ShouldContain("has no examples");
    }

    [Fact]
    public void Without_an_eval_split_its_metrics_are_undefined()
    {
        FeatureSpec[] features = [City];
        var source = new MadeUpFeatures(features, seed: 9);
        using var model = new LightGbmTrainer { Trees = 1 }.Train(TrainerContract.Input(features, source.Make(100, out _), source.Make(0, out _)), Token);
        model.Epochs[0].EvalLoss.ShouldBe(double.NaN);
        model.Epochs[0].EvalAuc.ShouldBe(double.NaN);
        model.Epochs[0].TrainLoss.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Cancelling_stops_between_two_rounds()
    {
        FeatureSpec[] features = [City, Price];
        var train = new MadeUpFeatures(features, seed: 6).Make(20_000, out _);
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

        Should.Throw<OperationCanceledException>(() => new LightGbmTrainer { Trees = 100_000 }.Train(input, stop.Token));

        reports.Count.ShouldBe(1);
        reports[0].Epochs.ShouldBe(100_000);
        reports[0].TotalRows.ShouldBe(20_000);
        reports[0].Loss!.Value.ShouldBeInRange(0.01, 1);
    }

    [Fact]
    public void Who_asked_can_end_it_after_any_round()
    {
        FeatureSpec[] features = [City, Price];
        var train = new MadeUpFeatures(features, seed: 7).Make(500, out _);
        using var model = new LightGbmTrainer().Train(TrainerContract.Input(features, train, train) with { GoOn = epoch => epoch.Epoch < 7 }, Token);
        using var seven = new LightGbmTrainer { Trees = 7 }.Train(TrainerContract.Input(features, train, train), Token);
        model.Epochs.Count.ShouldBe(7);
        model.Predict(train).ShouldBe(seven.Predict(train));
    }

    [Fact]
    public void It_ends_when_no_split_makes_anything_better()
    {
        // One feature of two values: after some rounds of one split each, nothing is left to correct.
        FeatureSpec[] features = [new("flag", FeatureKind.OneHot, 2)];
        var train = new MadeUpFeatures(features, seed: 7).Make(200, out _);
        using var model = new LightGbmTrainer { Trees = 5000, LearningRate = 1, MinGain = 0.01 }.Train(TrainerContract.Input(features, train, train), Token);
        model.Epochs.Count.ShouldBeInRange(1, 100);
        using var graph = new FeatureGraph(model, features);
        graph.Predict(train, 50).Zip(model.Predict(train), (one, other) => Math.Abs(one - other)).Max().ShouldBeLessThan(1e-6f);
    }

    [Fact]
    public void Too_many_columns_name_the_cure()
    {
        FeatureSpec[] features = [Words, City];
        var train = new MadeUpFeatures(features, seed: 7).Make(100, out _);
        Should.Throw<InvalidDataException>(() => new LightGbmTrainer { MaxColumns = 300 }.Train(TrainerContract.Input(features, train, train), Token))
            .Message.ShouldBe("The features make 401 columns, of which 'words' alone makes 400. Trees are given one column per number and per token; expected at most 300 "
                + "(LightGbmTrainer.MaxColumns). Keep fewer tokens in the transform, for example by the top of its vocabulary, or raise MaxColumns: memory and time grow with it.");
    }

    [Fact]
    public void All_wrong_options_are_named_at_once()
    {
        var problems = new LightGbmTrainer
        {
            Trees = 0,
            Leaves = 1,
            MaxDepth = -1,
            LearningRate = 0,
            MinDataInLeaf = 0,
            MinGain = -1,
            L1 = double.NaN,
            L2 = double.PositiveInfinity,
            FeatureFraction = 0,
            BaggingFraction = 1.5,
            MaxBins = 1,
            EarlyStopping = -1,
            Watch = (TreeMetric)99,
            RegressionLoss = (RegressionLoss)99,
            MaxColumns = 0,
        }.Problems().ToList();

        problems.Count.ShouldBe(15);
        problems.ShouldContain("LightGbmTrainer.LearningRate is 0. Expected a number above 0, such as 0.1.");
        problems.ShouldContain("LightGbmTrainer.BaggingFraction is 1.5. Expected a share above 0, at most 1.");
        new LightGbmTrainer().Problems().ShouldBeEmpty();
    }
}
