using Gyre.Data;
using Gyre.Transforms;
using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

public sealed class MathOperatorTests
{
    const double Missing = double.NaN;

    static Task<float[]> OfAsync(Func<NumberValue, NumberValue> function, params double[] numbers) =>
        NumbersAsync(f => function(f.Number("c")).FillMissing(-9), numbers);

    [Fact]
    public async Task Functions_are_missing_where_they_have_no_value()
    {
        (await OfAsync(x => x.Log(), 1, Math.E, 0, -1, Missing)).ShouldBe([0, 1, -9, -9, -9]);
        (await OfAsync(x => x.Exp(), 0, 1, 800, Missing)).ShouldBe([1, (float)Math.E, -9, -9]);
        (await OfAsync(x => x.Sqrt(), 9, 0, -4, Missing)).ShouldBe([3, 0, -9, -9]);
        (await OfAsync(x => x.Abs(), -3, 3, 0, Missing)).ShouldBe([3, 3, 0, -9]);
        (await OfAsync(x => x.Floor(), 1.5, -1.5, 2, Missing)).ShouldBe([1, -2, 2, -9]);
    }

    [Fact]
    public async Task Calculations_can_be_rounded_to_single_precision()
    {
        (await OfAsync(x => x.ToSingle() - 16777216, 16777217, 1e300, Missing)).ShouldBe([0, -9, -9]);
        (await NumbersAsync(f => ((f.Number("c").ToSingle() * 0.2f).ToSingle() - 5.01f).FillMissing(-9), new[] { 25.05 }))[0].ShouldBe((25.05f * 0.2f) - 5.01f);
    }

    [Fact]
    public async Task Powers_of_what_is_missing_are_missing()
    {
        (await OfAsync(x => x.Power(3), 2, -2, Missing)).ShouldBe([8, -8, -9]);
        (await OfAsync(x => x.Power(0), 2, 0, Missing)).ShouldBe([1, 1, -9]);
        (await OfAsync(x => x.Power(0.5), 4, -4, Missing)).ShouldBe([2, -9, -9]);
        (await OfAsync(x => x.Power(-1), 4, 0, Missing)).ShouldBe([0.25f, -9, -9]);
        (await OfAsync(x => x.Power(200), 1e10, 1, Missing)).ShouldBe([-9, 1, -9]);
    }

    [Fact]
    public async Task Conditions_choose_between_numbers()
    {
        using var run = await FitAsync(
            f =>
            {
                var (c, a) = (f.Number("c"), f.Number("a"));
                f.Output("numbers", f.If(c > 1, a, c * 2).FillMissing(-9));
                f.Output("constants", f.If(c.IsMissing(), 7, 8));
                f.Output("equal", c.IsEqualTo(2).FillMissing(-9));
                f.Output("both", ((c > 1) & (a > 1)).FillMissing(-9));
                f.Output("either", ((c > 1) | (a > 1)).FillMissing(-9));
                f.Output("not", (!(c > 1)).FillMissing(-9));
                f.Output("texts", f.If(f.Text("t").IsOneOf("x", "y"), f.Text("t"), f.Text("u")).Length());
            },
            Example());
        var batch = Example();

        run.Numbers("numbers", batch).ShouldBe([5, 2, -9, -9]);
        run.Numbers("constants", batch).ShouldBe([8, 8, 7, 8]);
        run.Numbers("equal", batch).ShouldBe([1, 0, -9, 0]);
        run.Numbers("both", batch).ShouldBe([1, 0, -9, -9]);
        run.Numbers("either", batch).ShouldBe([1, 1, -9, -9]);
        run.Numbers("not", batch).ShouldBe([0, 1, -9, 0]);
        run.Numbers("texts", batch).ShouldBe([1, 2, 0, 3]);

        static ExampleBatch Example() => Batch(
            ("c", new[] { 2, 1, Missing, 9 }), ("a", new[] { 5, 6, 7, Missing }),
            ("t", new string?[] { "x", "z", null, "zz" }), ("u", new string?[] { "12", "34", null, "567" }));
    }

    [Fact]
    public async Task A_cycle_closes()
    {
        using var run = await FitAsync(f => f.Output("x", f.Number("c").Cyclic(24)), Batch(new double[] { 0, 6, 12, 18, 24, -6, Missing, 24e9 + 6 }));

        run.Features[0].Size.ShouldBe(2);
        run.Numbers("x", Batch(new double[] { 0, 6, 12, 18, 24, -6, Missing, 24e9 + 6 }))
            .Zip([0f, 1, 1, 0, 0, -1, -1, 0, 0, 1, -1, 0, 0, 0, 1, 0], (found, expected) => Math.Abs(found - expected)).Max().ShouldBeLessThan(1e-6f);
    }

    [Fact]
    public async Task Numbers_stand_side_by_side_in_a_vector()
    {
        using var run = await FitAsync(
            f => f.Output("x", f.Vector(f.Number("c").FillMissing(0), f.Number("c").IsMissing(), f.Number("c").Cyclic(4))), Batch(new[] { 1, Missing }));

        run.Features[0].Size.ShouldBe(4);
        run.Numbers("x", Batch(new[] { 1, Missing })).Zip([1f, 0, 1, 0, 0, 1, 0, 0], (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-6f);
    }

    [Fact]
    public async Task The_most_frequent_value_fills_gaps()
    {
        (await NumbersAsync(f => f.Number("c").FillMissingWithMostFrequent(), new[] { 3, 2, 3, 2, Missing, 7 })).ShouldBe([3, 2, 3, 2, 2, 7]);
        (await NumbersAsync(f => f.Number("c").FillMissingWithMostFrequent(), new[] { Missing, Missing })).ShouldBe([0, 0]);
        (await NumbersAsync(f => f.Text("c").FillMissingWithMostFrequent().Length(), new[] { "a", null, "bb", "bb" })).ShouldBe([1, 2, 2, 2]);
        (await NumbersAsync(f => f.Text("c").FillMissingWithMostFrequent().Length(), new string?[] { null, "" })).ShouldBe([0, 0]);
    }

    [Fact]
    public async Task Texts_are_joined_where_both_are_there()
    {
        var batch = Batch(("a", new string?[] { "x", null, "x", "" }), ("b", new string?[] { "y", "y", null, null }));
        using var run = await FitAsync(f => f.Output("x", f.Text("a").Join(f.Text("b"), "—").Vocabulary(top: 5).OneHot()), batch);

        run.Ids("x", batch).ShouldBe([0, -1, -1, -1]);
        ((Gyre.Transforms.Analysis.FittedVocabulary)run.Fitted.Values.Single()).Values.ShouldBe(["x—y"]);
    }

    [Fact]
    public Task Functions_agree_with_those_of_the_language_wherever_an_example_stands() => Gen.Double[-50, 50].Array[1, 40].SampleAsync(
        async numbers =>
        {
            using var run = await FitAsync(
                f =>
                {
                    f.Output("exp", f.Number("c").Exp().FillMissing(0));
                    f.Output("power", f.Number("c").Power(1.7).FillMissing(0));
                    f.Output("circle", f.Number("c").Cyclic(7));
                },
                Batch(numbers));
            var (exp, power, circle) = (run.Numbers("exp", Batch(numbers)), run.Numbers("power", Batch(numbers)), run.Numbers("circle", Batch(numbers)));
            for (var i = 0; i < numbers.Length; i++)
            {
                var alone = Batch(new[] { numbers[i] });
                exp[i].ShouldBe(run.Numbers("exp", alone)[0]);
                power[i].ShouldBe(run.Numbers("power", alone)[0]);
                circle[(2 * i)..(2 * i + 2)].ShouldBe(run.Numbers("circle", alone));
                exp[i].ShouldBe((float)Math.Exp(numbers[i]), 1e-6 * Math.Exp(numbers[i]));
                circle[2 * i].ShouldBe((float)Math.Sin(2 * Math.PI * numbers[i] / 7), 1e-6);
            }
        },
        iter: 20);
}
