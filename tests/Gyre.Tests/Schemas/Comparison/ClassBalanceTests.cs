using Gyre.Schemas.Comparison;
using Gyre.Statistics;
using Gyre.Tests.Statistics;

namespace Gyre.Tests.Schemas.Comparison;

public sealed class ClassBalanceTests : IDisposable
{
    static readonly BalanceOptions Options = new();

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-balance-");

    public void Dispose() => _directory.Delete(recursive: true);

    ClassBalance Balance(Array values) => ClassBalance.Of(
        StatisticsEngine.Compute(ExampleFile.Write(Path.Combine(_directory.FullName, "x.parquet"), ("y", values)), cancellationToken: TestContext.Current.CancellationToken), "y");

    static string[] Labels(int yes, int no) => [.. Enumerable.Repeat("Yes", yes), .. Enumerable.Repeat("No", no)];

    [Fact]
    public void Half_and_half_in_training_and_seventy_to_thirty_in_new_data_raise_an_alarm()
    {
        var check = Balance(Labels(70, 30)).Against("train", Balance(Labels(500, 500)).Counts, isSample: true, Options).Checks.ShouldHaveSingleItem();

        check.GreatestDifference.ShouldBe(0.2, 1e-12);
        check.IsAlarm.ShouldBeTrue();
        Balance(Labels(700, 300)).Against("expected", new Dictionary<string, double> { ["Yes"] = 1, ["No"] = 1 }, isSample: false, Options).Checks.ShouldHaveSingleItem().IsAlarm.ShouldBeTrue();
    }

    [Fact]
    public void Seven_to_three_of_ten_are_chance() =>
        Balance(Labels(7, 3)).Against("expected", new Dictionary<string, double> { ["Yes"] = 0.5, ["No"] = 0.5 }, isSample: false, Options).Checks.ShouldHaveSingleItem().IsAlarm.ShouldBeFalse();

    [Fact]
    public void A_class_that_was_not_expected_is_never_chance() =>
        Balance(Labels(97, 3)).Against("expected", new Dictionary<string, double> { ["Yes"] = 1 }, isSample: false, Options with { Threshold = 0.01 }).Checks.ShouldHaveSingleItem().IsAlarm.ShouldBeTrue();

    [Fact]
    public void Weights_make_the_classes_count_the_same()
    {
        var balance = Balance(Labels(25, 75));

        balance.Classes.ShouldBe([new LabelClass("No", 75, 0.75, 100 / 150.0), new LabelClass("Yes", 25, 0.25, 2)]);
        balance.Classes.Sum(each => each.Weight * each.Count).ShouldBe(100);
    }

    [Fact]
    public void Whole_numbers_are_classes_too()
    {
        Balance(Enumerable.Range(0, 90).Select(i => i % 3 == 0 ? 1L : 0L).ToArray()).Counts.ShouldBe(new Dictionary<string, double> { ["0"] = 60, ["1"] = 30 }, ignoreOrder: true);
        Balance(Enumerable.Range(0, 60).Select(i => (long)(i % 6)).ToArray()).Counts.ShouldBe(Enumerable.Range(0, 6).ToDictionary(i => $"{i}", _ => 10.0), ignoreOrder: true);
        Balance(new long?[] { 1, null, 1 }).ShouldSatisfyAllConditions(balance => balance.Unlabelled.ShouldBe(1), balance => balance.Counts.ShouldBe(new Dictionary<string, double> { ["1"] = 2 }));
    }

    [Fact]
    public void What_is_no_label_is_said()
    {
        Balance(Enumerable.Range(0, 2000).Select(i => $"{i}").ToArray()).NotCounted!.ShouldContain("no label of classes");
        ClassBalance.Of(new DatasetStatistics(new Gyre.Statistics.Protos.DatasetFeatureStatistics()), "z").NotCounted!.ShouldContain("no column 'z'");
    }
}
