using Gyre.Schemas.Comparison;
using Gyre.Statistics;
using Gyre.Statistics.Counting;
using Gyre.Statistics.Describing;

namespace Gyre.Tests.Schemas.Comparison;

public sealed class DistanceLawTests
{
    static readonly Gen<double[]> Numbers = Gen.OneOf(
        Gen.Double[-100, 100].Array[20, 400],
        Gen.Int[0, 5].Select(value => (double)value).Array[20, 400],
        Gen.Double[0.01, 1].Select(value => 1 / value).Array[20, 400]);

    static readonly Gen<Dictionary<string, double>> Categories =
        Gen.Dictionary(Gen.String[Gen.Char['a', 'f'], 1, 1], Gen.Int[1, 50].Select(count => (double)count))[1, 6];

    /// <summary>Evidently and NannyML: aabbcc against aabbccd.</summary>
    [Fact]
    public void L_infinity_is_that_of_NannyML() =>
        CategoryDistances.LInfinity(Counts("aabbcc"), Counts("aabbccd")).ShouldBe((1.0 / 7, "d"));

    [Fact]
    public void Population_stability_is_the_formula()
    {
        var expected = ((0.3 - 0.5) * Math.Log(0.3 / 0.5)) + ((0.7 - 0.5) * Math.Log(0.7 / 0.5));

        CategoryDistances.PopulationStability(Map(("a", 50), ("b", 50)), Map(("a", 3), ("b", 7))).ShouldBe(expected, 1e-12);
        CategoryDistances.PopulationStability(Map(("a", 1)), Map(("b", 1))).ShouldBe(2 * (1 - 1e-4) * Math.Log(1e4), 1e-9);
    }

    /// <summary>scipy.stats.wasserstein_distance: 5.0 and 2.7.</summary>
    [Fact]
    public void The_earth_movers_distance_of_points_is_that_of_scipy()
    {
        NumberDistances.Wasserstein(Points(0, 1, 3), Points(5, 6, 8)).ShouldBe(5, 1e-12);
        NumberDistances.Wasserstein(Points(3.4, 3.9, 7.5, 7.8), Points(4.5, 1.4)).ShouldBe(2.7, 1e-12);
        NumberDistances.NormalizedWasserstein(2.7, 2).ShouldBe(1.35);
        NumberDistances.NormalizedWasserstein(2.7, 0).ShouldBe(2700, 1e-9);
    }

    [Fact]
    public void Distances_of_categories_are_zero_to_themselves_symmetric_and_bounded() =>
        Gen.Select(Categories, Categories).Sample((one, other) =>
        {
            CategoryDistances.LInfinity(one, one).Value.ShouldBe(0);
            CategoryDistances.JensenShannon(one, one).ShouldBe(0, 1e-12);
            CategoryDistances.PopulationStability(one, one).ShouldBe(0);
            CategoryDistances.LInfinity(one, other).ShouldBe(CategoryDistances.LInfinity(other, one));
            CategoryDistances.JensenShannon(one, other).ShouldBe(CategoryDistances.JensenShannon(other, one), 1e-12);
            CategoryDistances.PopulationStability(one, other).ShouldBe(CategoryDistances.PopulationStability(other, one), 1e-9);
            CategoryDistances.LInfinity(one, other).Value.ShouldBeInRange(0, 1);
            CategoryDistances.JensenShannon(one, other).ShouldBeInRange(0, 1);
        }, iter: 300);

    [Fact]
    public void What_is_certain_about_Kolmogorov_and_Smirnov_is_never_more_than_the_distance_of_the_samples() =>
        Gen.Select(Numbers, Numbers).Sample((one, other) =>
        {
            var truth = Supremum(one, other);
            foreach (var buckets in new[] { 10, 50 })
            {
                var (value, certain) = NumberDistances.KolmogorovSmirnov(Histogram(one, buckets), Histogram(other, buckets));

                certain.ShouldBeLessThanOrEqualTo(truth + 1e-9);
                value.ShouldBeGreaterThanOrEqualTo(certain);
                value.ShouldBe(truth, 4.0 / buckets);
            }
        }, iter: 200);

    [Fact]
    public void Two_halves_of_one_set_of_few_values_are_at_no_certain_distance()
    {
        var one = Histogram([.. Enumerable.Range(0, 1000).Select(i => (double)(i % 10))], 10);
        var other = Histogram([.. Enumerable.Range(0, 990).Select(i => (double)(i % 10)), 9, 9, 9, 9, 9, 9, 9, 9, 9, 9], 10);

        NumberDistances.KolmogorovSmirnov(one, other).Certain.ShouldBeLessThan(0.02);
    }

    [Fact]
    public void Distances_of_numbers_are_zero_to_themselves_and_grow_with_a_shift() =>
        Numbers.Sample(values =>
        {
            var one = Histogram(values, 20);
            NumberDistances.KolmogorovSmirnov(one, one).ShouldBe((0, 0));
            NumberDistances.Wasserstein(one, one).ShouldBe(0, 1e-9);
            NumberDistances.PopulationStability(one, one).ShouldBe(0, 1e-9);
            NumberDistances.Wasserstein(one, Histogram([.. values.Select(value => value + 7)], 20)).ShouldBe(7, 1e-6);
        }, iter: 200);

    [Fact]
    public void Infinities_and_NaN_do_not_spoil_the_distances_of_the_rest()
    {
        var one = new NumberDistribution([new NumberHistogram([new(double.NegativeInfinity, double.NegativeInfinity, 5), new(0, 1, 90), new(double.PositiveInfinity, double.PositiveInfinity, 5)], NaNs: 10)]);

        NumberDistances.KolmogorovSmirnov(one, one).Value.ShouldBe(0);
        NumberDistances.Wasserstein(one, one).ShouldBe(0);
        NumberDistances.PopulationStability(one, one).ShouldBe(0);
        NumberDistances.KolmogorovSmirnov(one, new NumberDistribution([new NumberHistogram([new(0, 1, 100)])])).Value.ShouldBe(0.05, 1e-12);
    }

    static double Supremum(double[] one, double[] other) => one.Concat(other).Max(
        bound => Math.Abs(((double)one.Count(value => value <= bound) / one.Length) - ((double)other.Count(value => value <= bound) / other.Length)));

    /// <summary>Both histograms that the statistics of Gyre hold.</summary>
    static NumberDistribution Histogram(double[] values, int buckets)
    {
        var numbers = Distribution.Counted(NumberRun.Of(Array.ConvertAll(values, NumberKeys.Of), values.Length, null), ValueKind.Real);
        return new NumberDistribution([NumberHistogram.Of(numbers.EqualWidthHistogram(buckets)), NumberHistogram.Of(numbers.QuantileHistogram(buckets))]);
    }

    static NumberDistribution Points(params double[] values) => new([new NumberHistogram([.. values.Order().Select(value => new HistogramBucket(value, value, 1))])]);

    static Dictionary<string, double> Counts(string letters) => letters.GroupBy(letter => letter).ToDictionary(group => group.Key.ToString(), group => (double)group.Count(), StringComparer.Ordinal);

    static Dictionary<string, double> Map(params (string Text, double Count)[] counts) => counts.ToDictionary(each => each.Text, each => each.Count, StringComparer.Ordinal);
}
