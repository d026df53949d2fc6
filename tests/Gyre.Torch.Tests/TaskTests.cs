using Gyre.Data;
using Gyre.Testing;
using Gyre.Torch.Learning;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Torch.Tests;

public sealed class TaskTests
{
    static readonly FeatureSpec[] Features = [new("words", FeatureKind.Tokens, 60), new("city", FeatureKind.OneHot, 8), new("price", FeatureKind.Number, 2)];

    static readonly WideAndDeep Small = new() { Epochs = 8, LearningRate = 0.005, EmbeddingSize = 8, HiddenLayers = [16] };

    [Theory]
    [InlineData(LearningTask.Multiclass, "accuracy", 0.75)]
    [InlineData(LearningTask.Multilabel, "accuracy", 0.8)]
    [InlineData(LearningTask.Ranking, "ndcg", 0.93)]
    public void Every_task_is_learnt(LearningTask task, string metric, double least)
    {
        var (label, train, eval) = Make(task);
        using var model = Small.Train(TrainerContract.Input(Features, label, train, eval), TestContext.Current.CancellationToken);
        model.Epochs[^1].Metrics![metric].ShouldBeGreaterThan(least);
        model.Epochs[^1].EvalLoss.ShouldBe(TrainingLoss.Of(label, eval, model.Predict(eval)), 1e-9);
        model.Epochs[^1].EvalLoss.ShouldBeLessThan(model.Epochs[0].EvalLoss);
    }

    [Fact]
    public void Numbers_are_learnt_in_their_own_unit()
    {
        var (label, train, eval) = Make(LearningTask.Regression);
        FeatureSet InMillions(FeatureSet set) => set with { Labels = Array.ConvertAll(set.Labels, value => 5e6f + (value * 1e6f)) };
        using var model = Small.Train(TrainerContract.Input(Features, label, train, eval), TestContext.Current.CancellationToken);
        using var large = Small.Train(TrainerContract.Input(Features, label, InMillions(train), InMillions(eval)), TestContext.Current.CancellationToken);

        var spread = Math.Sqrt(eval.Labels.Average(value => Math.Pow(value - eval.Labels.Average(), 2)));
        model.Epochs[^1].Metrics!["root_mean_squared_error"].ShouldBeLessThan(spread * 0.35);
        large.Epochs[^1].Metrics!["root_mean_squared_error"].ShouldBe(model.Epochs[^1].Metrics!["root_mean_squared_error"] * 1e6, spread * 2e4);
    }

    [Theory]
    [InlineData(LearningTask.Binary)]
    [InlineData(LearningTask.Multiclass)]
    [InlineData(LearningTask.Multilabel)]
    [InlineData(LearningTask.Regression)]
    [InlineData(LearningTask.Ranking)]
    public void An_example_that_weighs_nothing_teaches_nothing(LearningTask task)
    {
        var (label, train, eval) = Make(task);
        var wrong = Enumerable.Range(0, train.Rows).Where(row => (row / 8) % 2 == 0).ToHashSet();
        var misled = train with
        {
            Labels = [.. train.Labels.Select((value, i) => !wrong.Contains(i / train.LabelWidth) ? value : task switch
            {
                LearningTask.Multiclass => (value + 1) % 3,
                LearningTask.Regression => -value,
                LearningTask.Ranking => 4 - value,
                _ => 1 - value,
            })],
        };
        var weighed = misled with { Weights = [.. Enumerable.Range(0, train.Rows).Select(row => wrong.Contains(row) ? 0f : 2f)] };

        double Loss(FeatureSet set)
        {
            using var model = Small.Train(TrainerContract.Input(Features, label, set, eval), TestContext.Current.CancellationToken);
            return model.Epochs[^1].EvalLoss;
        }

        var (good, bad) = (Loss(train), Loss(misled));
        bad.ShouldBeGreaterThan(good * 1.2);
        Loss(weighed).ShouldBeLessThan((good + bad) / 2);
    }

    [Fact]
    public void Class_weights_of_several_classes_raise_the_recall_of_the_one_that_weighs_more()
    {
        var (label, train, eval) = Make(LearningTask.Multiclass);
        double Recall(ClassWeights? weights)
        {
            using var model = (Small with { ClassWeights = weights, Epochs = 2 }).Train(TrainerContract.Input(Features, label, train, eval), TestContext.Current.CancellationToken);
            var predictions = model.Predict(eval);
            var rows = Enumerable.Range(0, eval.Rows).Where(row => eval.Labels[row] == 2).ToList();
            return (double)rows.Count(row => predictions.AsSpan(row * 3, 3).IndexOf(predictions.AsSpan(row * 3, 3).ToArray().Max()) == 2) / rows.Count;
        }

        Recall(ClassWeights.Of(("c", 8))).ShouldBeGreaterThan(Recall(null) + 0.05);
    }

    [Fact]
    public void The_yes_of_rare_labels_can_weigh_more()
    {
        var (label, train, eval) = Make(LearningTask.Multilabel);
        double Yes(ClassWeights? weights)
        {
            using var model = (Small with { ClassWeights = weights }).Train(TrainerContract.Input(Features, label, train, eval), TestContext.Current.CancellationToken);
            return model.Predict(eval).Where((_, i) => i % 3 == 1).Average();
        }

        Yes(ClassWeights.Of(("b", 6))).ShouldBeGreaterThan(Yes(null) + 0.05);
        Yes(ClassWeights.Balanced).ShouldNotBe(Yes(null));
    }

    [Fact]
    public void Steps_of_a_ranking_hold_whole_groups()
    {
        int[][] groups = [[0, 1, 2], [3], [4, 5, 6, 7, 8], [9, 10], [11]];
        var steps = new EpochOrder(new WideAndDeep { BatchSize = 4 }, 12, null, groups).Steps(1);
        steps.SelectMany(step => step).Order().ShouldBe(Enumerable.Range(0, 12));
        steps.ShouldAllBe(step => step.Count <= 5);
        foreach (var group in groups)
            steps.Count(step => step.Intersect(group).Any()).ShouldBe(1);
    }

    [Fact]
    public void Options_that_need_classes_are_refused_where_there_are_none()
    {
        string Message(LearningTask task, NeuralTrainer trainer)
        {
            var (label, train, eval) = Make(task);
            return Should.Throw<InvalidDataException>(() => trainer.Train(TrainerContract.Input(Features, label, train, eval), CancellationToken.None)).Message;
        }

        Message(LearningTask.Regression, Small with { Sampling = Sampling.Over }).ShouldBe("WideAndDeep.Sampling is Over. Expected All: a regression label has no classes that exclude each other.");
        Message(LearningTask.Ranking, Small with { ClassWeights = ClassWeights.Balanced }).ShouldStartWith("WideAndDeep: ClassWeights weigh examples by their one class, and the label 'label' is a ranking one.");
        Message(LearningTask.Multiclass, Small with { ClassWeights = ClassWeights.Of(("d", 2)) }).ShouldBe("WideAndDeep: ClassWeights names 'd'. Expected classes of the label: a, b, c.");
    }

    static (LabelSpec Label, FeatureSet Train, FeatureSet Eval) Make(LearningTask task)
    {
        var label = TrainerContract.LabelOf(task);
        var source = new MadeUpFeatures(Features, seed: 8);
        return (label, source.Make(2400, label), source.Make(800, label));
    }
}
