using Gyre.Data;

namespace Gyre.Evaluation;

/// <summary>Compares what a model achieved with what was asked for.</summary>
static class ThresholdJudge
{
    /// <param name="threshold">What is asked for.</param>
    /// <param name="overall">All examples together.</param>
    /// <param name="slices">The slices with enough examples.</param>
    /// <param name="noBaseline">Why there is no baseline; null when there is one.</param>
    /// <returns>One verdict, or one for each slice of the threshold's column.</returns>
    public static IReadOnlyList<ThresholdVerdict> Judge(
        MetricThreshold threshold, SliceEvaluation overall, IReadOnlyList<SliceEvaluation> slices, string? noBaseline)
    {
        if (threshold.SliceColumn is not { } column)
            return [Judge(threshold, overall, noBaseline)];
        var own = slices.Where(slice => slice.Slice is [var term] && term.Column == column).ToList();
        return own.Count == 0
            ? [Skip(threshold, [], $"no slice by {column} has enough examples")]
            : [.. own.Select(slice => Judge(threshold, slice, noBaseline))];
    }

    static ThresholdVerdict Judge(MetricThreshold threshold, SliceEvaluation at, string? noBaseline)
    {
        var metric = threshold.Metric;
        if (threshold.Rule == ThresholdRule.ChangeAtLeast && at.Baseline is null)
            return Skip(threshold, at.Slice, noBaseline ?? "there is no baseline");
        var value = threshold.Rule == ThresholdRule.ChangeAtLeast ? metric.Improvement(at.Model, at.Baseline!) : metric.Of(at.Model);
        if (value is not { } known)
            return Undefined(threshold, at);

        // A metric is a sum of thousands of roundings, so a bound that is met but for the last digits is met.
        const double rounding = 1e-12;
        var shortfall = threshold.Rule == ThresholdRule.AtMost ? known - threshold.Bound : threshold.Bound - known;
        var failed = shortfall > rounding;
        var found = threshold.Rule == ThresholdRule.ChangeAtLeast
            ? $"{metric} improves by {Metric.Format(known)} over the baseline (from {Text(metric.Of(at.Baseline!))} to {Text(metric.Of(at.Model))}) on {at.Name}"
            : $"{metric} is {Metric.Format(known)} on {at.Name}";
        var asked = threshold.Rule == ThresholdRule.AtMost ? "at most" : "at least";
        var message = failed
            ? $"{found}: {Metric.Format(shortfall)} {(threshold.Rule == ThresholdRule.AtMost ? "above" : "below")} the bound, {asked} {Metric.Format(threshold.Bound)}"
            : $"{found}: {asked} {Metric.Format(threshold.Bound)} was asked for";
        return new ThresholdVerdict(metric.Name, threshold.Rule, threshold.Bound, at.Slice, known, failed ? Verdict.Failed : Verdict.Passed, message);
    }

    /// <summary>On all examples a bound that cannot be shown to hold does not hold; a single slice of one class proves nothing.</summary>
    static ThresholdVerdict Undefined(MetricThreshold threshold, SliceEvaluation at)
    {
        var task = at.Model.Task;
        var counts = task == LearningTask.Binary ? $"{at.Model.PositiveCount} of its {at.Model.ExampleCount} examples are positive" : $"which has {at.Model.ExampleCount} examples";
        if (!Metric.Of(task).Contains(threshold.Metric))
            counts = $"for it is no metric of {task.ToString().ToLowerInvariant()} models, which have {string.Join(", ", Metric.Of(task))}";
        if (at.Slice.Count > 0)
            return Skip(threshold, at.Slice, $"{threshold.Metric} is undefined on {at.Name}, {counts}");
        if (task == LearningTask.Binary)
            counts = $"{at.Model.PositiveCount} of {at.Model.ExampleCount} are positive";
        return new ThresholdVerdict(
            threshold.Metric.Name, threshold.Rule, threshold.Bound, at.Slice, Value: null, Verdict.Failed,
            $"{threshold.Metric} is undefined on {at.Name}, so '{threshold}' cannot be shown to hold: {counts}");
    }

    static ThresholdVerdict Skip(MetricThreshold threshold, IReadOnlyList<SliceTerm> slice, string why) => new(
        threshold.Metric.Name, threshold.Rule, threshold.Bound, slice, Value: null, Verdict.Skipped, $"'{threshold}' was not judged: {why}");

    static string Text(double? value) => value is { } known ? Metric.Format(known) : "undefined";
}
