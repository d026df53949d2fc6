using Gyre.Testing;
using Gyre.Torch.Learning;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Torch.Tests;

public sealed class OptionsTests
{
    static readonly FeatureSpec[] Features = [new("words", FeatureKind.Tokens, 60), new("price", FeatureKind.Number, 2)];

    [Fact]
    public void A_warm_up_rises_evenly_and_a_cosine_falls_to_its_floor()
    {
        var schedule = LearningRateSchedule.Cosine(floor: 0.1, warmUpEpochs: 1);
        schedule.Factor(0, 5, 0.25).ShouldBe(0.25);
        schedule.Factor(0.75, 5, 0.25).ShouldBe(1);
        schedule.Factor(1, 5, 0.25).ShouldBe(1);
        schedule.Factor(3, 5, 0.25).ShouldBe(0.55, 1e-12);
        schedule.Factor(5, 5, 0.25).ShouldBe(0.1, 1e-12);
    }

    [Fact]
    public void Steps_multiply_the_rate_every_so_many_epochs()
    {
        var schedule = LearningRateSchedule.Step(epochs: 2, factor: 0.5);
        new[] { 0, 1.9, 2, 3.9, 4 }.Select(at => schedule.Factor(at, 10, 0.1)).ShouldBe([1, 1, 0.5, 0.5, 0.25]);
        LearningRateSchedule.Constant.Factor(7.3, 10, 0.1).ShouldBe(1);
    }

    [Fact]
    public void Every_epoch_has_an_order_of_its_own_that_only_the_seed_decides()
    {
        EpochOrder Order(int seed) => new(new WideAndDeep { Seed = seed, BatchSize = 7 }, 100, null);
        int[] Flat(EpochOrder order, int epoch) => [.. order.Steps(epoch).SelectMany(rows => rows)];

        Flat(Order(1), 3).ShouldBe(Flat(Order(1), 3));
        Flat(Order(1), 3).ShouldNotBe(Flat(Order(1), 4));
        Flat(Order(1), 3).ShouldNotBe(Flat(Order(2), 3));
        Flat(Order(1), 3).Order().ShouldBe(Enumerable.Range(0, 100));
        Order(1).Steps(1).Select(rows => rows.Count).ShouldBe([.. Enumerable.Repeat(7, 14), 2]);
    }

    [Theory]
    [InlineData(Sampling.Over, 70)]
    [InlineData(Sampling.Under, 12)]
    public void Sampling_makes_classes_equally_large(Sampling sampling, int each)
    {
        int[] classes = [.. Enumerable.Range(0, 100).Select(row => row < 70 ? 0 : row < 88 ? 1 : 2)];
        var order = new EpochOrder(new WideAndDeep { Sampling = sampling }, 100, classes);
        var rows = order.Steps(1).SelectMany(step => step).ToList();

        rows.CountBy(row => classes[row]).ToDictionary().Values.ShouldAllBe(count => count == each);
        if (sampling == Sampling.Over)
            rows.Distinct().Count().ShouldBe(100);
        else
            rows.Distinct().Count().ShouldBe(36);
        rows.CountBy(row => row).Where(row => classes[row.Key] == 1).Select(row => row.Value).Distinct().Count().ShouldBeLessThanOrEqualTo(2);
        order.Steps(2).SelectMany(step => step).Order().ShouldNotBe(rows.Order());
    }

    [Fact]
    public void Balanced_class_weights_are_those_of_scikit_learn()
    {
        // compute_class_weight("balanced", classes=[0, 1, 2], y=[0]*6 + [1]*3 + [2])
        ClassWeights.Balanced.Resolve(["a", "b", "c"], [6, 3, 1]).ShouldBe([10.0 / 18, 10.0 / 9, 10.0 / 3]);
        ClassWeights.Of(("c", 5)).Resolve(["a", "b", "c"], [6, 3, 1]).ShouldBe([1, 1, 5]);
        Should.Throw<InvalidDataException>(() => ClassWeights.Of(("d", 5)).Resolve(["a", "b"], [1, 1])).Message
            .ShouldBe("ClassWeights names 'd'. Expected classes of the label: a, b.");
        ClassWeights.Of(("a", -1), ("b", 2), ("b", 3)).Problems().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("weights")]
    [InlineData("over")]
    [InlineData("under")]
    public void Answers_to_imbalance_raise_the_recall_of_the_rare_class(string answer)
    {
        var (train, eval) = Rare();
        var plain = new WideAndDeep { Epochs = 4, EmbeddingSize = 8, HiddenLayers = [16] };
        var other = answer switch
        {
            "weights" => plain with { ClassWeights = ClassWeights.Balanced },
            "over" => plain with { Sampling = Sampling.Over },
            _ => plain with { Sampling = Sampling.Under, Epochs = 20, LearningRate = 0.005 },
        };

        Recall(other, train, eval).ShouldBeGreaterThan(Recall(plain, train, eval) + 0.2);
    }

    [Fact]
    public void Clipping_shortens_gradients_only_where_they_are_too_long()
    {
        var train = new MadeUpFeatures(Features, seed: 3).Make(300, out _);
        var plain = new WideAndDeep { Epochs = 1, EmbeddingSize = 4, HiddenLayers = [8] };
        Predictions(plain with { ClipNorm = 1e6 }, train).ShouldBe(Predictions(plain, train));
        Predictions(plain with { ClipNorm = 0.01 }, train).ShouldNotBe(Predictions(plain, train));
        TrainerContract.Breaches(() => plain with { ClipNorm = 0.01 }).ShouldBeEmpty();
    }

    [Fact]
    public void The_contract_is_held_with_a_schedule_and_clipping() => TrainerContract.Breaches(() => new WideAndDeep
    {
        Epochs = 3,
        EmbeddingSize = 4,
        HiddenLayers = [8],
        Dropout = 0.2,
        ClipNorm = 0.5,
        Schedule = LearningRateSchedule.Cosine(0.1, warmUpEpochs: 0.5),
        EarlyStopping = 2,
    }).ShouldBeEmpty();

    [Fact]
    public void Stopping_early_watches_the_metric_that_is_named()
    {
        var source = new MadeUpFeatures(Features, seed: 5);
        var (train, eval) = (source.Make(400, out _), source.Make(400, out _));
        using var model = new WideAndDeep { Epochs = 40, LearningRate = 0.01, EarlyStopping = 3, Watch = WatchedMetric.Auc }
            .Train(TrainerContract.Input(Features, train, eval), TestContext.Current.CancellationToken);
        var best = model.Epochs.MaxBy(epoch => epoch.EvalAuc)!;
        model.Epochs.Count.ShouldBe(best.Epoch + 3);
        TrainingMetrics.Auc(model.Predict(eval), eval.Labels).ShouldBe(best.EvalAuc, 1e-9);

        Should.Throw<InvalidDataException>(() => new WideAndDeep { EarlyStopping = 1, Watch = WatchedMetric.Ndcg }
            .Train(TrainerContract.Input(Features, train, eval), TestContext.Current.CancellationToken)).Message
            .ShouldStartWith("WideAndDeep.Watch is Ndcg. Expected a metric of this task, binary: Loss, Auc");
    }

    [Fact]
    public void Metrics_of_classes_are_those_of_scikit_learn()
    {
        // f1_score([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1], average="macro")
        ClassMetrics.MacroF1([0, 2, 1, 0, 0, 1], [0, 1, 2, 0, 1, 2], 3).ShouldBe(0.26666666666666666, 1e-15);
        ClassMetrics.Accuracy([0, 2, 1, 0, 0, 1], [0, 1, 2, 0, 1, 2]).ShouldBe(2.0 / 6);
    }

    static float[] Predictions(Trainer trainer, FeatureSet train)
    {
        using var model = trainer.Train(TrainerContract.Input(Features, train, train), CancellationToken.None);
        return model.Predict(train);
    }

    static double Recall(Trainer trainer, FeatureSet train, FeatureSet eval)
    {
        using var model = trainer.Train(TrainerContract.Input(Features, train, eval), CancellationToken.None);
        var predictions = model.Predict(eval);
        var positive = Enumerable.Range(0, eval.Rows).Where(row => eval.Labels[row] == 1).ToList();
        return (double)positive.Count(row => predictions[row] > 0.5f) / positive.Count;
    }

    /// <summary>Examples of which few are positive: those whose log-odds, with some noise, are large.</summary>
    static (FeatureSet Train, FeatureSet Eval) Rare()
    {
        var source = new MadeUpFeatures(Features, seed: 11);
        var noise = new Random(1);
        FeatureSet Make(int rows)
        {
            var examples = source.Make(rows, out var logOdds);
            return examples with { Labels = Array.ConvertAll(logOdds, value => value + (2 * noise.NextDouble()) > 3.2 ? 1f : 0f) };
        }

        var (train, eval) = (Make(3000), Make(2000));
        train.Labels.Average().ShouldBeInRange(0.02f, 0.15f);
        return (train, eval);
    }
}
