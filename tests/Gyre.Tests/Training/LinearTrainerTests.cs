using Gyre.Data;
using Gyre.Testing;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Tests.Training;

public sealed class LinearTrainerTests
{
    static readonly FeatureSpec Words = new("words", FeatureKind.Tokens, 300);
    static readonly FeatureSpec City = new("city", FeatureKind.OneHot, 12);
    static readonly FeatureSpec Shop = new("shop", FeatureKind.Category, 20);
    static readonly FeatureSpec Prices = new("prices", FeatureKind.Number, 2);

    [Theory]
    [InlineData(TokenScale.Mean, 0)]
    [InlineData(TokenScale.SquareRoot, 0.5)]
    [InlineData(TokenScale.Count, 0)]
    public void The_contract_of_trainers_is_held(TokenScale scale, double l1) =>
        TrainerContract.Breaches(() => new LinearTrainer { TokenScale = scale, L1 = l1, InverseDocumentFrequency = l1 > 0 }).ShouldBeEmpty();

    [Fact]
    public void Without_a_penalty_each_group_gets_its_own_share()
    {
        // One bias and one weight for two groups fit both exactly: 3 of 8 where the id is missing, 9 of 12 where it is 0.
        int[] ids = [.. Enumerable.Repeat(-1, 8), .. Enumerable.Repeat(0, 12)];
        float[] labels = [.. Enumerable.Repeat(1f, 3), .. Enumerable.Repeat(0f, 5), .. Enumerable.Repeat(1f, 9), .. Enumerable.Repeat(0f, 3)];
        var model = Train(new LinearTrainer { L2 = 0, Tolerance = 1e-10 }, [new("group", FeatureKind.OneHot, 1)], Ids("group", ids, labels));

        model.Weights[1].ShouldBe(Math.Log(3.0 / 5), 1e-7);
        model.Weights[0].ShouldBe(Math.Log(9.0 / 3) - Math.Log(3.0 / 5), 1e-7);
        model.Predict(Ids("group", [-1, 0], []))[1].ShouldBe(0.75f, 1e-6f);
    }

    [Fact]
    public void With_a_penalty_the_slope_of_the_loss_balances_it()
    {
        // One weight without examples that lack it: minimise n·(ln(1+e^z) − y̅·z) + w²/2 with z = b + w; the bias is free, so w = 0.
        float[] labels = [1, 1, 1, 0];
        var model = Train(new LinearTrainer { Tolerance = 1e-10 }, [new("always", FeatureKind.OneHot, 1)], Ids("always", [0, 0, 0, 0], labels));
        model.Weights[0].ShouldBe(0, 1e-8);
        model.Weights[1].ShouldBe(Math.Log(3), 1e-7);

        // Two groups of one weight each: at the minimum n_k·(p_k − y̅_k) + w_k = 0 for both, and the bias sums the errors to 0.
        int[] ids = [0, 0, 0, 1, 1, 1, 1, 1];
        float[] outcomes = [1, 1, 1, 0, 0, 1, 0, 0];
        var two = Train(new LinearTrainer { L2 = 2, Tolerance = 1e-11 }, [new("group", FeatureKind.OneHot, 2)], Ids("group", ids, outcomes));
        double p0 = LinearModel.Sigmoid(two.Weights[2] + two.Weights[0]), p1 = LinearModel.Sigmoid(two.Weights[2] + two.Weights[1]);
        ((3 * (p0 - 1)) + (2 * two.Weights[0])).ShouldBe(0, 1e-8);
        ((5 * (p1 - 0.2)) + (2 * two.Weights[1])).ShouldBe(0, 1e-8);
        ((3 * (p0 - 1)) + (5 * (p1 - 0.2))).ShouldBe(0, 1e-8);
    }

    [Fact]
    public void By_inverse_document_frequency_the_model_is_that_of_scikit_learn()
    {
        // TfidfTransformer's idf_ times the counts, divided by the root mean square; LogisticRegression(C=2) of scikit-learn 1.2.1.
        var words = new FeatureSpec("words", FeatureKind.Tokens, 4);
        int[][] texts = [[0, 0, 1], [0, 2], [0, 1, 3], [0], [0, 2, 2, 3], [1, 3], [0, 1, 1]];
        int[] offsets = [0, .. texts.Select((_, i) => texts.Take(i + 1).Sum(text => text.Length))];
        var train = new FeatureSet
        {
            Rows = texts.Length,
            Labels = [1, 0, 1, 0, 0, 1, 1],
            Numbers = new Dictionary<string, float[]>(StringComparer.Ordinal),
            Ids = new Dictionary<string, int[]>(StringComparer.Ordinal),
            Tokens = new Dictionary<string, TokenLists>(StringComparer.Ordinal) { ["words"] = new([.. texts.SelectMany(text => text)], offsets) },
        };
        var model = Train(new LinearTrainer { L2 = 0.5, TokenScale = TokenScale.Count, InverseDocumentFrequency = true, Tolerance = 1e-11 }, [words], train);

        double[] weights = [0.08461678, 1.42954842, -1.23866328, 0.61611748, -0.48189826];
        double[] predictions = [0.75341022, 0.16301762, 0.83867258, 0.40196567, 0.0946196, 0.82689332, 0.9214212];
        foreach (var (actual, expected) in model.Weights.Zip(weights))
            actual.ShouldBe(expected, 1e-5);
        foreach (var (actual, expected) in model.Predict(train).Zip(predictions))
            actual.ShouldBe((float)expected, 1e-5f);
    }

    [Fact]
    public void At_the_solution_no_direction_leads_down()
    {
        FeatureSpec[] features = [Words, City, Shop, Prices];
        var train = new MadeUpFeatures(features, seed: 1).Make(2000, out _);
        var model = Train(new LinearTrainer { Tolerance = 1e-7 }, features, train);

        var slopes = new double[model.Layout.Weights];
        var value = Problem(model.Layout, train, l2: 1, threads: 1).Evaluate([.. model.Weights], slopes);
        slopes.Max(Math.Abs).ShouldBeLessThanOrEqualTo(1e-7);
        value.ShouldBeGreaterThan(0);
        model.Epochs.Count.ShouldBeLessThan(300);
    }

    [Fact]
    public void The_slopes_are_those_of_the_value()
    {
        FeatureSpec[] features = [Words, City, Shop, Prices];
        var train = new MadeUpFeatures(features, seed: 2).Make(200, out _);
        var layout = LinearLayout.Of(features, train, TokenScale.SquareRoot);
        var problem = Problem(layout, train, l2: 3, threads: 2);
        var random = new Random(3);
        var weights = Enumerable.Range(0, layout.Weights).Select(_ => random.NextDouble() - 0.5).ToArray();
        var slopes = new double[weights.Length];
        problem.Evaluate(weights, slopes);

        foreach (var i in Enumerable.Range(0, 40).Select(_ => random.Next(weights.Length)).Append(layout.Bias))
        {
            const double Step = 1e-5;
            double[] above = [.. weights], below = [.. weights];
            above[i] += Step;
            below[i] -= Step;
            var difference = (problem.Evaluate(above, new double[weights.Length]) - problem.Evaluate(below, new double[weights.Length])) / (2 * Step);
            slopes[i].ShouldBe(difference, 1e-8);
        }
    }

    [Fact]
    public void A_size_penalty_leaves_weights_at_exactly_zero_where_their_slope_is_below_it()
    {
        FeatureSpec[] features = [Words, City];
        var train = new MadeUpFeatures(features, seed: 4).Make(1000, out _);
        const double L1 = 5;
        var model = Train(new LinearTrainer { L1 = L1, L2 = 0.5, Tolerance = 1e-9, MaxIterations = 2000 }, features, train);

        var slopes = new double[model.Layout.Weights];
        Problem(model.Layout, train, l2: 0.5, threads: 1).Evaluate([.. model.Weights], slopes);
        var zeros = 0;
        for (var i = 0; i < slopes.Length - 1; i++)
        {
            if (model.Weights[i] == 0)
                Math.Abs(slopes[i]).ShouldBeLessThanOrEqualTo((L1 / 1000) + 1e-8);
            else
                slopes[i].ShouldBe(-Math.Sign(model.Weights[i]) * L1 / 1000, 1e-8);
            zeros += model.Weights[i] == 0 ? 1 : 0;
        }

        zeros.ShouldBeInRange(100, 300);
        slopes[^1].ShouldBe(0, 1e-8);
        var logOdds = new LinearScorer(model.Layout, train).LogOdds([.. model.Weights]);
        model.Epochs[^1].TrainLoss.ShouldBe(TrainingMetrics.LogLoss(logOdds, train.Labels), 1e-7);
    }

    [Fact]
    public void It_comes_close_to_the_best_attainable_ranking()
    {
        FeatureSpec[] features = [Words, City, Shop, Prices];
        var source = new MadeUpFeatures(features, seed: 5);
        var train = source.Make(6000, out _);
        var eval = source.Make(2000, out var logOdds);
        using var model = new LinearTrainer().Train(TrainerContract.Input(features, train, eval), TestContext.Current.CancellationToken);

        var attainable = TrainingMetrics.Auc(logOdds, eval.Labels);
        ((TrainingMetrics.Auc(model.Predict(eval), eval.Labels) - 0.5) / (attainable - 0.5)).ShouldBeGreaterThan(0.92);
        attainable.ShouldBeInRange(0.85, 0.95);
        model.Epochs[^1].EvalLoss.ShouldBeLessThan(model.Epochs[0].EvalLoss);
    }

    [Fact]
    public void The_unit_of_a_number_does_not_matter()
    {
        FeatureSpec[] features = [Prices];
        var train = new MadeUpFeatures(features, seed: 6).Make(500, out _);
        var inCents = train with
        {
            Numbers = new Dictionary<string, float[]>(StringComparer.Ordinal) { ["prices"] = Array.ConvertAll(train.Numbers["prices"], price => (price * 128) - 4096) },
        };

        var predictions = Train(new LinearTrainer(), features, train).Predict(train);
        var others = Train(new LinearTrainer(), features, inCents).Predict(inCents);
        predictions.Zip(others, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-5f);
    }

    [Fact]
    public void A_number_that_never_varies_counts_nothing()
    {
        var scale = NumberScale.Of([7.1f, 1, 7.1f, 2, 7.1f, 3], 2);
        scale.Factors[0].ShouldBe(0);
        scale.Means[1].ShouldBe(2, 1e-12);
        scale.Factors[1].ShouldBe(Math.Sqrt(1.5), 1e-9);
    }

    [Fact]
    public void Separable_examples_without_a_penalty_end_at_the_last_iteration()
    {
        var model = Train(
            new LinearTrainer { L2 = 0, Tolerance = 1e-300, MaxIterations = 25 }, [new("group", FeatureKind.OneHot, 2)], Ids("group", [0, 0, 1, 1], [1, 1, 0, 0]));
        model.Epochs.Count.ShouldBeLessThanOrEqualTo(25);
        model.Weights.ShouldAllBe(weight => double.IsFinite(weight));
        model.Predict(Ids("group", [0, 1], [])).ShouldBe([1, 0], 1e-3);
    }

    [Fact]
    public void One_class_only_is_refused() =>
        Should.Throw<InvalidDataException>(() => Train(new LinearTrainer(), [new("group", FeatureKind.OneHot, 2)], Ids("group", [0, 1], [1, 1])))
            .Message.ShouldBe("Of the 2 training examples 2 are positive. Expected examples of both classes.");

    [Fact]
    public void All_wrong_options_are_named_at_once()
    {
        new LinearTrainer { L1 = -1, L2 = double.NaN, Tolerance = 0, MaxIterations = 0 }.Problems().Count().ShouldBe(4);
        new LinearTrainer { L1 = -1 }.Problems().ShouldBe(["LinearTrainer.L1 is -1. Expected 0 or more."]);
        new LinearTrainer().Problems().ShouldBeEmpty();
    }

    static LinearProblem Problem(LinearLayout layout, FeatureSet train, double l2, int threads) => new(
        new LinearScorer(layout, train), layout, LinearLoss.For(TrainerContract.LabelOf(LearningTask.Binary), train, new LinearHead(LearningTask.Binary)), l2, threads);

    static LinearModel Train(LinearTrainer trainer, IReadOnlyList<FeatureSpec> features, FeatureSet train) =>
        (LinearModel)trainer.Train(TrainerContract.Input(features, train, train), TestContext.Current.CancellationToken);

    static FeatureSet Ids(string name, int[] ids, float[] labels) => new()
    {
        Rows = ids.Length,
        Labels = labels,
        Numbers = new Dictionary<string, float[]>(StringComparer.Ordinal),
        Ids = new Dictionary<string, int[]>(StringComparer.Ordinal) { [name] = ids },
        Tokens = new Dictionary<string, TokenLists>(StringComparer.Ordinal),
    };
}
