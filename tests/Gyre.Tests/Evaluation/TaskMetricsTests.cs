using Gyre.Data;
using Gyre.Evaluation;

namespace Gyre.Tests.Evaluation;

/// <summary>The expected numbers come from scikit-learn 1.2.1 on the same examples.</summary>
public sealed class TaskMetricsTests
{
    const int Rows = 40;
    static readonly string[] Names = ["a", "b", "c"];

    [Fact]
    public void Metrics_of_a_class_are_those_of_scikit_learn()
    {
        var values = TaskMetrics.Of(Multiclass(weighted: false), 0.5);

        values.Accuracy!.Value.ShouldBe(0.35, 1e-12);
        values.MicroF1!.Value.ShouldBe(0.35, 1e-12);
        values.MacroF1!.Value.ShouldBe(0.3108585858585858, 1e-12);
        values.WeightedF1!.Value.ShouldBe(0.3680681818181818, 1e-12);
        values.MacroRecall!.Value.ShouldBe(0.3409090909090909, 1e-12);
        values.MacroAuc!.Value.ShouldBe(0.4200729825729826, 1e-12);
        values.LogLoss!.Value.ShouldBe(1.4670128433691683, 1e-7);
        values.ConfusionMatrix!.SelectMany(row => row).ShouldBe([6, 9, 7, 4, 7, 3, 0, 3, 1]);
        values.Classes!.Select(one => one.Name).ShouldBe(Names);
        values.Classes![2].Precision!.Value.ShouldBe(0.09090909090909091, 1e-12);
        values.Classes![2].Recall!.Value.ShouldBe(0.25, 1e-12);
        values.Classes![2].F1!.Value.ShouldBe(0.13333333333333333, 1e-12);
        values.Classes![2].ExampleCount.ShouldBe(4);
        values.Classes![2].PredictedCount.ShouldBe(11);
        values.TotalWeight.ShouldBeNull();
    }

    [Fact]
    public void Metrics_of_a_class_with_weights_are_those_of_scikit_learn()
    {
        var values = TaskMetrics.Of(Multiclass(weighted: true), 0.5);

        values.Accuracy!.Value.ShouldBe(0.29381700478664363, 1e-12);
        values.MacroF1!.Value.ShouldBe(0.27898642562058557, 1e-12);
        values.WeightedF1!.Value.ShouldBe(0.30383536393817046, 1e-12);
        values.MacroRecall!.Value.ShouldBe(0.30558836492129504, 1e-12);
        values.MacroAuc!.Value.ShouldBe(0.4038311996479678, 1e-12);
        values.LogLoss!.Value.ShouldBe(1.4703539903109761, 1e-7);
    }

    [Theory]
    [InlineData(false, 0.23376623376623376, 0.25316455696202533, 0.30937950937950937, 0.49166666666666664, 0.175, 0.5919986598440546, 1.1080501607805247)]
    [InlineData(true, 0.22216690353372728, 0.24449128169930148, 0.31679761959097436, 0.4915233102894345, 0.1788830723565809, 0.6650318118932805, 1.0733575851493657)]
    public void Metrics_of_several_classes_are_those_of_scikit_learn(bool weighted, double macro, double micro, double weightedF1, double hamming, double exact, double auc, double loss)
    {
        var values = TaskMetrics.Of(Multilabel(weighted), 0.5);

        values.MacroF1!.Value.ShouldBe(macro, 1e-12);
        values.MicroF1!.Value.ShouldBe(micro, 1e-12);
        values.WeightedF1!.Value.ShouldBe(weightedF1, 1e-12);
        values.HammingLoss!.Value.ShouldBe(hamming, 1e-12);
        values.Accuracy!.Value.ShouldBe(exact, 1e-12);
        values.MacroAuc!.Value.ShouldBe(auc, 1e-12);
        values.LogLoss!.Value.ShouldBe(loss, 1e-7);
    }

    [Theory]
    [InlineData(false, 88.93824969693549, 8.172499892674386, 0.9098419523092152)]
    [InlineData(true, 83.68532677209382, 7.679481174682309, 0.9171140226401663)]
    public void Metrics_of_a_number_are_those_of_scikit_learn(bool weighted, double mse, double mae, double r2)
    {
        var values = TaskMetrics.Of(Regression(weighted), 0.5);

        values.Mse!.Value.ShouldBe(mse, 1e-9);
        values.Rmse!.Value.ShouldBe(Math.Sqrt(mse), 1e-9);
        values.Mae!.Value.ShouldBe(mae, 1e-9);
        values.R2!.Value.ShouldBe(r2, 1e-12);
    }

    [Fact]
    public void Metrics_of_an_order_are_those_of_scikit_learn_with_ties()
    {
        var random = Chance(17).GetEnumerator();
        var scores = new ExampleScores(new LabelSpec("y") { Task = LearningTask.Ranking, Group = "g" });
        for (var i = 0; i < 60; i++)
        {
            var relevance = (int)(Next(random) * 4);
            scores.Add([(float)(Math.Round(Next(random) * 8) / 8)], [relevance], 1, $"g{i % 3}");
        }

        var values = TaskMetrics.Of(scores, 0.5);
        values.Ndcg!.Value.ShouldBe(0.7191624263713279, 1e-12);
        values.Ndcg10!.Value.ShouldBe(0.48435194060059955, 1e-12);
        values.GroupCount.ShouldBe(3);
    }

    [Fact]
    public void The_first_relevant_example_counts_by_its_rank()
    {
        var scores = new ExampleScores(new LabelSpec("y") { Task = LearningTask.Ranking, Group = "g" });
        foreach (var (score, relevance, group) in new[] { (3f, 0f, "x"), (2f, 1f, "x"), (1f, 2f, "x"), (5f, 3f, "y"), (5f, 0f, "y"), (5f, 0f, "y"), (1f, 0f, "nothing relevant") })
            scores.Add([score], [relevance], 1, group);

        // Ranks 2 and, behind the two that are as good, 3; the last group cannot be ordered well or badly.
        TaskMetrics.Of(scores, 0.5).Mrr!.Value.ShouldBe(((1 / 2.0) + (1 / 3.0)) / 2, 1e-12);
    }

    [Fact]
    public void Metrics_of_yes_and_no_with_weights_are_those_of_scikit_learn()
    {
        var label = new LabelSpec("y", ["a"]) { Weight = "w" };
        var three = Multiclass(weighted: true);
        var scores = new ExampleScores(label);
        for (var i = 0; i < Rows; i++)
            scores.Add([three.Prediction(i)[0]], [three.LabelOf(i)[0] == 0 ? 1f : 0f], (float)three.Weight(i), null);

        var values = TaskMetrics.Of(scores, 0.5);
        values.Auc!.Value.ShouldBe(0.39948611014382507, 1e-12);
        values.AucPr!.Value.ShouldBe(0.48699374413985236, 1e-12);
        values.LogLoss!.Value.ShouldBe(1.081935838599581, 1e-7);
        values.Accuracy!.Value.ShouldBe(0.4065071067932054, 1e-12);
        values.F1!.Value.ShouldBe(0.005846732088275534, 1e-12);
        values.Brier!.Value.ShouldBe(0.36156540350685523, 1e-7);
    }

    [Fact]
    public void Equal_weights_change_no_metric() => Gen.Int[1, 1_000_000].Sample(
        seed =>
        {
            var (plain, weighted) = (new ExampleScores(new LabelSpec("y") { Task = LearningTask.Multiclass, Classes = Names }), new ExampleScores(new LabelSpec("y") { Task = LearningTask.Multiclass, Classes = Names, Weight = "w" }));
            var random = Chance(seed).GetEnumerator();
            for (var i = 0; i < 30; i++)
            {
                float[] prediction = [(float)Next(random), (float)Next(random), (float)Next(random)];
                float[] label = [(int)(Next(random) * 3)];
                plain.Add(prediction, label, 1, null);
                weighted.Add(prediction, label, 2.5f, null);
            }

            var (one, other) = (TaskMetrics.Of(plain, 0.5), TaskMetrics.Of(weighted, 0.5));
            foreach (var metric in Metric.Of(LearningTask.Multiclass))
                (metric.Of(other) ?? -1).ShouldBe(metric.Of(one) ?? -1, 1e-9);
        },
        iter: 100);

    [Fact]
    public void What_examples_leave_undefined_is_null()
    {
        foreach (var task in Enum.GetValues<LearningTask>())
        {
            var values = TaskMetrics.Of(new ExampleScores(new LabelSpec("y", ["1"]) { Task = task, Classes = Names, Group = task == LearningTask.Ranking ? "g" : null }), 0.5);
            Metric.Of(task).Except([Metric.ExampleCount]).Select(metric => metric.Of(values)).ShouldAllBe(value => value == null);
        }

        var constant = new ExampleScores(new LabelSpec("y") { Task = LearningTask.Regression });
        constant.Add([1], [2], 1, null);
        constant.Add([2], [2], 1, null);
        TaskMetrics.Of(constant, 0.5).R2.ShouldBeNull();
    }

    static ExampleScores Multiclass(bool weighted)
    {
        var scores = new ExampleScores(new LabelSpec("y") { Task = LearningTask.Multiclass, Classes = Names, Weight = weighted ? "w" : null });
        var random = Chance(7).GetEnumerator();
        for (var i = 0; i < Rows; i++)
        {
            double[] parts = [.. Names.Select(_ => Math.Round(Next(random), 3) + 0.01)];
            var chance = Next(random);
            float[] label = [chance < 0.6 ? 0 : chance < 0.9 ? 1 : 2];
            scores.Add([.. parts.Select(part => (float)(part / parts.Sum()))], label, (float)Math.Round(Next(random) * 4, 2), null);
        }

        return scores;
    }

    static ExampleScores Multilabel(bool weighted)
    {
        var scores = new ExampleScores(new LabelSpec("y") { Task = LearningTask.Multilabel, Classes = Names, Weight = weighted ? "w" : null });
        var random = Chance(11).GetEnumerator();
        var weights = Multiclass(weighted: true);
        for (var i = 0; i < Rows; i++)
        {
            float[] label = [.. new[] { 0.5, 0.2, 0.05 }.Select(share => Next(random) < share ? 1f : 0f)];
            scores.Add([.. Names.Select(_ => (float)Math.Round(Next(random), 3))], label, (float)weights.Weight(i), null);
        }

        return scores;
    }

    static ExampleScores Regression(bool weighted)
    {
        var scores = new ExampleScores(new LabelSpec("y") { Task = LearningTask.Regression, Weight = weighted ? "w" : null });
        var random = Chance(13).GetEnumerator();
        var weights = Multiclass(weighted: true);
        for (var i = 0; i < Rows; i++)
        {
            var truth = Math.Round(Next(random) * 100, 1);
            scores.Add([(float)(truth + Math.Round((Next(random) - 0.5) * 30, 1))], [(float)truth], (float)weights.Weight(i), null);
        }

        return scores;
    }

    static double Next(IEnumerator<double> random)
    {
        random.MoveNext();
        return random.Current;
    }

    /// <summary>The generator that the numbers for scikit-learn were drawn from.</summary>
    static IEnumerable<double> Chance(int seed)
    {
        for (var x = (long)seed; ;)
        {
            x = ((x * 1103515245) + 12345) % 2147483648;
            yield return x / 2147483648.0;
        }
    }
}
