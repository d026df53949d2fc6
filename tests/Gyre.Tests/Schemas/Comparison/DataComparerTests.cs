using Gyre.Schemas;
using Gyre.Schemas.Comparison;
using Gyre.Statistics;
using Gyre.Tests.Statistics;

namespace Gyre.Tests.Schemas.Comparison;

public sealed class DataComparerTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-compare-");

    int _files;

    public void Dispose() => _directory.Delete(recursive: true);

    DatasetStatistics Statistics(params (string Name, Array Values)[] columns) => StatisticsEngine.Compute(
        ExampleFile.Write(Path.Combine(_directory.FullName, $"{_files++}.parquet"), columns), cancellationToken: TestContext.Current.CancellationToken);

    static ReferenceData Previous(DatasetStatistics statistics) => new(ComparedWith.PreviousSpan, "span 1", statistics);

    static string[] Repeat(params (string Text, int Count)[] texts) => [.. texts.SelectMany(each => Enumerable.Repeat(each.Text, each.Count))];

    static double[] Normal(int count, double mean, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => mean + (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }

    [Fact]
    public void Equal_data_is_at_distance_zero_in_every_measure()
    {
        var data = Statistics(("text", Repeat(("a", 30), ("b", 70))), ("number", Normal(100, 0, seed: 1)), ("whole", Enumerable.Range(0, 100).Select(i => (long)i % 4).ToArray()));

        var result = DataComparer.Compare(data, Previous(data));

        result.ExampleRatio.ShouldBe(1);
        result.Features.Select(feature => feature.Feature).ShouldBe(["text", "number", "whole"]);
        result.Features.SelectMany(feature => feature.Distances).ShouldAllBe(distance => Math.Abs(distance.Value) < 1e-9);
        result.Features.ShouldAllBe(feature => !feature.IsAlarm && feature.Probability > 0.99);
    }

    [Fact]
    public void A_large_and_certain_change_is_an_alarm_that_names_the_value()
    {
        var feature = DataComparer.Compare(Statistics(("x", Repeat(("a", 700), ("b", 300)))), Previous(Statistics(("x", Repeat(("a", 500), ("b", 500)))))).Features.Single();

        feature.IsAlarm.ShouldBeTrue();
        feature.Of(DistanceNames.LInfinity)!.Value.ShouldBe(0.2, 1e-12);
        feature.Of(DistanceNames.LInfinity)!.Where.ShouldBe("b");
        feature.Of(DistanceNames.NormalizedAbsoluteDifference)!.Value.ShouldBe(0.1, 1e-12);
        feature.Probability!.Value.ShouldBeLessThan(1e-10);
    }

    [Fact]
    public void A_large_change_of_few_examples_is_chance()
    {
        var feature = DataComparer.Compare(Statistics(("x", Repeat(("a", 17), ("b", 13)))), Previous(Statistics(("x", Repeat(("a", 14), ("b", 16)))))).Features.Single();

        feature.Of(DistanceNames.LInfinity)!.IsAbove.ShouldBeTrue();
        feature.IsAlarm.ShouldBeFalse();
    }

    [Fact]
    public void A_certain_change_that_is_small_is_none()
    {
        var feature = DataComparer.Compare(Statistics(("x", Repeat(("a", 52_000), ("b", 48_000)))), Previous(Statistics(("x", Repeat(("a", 50_000), ("b", 50_000)))))).Features.Single();

        feature.Probability!.Value.ShouldBeLessThan(0.001);
        feature.IsAlarm.ShouldBeFalse();
    }

    [Fact]
    public void Numbers_that_move_by_a_deviation_are_an_alarm_and_two_draws_are_none()
    {
        var first = Statistics(("x", Normal(4000, 0, seed: 1)));

        var moved = DataComparer.Compare(Statistics(("x", Normal(4000, 1, seed: 2))), Previous(first)).Features.Single();
        var same = DataComparer.Compare(Statistics(("x", Normal(4000, 0, seed: 3))), Previous(first)).Features.Single();

        moved.IsAlarm.ShouldBeTrue();
        moved.Of(DistanceNames.NormalizedWasserstein)!.Value.ShouldBe(1, 0.15);
        moved.Of(DistanceNames.KolmogorovSmirnov)!.Value.ShouldBe(0.383, 0.06);
        moved.Of(DistanceNames.PopulationStability)!.Value.ShouldBeGreaterThan(0.5);
        same.IsAlarm.ShouldBeFalse();
    }

    [Fact]
    public void Of_many_features_that_do_not_change_none_is_an_alarm()
    {
        (string, Array)[] Draw(int seed) => [.. Enumerable.Range(0, 60).Select(i =>
        {
            var random = new Random((seed * 1000) + i);
            Array values = i % 2 == 0
                ? Enumerable.Range(0, 300).Select(_ => $"v{(int)(random.NextDouble() * random.NextDouble() * 20)}").ToArray()
                : Enumerable.Range(0, 300).Select(_ => (long)random.Next(12)).ToArray();
            return ($"f{i}", values);
        })];

        var result = DataComparer.Compare(Statistics(Draw(1)), Previous(Statistics(Draw(2))));

        result.Features.Count.ShouldBe(60);
        result.Features.Where(feature => feature.IsAlarm).Select(feature => feature.Feature).ShouldBeEmpty();
    }

    [Fact]
    public void A_feature_that_goes_missing_is_an_alarm_by_itself()
    {
        var feature = DataComparer.Compare(
            Statistics(("x", Enumerable.Range(0, 400).Select(i => i % 4 == 0 ? null : "a").ToArray())), Previous(Statistics(("x", Repeat(("a", 400)))))).Features.Single();

        feature.Of(DistanceNames.MissingShare)!.Value.ShouldBe(0.25);
        feature.IsAlarm.ShouldBeTrue();
    }

    [Fact]
    public void What_only_one_side_has_is_named()
    {
        var result = DataComparer.Compare(Statistics(("a", new[] { "x" }), ("b", new[] { "x" })), Previous(Statistics(("b", new[] { "x" }), ("c", new long[] { 1 }))));

        result.OnlyHere.ShouldBe(["a"]);
        result.OnlyThere.ShouldBe(["c"]);
    }

    [Fact]
    public void Texts_and_numbers_are_compared_by_presence_only()
    {
        var feature = DataComparer.Compare(Statistics(("x", new[] { "a", "b" })), Previous(Statistics(("x", new long[] { 1, 2 })))).Features.Single();

        feature.Values.ShouldBe(ComparedValues.Presence);
        feature.Notes.ShouldHaveSingleItem().ShouldContain("texts here and numbers in the reference");
    }

    [Fact]
    public void Thresholds_of_the_schema_hold_for_their_kind_of_comparison_only()
    {
        var schema = SchemaDefinition.Parse("feature { name: 'x' type: BYTES drift_comparator { infinity_norm { threshold: 0.01 } jensen_shannon_divergence { threshold: 0.5 } } }");
        var (now, before) = (Statistics(("x", Repeat(("a", 52), ("b", 48)))), Statistics(("x", Repeat(("a", 50), ("b", 50)))));

        var drift = DataComparer.Compare(now, Previous(before), schema).Features.Single();
        var skew = DataComparer.Compare(now, new ReferenceData(ComparedWith.Serving, "", before), schema).Features.Single();

        drift.Of(DistanceNames.LInfinity).ShouldBe(new Distance(DistanceNames.LInfinity, 0.52 - 0.5, 0.01, IsOfSchema: true, "b"), new NearlyEqual());
        drift.Of(DistanceNames.JensenShannon)!.IsAbove.ShouldBeFalse();
        drift.IsAlarm.ShouldBeTrue();
        skew.Of(DistanceNames.LInfinity)!.IsOfSchema.ShouldBeFalse();
        skew.IsAlarm.ShouldBeFalse();
    }

    [Fact]
    public void A_threshold_for_numbers_by_L_infinity_is_not_silently_zero()
    {
        var schema = SchemaDefinition.Parse("feature { name: 'x' type: FLOAT drift_comparator { infinity_norm { threshold: 0.1 } } }");

        var feature = DataComparer.Compare(Statistics(("x", Normal(1000, 2, seed: 1))), Previous(Statistics(("x", Normal(1000, 0, seed: 2)))), schema).Features.Single();

        feature.Of(DistanceNames.LInfinity)!.Value.ShouldBeGreaterThan(0.3);
        feature.IsAlarm.ShouldBeTrue();
    }

    [Fact]
    public void A_report_is_read_as_it_was_written()
    {
        var report = new ComparisonReport
        {
            Split = "train",
            Examples = 100,
            Comparisons =
            [
                DataComparer.Compare(Statistics(("x", Repeat(("a", 70), ("b", 30)))), Previous(Statistics(("x", Repeat(("a", 50), ("c", 50)))))),
                DataComparer.NotCompared(ComparedWith.Serving, "there is none"),
            ],
            Label = ClassBalance.Of(Statistics(("x", Repeat(("a", 70), ("b", 30)))), "x").Against("expected", new Dictionary<string, double> { ["a"] = 1 }, isSample: false, new BalanceOptions()),
            Leakage = new LeakageHints(),
        };
        var path = Path.Combine(_directory.FullName, "comparison.json");

        report.Save(path);

        ComparisonReport.Load(path).ToString().ShouldBe(report.ToString());
        File.WriteAllText(path, "{\"format\": 2, \"split\": \"\", \"examples\": 1}");
        Should.Throw<InvalidDataException>(() => ComparisonReport.Load(path)).Message.ShouldContain("Expected 1");
        File.WriteAllText(path, "{");
        Should.Throw<InvalidDataException>(() => ComparisonReport.Load(path));
    }

    sealed class NearlyEqual : IEqualityComparer<Distance?>
    {
        public bool Equals(Distance? one, Distance? other) => one is not null && other is not null && one with { Value = 0 } == other with { Value = 0 } && Math.Abs(one.Value - other.Value) < 1e-9;

        public int GetHashCode(Distance obj) => 0;
    }
}
