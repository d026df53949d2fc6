using System.Globalization;
using Gyre.Cli.Terminal;
using Gyre.Cli.Watching;
using Gyre.Evaluation;

namespace Gyre.Cli.Registering;

/// <summary>Metrics beside each other.</summary>
static class MetricTable
{
    const double Noticeable = 0.00005;

    /// <summary>Of more classes the table of confusions would be too wide to read; it stands in the file.</summary>
    const int MostColumns = 12;

    public static string Number(double? value) => value is { } number ? number.ToString("0.0000", CultureInfo.InvariantCulture) : "-";

    /// <summary>All metrics of one or two models; the second is what the first is compared with.</summary>
    public static void Write(Screen screen, string first, MetricValues values, string? second, MetricValues? others)
    {
        var table = others is null ? new TextTable("metric", first) { RightAligned = [1] } : new TextTable("metric", first, second!, "difference") { RightAligned = [1, 2, 3] };
        foreach (var metric in Metric.Of(values.Task))
        {
            var text = Text(metric, values);
            if (others is null)
                table.Add(metric.Name, text);
            else
                table.Add(metric.Name, text, Text(metric, others), Difference(metric, values, others));
        }

        table.Write(screen);
    }

    /// <summary>All metrics of two models in the order in which they were named, and how far the second is from the first.</summary>
    public static void Compare(Screen screen, string first, MetricValues before, string second, MetricValues after)
    {
        var table = new TextTable("metric", first, second, "difference") { RightAligned = [1, 2, 3] };
        foreach (var metric in Metric.Of(after.Task))
            table.Add(metric.Name, Text(metric, before), Text(metric, after), Difference(metric, after, before));
        table.Write(screen);
    }

    /// <summary>Each class by itself, and which is taken for which; nothing where there are no classes.</summary>
    public static void Classes(Screen screen, MetricValues values, MetricValues? baseline)
    {
        if (values.Classes is not { } classes)
            return;
        screen.Line();
        var table = new TextTable(["class", "examples", "predicted", "precision", "recall", "f1", "auc", .. Enumerable.Repeat("recall of baseline", baseline?.Classes is null ? 0 : 1)])
        {
            RightAligned = [1, 2, 3, 4, 5, 6, 7],
        };
        foreach (var one in classes)
        {
            var before = baseline?.Classes?.FirstOrDefault(other => other.Name == one.Name);
            table.Add([
                one.Name, ProgressText.Count(one.ExampleCount), ProgressText.Count(one.PredictedCount), Number(one.Precision), Number(one.Recall), Number(one.F1), Number(one.Auc),
                .. before is null ? [] : new Cell[] { Number(before.Recall) },
            ]);
        }

        table.Write(screen);
        if (values.ConfusionMatrix is { } matrix && classes.Count <= MostColumns)
            Confusion(screen, classes, matrix);
    }

    static void Confusion(Screen screen, IReadOnlyList<ClassValues> classes, IReadOnlyList<IReadOnlyList<int>> matrix)
    {
        screen.Line();
        var table = new TextTable(["is \\ taken for", .. classes.Select(one => one.Name)]) { RightAligned = [.. Enumerable.Range(1, classes.Count)] };
        for (var row = 0; row < matrix.Count; row++)
            table.Add([classes[row].Name, .. matrix[row].Select(count => (Cell)ProgressText.Count(count))]);
        table.Write(screen);
    }

    static string Text(Metric metric, MetricValues values) =>
        metric == Metric.ExampleCount ? ProgressText.Count(values.ExampleCount) : Number(metric.Of(values));

    static Cell Difference(Metric metric, MetricValues values, MetricValues others)
    {
        if (metric == Metric.ExampleCount || metric.Of(values) - metric.Of(others) is not { } difference)
            return "";
        var text = difference.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);
        return metric.Direction == MetricDirection.Neither || Math.Abs(difference) < Noticeable ? text
            : new Cell(text, (difference > 0) == (metric.Direction == MetricDirection.Higher) ? Tone.Good : Tone.Bad);
    }
}
