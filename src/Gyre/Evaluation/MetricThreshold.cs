namespace Gyre.Evaluation;

/// <summary>How a threshold compares.</summary>
public enum ThresholdRule
{
    /// <summary>The value must not be smaller.</summary>
    AtLeast,

    /// <summary>The value must not be larger.</summary>
    AtMost,

    /// <summary>The improvement over the baseline must not be smaller.</summary>
    ChangeAtLeast,
}

/// <summary>What a model must achieve to be blessed. Made by <see cref="Evaluation.Metric.AtLeast"/> and its like.</summary>
/// <param name="Metric">What is compared.</param>
/// <param name="Rule">How it is compared.</param>
/// <param name="Bound">What it is compared with.</param>
public sealed record MetricThreshold(Metric Metric, ThresholdRule Rule, double Bound)
{
    /// <summary>The column whose every slice must keep the threshold; null where it holds for all examples together.</summary>
    public string? SliceColumn { get; init; }

    /// <summary>
    /// The same threshold on every slice by a column (those with too few examples apart)
    /// instead of on all examples together.
    /// </summary>
    public MetricThreshold OnSlices(string column) => this with { SliceColumn = column };

    public override string ToString() => Rule switch
    {
        ThresholdRule.AtLeast => $"{Metric} ≥ {Evaluation.Metric.Format(Bound)}",
        ThresholdRule.AtMost => $"{Metric} ≤ {Evaluation.Metric.Format(Bound)}",
        _ => $"improvement of {Metric} over the baseline ≥ {Evaluation.Metric.Format(Bound)}",
    } + (SliceColumn is null ? "" : $" on every slice by {SliceColumn}");
}

/// <summary>A value known from elsewhere, shown beside the model's, such as the best that can be attained on generated data.</summary>
/// <param name="Name">What the value is, for example <c>attainable</c>.</param>
/// <param name="Metric">The name of the metric it is a value of, for example <c>auc</c>.</param>
/// <param name="Value">The value.</param>
public sealed record MetricReference(string Name, string Metric, double Value);

/// <summary>What a model is compared with.</summary>
public enum Baseline
{
    /// <summary>The newest model that the same node has blessed and that is not the model itself; none on the first run.</summary>
    LatestBlessed,

    /// <summary>Nothing.</summary>
    None,
}
