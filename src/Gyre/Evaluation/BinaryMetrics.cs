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
        var (confusion, decided) = Decide(scores, decisionThreshold);
        var (auc, aucPr) = Areas(scores);
        return new MetricValues
        {
            ExampleCount = scores.Count,
            PositiveCount = scores.Positives,
            PositiveShare = Ratio(scores.PositiveWeight, scores.TotalWeight),
            MeanPrediction = meanPrediction,
            Auc = auc,
            AucPr = aucPr,
            LogLoss = logLoss,
            Accuracy = Ratio(decided.TruePositives + decided.TrueNegatives, scores.TotalWeight),
            Precision = Ratio(decided.TruePositives, decided.TruePositives + decided.FalsePositives),
            Recall = Ratio(decided.TruePositives, scores.PositiveWeight),
            F1 = Ratio(2 * decided.TruePositives, (2 * decided.TruePositives) + decided.FalsePositives + decided.FalseNegatives),
            Calibration = scores.PositiveWeight == 0 ? null : meanPrediction * scores.TotalWeight / scores.PositiveWeight,
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
        if (scores.TotalWeight == 0)
            return (null, null, null);
        double predictions = 0, squares = 0, losses = 0;
        for (var i = 0; i < scores.Count; i++)
        {
            double prediction = scores.Prediction(i);
            var weight = scores.Weight(i);
            var label = scores.Label(i) ? 1 : 0;
            predictions += weight * prediction;
            squares += weight * ((prediction - label) * (prediction - label));
            losses -= weight * LogLikelihood(prediction, scores.Label(i));
        }

        return (predictions / scores.TotalWeight, squares / scores.TotalWeight, losses / scores.TotalWeight);
    }

    /// <summary>The logarithm of the probability that was given to what is true, see <see cref="LogLossClip"/>.</summary>
    public static double LogLikelihood(double probability, bool label)
    {
        var clipped = Math.Clamp(probability, LogLossClip, 1 - LogLossClip);
        return Math.Log(label ? clipped : 1 - clipped);
    }

    /// <summary>The decisions, counted and weighed.</summary>
    static (ConfusionCounts Counts, Decisions Weights) Decide(BinaryScores scores, double threshold)
    {
        int truePositives = 0, falsePositives = 0;
        double truePositive = 0, falsePositive = 0;
        for (var i = 0; i < scores.Count; i++)
        {
            if (scores.Prediction(i) <= threshold)
                continue;
            if (scores.Label(i))
            {
                truePositives++;
                truePositive += scores.Weight(i);
            }
            else
            {
                falsePositives++;
                falsePositive += scores.Weight(i);
            }
        }

        return (
            new ConfusionCounts(
                truePositives,
                falsePositives,
                TrueNegatives: scores.Count - scores.Positives - falsePositives,
                FalseNegatives: scores.Positives - truePositives),
            new Decisions(
                truePositive,
                falsePositive,
                TrueNegatives: scores.TotalWeight - scores.PositiveWeight - falsePositive,
                FalseNegatives: scores.PositiveWeight - truePositive));
    }

    /// <summary>
    /// The area under the ROC curve as the probability that a positive example is ranked above a negative one, ties
    /// counting half (Mann–Whitney), and that under the precision-recall curve as average precision: the sum over falling
    /// thresholds of (gain in recall) × precision, without interpolation between them. Pairs count the product of their weights.
    /// </summary>
    public static (double? Auc, double? AucPr) Areas(BinaryScores scores)
    {
        var negatives = scores.TotalWeight - scores.PositiveWeight;
        if (!(scores.PositiveWeight > 0))
            return (null, null);

        double truePositives = 0, falsePositives = 0;

        // Twice the weight of pairs in the right order, so that a tie, worth one half, stays a whole number where weights are.
        var orderedPairs = new ExactSum();

        // Divided once at the end: no rounded term exceeds its whole number of positives, so neither does the sum, and the
        // average never passes 1.
        double precisions = 0;
        foreach (var group in scores.Descending())
        {
            orderedPairs.Add(group.Negatives, (2 * truePositives) + group.Positives);
            truePositives += group.Positives;
            falsePositives += group.Negatives;
            if (truePositives > 0)
                precisions += group.Positives * (truePositives / (truePositives + falsePositives));
        }

        double? auc = negatives > 0 ? Math.Min(1, orderedPairs.Value / (2.0 * scores.PositiveWeight * negatives)) : null;
        return (auc, precisions / scores.PositiveWeight);
    }

    internal static double? Ratio(double part, double whole) => whole == 0 ? null : part / whole;

    /// <summary>The weights of right and wrong decisions.</summary>
    sealed record Decisions(double TruePositives, double FalsePositives, double TrueNegatives, double FalseNegatives);

    /// <summary>Sums products of whole numbers exactly, however many pairs there are, and of others as doubles do.</summary>
    sealed class ExactSum
    {
        Int128 _whole;
        double _rest;

        public double Value => (double)_whole + _rest;

        public void Add(double left, double right)
        {
            if (left == Math.Floor(left) && right == Math.Floor(right))
                _whole += (Int128)left * (Int128)right;
            else
                _rest += left * right;
        }
    }
}
