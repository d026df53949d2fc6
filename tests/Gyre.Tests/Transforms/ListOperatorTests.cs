using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

public sealed class ListOperatorTests
{
    static readonly double[]?[] Lists = [[1, 2, 6], null, [], [double.NaN, -4], [double.PositiveInfinity]];

    [Fact]
    public async Task Lists_of_numbers_are_summed_up()
    {
        using var run = await FitAsync(
            f =>
            {
                var list = f.Numbers("c");
                f.Output("count", list.Count());
                f.Output("sum", list.Sum().FillMissing(-9));
                f.Output("mean", list.Mean().FillMissing(-9));
                f.Output("min", list.Min().FillMissing(-9));
                f.Output("max", list.Max().FillMissing(-9));
                f.Output("padded", list.Padded(2, fill: 7));
            },
            Batch(Lists));
        var batch = Batch(Lists);

        run.Numbers("count", batch).ShouldBe([3, 0, 0, 1, 0]);
        run.Numbers("sum", batch).ShouldBe([9, 0, 0, -4, 0]);
        run.Numbers("mean", batch).ShouldBe([3, -9, -9, -4, -9]);
        run.Numbers("min", batch).ShouldBe([1, -9, -9, -4, -9]);
        run.Numbers("max", batch).ShouldBe([6, -9, -9, -4, -9]);
        run.Numbers("padded", batch).ShouldBe([1, 2, 7, 7, 7, 7, -4, 7, 7, 7]);
    }

    [Fact]
    public async Task Lists_of_texts_are_tokens()
    {
        string[]?[] lists = [["b", "a", "a"], null, [], ["", "c"]];
        using var run = await FitAsync(
            f =>
            {
                f.Output("which", f.Texts("c").Vocabulary(top: 2).MultiHot());
                f.Output("ids", f.Texts("c").Vocabulary(top: 2));
                f.Output("count", f.Texts("c").Count());
            },
            Batch(lists));

        run.Numbers("which", Batch(lists)).ShouldBe([1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
        run.Tokens("ids", Batch(lists)).ShouldBe([[2, 0, 0], [], [], [1]]);
        run.Numbers("count", Batch(lists)).ShouldBe([3, 0, 0, 1]);
    }

    [Fact]
    public Task Sums_do_not_depend_on_the_other_lists_of_a_batch() => Gen.Double[-1e6, 1e6].Array[0, 40].Array[1, 20].SampleAsync(
        async lists =>
        {
            using var run = await FitAsync(
                f =>
                {
                    f.Output("sum", f.Numbers("c").Sum().FillMissing(0));
                    f.Output("mean", f.Numbers("c").Mean().ScaleToZScore());
                },
                Batch(lists));
            var (sums, means) = (run.Numbers("sum", Batch(lists)), run.Numbers("mean", Batch(lists)));
            for (var i = 0; i < lists.Length; i++)
            {
                sums[i].ShouldBe((float)lists[i].Aggregate(0.0, (sum, number) => sum + number));
                run.Numbers("sum", Batch(new[] { lists[i] })).ShouldBe([sums[i]]);
                run.Numbers("mean", Batch(new[] { lists[i] })).ShouldBe([means[i]]);
            }
        },
        iter: 20);

    [Fact]
    public void A_column_is_read_in_one_way_only() =>
        Define(f => f.Output("x", (f.Texts("a").Count() + f.Text("a").Length()).FillMissing(0))).Errors.ShouldHaveSingleItem().ShouldContain("read in several ways, among them as a list");
}
