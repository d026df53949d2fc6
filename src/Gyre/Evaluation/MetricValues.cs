namespace Gyre.Evaluation;

/// <summary>
/// What a binary classifier achieves on some examples. A metric that these examples leave undefined is null, never 0.
/// </summary>
public sealed record MetricValues
{
    public required int ExampleCount { get; init; }

    public required int PositiveCount { get; init; }

    /// <summary>The share of positive labels; null without examples.</summary>
    public required double? PositiveShare { get; init; }

    public required double? MeanPrediction { get; init; }

    /// <summary>The area under the ROC curve, by ranks, ties counting half; null when only one class occurs.</summary>
    public required double? Auc { get; init; }

    /// <summary>
    /// The area under the precision-recall curve, as average precision: the sum over falling thresholds of (gain in
    /// recall) × precision, not interpolated; null without positive examples.
    /// </summary>
    public required double? AucPr { get; init; }

    /// <summary>The mean cross-entropy in nats; predictions are kept 1.2e-7 away from 0 and 1.</summary>
    public required double? LogLoss { get; init; }

    /// <summary>The share of right decisions, deciding «yes» above the decision threshold.</summary>
    public required double? Accuracy { get; init; }

    /// <summary>The share of positives among those decided «yes»; null when none was.</summary>
    public required double? Precision { get; init; }

    /// <summary>The share of positives that was decided «yes»; null without positive examples.</summary>
    public required double? Recall { get; init; }

    /// <summary>The harmonic mean of precision and recall; null when nothing is positive, neither by label nor by decision.</summary>
    public required double? F1 { get; init; }

    /// <summary>Mean prediction ÷ mean label: 1 is right, above 1 promises too much; null without positive examples.</summary>
    public required double? Calibration { get; init; }

    /// <summary>The mean squared difference between prediction and label.</summary>
    public required double? Brier { get; init; }

    public required ConfusionCounts Confusion { get; init; }
}

/// <summary>How many decisions were right and wrong, at the decision threshold.</summary>
public sealed record ConfusionCounts(int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives);

/// <summary>The examples whose prediction lies in an interval.</summary>
/// <param name="Lower">The lower bound, within the interval.</param>
/// <param name="Upper">The upper bound, outside the interval unless it is 1.</param>
/// <param name="ExampleCount">How many predictions lie in it.</param>
/// <param name="MeanPrediction">Their mean; null when there are none.</param>
/// <param name="PositiveShare">The share of positive labels among them; null when there are none.</param>
public sealed record CalibrationBin(double Lower, double Upper, int ExampleCount, double? MeanPrediction, double? PositiveShare);
