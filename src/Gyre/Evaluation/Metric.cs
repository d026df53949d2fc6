using System.Globalization;
using System.Text.Json.Nodes;
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

    /// <summary>The number of labelled examples.</summary>
    public static Metric ExampleCount { get; } = new("example_count", MetricDirection.Neither, 0, double.PositiveInfinity, values => values.ExampleCount);

    /// <summary>All metrics, those that tell most first.</summary>
    public static IReadOnlyList<Metric> All { get; } =
        [Auc, AucPr, LogLoss, Accuracy, Precision, Recall, F1, Calibration, Brier, ExampleCount];

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
