namespace Gyre.Evaluation;

/// <summary>The metrics of a binary classifier on some examples; exact, without sampling or buckets.</summary>
static class BinaryMetrics
{
    /// <summary>
    /// Predictions are single precision, so none lies closer to 0 or 1 than this without being 0 or 1. The loss of one
    /// wrong but certain prediction is thus 15.9, not infinite.
    /// </summary>
    internal const double LogLossClip = 1.0 / (1 << 23);

    /// <param name="scores">The examples.</param>
    /// <param name="decisionThreshold">A prediction above it counts as «yes».</param>
    public static MetricValues Of(BinaryScores scores, double decisionThreshold)
    {
        var (meanPrediction, brier, logLoss) = Means(scores);
        var confusion = Confusion(scores, decisionThreshold);
        var (auc, aucPr) = Areas(scores);
        return new MetricValues
        {
            ExampleCount = scores.Count,
            PositiveCount = scores.Positives,
            PositiveShare = Ratio(scores.Positives, scores.Count),
            MeanPrediction = meanPrediction,
            Auc = auc,
            AucPr = aucPr,
            LogLoss = logLoss,
            Accuracy = Ratio(confusion.TruePositives + confusion.TrueNegatives, scores.Count),
            Precision = Ratio(confusion.TruePositives, confusion.TruePositives + confusion.FalsePositives),
            Recall = Ratio(confusion.TruePositives, scores.Positives),
            F1 = Ratio(2 * confusion.TruePositives, (2 * confusion.TruePositives) + confusion.FalsePositives + confusion.FalseNegatives),
            Calibration = scores.Positives == 0 ? null : meanPrediction * scores.Count / scores.Positives,
            Brier = brier,
            Confusion = confusion,
        };
    }

    /// <summary>
    /// How far predictions can be taken at their word: the examples in <paramref name="bins"/> intervals of equal width
    /// from 0 to 1, each closed below and open above, the last closed on both sides.
    /// </summary>
    public static IReadOnlyList<CalibrationBin> Calibration(BinaryScores scores, int bins = 10)
    {
        var counts = new int[bins];
        var positives = new int[bins];
        var sums = new double[bins];
        for (var i = 0; i < scores.Count; i++)
        {
            var bin = Math.Min((int)(scores.Prediction(i) * (double)bins), bins - 1);
            counts[bin]++;
            positives[bin] += scores.Label(i) ? 1 : 0;
            sums[bin] += scores.Prediction(i);
        }

        return
        [
            .. Enumerable.Range(0, bins).Select(bin => new CalibrationBin(
                (double)bin / bins,
                (double)(bin + 1) / bins,
                counts[bin],
                counts[bin] == 0 ? null : sums[bin] / counts[bin],
                Ratio(positives[bin], counts[bin]))),
        ];
    }

    static (double? Prediction, double? Brier, double? LogLoss) Means(BinaryScores scores)
    {
        if (scores.Count == 0)
            return (null, null, null);
        double predictions = 0, squares = 0, losses = 0;
        for (var i = 0; i < scores.Count; i++)
        {
            double prediction = scores.Prediction(i);
            var label = scores.Label(i) ? 1 : 0;
            predictions += prediction;
            squares += (prediction - label) * (prediction - label);
            var clipped = Math.Clamp(prediction, LogLossClip, 1 - LogLossClip);
            losses -= Math.Log(label == 1 ? clipped : 1 - clipped);
        }

        return (predictions / scores.Count, squares / scores.Count, losses / scores.Count);
    }

    static ConfusionCounts Confusion(BinaryScores scores, double threshold)
    {
        int truePositives = 0, falsePositives = 0;
        for (var i = 0; i < scores.Count; i++)
        {
            if (scores.Prediction(i) <= threshold)
                continue;
            if (scores.Label(i))
                truePositives++;
            else
                falsePositives++;
        }

        return new ConfusionCounts(
            truePositives,
            falsePositives,
            TrueNegatives: scores.Count - scores.Positives - falsePositives,
            FalseNegatives: scores.Positives - truePositives);
    }

    /// <summary>
    /// The area under the ROC curve as the probability that a positive example is ranked above a negative one, ties
    /// counting half (Mann–Whitney), and that under the precision-recall curve as average precision: the sum over falling
    /// thresholds of (gain in recall) × precision, without interpolation between them.
    /// </summary>
    static (double? Auc, double? AucPr) Areas(BinaryScores scores)
    {
        var negatives = scores.Count - scores.Positives;
        if (scores.Positives == 0)
            return (null, null);

        long truePositives = 0, falsePositives = 0;

        // Twice the number of pairs in the right order, so that a tie, worth one half, stays a whole number.
        Int128 orderedPairs = 0;

        // Divided once at the end: no rounded term exceeds its whole number of positives, so neither does the sum, and the
        // average never passes 1.
        double precisions = 0;
        foreach (var group in scores.Descending())
        {
            orderedPairs += (Int128)group.Negatives * ((2 * truePositives) + group.Positives);
            truePositives += group.Positives;
            falsePositives += group.Negatives;
            precisions += group.Positives * ((double)truePositives / (truePositives + falsePositives));
        }

        double? auc = negatives == 0 ? null : (double)orderedPairs / (2.0 * scores.Positives * negatives);
        return (auc, precisions / scores.Positives);
    }

    static double? Ratio(long part, long whole) => whole == 0 ? null : (double)part / whole;
}
