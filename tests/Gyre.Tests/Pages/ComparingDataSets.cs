using Gyre.Pages;
using Gyre.Statistics;

namespace Gyre.Tests.Pages;

public sealed class ComparingDataSets
{
    [Fact]
    public void A_header_taken_for_data_is_named()
    {
        var file = Directory.GetFiles(SharedData.File("data/complaints/book_tfdv_stats"), "*_vs_*.pb").ShouldHaveSingleItem();
        var sets = DatasetStatistics.LoadAll(file).Select(set => DataSetView.Of(set)).ToList();

        foreach (var (first, second) in new[] { (sets[0], sets[1]), (sets[1], sets[0]) })
        {
            var remark = SideBySide.Between(first, second).Remarks[0];
            remark.Weight.ShouldBe(RemarkWeight.Warning);
            remark.Text.ShouldContain("the names of TRAIN_DATASET look like a data row");
            remark.Text.ShouldContain("'Equifax' is a value of company");
            remark.Text.ShouldContain("Was the first row taken for the header?");
            remark.Features.Count.ShouldBe(11);
        }
    }

    [Fact]
    public void Columns_that_only_one_set_has_are_not_taken_for_values()
    {
        var comparison = SideBySide.Between(Set("old", Text("kind", ("a", 5), ("b", 5)), Text("gone", ("x", 10))), Set("new", Text("kind", ("a", 5), ("b", 5)), Text("colour", ("red", 10))));

        comparison.Remarks.Select(remark => remark.Text).ShouldBe(["new lacks gone.", "old lacks colour."]);
        comparison.Features.Select(pair => pair.Name).ShouldBe(["gone", "colour", "kind"]);
    }

    [Fact]
    public void Frequent_values_that_come_and_go_are_told()
    {
        var pair = SideBySide.Between(Set("old", Text("kind", ("a", 60), ("b", 40))), Set("new", Text("kind", ("a", 30), ("c", 70)))).Features.ShouldHaveSingleItem();

        pair.Measure.ShouldBe("l_infinity");
        pair.Distance!.Value.ShouldBe(0.7, 1e-12);
        pair.Appeared.ShouldBe([new ValueFrequency("c", 70)]);
        pair.Vanished.ShouldBe([new ValueFrequency("b", 40)]);
    }

    [Fact]
    public void Nothing_is_said_of_values_that_the_statistics_do_not_list()
    {
        var pair = SideBySide.Between(Set("old", Text("kind", ("a", 60)) with { Unique = 900 }), Set("new", Text("kind", ("c", 70)))).Features.ShouldHaveSingleItem();

        pair.Appeared.ShouldBeEmpty();
    }

    [Fact]
    public void Numbers_without_a_range_in_common_are_as_far_apart_as_can_be() =>
        SideBySide.Between(Set("one", Number("x", 0, 1)), Set("two", Number("x", 5, 6))).Features[0].Distance.ShouldBe(1);

    [Fact]
    public void A_set_is_as_far_from_itself_as_nothing()
    {
        var features = from kind in Gen.Int[0, 1] from counts in Gen.Double[1, 1e6].Array[1, 12] select (kind, counts);
        features.Sample(feature =>
        {
            var set = Set("s", feature.kind == 0
                ? Text("f", [.. feature.counts.Select((count, index) => ($"v{index}", count))])
                : new FeatureView { Name = "f", Type = FeatureValues.Real, Present = 1, Missing = 0, Histogram = [.. feature.counts.Select((count, index) => new HistogramBucket(index, index + 1, count))] });
            var distance = SideBySide.Between(set, set).Features[0].Distance;
            distance!.Value.ShouldBe(0, 1e-12);
        });
    }

    [Fact]
    public void Distances_are_the_same_in_both_directions_and_never_outside_0_to_1()
    {
        var histogram = from low in Gen.Double[-100, 100] from widths in Gen.Double[0, 20].Array[1, 10] from counts in Gen.Double[1, 1000].Array[widths.Length] select Histogram(low, widths, counts);
        Gen.Select(histogram, histogram).Sample((one, other) =>
        {
            var (first, second) = (Set("a", one), Set("b", other));
            var (there, back) = (SideBySide.Between(first, second).Features[0].Distance!.Value, SideBySide.Between(second, first).Features[0].Distance!.Value);
            there.ShouldBe(back, 1e-9);
            there.ShouldBeInRange(0, 1);
        });
    }

    static FeatureView Histogram(double low, double[] widths, double[] counts)
    {
        var buckets = new List<HistogramBucket>();
        foreach (var (width, count) in widths.Zip(counts))
            buckets.Add(new HistogramBucket(low, low += width, count));
        return new FeatureView { Name = "x", Type = FeatureValues.Real, Present = 1, Missing = 0, Histogram = buckets };
    }

    static DataSetView Set(string name, params FeatureView[] features) => new() { Name = name, Examples = 100, Features = features };

    static FeatureView Number(string name, double low, double high) =>
        new() { Name = name, Type = FeatureValues.Real, Present = 10, Missing = 0, Values = 10, Min = low, Max = high, Histogram = [new HistogramBucket(low, high, 10)] };

    static FeatureView Text(string name, params (string Value, double Count)[] values) => new()
    {
        Name = name,
        Type = FeatureValues.Text,
        Present = (long)values.Sum(value => value.Count),
        Missing = 0,
        Values = (long)values.Sum(value => value.Count),
        Unique = values.Length,
        TopValues = [.. values.Select(value => new ValueFrequency(value.Value, value.Count))],
    };
}
