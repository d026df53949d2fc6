using Gyre.Training;

namespace Gyre.Tests.Training;

public sealed class TrainingMetricsTests
{
    [Fact]
    public void The_area_is_the_share_of_pairs_in_the_right_order() =>
        Gen.Select(Gen.Int[-3, 3], Gen.Bool).Array[2, 40].Sample(examples =>
        {
            var scores = examples.Select(example => example.Item1 / 3f).ToArray();
            var labels = examples.Select(example => example.Item2 ? 1f : 0f).ToArray();
            double won = 0, pairs = 0;
            foreach (var (positive, _) in examples.Where(example => example.Item2))
            {
                foreach (var (negative, _) in examples.Where(example => !example.Item2))
                {
                    pairs++;
                    won += positive > negative ? 1 : positive == negative ? 0.5 : 0;
                }
            }

            if (pairs > 0)
                TrainingMetrics.Auc(scores, labels).ShouldBe(won / pairs, 1e-12);
            else
                TrainingMetrics.Auc(scores, labels).ShouldBe(double.NaN);
        });

    [Fact]
    public void The_area_of_one_class_is_undefined() => TrainingMetrics.Auc([1f, 2f], [1f, 1f]).ShouldBe(double.NaN);

    [Fact]
    public void The_loss_is_the_negative_logarithm_of_the_probability_of_what_came()
    {
        TrainingMetrics.LogLoss(0, 1).ShouldBe(Math.Log(2), 1e-15);
        TrainingMetrics.LogLoss(2, 1).ShouldBe(-Math.Log(1 / (1 + Math.Exp(-2))), 1e-14);
        TrainingMetrics.LogLoss(2, 0).ShouldBe(-Math.Log(1 - (1 / (1 + Math.Exp(-2)))), 1e-14);
        TrainingMetrics.LogLoss(1000, 0).ShouldBe(1000);
        TrainingMetrics.LogLoss(-1000, 0).ShouldBe(0);
        TrainingMetrics.LogLoss([2f, -1f], [1f, 0f]).ShouldBe((TrainingMetrics.LogLoss(2, 1) + TrainingMetrics.LogLoss(-1, 0)) / 2);
        TrainingMetrics.LogLoss(ReadOnlySpan<float>.Empty, []).ShouldBe(double.NaN);
    }
}
