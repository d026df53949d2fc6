using Gyre.Testing;
using Gyre.Transforms;

namespace Gyre.LightGbm.Tests;

/// <summary>What trees compute, in LightGBM, in the graph and here.</summary>
public sealed class TreeTests
{
    const string Text = """
        tree
        version=v4
        num_class=1
        feature_names=age name/0 name/1
        feature_infos=[0:90] none none

        Tree=0
        num_leaves=3
        num_cat=0
        split_feature=0 2
        split_gain=3 1
        threshold=17.500000000000004 inf
        decision_type=10 8
        left_child=1 -1
        right_child=-2 -3
        leaf_value=0.25 -1 3
        is_linear=0
        shrinkage=1


        Tree=1
        num_leaves=1
        num_cat=0
        leaf_value=0.5
        shrinkage=1


        end of trees

        feature_importances:
        age=3
        """;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Trees_are_read_from_text()
    {
        var trees = TreeText.Read(Text);

        trees.Count.ShouldBe(2);
        trees[0].Columns.ShouldBe([0, 2]);
        trees[0].Thresholds.ShouldBe([17.500000000000004, double.PositiveInfinity]);
        trees[0].Left.ShouldBe([1, -1]);
        trees[0].Right.ShouldBe([-2, -3]);
        trees[1].Leaves.ShouldBe([0.5]);
        TreeText.ColumnNames(Text).ShouldBe(["age", "name/0", "name/1"]);
    }

    [Fact]
    public void An_example_goes_left_up_to_the_threshold_and_where_missing_ones_go()
    {
        var trees = TreeText.Read(Text);
        Value(17.5f, 0).ShouldBe(0.75);
        Value(17.500002f, 0).ShouldBe(-0.5);
        Value(float.NaN, 0).ShouldBe(0.75, "flag 2: missing goes left");
        Value(1, float.NaN).ShouldBe(3.5, "no flag 2: missing goes right");
        Value(1, float.PositiveInfinity).ShouldBe(0.75);

        double Value(float age, float name) => trees.Sum(tree => tree.Value([age, 0, name]));
    }

    [Theory]
    [InlineData("num_cat=0", "num_cat=1", "categorical splits or linear leaves")]
    [InlineData("is_linear=0", "is_linear=1", "categorical splits or linear leaves")]
    [InlineData("left_child=1 -1", "left_child=1", "lists of other lengths")]
    [InlineData("split_feature=0 2", "", "no 'split_feature'")]
    public void Text_that_is_not_understood_is_refused(string part, string instead, string message)
    {
        var at = Text.IndexOf(part, StringComparison.Ordinal);
        var changed = string.Concat(Text.AsSpan(0, at), instead, Text.AsSpan(at + part.Length));
        Should.Throw<InvalidDataException>(() => TreeText.Read(changed)).Message.ShouldContain(message);
    }

    [Fact]
    public void The_graph_finds_the_same_leaves_for_missing_infinite_and_borderline_numbers()
    {
        FeatureSpec[] features = [new("a", FeatureKind.Number, 1), new("b", FeatureKind.Number, 2), new("c", FeatureKind.OneHot, 5)];
        var train = WithMissing(new MadeUpFeatures(features, seed: 11).Make(3000, out _), "a");
        using var model = (LightGbmModel)new LightGbmTrainer { Trees = 30, LearningRate = 0.5 }.Train(TrainerContract.Input(features, train, train), Token);
        var borders = model.Texts.SelectMany(TreeText.Read).SelectMany(tree => tree.Thresholds).Distinct().Order().Select(threshold => (float)threshold)
            .SelectMany(threshold => new[] { MathF.BitDecrement(threshold), threshold, MathF.BitIncrement(threshold) })
            .Concat([float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, -0f, float.Epsilon]).ToArray();
        var random = new Random(1);
        const int Rows = 4000;
        var probes = new FeatureSet
        {
            Rows = Rows,
            Labels = [],
            Numbers = new Dictionary<string, float[]>(StringComparer.Ordinal) { ["a"] = Draw(Rows), ["b"] = Draw(2 * Rows) },
            Ids = new Dictionary<string, int[]>(StringComparer.Ordinal) { ["c"] = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(-1, 5))] },
            Tokens = new Dictionary<string, TokenLists>(StringComparer.Ordinal),
        };

        using var graph = new FeatureGraph(model, features);
        var expected = model.Predict(probes);
        var actual = graph.Predict(probes, 512);

        expected.Distinct().Count().ShouldBeGreaterThan(500);
        expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max().ShouldBeLessThan(2e-7f);

        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => borders[random.Next(borders.Length)])];
    }

    [Fact]
    public void Trees_walk_here_as_in_LightGBM()
    {
        FeatureSpec[] features = [new("a", FeatureKind.Number, 2), new("words", FeatureKind.Tokens, 40), new("c", FeatureKind.Category, 9)];
        var train = WithMissing(new MadeUpFeatures(features, seed: 12).Make(2000, out _), "a");
        using var model = (LightGbmModel)new LightGbmTrainer { Trees = 20 }.Train(TrainerContract.Input(features, train, train), Token);
        using var booster = Booster.Load(model.Texts[0]);
        var matrix = ExampleMatrix.Of(TreeColumns.Of(features, 100), train, 0, train.Rows);
        var trees = TreeText.Read(model.Texts[0]);

        var expected = booster.Predict(matrix, 1, PredictionKind.Raw, threads: 2);

        matrix.ForEach(0, train.Rows, (row, values) =>
        {
            var sum = 0.0;
            foreach (var tree in trees)
                sum += tree.Value(values);
            sum.ShouldBe(expected[row]);
        });
    }

    [Fact]
    public void Only_columns_that_are_asked_about_enter_the_table()
    {
        FeatureSpec[] features = [new("words", FeatureKind.Tokens, 30_000)];
        var train = new MadeUpFeatures(features, seed: 13).Make(500, out _);
        using var model = (LightGbmModel)new LightGbmTrainer { Trees = 5, Leaves = 4 }.Train(TrainerContract.Input(features, train, train), Token);
        using var graph = new FeatureGraph(model, features);

        graph.Predict(train, 100).Zip(model.Predict(train), (one, other) => Math.Abs(one - other)).Max().ShouldBeLessThan(2e-7f);
        // The map of tokens to columns is 240 KB; a dense table of 30,000 columns for 100 rows would be 12 MB at every run.
        graph.Bytes.Length.ShouldBeLessThan(300_000);
    }

    static FeatureSet WithMissing(FeatureSet examples, string number)
    {
        var values = examples.Numbers[number];
        return examples with
        {
            Numbers = new Dictionary<string, float[]>(examples.Numbers, StringComparer.Ordinal) { [number] = [.. values.Select((value, i) => i % 7 == 0 ? float.NaN : value)] },
        };
    }
}
