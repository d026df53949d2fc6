using Gyre.Evaluation;

namespace Gyre.Tests.Evaluation;

/// <summary>
/// The numbers named «scikit-learn» were made with scikit-learn 1.2.1 (Debian 12's python3-sklearn): roc_auc_score,
/// average_precision_score, log_loss (eps = 2^-23), accuracy_score, precision_score, recall_score, f1_score and
/// brier_score_loss on the same predictions, decisions being «prediction &gt; 0.5».
/// </summary>
public sealed class BinaryMetricsTests
{
    const double Exact = 1e-12;

    [Fact]
    public void Four_examples_give_the_values_of_scikit_learn()
    {
        var values = BinaryMetrics.Of(Scores((0.1f, false), (0.4f, false), (0.35f, true), (0.8f, true)), 0.5);

        Near(values.Auc, 0.75);
        Near(values.AucPr, 0.8333333333333333);
        Near(values.LogLoss, 0.47228795723880856);
        Near(values.Accuracy, 0.75);
        Near(values.Precision, 1);
        Near(values.Recall, 0.5);
        Near(values.F1, 0.6666666666666666);
        Near(values.Brier, 0.1581250020116568);
        Near(values.Calibration, 0.8250000067055225);
        values.Confusion.ShouldBe(new ConfusionCounts(TruePositives: 1, FalsePositives: 0, TrueNegatives: 2, FalseNegatives: 1));
    }

    [Fact]
    public void A_thousand_examples_with_many_ties_give_the_values_of_scikit_learn()
    {
        var values = BinaryMetrics.Of(Generated(), 0.5);

        values.PositiveCount.ShouldBe(502);
        Near(values.Auc, 0.6876990031840509);
        Near(values.AucPr, 0.6664830673577016);
        Near(values.LogLoss, 0.734900270167535);
        Near(values.Accuracy, 0.638);
        Near(values.Precision, 0.6495726495726496);
        Near(values.Recall, 0.6055776892430279);
        Near(values.F1, 0.6268041237113402);
        Near(values.Brier, 0.239449951171875);
        Near(values.Calibration, 0.9705864043824701);
        values.Confusion.ShouldBe(new ConfusionCounts(304, 164, 334, 198));
    }

    [Fact]
    public void Predictions_of_exactly_0_and_1_give_the_values_of_scikit_learn()
    {
        var certain = new BinaryScores();
        var scores = Generated();
        for (var i = 0; i < scores.Count; i++)
            certain.Add(scores.Prediction(i) switch { < 0.1f => 0, > 0.9f => 1, var other => other }, scores.Label(i));
        var values = BinaryMetrics.Of(certain, 0.5);

        Near(values.Auc, 0.6871549944799117);
        Near(values.AucPr, 0.6669355649686645);
        Near(values.LogLoss, 1.3436463729953074);
        Near(values.Brier, 0.24400390625);
    }

    [Fact]
    public void Without_examples_all_is_undefined()
    {
        var values = BinaryMetrics.Of(new BinaryScores(), 0.5);

        values.ExampleCount.ShouldBe(0);
        Metric.All.Except([Metric.ExampleCount]).Select(metric => metric.Of(values)).ShouldAllBe(value => value == null);
    }

    [Fact]
    public void With_positives_only_what_needs_negatives_is_undefined_and_nothing_else()
    {
        var values = BinaryMetrics.Of(Scores((0.2f, true), (0.9f, true)), 0.5);

        values.Auc.ShouldBeNull();
        Near(values.AucPr, 1);
        Near(values.Recall, 0.5);
        Near(values.Calibration, ((double)0.2f + 0.9f) / 2);
    }

    [Fact]
    public void With_negatives_only_what_needs_positives_is_undefined_and_nothing_else()
    {
        var values = BinaryMetrics.Of(Scores((0.2f, false), (0.3f, false)), 0.5);

        values.Auc.ShouldBeNull();
        values.AucPr.ShouldBeNull();
        values.Precision.ShouldBeNull();
        values.Recall.ShouldBeNull();
        values.F1.ShouldBeNull();
        values.Calibration.ShouldBeNull();
        Near(values.Accuracy, 1);
        Near(values.PositiveShare, 0);
    }

    [Fact]
    public void A_prediction_on_the_decision_threshold_counts_as_no()
    {
        BinaryMetrics.Of(Scores((0.5f, true)), 0.5).Confusion!.FalseNegatives.ShouldBe(1);
        BinaryMetrics.Of(Scores((0.5f, true)), 0.49).Confusion!.TruePositives.ShouldBe(1);
    }

    [Fact]
    public void The_auc_is_the_share_of_pairs_in_the_right_order() => SomeScores.Sample(
        scores =>
        {
            double ordered = 0, pairs = 0;
            for (var i = 0; i < scores.Count; i++)
            {
                for (var j = 0; j < scores.Count; j++)
                {
                    if (!scores.Label(i) || scores.Label(j))
                        continue;
                    pairs++;
                    ordered += scores.Prediction(i) > scores.Prediction(j) ? 1 : scores.Prediction(i) == scores.Prediction(j) ? 0.5 : 0;
                }
            }

            var auc = BinaryMetrics.Of(scores, 0.5).Auc;
            if (pairs == 0)
                auc.ShouldBeNull();
            else
                Near(auc, ordered / pairs);
        },
        iter: 500);

    [Fact]
    public void The_order_of_the_examples_changes_no_rank_metric() => SomeScores.Sample(
        scores =>
        {
            var there = BinaryMetrics.Of(scores, 0.5);
            var back = BinaryMetrics.Of(scores.At([.. Enumerable.Range(0, scores.Count).Reverse()]), 0.5);
            back.Auc.ShouldBe(there.Auc);
            back.AucPr.ShouldBe(there.AucPr);
            back.Confusion.ShouldBe(there.Confusion);
        },
        iter: 500);

    [Fact]
    public void The_area_under_a_perfect_precision_recall_curve_is_exactly_1_however_many_positives()
    {
        var scores = new BinaryScores();
        for (var positives = 1; positives <= 200; positives++)
        {
            scores.Add(1 - (positives / 1024f), true);
            BinaryMetrics.Of(scores, 0.5).AucPr.ShouldBe(1.0);
        }
    }

    [Fact]
    public void Every_metric_lies_within_the_bounds_it_declares() => SomeScores.Sample(
        scores =>
        {
            var values = BinaryMetrics.Of(scores, 0.5);
            foreach (var metric in Metric.All)
            {
                if (metric.Of(values) is { } value)
                    value.ShouldBeInRange(metric.Lowest, metric.Highest, metric.Name);
            }
        },
        iter: 500);

    [Fact]
    public void Calibration_bins_hold_every_example_once() => SomeScores.Sample(
        scores =>
        {
            var bins = BinaryMetrics.Calibration(scores);
            bins.Count.ShouldBe(10);
            bins.Sum(bin => bin.ExampleCount).ShouldBe(scores.Count);
            bins.Sum(bin => (bin.PositiveShare ?? 0) * bin.ExampleCount).ShouldBe(scores.Positives, 1e-9);
            foreach (var bin in bins.Where(bin => bin.ExampleCount > 0))
                bin.MeanPrediction!.Value.ShouldBeInRange(bin.Lower - 1e-6, bin.Upper + 1e-6);
        },
        iter: 500);

    [Fact]
    public void The_last_calibration_bin_holds_certainty()
    {
        var bins = BinaryMetrics.Calibration(Scores((1f, true), (0f, false), (0.1f, true)));

        bins[9].ShouldBe(new CalibrationBin(0.9, 1, 1, 1, 1));
        bins[0].ShouldBe(new CalibrationBin(0, 0.1, 1, 0, 0));
        bins[1].ExampleCount.ShouldBe(1);
        bins[5].ShouldBe(new CalibrationBin(0.5, 0.6, 0, null, null));
    }

    static readonly Gen<BinaryScores> SomeScores =
        Gen.Select(Gen.Int[0, 16], Gen.Bool).Array[0, 40].Select(pairs => Scores([.. pairs.Select(pair => (pair.Item1 / 16f, pair.Item2))]));

    static BinaryScores Scores(params (float Prediction, bool Label)[] examples)
    {
        var scores = new BinaryScores();
        foreach (var (prediction, label) in examples)
            scores.Add(prediction, label);
        return scores;
    }

    /// <summary>Examples from a linear congruential generator (1103515245, 12345, 2^31, seed 12345), easy to make again elsewhere.</summary>
    static BinaryScores Generated()
    {
        var scores = new BinaryScores();
        var state = 12345L;
        for (var i = 0; i < 1000; i++)
        {
            var prediction = Next() % 64 / 64f;
            scores.Add(prediction, Next() % 100 < 20 + (60 * prediction));
        }

        return scores;

        long Next() => (state = ((state * 1103515245L) + 12345) % (1L << 31)) >> 16;
    }

    static void Near(double? actual, double expected) => actual.ShouldNotBeNull().ShouldBe(expected, Exact);
}
