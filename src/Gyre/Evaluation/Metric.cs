using System.Globalization;
using System.Text.Json.Nodes;
using Gyre.Data;
using Gyre.Pipelines;

namespace Gyre.Evaluation;

/// <summary>Which values of a metric are better.</summary>
public enum MetricDirection
{
    Higher,
    Lower,

    /// <summary>Neither: there is a right value, such as 1 for calibration.</summary>
    Neither,
}

/// <summary>
/// A metric of evaluations, and where thresholds on it begin:
/// <code>Thresholds = [Metric.Auc.AtLeast(0.6), Metric.LogLoss.ChangeAtLeast(-0.01).OnSlices("product")]</code>
/// </summary>
public sealed class Metric : IParameter
{
    readonly Func<MetricValues, double?> _read;

    Metric(string name, MetricDirection direction, double lowest, double highest, Func<MetricValues, double?> read)
    {
        Name = name;
        Direction = direction;
        Lowest = lowest;
        Highest = highest;
        _read = read;
    }

    /// <inheritdoc cref="MetricValues.Auc"/>
    public static Metric Auc { get; } = new("auc", MetricDirection.Higher, 0, 1, values => values.Auc);

    /// <inheritdoc cref="MetricValues.AucPr"/>
    public static Metric AucPr { get; } = new("auc_pr", MetricDirection.Higher, 0, 1, values => values.AucPr);

    /// <inheritdoc cref="MetricValues.LogLoss"/>
    public static Metric LogLoss { get; } = new("log_loss", MetricDirection.Lower, 0, 16, values => values.LogLoss);

    /// <inheritdoc cref="MetricValues.Accuracy"/>
    public static Metric Accuracy { get; } = new("accuracy", MetricDirection.Higher, 0, 1, values => values.Accuracy);

    /// <inheritdoc cref="MetricValues.Precision"/>
    public static Metric Precision { get; } = new("precision", MetricDirection.Higher, 0, 1, values => values.Precision);

    /// <inheritdoc cref="MetricValues.Recall"/>
    public static Metric Recall { get; } = new("recall", MetricDirection.Higher, 0, 1, values => values.Recall);

    /// <inheritdoc cref="MetricValues.F1"/>
    public static Metric F1 { get; } = new("f1", MetricDirection.Higher, 0, 1, values => values.F1);

    /// <inheritdoc cref="MetricValues.Calibration"/>
    public static Metric Calibration { get; } = new("calibration", MetricDirection.Neither, 0, double.PositiveInfinity, values => values.Calibration);

    /// <inheritdoc cref="MetricValues.Brier"/>
    public static Metric Brier { get; } = new("brier", MetricDirection.Lower, 0, 1, values => values.Brier);

    /// <inheritdoc cref="MetricValues.MacroF1"/>
    public static Metric MacroF1 { get; } = new("macro_f1", MetricDirection.Higher, 0, 1, values => values.MacroF1);

    /// <inheritdoc cref="MetricValues.MicroF1"/>
    public static Metric MicroF1 { get; } = new("micro_f1", MetricDirection.Higher, 0, 1, values => values.MicroF1);

    /// <inheritdoc cref="MetricValues.WeightedF1"/>
    public static Metric WeightedF1 { get; } = new("weighted_f1", MetricDirection.Higher, 0, 1, values => values.WeightedF1);

    /// <inheritdoc cref="MetricValues.MacroRecall"/>
    public static Metric MacroRecall { get; } = new("macro_recall", MetricDirection.Higher, 0, 1, values => values.MacroRecall);

    /// <inheritdoc cref="MetricValues.MacroAuc"/>
    public static Metric MacroAuc { get; } = new("macro_auc", MetricDirection.Higher, 0, 1, values => values.MacroAuc);

    /// <inheritdoc cref="MetricValues.HammingLoss"/>
    public static Metric HammingLoss { get; } = new("hamming_loss", MetricDirection.Lower, 0, 1, values => values.HammingLoss);

    /// <inheritdoc cref="MetricValues.Mse"/>
    public static Metric Mse { get; } = new("mse", MetricDirection.Lower, 0, double.PositiveInfinity, values => values.Mse);

    /// <inheritdoc cref="MetricValues.Rmse"/>
    public static Metric Rmse { get; } = new("rmse", MetricDirection.Lower, 0, double.PositiveInfinity, values => values.Rmse);

    /// <inheritdoc cref="MetricValues.Mae"/>
    public static Metric Mae { get; } = new("mae", MetricDirection.Lower, 0, double.PositiveInfinity, values => values.Mae);

    /// <inheritdoc cref="MetricValues.R2"/>
    public static Metric R2 { get; } = new("r2", MetricDirection.Higher, double.NegativeInfinity, 1, values => values.R2);

    /// <inheritdoc cref="MetricValues.MeanLabel"/>
    public static Metric MeanLabel { get; } = new("mean_label", MetricDirection.Neither, double.NegativeInfinity, double.PositiveInfinity, values => values.MeanLabel);

    /// <inheritdoc cref="MetricValues.MeanPrediction"/>
    public static Metric MeanPrediction { get; } = new("mean_prediction", MetricDirection.Neither, double.NegativeInfinity, double.PositiveInfinity, values => values.MeanPrediction);

    /// <inheritdoc cref="MetricValues.Ndcg"/>
    public static Metric Ndcg { get; } = new("ndcg", MetricDirection.Higher, 0, 1, values => values.Ndcg);

    /// <inheritdoc cref="MetricValues.Ndcg10"/>
    public static Metric Ndcg10 { get; } = new("ndcg10", MetricDirection.Higher, 0, 1, values => values.Ndcg10);

    /// <inheritdoc cref="MetricValues.Mrr"/>
    public static Metric Mrr { get; } = new("mrr", MetricDirection.Higher, 0, 1, values => values.Mrr);

    /// <summary>The number of labelled examples.</summary>
    public static Metric ExampleCount { get; } = new("example_count", MetricDirection.Neither, 0, double.PositiveInfinity, values => values.ExampleCount);

    /// <summary>All metrics of all tasks.</summary>
    public static IReadOnlyList<Metric> All { get; } = [.. Enum.GetValues<LearningTask>().SelectMany(Of).Distinct()];

    /// <summary>The metrics of a task, those that tell most first.</summary>
    public static IReadOnlyList<Metric> Of(LearningTask task) => task switch
    {
        LearningTask.Binary => [Auc, AucPr, LogLoss, Accuracy, Precision, Recall, F1, Calibration, Brier, ExampleCount],
        LearningTask.Multiclass => [MacroF1, Accuracy, LogLoss, MacroAuc, MacroRecall, WeightedF1, MicroF1, ExampleCount],
        LearningTask.Multilabel => [MicroF1, MacroF1, LogLoss, HammingLoss, MacroAuc, WeightedF1, MacroRecall, Accuracy, ExampleCount],
        LearningTask.Regression => [Rmse, Mae, R2, Mse, MeanLabel, MeanPrediction, ExampleCount],
        _ => [Ndcg10, Ndcg, Mrr, ExampleCount],
    };

    /// <summary>The name that files and properties use.</summary>
    public string Name { get; }

    public MetricDirection Direction { get; }

    /// <summary>The smallest value that can occur.</summary>
    internal double Lowest { get; }

    /// <summary>The largest value that can occur.</summary>
    internal double Highest { get; }

    /// <summary>The metric's value among others; null where undefined.</summary>
    public double? Of(MetricValues values) => _read(values);

    /// <summary>The value must not be smaller than <paramref name="bound"/>.</summary>
    public MetricThreshold AtLeast(double bound) => new(this, ThresholdRule.AtLeast, bound);

    /// <summary>The value must not be larger than <paramref name="bound"/>.</summary>
    public MetricThreshold AtMost(double bound) => new(this, ThresholdRule.AtMost, bound);

    /// <summary>
    /// The improvement over the baseline must not be smaller than <paramref name="bound"/>: model − baseline where higher
    /// is better, baseline − model where lower is. So −0.01 allows a loss of 0.01 of either kind. Skipped while there is
    /// no baseline.
    /// </summary>
    public MetricThreshold ChangeAtLeast(double bound) => new(this, ThresholdRule.ChangeAtLeast, bound);

    public override string ToString() => Name;

    JsonNode IParameter.ToParameter() => JsonValue.Create(Name);

    /// <summary>How much better the model is than the baseline; null where either is undefined.</summary>
    internal double? Improvement(MetricValues model, MetricValues baseline) =>
        Direction == MetricDirection.Lower ? Of(baseline) - Of(model) : Of(model) - Of(baseline);

    internal static string Format(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
