using Gyre.Data;

namespace Gyre.Evaluation;

/// <summary>What can be wrong with the options of an evaluation before anything ran.</summary>
static class EvaluationChecks
{
    /// <param name="options">The evaluation.</param>
    /// <param name="task">What the model predicts, where that is known.</param>
    public static IEnumerable<string> Problems(EvaluateModel options, LearningTask? task) =>
    [
        .. Plain(options),
        .. options.Thresholds.Where(threshold => task is { } known && !Metric.Of(known).Contains(threshold.Metric)).Select(threshold =>
            $"The threshold '{threshold}' is on a metric that {task.ToString()!.ToLowerInvariant()} models do not have. Expected one of {string.Join(", ", Metric.Of(task!.Value))}."),
        .. options.Thresholds.SelectMany(threshold => Threshold(threshold, options)),
        .. Contradictions(options.Thresholds),
        .. options.References.SelectMany(Reference),
    ];

    static IEnumerable<string> Plain(EvaluateModel options)
    {
        if (string.IsNullOrWhiteSpace(options.Split))
            yield return $"{nameof(options.Split)} is empty. Name the split to evaluate on, for example 'eval'.";
        if (options.MinSliceExamples < 1)
            yield return $"{nameof(options.MinSliceExamples)} is {options.MinSliceExamples}. Expected at least 1.";
        if (options.DecisionThreshold is not (>= 0 and <= 1))
            yield return $"{nameof(options.DecisionThreshold)} is {Metric.Format(options.DecisionThreshold)}. Expected a probability from 0 to 1.";
        foreach (var slice in options.Slices.GroupBy(slice => slice, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return $"The column '{slice.Key}' is named {slice.Count()} times in {nameof(options.Slices)}. Name it once.";
    }

    static IEnumerable<string> Threshold(MetricThreshold threshold, EvaluateModel options)
    {
        var metric = threshold.Metric;
        if (!double.IsFinite(threshold.Bound))
            yield return $"The threshold on {metric} has the bound {threshold.Bound}. Expected a finite number.";
        if (threshold.Rule == ThresholdRule.AtLeast && threshold.Bound > metric.Highest)
            yield return $"The threshold '{threshold}' can never be met: {metric} is at most {Metric.Format(metric.Highest)}. Lower the bound.";
        if (threshold.Rule == ThresholdRule.AtMost && threshold.Bound < metric.Lowest)
            yield return $"The threshold '{threshold}' can never be met: {metric} is at least {Metric.Format(metric.Lowest)}. Raise the bound.";
        if (threshold.Rule == ThresholdRule.ChangeAtLeast)
        {
            if (metric.Direction == MetricDirection.Neither)
                yield return $"The threshold '{threshold}' has no meaning: neither more nor less of {metric} is better. Use AtLeast and AtMost.";
            if (options.Baseline == Baseline.None)
                yield return $"The threshold '{threshold}' needs a baseline. Set {nameof(options.Baseline)} to {nameof(Baseline)}.{nameof(Baseline.LatestBlessed)}.";
            if (threshold.Bound > metric.Highest - metric.Lowest)
                yield return $"The threshold '{threshold}' can never be met: {metric} cannot change by more than {Metric.Format(metric.Highest - metric.Lowest)}. Lower the bound.";
        }

        if (threshold.SliceColumn is { } column && !options.Slices.Contains(column, StringComparer.Ordinal))
            yield return $"The threshold '{threshold}' is on slices that are not made. Add '{column}' to {nameof(options.Slices)}.";
    }

    static IEnumerable<string> Contradictions(IReadOnlyList<MetricThreshold> thresholds) =>
        from lower in thresholds
        where lower.Rule == ThresholdRule.AtLeast
        from upper in thresholds
        where upper.Rule == ThresholdRule.AtMost && upper.Metric == lower.Metric && upper.SliceColumn == lower.SliceColumn && upper.Bound < lower.Bound
        select $"The thresholds '{lower}' and '{upper}' exclude each other. Correct one of them.";

    static IEnumerable<string> Reference(MetricReference reference)
    {
        if (Metric.All.All(metric => metric.Name != reference.Metric))
            yield return $"The reference '{reference.Name}' is for the metric '{reference.Metric}'. Expected one of {string.Join(", ", Metric.All)}.";
        if (!double.IsFinite(reference.Value))
            yield return $"The reference '{reference.Name}' has the value {reference.Value}. Expected a finite number.";
    }
}
