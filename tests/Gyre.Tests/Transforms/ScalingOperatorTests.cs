using Gyre.Data;
using Gyre.Transforms.Analysis;
using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

public sealed class ScalingOperatorTests
{
    const double Missing = double.NaN;

    /// <summary>Nothing that single precision takes for zero without its being so: ONNX Runtime does not subtract such a mean.</summary>
    static readonly Gen<double> Some = Gen.Frequency(
        (1, Gen.Const(Missing)), (6, Gen.Double[-1000, 1000].Select(x => Math.Abs(x) < 1e-30 ? 0 : x)), (2, Gen.Int[0, 4].Select(i => (double)i)));

    static ExampleBatch Keyed(double[] numbers, string?[] keys) => Batch(("c", numbers), ("k", keys));

    [Fact]
    public async Task Scaling_runs_between_two_numbers_and_beyond_them()
    {
        using var run = await FitAsync(f => f.Output("x", f.Number("c").ScaleToMinMax(-1, 1).FillMissing(-9)), Batch(new[] { 0, 10, Missing, 5 }));

        run.Numbers("x", Batch(new[] { 0, 10, 5, 20, Missing })).ShouldBe([-1, 1, 0, 3, -9]);
    }

    [Fact]
    public async Task Robust_scaling_looks_at_the_middle_half_only()
    {
        using var run = await FitAsync(f => f.Output("x", f.Number("c").ScaleRobust().FillMissing(-9)), Batch(new[] { 1, 2, 3, 4, 5, 6, 7, 1e9, Missing }));

        // Quartiles 2, 4 and 6 of eight numbers.
        run.Numbers("x", Batch(new[] { 4, 6, 2, 12, Missing })).ShouldBe([0, 0.5f, -0.5f, 2, -9]);
    }

    [Fact]
    public async Task Nothing_to_analyse_leaves_numbers_as_they_are_or_squeezes_them()
    {
        var nothing = Batch(("c", new[] { Missing, Missing }), ("k", new string?[] { "a", null }));
        using var run = await FitAsync(
            f =>
            {
                var (c, k) = (f.Number("c"), f.Text("k"));
                f.Output("robust", c.ScaleRobust().FillMissing(-9));
                f.Output("gaussian", c.ScaleToGaussian().FillMissing(-9));
                f.Output("min_max", c.ScaleToMinMax().FillMissing(-9));
                f.Output("quantiles", c.ScaleToQuantiles(4));
                f.Output("z_per", c.ScaleToZScorePer(k).FillMissing(-9));
                f.Output("min_max_per", c.ScaleToMinMaxPer(k).FillMissing(-9));
                f.Output("buckets_per", c.BucketizePer(k, 3).OneHot());
                f.Output("pca", f.Vector(c.FillMissing(0)).Pca(1));
            },
            nothing);
        var batch = Keyed([2, Missing], ["a", "b"]);

        run.Numbers("robust", batch).ShouldBe([2, -9]);
        run.Numbers("gaussian", batch).ShouldBe([2, -9]);
        run.Numbers("min_max", batch)[0].ShouldBe((float)(1 / (1 + Math.Exp(-2))), 1e-6f);
        run.Numbers("quantiles", batch).ShouldBe([1, 0.5f]);
        run.Numbers("z_per", batch).ShouldBe([2, -9]);
        run.Numbers("min_max_per", batch)[1].ShouldBe(-9);
        run.Ids("buckets_per", batch).ShouldBe([-1, -1]);
    }

    [Fact]
    public async Task Keys_have_scales_of_their_own()
    {
        using var run = await FitAsync(
            f =>
            {
                var (c, k) = (f.Number("c"), f.Text("k"));
                f.Output("z", c.ScaleToZScorePer(k).FillMissing(-9));
                f.Output("unit", c.ScaleToMinMaxPer(k).FillMissing(-9));
                f.Output("buckets", c.BucketizePer(k, 2).OneHot());
            },
            Keyed([1, 3, 100, 300, 7, Missing, 5], ["a", "a", "b", "b", "flat", "flat", null]));
        var batch = Keyed([3, 300, 8, 6, 6, Missing], ["a", "b", "flat", "unknown", null, "a"]);

        run.Numbers("z", batch).ShouldBe([1, 1, 1, 6, 6, -9]);
        run.Numbers("unit", batch).Select(x => Math.Round(x, 4)).ShouldBe([1, 1, 0.9997, 0.9975, 0.9975, -9]);
        run.Ids("buckets", batch).ShouldBe([1, 1, 1, -1, -1, -1]);
        ((FittedPerKey)run.Fitted.Values.First()).Keys.ShouldBe(["a", "b", "flat"]);
    }

    [Fact]
    public Task A_single_key_scales_as_if_there_were_none() => Some.Array[1, 40].SampleAsync(
        async numbers =>
        {
            var batch = Keyed(numbers, [.. numbers.Select(_ => "k")]);
            using var run = await FitAsync(
                f =>
                {
                    var (c, k) = (f.Number("c"), f.Text("k"));
                    f.Output("z", c.ScaleToZScore(keepMissing: true).FillMissing(-9));
                    f.Output("z_per", c.ScaleToZScorePer(k).FillMissing(-9));
                    f.Output("unit", c.ScaleToMinMax(2, 5).FillMissing(-9));
                    f.Output("unit_per", c.ScaleToMinMaxPer(k, 2, 5).FillMissing(-9));
                    f.Output("buckets", c.Bucketize(4).OneHot());
                    f.Output("buckets_per", c.BucketizePer(k, 4).OneHot());
                },
                batch);
            run.Numbers("z_per", batch).ShouldBe(run.Numbers("z", batch));
            run.Numbers("unit_per", batch).ShouldBe(run.Numbers("unit", batch));
            run.Ids("buckets_per", batch).ShouldBe(run.Ids("buckets", batch));
        },
        iter: 20);

    [Fact]
    public async Task Numbers_between_two_bounds_are_interpolated()
    {
        (await NumbersAsync(f => f.Number("c").InterpolateAt(0, 10, 20), new[] { -5, 0, 5, 10, 15, 20, 25, Missing })).ShouldBe([0, 0, 0.25f, 0.5f, 0.75f, 1, 1, 0.5f]);
        (await NumbersAsync(f => f.Number("c").InterpolateAt(3), new[] { 2, 3, 4, Missing })).ShouldBe([0, 1, 1, 0.5f]);
        (await NumbersAsync(f => f.Number("c").InterpolateAt(1, 1, 2), new[] { 1.0, 1.5, 0 })).ShouldBe([0.5f, 0.75f, 0]);
    }

    [Fact]
    public Task What_is_greater_is_not_scaled_to_less() => Some.Array[2, 40].SampleAsync(
        async numbers =>
        {
            using var run = await FitAsync(
                f =>
                {
                    f.Output("gaussian", f.Number("c").ScaleToGaussian().FillMissing(0));
                    f.Output("quantiles", f.Number("c").ScaleToQuantiles(5));
                    f.Output("robust", f.Number("c").ScaleRobust().FillMissing(0));
                    f.Output("min_max", f.Number("c").ScaleToMinMax().FillMissing(0));
                },
                Batch(numbers));
            var sorted = numbers.Where(double.IsFinite).Order().ToArray();
            if (sorted.Length == 0)
                return;
            foreach (var feature in run.Features)
                run.Numbers(feature.Name, Batch(sorted)).ShouldBeInOrder();
        },
        iter: 20);

    [Fact]
    public async Task Components_follow_the_greatest_variance()
    {
        // Along (3, 4) with some noise across.
        double[] along = [-2, -1, 0, 1, 2], across = [0.1, -0.1, 0, -0.1, 0.1];
        var batch = Batch(
            ("a", along.Zip(across, (x, y) => 7 + (0.6 * x) - (0.8 * y)).ToArray()), ("b", along.Zip(across, (x, y) => -3 + (0.8 * x) + (0.6 * y)).ToArray()));
        using var run = await FitAsync(
            f =>
            {
                var vector = f.Vector(f.Number("a").FillMissing(0), f.Number("b").FillMissing(0));
                f.Output("one", vector.Pca(1));
                f.Output("both", vector.Pca(5));
            },
            batch);

        run.Features.Select(feature => feature.Size).ShouldBe([2, 1]);
        run.Numbers("one", batch).Zip(along, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-6);
        run.Numbers("both", batch).Where((_, i) => i % 2 == 1).Zip(across, (a, b) => Math.Abs(Math.Abs(a) - Math.Abs(b))).Max().ShouldBeLessThan(1e-6);
    }

    [Fact]
    public Task Components_keep_distances() => Gen.Double[-10, 10].Array2D[Gen.Int[3, 12], Gen.Int[1, 5]].SampleAsync(
        async rows =>
        {
            var (n, width) = (rows.GetLength(0), rows.GetLength(1));
            var batch = Batch([.. Enumerable.Range(0, width).Select(i => ($"c{i}", (Array)Enumerable.Range(0, n).Select(row => rows[row, i]).ToArray()))]);
            using var run = await FitAsync(f => f.Output("x", f.Vector([.. Enumerable.Range(0, width).Select(i => f.Number($"c{i}").FillMissing(0))]).Pca(width)), batch);
            var found = run.Numbers("x", batch);
            for (var row = 1; row < n; row++)
            {
                var before = Enumerable.Range(0, width).Sum(i => Math.Pow(rows[row, i] - rows[0, i], 2));
                var after = Enumerable.Range(0, width).Sum(i => Math.Pow(found[(row * width) + i] - found[i], 2));
                after.ShouldBe(before, 1e-3);
            }
        },
        iter: 20);
}
