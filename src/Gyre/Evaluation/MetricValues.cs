using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gyre.Data;

namespace Gyre.Evaluation;

/// <summary>
/// What a model achieves on some examples. A metric that these examples leave undefined is null, never 0; so is one that
/// is of another task than the model's. Where examples have weights, every mean and share is one by weight.
/// </summary>
public sealed record MetricValues
{
    /// <summary>What the model predicts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public LearningTask Task { get; init; }

    public required int ExampleCount { get; init; }

    /// <summary>How many labels are positive; null for all tasks but the binary one.</summary>
    public int? PositiveCount { get; init; }

    /// <summary>The share of positive labels; null without examples.</summary>
    public double? PositiveShare { get; init; }

    /// <summary>The mean of what is predicted: probabilities of yes, or numbers.</summary>
    public double? MeanPrediction { get; init; }

    /// <summary>The area under the ROC curve, by ranks, ties counting half; null when only one class occurs.</summary>
    public double? Auc { get; init; }

    /// <summary>
    /// The area under the precision-recall curve, as average precision: the sum over falling thresholds of (gain in
    /// recall) × precision, not interpolated; null without positive examples.
    /// </summary>
    public double? AucPr { get; init; }

    /// <summary>The mean cross-entropy in nats, of several labels averaged over these too; predictions are kept 1.2e-7 away from 0 and 1.</summary>
    public double? LogLoss { get; init; }

    /// <summary>
    /// The share of right decisions: «yes» above the decision threshold, the most probable class, or all classes of a multilabel
    /// example right.
    /// </summary>
    public double? Accuracy { get; init; }

    /// <summary>The share of positives among those decided «yes»; null when none was.</summary>
    public double? Precision { get; init; }

    /// <summary>The share of positives that was decided «yes»; null without positive examples.</summary>
    public double? Recall { get; init; }

    /// <summary>The harmonic mean of precision and recall; null when nothing is positive, neither by label nor by decision.</summary>
    public double? F1 { get; init; }

    /// <summary>Mean prediction ÷ mean label: 1 is right, above 1 promises too much; null without positive examples.</summary>
    public double? Calibration { get; init; }

    /// <summary>The mean squared difference between prediction and label.</summary>
    public double? Brier { get; init; }

    /// <summary>The decisions of a binary model; null for other tasks.</summary>
    public ConfusionCounts? Confusion { get; init; }

    /// <summary>The mean over the classes that occur, by label or by decision, of their F1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MacroF1 { get; init; }

    /// <summary>F1 of all decisions on all classes together; of a multiclass model the same as the accuracy.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MicroF1 { get; init; }

    /// <summary>The mean over the classes of their F1, each counted as often as its label occurs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? WeightedF1 { get; init; }

    /// <summary>The mean over the classes of their recall, of those that occur: accuracy as if all classes were equally frequent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MacroRecall { get; init; }

    /// <summary>The mean over the classes of the area under the ROC curve of each against the rest; those of which examples or counterexamples are missing are left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MacroAuc { get; init; }

    /// <summary>The share of wrong decisions among all decisions on all classes of a multilabel model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? HammingLoss { get; init; }

    /// <summary>The mean squared difference between prediction and label.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Mse { get; init; }

    /// <summary>The root of <see cref="Mse"/>, in the label's unit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Rmse { get; init; }

    /// <summary>The mean size of the difference between prediction and label, in the label's unit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Mae { get; init; }

    /// <summary>1 − squared error ÷ squared error of always predicting these examples' mean: 1 is perfect, 0 no better than that; null when all labels are equal.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? R2 { get; init; }

    /// <summary>The mean of the labels of a regression.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MeanLabel { get; init; }

    /// <summary>
    /// How near the order within groups is to the best (Järvelin and Kekäläinen, 2002): the sum of relevance ÷ log2(1 + rank), divided
    /// by its largest possible value; the mean over the groups that have anything relevant. Examples with equal scores share
    /// their ranks' mean.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Ndcg { get; init; }

    /// <summary><see cref="Ndcg"/> of the first ten ranks only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Ndcg10 { get; init; }

    /// <summary>The mean over the groups that have anything relevant of 1 ÷ the rank of the first example of relevance above 0; among equal scores it stands last.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Mrr { get; init; }

    /// <summary>How many groups a ranking was measured on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? GroupCount { get; init; }

    /// <summary>The weight of all examples together; null where they have none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TotalWeight { get; init; }

    /// <summary>Each class by itself, in the order of the model's probabilities; null where there are no classes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ClassValues>? Classes { get; init; }

    /// <summary>How many examples of each class, a row to each, were taken for which, a column to each; null for all tasks but multiclass.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<int>>? ConfusionMatrix { get; init; }

    /// <summary>Leaves out what other tasks do not have; of a binary model all is written, undefined metrics as null.</summary>
    internal static void WriteOwnMetricsOnly(JsonTypeInfo type)
    {
        if (type.Type != typeof(MetricValues))
            return;
        foreach (var property in type.Properties)
            property.ShouldSerialize ??= static (values, value) => value is not null || ((MetricValues)values).Task == LearningTask.Binary;
    }
}

/// <summary>How well one class is told from the others.</summary>
/// <param name="Name">The class.</param>
/// <param name="ExampleCount">How many examples are of it.</param>
/// <param name="PredictedCount">How many were taken for it.</param>
/// <param name="Precision">The share of its examples among those taken for it; null when there are none.</param>
/// <param name="Recall">The share of its examples that were taken for it; null when there are none.</param>
/// <param name="F1">The harmonic mean of both; null when it occurs neither by label nor by decision.</param>
/// <param name="Auc">The area under the ROC curve of its probability; null when all examples are of it, or none.</param>
public sealed record ClassValues(string Name, int ExampleCount, int PredictedCount, double? Precision, double? Recall, double? F1, double? Auc);

/// <summary>How many decisions were right and wrong, at the decision threshold.</summary>
public sealed record ConfusionCounts(int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives);

/// <summary>The examples whose prediction lies in an interval.</summary>
/// <param name="Lower">The lower bound, within the interval.</param>
/// <param name="Upper">The upper bound, outside the interval unless it is 1.</param>
/// <param name="ExampleCount">How many predictions lie in it.</param>
/// <param name="MeanPrediction">Their mean; null when there are none.</param>
/// <param name="PositiveShare">The share of positive labels among them; null when there are none.</param>
public sealed record CalibrationBin(double Lower, double Upper, int ExampleCount, double? MeanPrediction, double? PositiveShare);
