using Synthesis;

namespace Gyre.Samples.Tests.Synthesis;

public sealed class ChanceTests
{
    [Fact]
    public void The_same_seed_and_row_throw_the_same() =>
        Gen.Select(Gen.Int, Gen.Int[0, 100_000]).Sample((seed, row) =>
        {
            var (one, other, next) = (new Dice(seed, row), new Dice(seed, row), new Dice(seed, row + 1));
            double[] throws = [one.Unit(), one.Unit(), one.Normal()];
            throws.ShouldBe([other.Unit(), other.Unit(), other.Normal()]);
            next.Unit().ShouldNotBe(throws[0]);
        });

    [Fact]
    public void First_throws_of_many_rows_are_spread_evenly()
    {
        var counts = new int[10];
        for (var row = 0; row < 100_000; row++)
            counts[new Dice(seed: 7, row).Below(10)]++;
        counts.ShouldAllBe(count => Math.Abs(count - 10_000) < 500);
    }

    [Fact]
    public void Normal_throws_have_mean_0_and_deviation_1()
    {
        var dice = new Dice(1, 1);
        var values = Enumerable.Range(0, 100_000).Select(_ => dice.Normal()).ToArray();
        values.Average().ShouldBe(0, 0.02);
        values.Average(value => value * value).ShouldBe(1, 0.03);
    }

    [Fact]
    public void Weights_decide_how_often_an_item_is_drawn()
    {
        var choice = new Weighted<string>([("none", 0), ("one", 1), ("three", 3), ("none at the end", 0)]);
        var dice = new Dice(3, 0);
        var drawn = Enumerable.Range(0, 40_000).Select(_ => choice.Draw(dice)).CountBy(item => item).ToDictionary();
        drawn.Keys.ShouldBe(["one", "three"], ignoreOrder: true);
        ((double)drawn["three"]).ShouldBe(30_000, 500);
        choice.ShareOf("three").ShouldBe(0.75);
    }

    [Fact]
    public void Weights_that_leave_no_choice_are_refused() =>
        Should.Throw<ArgumentException>(() => new Weighted<int>([(1, 0), (2, 0)])).Message.ShouldContain("Expected weights of 0 or more");

    [Fact]
    public void Shuffling_keeps_all_items() =>
        Gen.Int.Array[0, 20].Sample(items =>
        {
            var shuffled = items.ToArray();
            new Dice(5, items.Length).Shuffle<int>(shuffled);
            shuffled.Order().ShouldBe(items.Order());
        });

    [Fact]
    public void The_area_under_the_curve_is_the_share_of_pairs_in_the_right_order() =>
        Gen.Select(Gen.Int[0, 6], Gen.Bool).Array[2, 30].Sample(cases =>
        {
            var outcomes = cases.Select(one => new Outcome(one.Item1 / 6.0, one.Item2)).ToArray();
            var (positive, negative) = (outcomes.Where(one => one.Positive).ToArray(), outcomes.Where(one => !one.Positive).ToArray());
            var auc = RankingQuality.Auc(outcomes);
            if (positive.Length == 0 || negative.Length == 0)
            {
                auc.ShouldBe(double.NaN);
                return;
            }

            var won = positive.Sum(p => negative.Sum(n => p.Probability > n.Probability ? 1 : p.Probability.Equals(n.Probability) ? 0.5 : 0));
            auc.ShouldBe(won / positive.Length / negative.Length, 1e-12);
        });
}
