using Gyre.Statistics;
using Gyre.Statistics.Cross;

namespace Gyre.Tests.Statistics.Cross;

public sealed class CrossEngineTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-cross-");

    public void Dispose() => _directory.Delete(recursive: true);

    string File(string name = "examples.parquet") => System.IO.Path.Combine(_directory.FullName, name);

    CrossStatistics Compute(CrossOptions? options, params (string Name, Array Values)[] columns) =>
        CrossEngine.Compute([ExampleFile.Write(File(), columns)], options, threads: 2, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Numbers of TensorFlow Data Validation's own test of cross features.</summary>
    [Fact]
    public void Correlation_and_covariance_equal_those_of_TensorFlow_Data_Validation()
    {
        var pairs = Compute(
            null,
            ("a", new double[] { 1, 3, 5, 6, 10 }),
            ("b", new double[] { 2, 4, 6, 14, 16 }),
            ("c", new double[] { 5, 3, 7, -1, 0 })).Numbers;

        pairs.Select(pair => (pair.X, pair.Y, pair.Count)).ShouldBe([("a", "b", 5), ("a", "c", 5), ("b", "c", 5)]);
        pairs.Select(pair => Math.Round(pair.Correlation, 6)).ShouldBe([0.923145, -0.594766, -0.810703]);
        pairs.Select(pair => pair.Covariance).ShouldBe([15.6, -5.4, -13.52]);
    }

    [Fact]
    public void Pairs_of_numbers_count_examples_in_which_both_are_finite()
    {
        var pair = Compute(
            null,
            ("x", new double?[] { 1, 2, null, 4, double.NaN, double.PositiveInfinity }),
            ("y", new double?[] { 2, null, 3, 8, 1, 1 })).Numbers.ShouldHaveSingleItem();

        pair.ShouldBe(new NumberPair("x", "y", 2, 1, 4.5));
    }

    [Fact]
    public void Correlations_do_not_depend_on_the_order_of_rows_to_the_last_bit() =>
        Gen.Select(Gen.Double[-1e9, 1e9], Gen.Double[-1, 1].Nullable()).Array[2, 60].Sample(
            rows =>
            {
                var turned = rows.Reverse().ToArray();
                Pairs(rows).ShouldBe(Pairs(turned));
            },
            iter: 20,
            threads: 1);

    IReadOnlyList<NumberPair> Pairs((double, double?)[] rows) => Compute(
        new CrossOptions(), ("x", rows.Select(row => row.Item1).ToArray()), ("y", rows.Select(row => row.Item2).ToArray()), ("z", rows.Select(row => row.Item1 / 3).ToArray())).Numbers;

    [Fact]
    public void Categories_that_go_together_are_found()
    {
        var texts = new[] { "a", "b", "c", null, "" };
        var cross = Compute(
            null,
            ("one", Enumerable.Range(0, 500).Select(row => texts[row % 5]).ToArray()),
            ("same", Enumerable.Range(0, 500).Select(row => texts[row % 5] + "!").ToArray()),
            ("other", Enumerable.Range(0, 500).Select(row => row / 5 % 2 == 0 ? "x" : "y").ToArray()));

        var same = cross.Categories.Single(pair => pair.Y == "same");
        (same.Count, same.DegreesOfFreedom).ShouldBe((300, 4));
        same.ChiSquared.ShouldBe(600, 1e-9);
        same.CramersV.ShouldBe(1, 1e-3);
        same.YGivenX.ShouldBe(1, 1e-12);
        same.PValue.ShouldBeLessThan(1e-100);
        var other = cross.Categories.Single(pair => pair.X == "one" && pair.Y == "other");
        (other.ChiSquared, other.CramersV, other.PValue, other.XGivenY).ShouldBe((0, 0, 1, 0));
    }

    [Fact]
    public void The_correlation_ratio_is_the_share_of_variance_between_categories()
    {
        // By hand: means 2 and 6 of three each, within each a sum of squares of 2; between 24, in all 28.
        var pair = Compute(
            null, ("number", new double?[] { 1, 2, 3, 5, 6, 7, null, 9 }), ("category", new[] { "a", "a", "a", "b", "b", "b", "b", null })).Mixed.ShouldHaveSingleItem();

        (pair.Number, pair.Category, pair.Count).ShouldBe(("number", "category", 6));
        pair.CorrelationRatio.ShouldBe(24.0 / 28, 1e-12);
    }

    [Fact]
    public void What_is_left_out_is_named()
    {
        var cross = Compute(
            new CrossOptions { MaxDistinct = 3, MaxNumbers = 1, MaxTexts = 1 },
            ("id", Enumerable.Range(0, 100).Select(row => $"id {row}").ToArray()),
            ("a", Enumerable.Repeat("x", 100).ToArray()),
            ("b", Enumerable.Repeat("x", 100).ToArray()),
            ("x", Enumerable.Range(0, 100).ToArray()),
            ("y", Enumerable.Range(0, 100).ToArray()));

        cross.Skipped.Select(skipped => skipped.Column).ShouldBe(["id", "b", "y"]);
        cross.Skipped.ShouldAllBe(skipped => skipped.Reason.Contains("Max", StringComparison.Ordinal));
        cross.Numbers.ShouldBeEmpty();
        cross.Mixed.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_label_that_is_not_there_is_told() =>
        Should.Throw<InvalidDataException>(() => Compute(new CrossOptions { Label = "lable" }, ("label", new[] { "a" })))
            .Message.ShouldContain("no column 'lable'");

    [Fact]
    public void A_label_without_values_is_told() =>
        Should.Throw<InvalidDataException>(() => Compute(new CrossOptions { Label = "label" }, ("label", new string?[] { null }), ("x", new[] { 1 })))
            .Message.ShouldContain("has no value");

    [Fact]
    public void A_column_that_determines_the_label_stands_first()
    {
        var random = new Random(7);
        var labels = Enumerable.Range(0, 1000).Select(_ => random.Next(2)).ToArray();
        var cross = Compute(
            new CrossOptions { Label = "label", Pairs = false },
            ("label", labels),
            ("noise", labels.Select(_ => random.NextDouble()).ToArray()),
            ("leak", labels.Select(label => label == 1 ? "yes" : random.Next(2) == 0 ? "no" : "never").ToArray()),
            ("threshold", labels.Select(label => label + (random.NextDouble() / 2)).ToArray()),
            ("missing", labels.Select(label => label == 1 ? (double?)random.NextDouble() : null).ToArray()));

        cross.Labels.Take(3).Select(label => label.Feature).ShouldBe(["leak", "missing", "threshold"], ignoreOrder: true);
        foreach (var label in cross.Labels.Take(3))
        {
            label.BestAccuracy.ShouldBe(1, label.Feature);
            label.AreaUnderCurve.ShouldBe(1, label.Feature);
        }

        cross.Labels.Single(label => label.Feature == "leak").UncertaintyCoefficient.ShouldBe(1, 1e-12);
        var noise = cross.Labels[^1];
        noise.Feature.ShouldBe("noise");
        noise.AdjustedMutualInformation.ShouldBe(0, 0.01);
        noise.MutualInformation.ShouldBeGreaterThan(noise.AdjustedMutualInformation);
    }

    [Fact]
    public void Labels_that_are_numbers_are_cut_into_bins()
    {
        var cross = Compute(
            new CrossOptions { Label = "y", Bins = 4, Pairs = false },
            ("y", Enumerable.Range(0, 400).Select(row => (double)row).ToArray()),
            ("x", Enumerable.Range(0, 400).Select(row => row * 2.0).ToArray()),
            ("half", Enumerable.Range(0, 400).Select(row => row < 200 ? "low" : "high").ToArray()));

        var same = cross.Labels.Single(label => label.Feature == "x");
        same.MutualInformation.ShouldBe(2, 1e-3);
        same.UncertaintyCoefficient.ShouldBe(1, 1e-3);
        cross.Labels.Single(label => label.Feature == "half").MutualInformation.ShouldBe(1, 0.03);
        cross.Lifts.ShouldHaveSingleItem().Series.Count.ShouldBe(4);
    }

    /// <summary>The example of TensorFlow Data Validation's test of lift.</summary>
    [Fact]
    public void Lift_equals_that_of_TensorFlow_Data_Validation()
    {
        var lift = Compute(
            new CrossOptions { Label = "string_y" },
            ("categorical_x", new[] { "a", "a", "b", "a" }),
            ("string_y", new[] { "cat", "dog", "cat", "dog" })).Lifts.ShouldHaveSingleItem();

        lift.Series.Select(series => (series.LabelValue, series.Count)).ShouldBe([("cat", 2), ("dog", 2)]);
        lift.Series[0].Values.Select(value => (value.Value, Math.Round(value.Lift, 7), value.Count, value.CountWithLabel)).ShouldBe([("b", 2.0, 1, 1), ("a", 0.6666667, 3, 1)]);
        lift.Series[1].Values.Select(value => (value.Value, Math.Round(value.Lift, 7), value.Count, value.CountWithLabel)).ShouldBe([("a", 1.3333333, 3, 2), ("b", 0.0, 1, 0)]);
        lift.Series[0].Values.ShouldAllBe(value => value.Low <= value.Lift && value.Lift <= value.High);
    }

    [Fact]
    public void Lift_counts_weights()
    {
        var series = Compute(
            new CrossOptions { Label = "y", Weight = "w", LiftMinimum = 0.5 },
            ("x", new[] { "a", "a", "b", "c" }),
            ("y", new[] { 1, 0, 1, 0 }),
            ("w", new[] { 0.5, 1.5, 1, 0.5 })).Lifts.ShouldHaveSingleItem().Series;

        series[1].ShouldSatisfyAllConditions(one => one.LabelValue.ShouldBe("1"), one => one.Count.ShouldBe(1.5));
        series[1].Values.Select(value => (value.Value, value.Count, value.CountWithLabel)).ShouldBe([("b", 1, 1), ("a", 2, 0.5)]);
        series[1].Values[1].Lift.ShouldBe(0.25 / (1.5 / 3.5), 1e-15);
    }

    [Fact]
    public void Results_stand_in_the_statistics_where_TensorFlow_Data_Validation_has_them()
    {
        ExampleFile.Write(
            File(), ("x", new[] { "a", "a", "b", "b" }), ("number", new[] { 1, 2, 3, 4 }), ("other", new[] { 2.0, 4, 6, 8 }), ("label", new[] { 0, 0, 1, 1 }));
        var options = new CrossOptions { Label = "label" };
        var dataset = StatisticsEngine.Compute(
            File(), options: new StatisticsOptions { Cross = options }, cancellationToken: TestContext.Current.CancellationToken).Message;

        var numbers = dataset.CrossFeatures.Single(cross => cross.NumCrossStats is not null);
        (numbers.PathX.Step[0], numbers.PathY.Step[0], numbers.Count, numbers.NumCrossStats.Correlation, numbers.NumCrossStats.Covariance)
            .ShouldBe(("number", "other", 4ul, 1f, 2.5f));
        var lift = dataset.CrossFeatures.Single(cross => cross.CategoricalCrossStats is not null);
        (lift.PathX.Step[0], lift.PathY.Step[0]).ShouldBe(("x", "label"));
        lift.CategoricalCrossStats.Lift.LiftSeries.Select(series => (series.YInt, series.YCount)).ShouldBe([(0, 2ul), (1, 2ul)]);
        lift.CategoricalCrossStats.Lift.LiftSeries[0].LiftValues[0].ShouldSatisfyAllConditions(
            value => value.XString.ShouldBe("a"), value => value.Lift.ShouldBe(2), value => value.XCount.ShouldBe(2u), value => value.XAndYCount.ShouldBe(2u));
        dataset.Features.Single(feature => feature.PathText() == "x").CustomStats
            .Single(custom => custom.Name == "mutual_information").Num.ShouldBe(1);
        dataset.Features.Single(feature => feature.PathText() == "number").CustomStats
            .Single(custom => custom.Name == "correlation_ratio:x").Num.ShouldBe(0.8, 1e-9);
    }

    [Fact]
    public void Files_are_taken_together()
    {
        ExampleFile.Write(File("1"), ("x", new double[] { 1, 3, 5 }), ("y", new double[] { 2, 4, 6 }));
        ExampleFile.Write(File("2"), ("x", new double[] { 6, 10 }), ("y", new double[] { 14, 16 }));

        CrossEngine.Compute([File("1"), File("2")], cancellationToken: TestContext.Current.CancellationToken)
            .Numbers.ShouldHaveSingleItem().Covariance.ShouldBe(15.6);
    }

    [Fact]
    public void Results_do_not_depend_on_threads()
    {
        var random = new Random(11);
        ExampleFile.Write(
            File(),
            ("label", Enumerable.Range(0, 5000).Select(_ => random.Next(3)).ToArray()),
            ("a", Enumerable.Range(0, 5000).Select(_ => $"v{random.Next(9)}").ToArray()),
            ("b", Enumerable.Range(0, 5000).Select(_ => $"v{random.Next(5)}").ToArray()),
            ("x", Enumerable.Range(0, 5000).Select(_ => random.NextDouble()).ToArray()),
            ("w", Enumerable.Range(0, 5000).Select(_ => random.NextDouble()).ToArray()));

        System.Text.Json.JsonSerializer.Serialize(With(1)).ShouldBe(System.Text.Json.JsonSerializer.Serialize(With(2)));

        CrossStatistics With(int threads) => CrossEngine.Compute(
            [File()], new CrossOptions { Label = "label", Weight = "w" }, threads, cancellationToken: TestContext.Current.CancellationToken);
    }
}
