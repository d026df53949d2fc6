using Gyre.Data;
using Gyre.Evaluation;
using Gyre.Testing;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Tests.Training;

/// <summary>
/// The linear trainer beside scikit-learn 1.2.1 (LogisticRegression, Ridge) on the same 60 examples, numbers brought to mean 0 and
/// deviation 1; the expected predictions are those of the examples 0, 7 and 30.
/// </summary>
public sealed class LinearTasksTests
{
    const int Rows = 60;
    static readonly FeatureSpec[] Features = [new("x", FeatureKind.Number, 3)];
    static readonly int[] Shown = [0, 7, 30];
    static readonly LinearTrainer Precise = new() { L2 = 2, Tolerance = 1e-10, MaxIterations = 2000 };

    [Fact]
    public void Softmax_regression_is_that_of_scikit_learn() =>
        Near(Predict(Precise, LearningTask.Multiclass), 0.0115995, 0.1851542, 0.8032463, 0.6893856, 0.2747881, 0.0358263, 0.5383864, 0.4284891, 0.0331245);

    [Fact]
    public void Softmax_regression_with_weights_of_examples_is_that_of_scikit_learn() =>
        Near(Predict(Precise, LearningTask.Multiclass, weighted: true), 0.0035739, 0.1269134, 0.8695128, 0.6654958, 0.3056985, 0.0288056, 0.5993666, 0.3767803, 0.023853);

    [Fact]
    public void Softmax_regression_with_balanced_classes_is_that_of_scikit_learn() =>
        Near(Predict(Precise with { ClassWeights = ClassWeights.Balanced }, LearningTask.Multiclass), 0.0101735, 0.1865403, 0.8032862, 0.6410513, 0.3225765, 0.0363722, 0.4812647, 0.4863101, 0.0324252);

    [Fact]
    public void Yes_or_no_with_weights_is_that_of_scikit_learn()
    {
        Near(Predict(Precise, LearningTask.Binary, weighted: true), 0.8696836, 0.0474378, 0.0356999);
        Near(Predict(Precise with { ClassWeights = ClassWeights.Balanced }, LearningTask.Binary), 0.879092, 0.086645, 0.0703412);
    }

    [Fact]
    public void Several_labels_are_one_regression_each_as_in_scikit_learn() =>
        Near(Predict(Precise, LearningTask.Multilabel), 0.9726801, 0.2940141, 0.3786024, 0.3388653, 0.2560779, 0.3950168, 0.4668976, 0.3800658, 0.9449049);

    [Fact]
    public void A_number_is_that_of_ridge_regression_in_scikit_learn()
    {
        Near(Predict(Precise, LearningTask.Regression), 20.6943685, 0.7272976, -2.8248573);
        Near(Predict(Precise, LearningTask.Regression, weighted: true), 21.0547106, 1.0411616, -3.1418216);
    }

    [Fact]
    public void An_order_is_that_of_logistic_regression_on_pairs_in_scikit_learn() =>
        Near(Predict(Precise, LearningTask.Ranking), 3.6549467, -2.1934018, -1.7657568);

    [Fact]
    public void A_size_penalty_over_classes_is_that_of_scikit_learn_and_leaves_the_same_zeros()
    {
        var (label, train) = Examples(LearningTask.Multiclass, weighted: false);
        var model = (LinearModel)new LinearTrainer { L1 = 5, L2 = 0, Tolerance = 1e-9, MaxIterations = 5000 }.Train(TrainerContract.Input(Features, label, train, train), TestContext.Current.CancellationToken);

        Near([.. Shown.SelectMany(row => model.Predict(train.Take([row])))], 0.0448365, 0.2597298, 0.6954337, 0.6683976, 0.2549079, 0.0766945, 0.5114557, 0.3812284, 0.1073159);
        // A row to each number, in it a weight to each class.
        model.Weights.Take(9).Select(weight => weight == 0).ShouldBe([false, true, false, true, true, false, true, true, true]);
        model.Weights[0].ShouldBe(-1.18521994, 1e-5);
    }

    [Fact]
    public void With_balanced_classes_more_of_the_rare_class_is_found()
    {
        FeatureSpec[] features = [new("x", FeatureKind.Number, 2), new("city", FeatureKind.OneHot, 6)];
        var source = new MadeUpFeatures(features, seed: 12);
        var label = TrainerContract.LabelOf(LearningTask.Binary);
        var random = new Random(12);
        var (train, eval) = (Rare(source.Make(6000, out var sums), sums), Rare(source.Make(3000, out sums), sums));

        var plain = Recall(new LinearTrainer());
        var balanced = Recall(new LinearTrainer { ClassWeights = ClassWeights.Balanced });
        eval.Labels.Average().ShouldBeInRange(0.02f, 0.2f);
        plain.ShouldBeLessThan(0.6);
        balanced.ShouldBeGreaterThan(plain + 0.2);

        double Recall(LinearTrainer trainer)
        {
            using var model = trainer.Train(TrainerContract.Input(features, label, train, eval), TestContext.Current.CancellationToken);
            var predictions = model.Predict(eval);
            var scores = new ExampleScores(label);
            for (var row = 0; row < eval.Rows; row++)
                scores.Add([predictions[row]], [eval.Labels[row]], 1, null);
            return TaskMetrics.Of(scores, 0.5).Recall!.Value;
        }

        // Few are positive, and those by chance.
        FeatureSet Rare(FeatureSet examples, float[] logOdds) =>
            examples with { Labels = Array.ConvertAll(logOdds, sum => random.NextDouble() < LinearModel.Sigmoid(sum - 2.5) ? 1f : 0f) };
    }

    [Fact]
    public void Class_weights_need_examples_of_one_class() =>
        Should.Throw<InvalidDataException>(() => Predict(Precise with { ClassWeights = ClassWeights.Balanced }, LearningTask.Regression)).Message
            .ShouldBe("ClassWeights weigh examples by their one class, and the label 'y' is a regression one. Leave ClassWeights out, or weigh examples by f.Weight.");

    [Fact]
    public void An_example_of_weight_two_counts_as_much_as_two_examples()
    {
        var (label, train) = Examples(LearningTask.Multiclass, weighted: false);
        var twice = train.Take([.. Enumerable.Range(0, Rows), 3, 9]);
        var weighted = train with { Weights = [.. Enumerable.Range(0, Rows).Select(row => row is 3 or 9 ? 2f : 1f)] };
        // Numbers are scaled by the examples as they stand, so the penalty, which depends on that, is left out.
        var trainer = new LinearTrainer { L2 = 0, Tolerance = 1e-10, MaxIterations = 5000 };
        using var one = trainer.Train(TrainerContract.Input(Features, label, twice, train), TestContext.Current.CancellationToken);
        using var other = trainer.Train(TrainerContract.Input(Features, label, weighted, train), TestContext.Current.CancellationToken);

        one.Predict(train).Zip(other.Predict(train), (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-5f);
    }

    static float[] Predict(LinearTrainer trainer, LearningTask task, bool weighted = false)
    {
        var (label, train) = Examples(task, weighted);
        using var model = trainer.Train(TrainerContract.Input(Features, label, train, train), TestContext.Current.CancellationToken);
        return model.Predict(train.Take(Shown));
    }

    static void Near(float[] actual, params double[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        foreach (var (value, wanted) in actual.Zip(expected))
            ((double)value).ShouldBe(wanted, 5e-6 * Math.Max(1, Math.Abs(wanted)));
    }

    static (LabelSpec Label, FeatureSet Examples) Examples(LearningTask task, bool weighted)
    {
        var (numbers, classes, targets, weights) = (new List<float>(), new List<float>(), new List<float>(), new List<float>());
        var random = 23L;
        for (var row = 0; row < Rows; row++)
        {
            float[] x = [(float)Math.Round(Next() * 10, 2), (float)Math.Round(Next() * 10, 2), (float)Math.Round(Next() * 10, 2)];
            var chance = Next();
            var sum = x[0] + (0.5 * x[1]) + (4 * chance);
            numbers.AddRange(x);
            classes.Add(sum < 7 ? 0 : sum < 11 ? 1 : 2);
            targets.Add((float)Math.Round((3 * x[0]) - (2 * x[2]) + (10 * chance), 2));
            weights.Add((float)Math.Round((Next() * 3) + 0.1, 2));
        }

        var label = new LabelSpec("y", ["1"]) { Task = task, Classes = task is LearningTask.Multiclass or LearningTask.Multilabel ? ["a", "b", "c"] : [] };
        return (label, new FeatureSet
        {
            Rows = Rows,
            Labels = task switch
            {
                LearningTask.Binary => [.. classes.Select(one => one == 2 ? 1f : 0f)],
                LearningTask.Multilabel => [.. classes.SelectMany((one, row) => new[] { one >= 1 ? 1f : 0f, one == 1 ? 1f : 0f, numbers[(row * 3) + 2] > 5 ? 1f : 0f })],
                LearningTask.Regression => [.. targets],
                _ => [.. classes],
            },
            LabelWidth = label.LabelWidth,
            Weights = weighted ? [.. weights] : null,
            Groups = task == LearningTask.Ranking ? [.. Enumerable.Range(0, Rows).Select(row => row % 6)] : null,
            Numbers = new Dictionary<string, float[]>(StringComparer.Ordinal) { ["x"] = [.. numbers] },
            Ids = new Dictionary<string, int[]>(StringComparer.Ordinal),
            Tokens = new Dictionary<string, TokenLists>(StringComparer.Ordinal),
        });

        double Next()
        {
            random = ((random * 1103515245) + 12345) % 2147483648;
            return random / 2147483648.0;
        }
    }
}
