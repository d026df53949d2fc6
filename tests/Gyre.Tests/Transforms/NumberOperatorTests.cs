using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

public sealed class NumberOperatorTests
{
    const double Missing = double.NaN;

    [Fact]
    public async Task A_missing_number_can_be_filled()
    {
        using var run = await FitAsync(
            f =>
            {
                f.Output("constant", f.Number("c").FillMissing(-1));
                f.Output("mean", f.Number("c").FillMissingWithMean());
                f.Output("median", f.Number("c").FillMissingWithMedian());
                f.Output("told", f.Number("c").IsMissing());
            },
            Batch(new[] { 1, 2, Missing, 4, 13 }));
        var batch = Batch(new[] { Missing, 7 });

        run.Numbers("constant", batch).ShouldBe([-1, 7]);
        run.Numbers("mean", batch).ShouldBe([5, 7]);
        run.Numbers("median", batch).ShouldBe([2, 7]);
        run.Numbers("told", batch).ShouldBe([1, 0]);
    }

    [Fact]
    public async Task Infinite_numbers_count_as_missing() =>
        (await NumbersAsync(f => f.Number("c").FillMissing(9), new[] { double.PositiveInfinity, double.NegativeInfinity, 1 })).ShouldBe([9, 9, 1]);

    [Fact]
    public async Task Numbers_beyond_single_precision_are_clipped_to_it() =>
        (await NumbersAsync(f => f.Number("c").FillMissing(0), new[] { 1e300, -1e300, 1e-300 })).ShouldBe([float.MaxValue, -float.MaxValue, 0]);

    [Fact]
    public async Task The_logarithm_is_missing_where_there_is_none() =>
        (await NumbersAsync(f => f.Number("c").Log1p().FillMissing(-9), new[] { 0, Math.E - 1, -1, -2, Missing })).ShouldBe([0, 1, -9, -9, -9]);

    [Fact]
    public async Task Clipping_leaves_missing_numbers_missing() =>
        (await NumbersAsync(f => f.Number("c").Clip(-1, 2).FillMissing(9), new[] { -5, 0.5, 3, Missing, -1, 2 })).ShouldBe([-1, 0.5f, 2, 9, -1, 2]);

    [Fact]
    public async Task Arithmetic_is_done_in_double_precision()
    {
        var numbers = await NumbersAsync(f => ((f.Number("c") + 1e15) - 1e15).FillMissing(0), new[] { 1.0, 3.0 });

        numbers.ShouldBe([1, 3]);
    }

    [Fact]
    public async Task Missing_operands_make_missing_results()
    {
        using var run = await FitAsync(
            f =>
            {
                var (a, b) = (f.Number("a"), f.Number("b"));
                f.Output("sum", (a + b).FillMissing(-9));
                f.Output("difference", (10 - a).FillMissing(-9));
                f.Output("product", (a * b * 2).FillMissing(-9));
                f.Output("quotient", (a / b).FillMissing(-9));
                f.Output("less", (a < b).FillMissing(-9));
                f.Output("at_least", (a >= 2).FillMissing(-9));
            },
            Batch(("a", new[] { 1.0 }), ("b", new[] { 1.0 })));
        var batch = Batch(("a", new[] { 1, 2, Missing, 6, 1e300 }), ("b", new[] { 4, 0, 3, Missing, 1e-300 }));

        run.Numbers("sum", batch).ShouldBe([5, 2, -9, -9, float.MaxValue]);
        run.Numbers("difference", batch).ShouldBe([9, 8, -9, 4, -float.MaxValue]);
        run.Numbers("product", batch).ShouldBe([8, 0, -9, -9, 2]);
        run.Numbers("quotient", batch).ShouldBe([0.25f, -9, -9, -9, -9]);
        run.Numbers("less", batch).ShouldBe([1, 0, -9, -9, 0]);
        run.Numbers("at_least", batch).ShouldBe([0, 1, -9, 1, 1]);
    }

    [Fact]
    public async Task Z_scores_use_the_population_of_what_is_not_missing()
    {
        using var run = await FitAsync(f => f.Output("x", f.Number("c").ScaleToZScore()), Batch(new[] { 2, 4, 4, 4, 5, 5, 7, 9, Missing }));

        // Mean 5, population standard deviation 2.
        run.Numbers("x", Batch(new[] { 9, 5, Missing, 0 })).ShouldBe([2, 0, 0, -2.5f]);
    }

    [Fact]
    public async Task Equal_numbers_have_no_spread_to_divide_by() =>
        (await NumbersAsync(f => f.Number("c").ScaleToZScore(), new[] { 3.0, 3, Missing })).ShouldBe([0, 0, 0]);

    [Fact]
    public async Task The_range_becomes_zero_to_one()
    {
        using var run = await FitAsync(f => f.Output("x", f.Number("c").ScaleToUnit().FillMissing(-1)), Batch(new[] { 10, 20, Missing, 30 }));

        run.Numbers("x", Batch(new[] { 10, 15, 30, 5, 99, Missing })).ShouldBe([0, 0.25f, 1, 0, 1, -1]);
    }

    [Fact]
    public async Task Buckets_hold_equally_many()
    {
        var ids = await IdsAsync(f => f.Number("c").Bucketize(4), new[] { 8.0, 1, 2, 3, 4, 5, 6, 7, Missing });

        // Bounds at the 2nd, 4th and 6th of eight numbers: 2, 4, 6; a bound itself goes up.
        ids.ShouldBe([3, 0, 1, 1, 2, 2, 3, 3, -1]);
    }

    [Fact]
    public async Task Buckets_can_be_given()
    {
        using var run = await FitAsync(f => f.Output("x", f.Number("c").BucketizeAt(0, 10).OneHot()), Batch(new[] { 1.0 }));

        run.Ids("x", Batch(new[] { -1, 0, 9.9, 10, 1e9, Missing })).ShouldBe([0, 1, 1, 2, 2, -1]);
        run.Features[0].Size.ShouldBe(3);
    }

    [Fact]
    public async Task Nothing_but_missing_numbers_can_be_fitted()
    {
        var nothing = new[] { Missing, Missing };
        using var run = await FitAsync(
            f =>
            {
                f.Output("a", f.Number("c").Bucketize(10).OneHot());
                f.Output("b", f.Number("c").ScaleToZScore());
                f.Output("c", f.Number("c").FillMissingWithMean());
                f.Output("d", f.Number("c").FillMissingWithMedian());
                f.Output("e", f.Number("c").ScaleToUnit().FillMissing(0));
            },
            Batch(nothing));

        run.Fitted.Values.ShouldAllBe(found => found.IsEmpty);
        run.Ids("a", Batch(nothing)).ShouldBe([-1, -1]);
        foreach (var feature in new[] { "b", "c", "d", "e" })
            run.Numbers(feature, Batch(nothing)).ShouldBe([0, 0]);
    }

    [Fact]
    public async Task An_analyzer_sees_what_the_analyzer_before_it_made()
    {
        using var run = await FitAsync(f => f.Output("x", f.Number("c").FillMissingWithMean().ScaleToZScore()), Batch(new[] { 0, 4, Missing, Missing }));

        // Filled with the mean 2: 0, 4, 2, 2 – standard deviation √2.
        run.Numbers("x", Batch(new[] { 4.0 }))[0].ShouldBe((float)(2 / Math.Sqrt(2)));
    }
}
