using System.Globalization;
using System.Text.Json;
using Gyre.Schemas.Comparison;
using Gyre.Statistics;

namespace Gyre.Tests.Schemas.Comparison;

/// <summary>Every distance that TensorFlow Data Validation tests upstream (metrics_test.cc), read from the golden file and written out.</summary>
public sealed class TfxDistanceTests
{
    const string Golden = "conformance/derived/vectors_numeric.json";

    public static TheoryData<string> Groups() => new(["tfdv_linf", "tfdv_normalized_abs_difference", "tfdv_jsd_numeric"]);

    [Theory]
    [MemberData(nameof(Groups))]
    public void Every_golden_case_is_met(string group)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.File(Golden)));
        var cases = document.RootElement.GetProperty(group);
        var tolerance = cases.GetProperty("tol").GetDouble();
        foreach (var each in cases.GetProperty("cases").EnumerateArray())
        {
            if (each.ValueKind == JsonValueKind.Object)
                CheckHistograms(each, tolerance);
            else
                Of(group)(Counts(each[0]), Counts(each[1])).ShouldBe(each[2].GetDouble(), tolerance, each.ToString());
        }
    }

    [Fact]
    public void No_group_of_the_golden_file_is_left_out()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.File(Golden)));

        document.RootElement.EnumerateObject().Select(group => group.Name).Where(name => name.StartsWith("tfdv_", StringComparison.Ordinal))
            .ShouldBe(Groups().Select(row => row.Data), ignoreOrder: true);
    }

    [Fact]
    public void Shares_of_texts_diverge_as_upstream_says()
    {
        var one = Texts(("b", 2), ("a", 2), ("c", 1));

        CategoryDistances.JensenShannon(one, one).ShouldBe(0, 1e-12);
        CategoryDistances.JensenShannon(one, Texts(("a", 2), ("Z", 1), ("Y", 1), ("X", 1))).ShouldBe(0.6, 1e-5);
        Should.Throw<ArgumentException>(() => CategoryDistances.JensenShannon(Texts(), one));
        Should.Throw<ArgumentException>(() => CategoryDistances.JensenShannon(Texts(("a", 0)), one)).Message.ShouldContain("'a' is 0");
    }

    [Fact]
    public void Histograms_of_different_kinds_have_no_divergence()
    {
        var equalWidth = new NumberHistogram([new(1, 2, 4)]);

        Should.Throw<ArgumentException>(() => NumberDistances.JensenShannon(equalWidth, equalWidth with { Kind = HistogramKind.Quantiles }));
    }

    [Fact]
    public void What_is_no_place_on_the_axis_can_be_like_itself_on_request()
    {
        var missing = new NumberHistogram([], NaNs: 3);
        var infinite = new NumberHistogram([new(double.NegativeInfinity, 0, 1), new(double.PositiveInfinity, double.PositiveInfinity, 1)]);

        NumberDistances.JensenShannon(missing, missing, Unplaced.LikeThemselves).ShouldBe(0);
        NumberDistances.JensenShannon(infinite, infinite, Unplaced.LikeThemselves).ShouldBe(0);
        NumberDistances.JensenShannon(infinite, infinite).ShouldBe(1);
    }

    [Fact]
    public void One_outlier_rules_equal_widths_but_not_quantiles()
    {
        var plain = new NumberHistogram([.. Enumerable.Range(0, 10).Select(i => new HistogramBucket(i, i + 1, 1000))]);
        var outlier = new NumberHistogram([new(0, 1e7, 9999), .. Enumerable.Range(1, 8).Select(i => new HistogramBucket(i * 1e7, (i + 1) * 1e7, 0)), new(9e7, 1e8, 1)]);

        NumberDistances.JensenShannon(plain, outlier).ShouldBeGreaterThan(0.99);
    }

    [Fact]
    public void Buckets_that_leave_gaps_are_aligned_too()
    {
        var gap = new NumberHistogram([new(0, 1, 1), new(2, 3, 1)]);
        var full = new NumberHistogram([new(0, 1, 1), new(1, 2, 2), new(2, 3, 1)]);

        NumberDistances.JensenShannon(gap, full).ShouldBe(CategoryDistances.JensenShannon(Texts(("x", 1), ("z", 1)), Texts(("x", 1), ("y", 2), ("z", 1))), 1e-12);
    }

    [Fact]
    public void Bounds_as_far_apart_as_doubles_go_lose_no_value()
    {
        var wide = new NumberHistogram([new(-double.MaxValue, double.MaxValue, 2)]);
        var halves = new NumberHistogram([new(-double.MaxValue, 0, 1), new(0, double.MaxValue, 1)]);

        NumberDistances.JensenShannon(wide, halves).ShouldBe(0, 1e-12);
    }

    static void CheckHistograms(JsonElement each, double tolerance)
    {
        var one = HistogramOf(each.GetProperty("a"));
        var other = each.GetProperty("b") is { ValueKind: JsonValueKind.String } ? one : HistogramOf(each.GetProperty("b"));
        if (each.TryGetProperty("error", out _))
            Should.Throw<ArgumentException>(() => NumberDistances.JensenShannon(one, other), each.ToString());
        else
            NumberDistances.JensenShannon(one, other).ShouldBe(each.GetProperty("jsd").GetDouble(), tolerance, each.ToString());
    }

    static Func<IReadOnlyDictionary<string, double>, IReadOnlyDictionary<string, double>, double> Of(string group) => group switch
    {
        "tfdv_linf" => (one, other) => CategoryDistances.LInfinity(one, other).Value,
        "tfdv_normalized_abs_difference" => (one, other) => CategoryDistances.NormalizedAbsoluteDifference(one, other).Value,
        _ => CategoryDistances.JensenShannon,
    };

    static Dictionary<string, double> Counts(JsonElement map) => map.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetDouble(), StringComparer.Ordinal);

    static NumberHistogram HistogramOf(JsonElement histogram) => new(
        [.. histogram.GetProperty("b").EnumerateArray().Select(bucket => new HistogramBucket(Number(bucket[0]), Number(bucket[1]), Number(bucket[2])))],
        histogram.TryGetProperty("nan", out var nans) ? nans.GetDouble() : 0);

    static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture)
        : value.GetDouble();

    static Dictionary<string, double> Texts(params (string Text, double Count)[] counts) => counts.ToDictionary(each => each.Text, each => each.Count, StringComparer.Ordinal);
}
