using System.Globalization;
using Gyre.Evaluation;

namespace Gyre.Cli.Registering;

/// <summary>An evaluation in a few lines.</summary>
static class EvaluationText
{
    /// <summary>The area under the ROC curve of a model that knows nothing.</summary>
    const double AucOfChance = 0.5;

    const int Shown = 4;

    /// <summary>The main metrics, beside the baseline and what is known from elsewhere.</summary>
    public static IEnumerable<string> Lines(EvaluationReport report)
    {
        var main = Metric.Of(report.Label.Task).Except([Metric.ExampleCount]).Take(Shown).ToList();
        var width = main.Max(metric => metric.Name.Length);
        foreach (var metric in main.Where(metric => metric.Of(report.Overall.Model) is not null))
        {
            var notes = new List<string>();
            if (report.Overall.Baseline is { } baseline && metric.Of(baseline) is { } before)
                notes.Add($"baseline {MetricTable.Number(before)}");
            notes.AddRange(report.References.Where(reference => reference.Metric == metric.Name).Select(reference => Note(reference, metric.Of(report.Overall.Model)!.Value)));
            yield return $"{metric.Name.PadRight(width)}  {MetricTable.Number(metric.Of(report.Overall.Model))}{(notes.Count == 0 ? "" : $"  ({string.Join("; ", notes)})")}";
        }
    }

    /// <summary>The values known from elsewhere, a line each.</summary>
    public static IEnumerable<string> References(EvaluationReport report) =>
        from reference in report.References
        let metric = Metric.All.FirstOrDefault(metric => metric.Name == reference.Metric)
        where metric?.Of(report.Overall.Model) is not null
        select $"{reference.Metric} {MetricTable.Number(metric.Of(report.Overall.Model))} ({Note(reference, metric.Of(report.Overall.Model)!.Value)})";

    static string Note(MetricReference reference, double value)
    {
        var way = reference.Metric == Metric.Auc.Name && reference.Value > AucOfChance
            ? string.Create(CultureInfo.InvariantCulture, $": {(value - AucOfChance) / (reference.Value - AucOfChance) * 100:0.0} % of the way from 0.5")
            : "";
        return $"{reference.Name} {MetricTable.Number(reference.Value)}{way}";
    }
}
