using Gyre.Schemas.Comparison;

namespace Gyre.Tests.Schemas.Comparison;

/// <summary>Numbers marked scipy were computed once with scipy 1.10.1; others name their source.</summary>
public sealed class SignificanceTestsTests
{
    [Theory]
    [InlineData(3.841458820694124, 1, 0.04999999999999989)]
    [InlineData(10, 4, 0.04042768199451279)]
    [InlineData(0.5, 3, 0.9188914116546758)]
    [InlineData(200, 100, 1.1784500720979781e-08)]
    [InlineData(150, 3, 2.6349139284880416e-32)]
    [InlineData(1e-3, 2, 0.9995001249791693)]
    [InlineData(1000, 1000, 0.49405285382923964)]
    public void The_tail_of_chi_square_is_that_of_scipy(double statistic, int freedom, double probability) =>
        (SignificanceTests.ChiSquareTail(statistic, freedom) / probability).ShouldBe(1, 1e-10);

    /// <summary>scipy.stats.chi2_contingency(correction=False).</summary>
    [Fact]
    public void Homogeneity_of_two_samples_is_that_of_scipy()
    {
        var result = SignificanceTests.ChiSquare(Counts(30, 45, 25), Counts(44, 38, 18));

        result.Statistic.ShouldBe(4.3785449781527115, 1e-12);
        result.Freedom.ShouldBe(2);
        result.Probability.ShouldBe(0.11199819889887906, 1e-12);
    }

    /// <summary>scipy on the table with its two rare columns added up.</summary>
    [Fact]
    public void Categories_too_rare_for_the_test_are_pooled()
    {
        var result = SignificanceTests.ChiSquare(Counts(120, 80, 40, 3, 1), Counts(150, 60, 50, 1, 4));

        result.ShouldBe(result with { Freedom = 2, Cells = 3 });
        result.Probability.ShouldBe(SignificanceTests.ChiSquare(Counts(120, 80, 44), Counts(150, 60, 55)).Probability, 1e-12);
    }

    /// <summary>Evidently, tests/stattests/test_stattests.py.</summary>
    [Fact]
    public void The_fit_to_given_shares_is_that_of_evidently()
    {
        var result = SignificanceTests.ChiSquareFit(Counts(16, 16, 16, 16, 16, 8), Counts(16, 18, 16, 14, 12, 12));

        result.Statistic.ShouldBe(3.1746031746031744, 1e-12);
        result.Probability.ShouldBe(0.6730876006966301, 1e-10);
        SignificanceTests.ChiSquareFit(Counts(5, 5), new Dictionary<string, double> { ["0"] = 1 }).Probability.ShouldBe(0);
    }

    /// <summary>scipy.stats.fisher_exact; the first two also stand in Evidently's tests.</summary>
    [Theory]
    [InlineData(45, 90, 30, 90, 0.033972274322700745)]
    [InlineData(6, 6, 0, 6, 0.0021645021645021645)]
    [InlineData(8, 10, 1, 6, 0.034965034965034975)]
    public void Few_examples_are_tested_exactly(int hits, int all, int otherHits, int otherAll, double probability) =>
        SignificanceTests.FisherExact(hits, all, otherHits, otherAll).ShouldBe(probability, 1e-10);

    [Fact]
    public void Ten_examples_that_differ_a_little_are_chance()
    {
        SignificanceTests.ChiSquare(Counts(3, 1), Counts(1, 4)).Probability.ShouldBe(0.2063492063492063, 1e-10);
        SignificanceTests.ChiSquare(Counts(3), Counts(4)).Probability.ShouldBe(1);
        SignificanceTests.ChiSquare(Counts(), Counts(4)).Probability.ShouldBe(1);
    }

    /// <summary>scipy's exact two-sided two-sample test for the distance given.</summary>
    [Theory]
    [InlineData(10, 12, 0.5, 0.09270296267200293)]
    [InlineData(25, 40, 0.3, 0.1013339946846)]
    [InlineData(100, 150, 0.2, 0.014781614342211473)]
    public void Kolmogorov_and_Smirnov_are_exact_for_small_samples(int count, int otherCount, double distance, double probability) =>
        SignificanceTests.KolmogorovSmirnov(distance, count, otherCount).Probability.ShouldBe(probability, 1e-9);

    /// <summary>scipy.stats.kstwo with the effective size, which ks_2samp uses for large samples.</summary>
    [Theory]
    [InlineData(5000, 7000, 0.03, 0.0102743151769455)]
    [InlineData(100000, 100000, 0.01, 9.018048811843602e-05)]
    public void Kolmogorov_and_Smirnov_are_near_for_large_ones(int count, int otherCount, double distance, double probability) =>
        (SignificanceTests.KolmogorovSmirnov(distance, count, otherCount).Probability / probability).ShouldBe(1, 0.01);

    [Fact]
    public void The_exact_test_and_the_limit_agree_where_one_hands_over_to_the_other()
    {
        var exact = SignificanceTests.KolmogorovSmirnov(0.05, 2000, 2000).Probability;
        var limit = SignificanceTests.KolmogorovSmirnov(0.05, 2001, 2000).Probability;

        // Distances of samples of equal size move in steps, which the limit does not know.
        (limit / exact).ShouldBe(1, 0.05);
    }

    /// <summary>R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.5), method = …).</summary>
    [Theory]
    [InlineData(Correction.BenjaminiHochberg, new[] { 0.05, 0.05, 0.05, 0.05, 0.5 })]
    [InlineData(Correction.Holm, new[] { 0.05, 0.08, 0.09, 0.09, 0.5 })]
    [InlineData(Correction.Bonferroni, new[] { 0.05, 0.1, 0.15, 0.2, 1 })]
    [InlineData(Correction.None, new[] { 0.01, 0.02, 0.03, 0.04, 0.5 })]
    public void Corrections_are_those_of_R(Correction correction, double[] expected)
    {
        var adjusted = Multiplicity.Adjust([0.01, 0.02, 0.03, 0.04, 0.5], correction);

        for (var i = 0; i < expected.Length; i++)
            adjusted[i].ShouldBe(expected[i], 1e-12);
    }

    [Fact]
    public void A_correction_never_lowers_a_probability_and_keeps_their_order() =>
        Gen.Double[0, 1].Array[1, 30].Sample(probabilities =>
        {
            foreach (var correction in Enum.GetValues<Correction>())
            {
                var adjusted = Multiplicity.Adjust(probabilities, correction);
                for (var i = 0; i < probabilities.Length; i++)
                {
                    adjusted[i].ShouldBeInRange(probabilities[i] - 1e-15, 1);
                    for (var j = 0; j < probabilities.Length; j++)
                    {
                        if (probabilities[i] < probabilities[j])
                            adjusted[i].ShouldBeLessThanOrEqualTo(adjusted[j]);
                    }
                }
            }
        }, iter: 200);

    static Dictionary<string, double> Counts(params double[] counts) => counts.Select((count, index) => (count, index))
        .ToDictionary(each => each.index.ToString(System.Globalization.CultureInfo.InvariantCulture), each => each.count, StringComparer.Ordinal);
}
