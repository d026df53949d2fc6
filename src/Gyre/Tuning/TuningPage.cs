using System.Globalization;
using System.Text.Json.Nodes;
using Gyre.Pages;

namespace Gyre.Tuning;

/// <summary>A search as a page: the ranking, how good trials were by the value of each option, their curves, what counts.</summary>
static class TuningPage
{
    public const string FileName = "page.html";

    const int ShownTrials = 100;
    const int BestColour = 1;
    const int StoppedColour = 0;
    const int EndColour = 2;

    public static string Write(TuningReport report, SearchSpace space)
    {
        var metric = TrialScore.NameOf(report.Objective).Replace('_', ' ');
        var best = report.Trials[0];
        return WebPage.OfReport(new ReportView
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"{report.Trials.Count} trials of {report.Trainer}"),
            Source = string.Create(CultureInfo.InvariantCulture, $"{report.Algorithm}; compared by {metric} on {report.HeldBackRows} training examples held back, learnt from {report.LearntRows}; {report.Work:0.#} passes over them in all"),
            Sections =
            [
                new ReportSection("What was found") { Tables = [Found(report, best, metric)] },
                new ReportSection("Course")
                {
                    Note = "Trials in the order in which they were begun; the line is the best so far of those that trained to their end.",
                    Plots = [Course(report, metric), Curves(report)],
                },
                new ReportSection("Options")
                {
                    Note = "Each point is a trial at its greatest budget; those that were stopped would have become better. The bar is the share of the variance of the trials' ranks that the option explains by itself.",
                    Plots = [.. space.Dimensions.Select(dimension => ByOption(report, dimension, metric))],
                    Tables = [new TableView(["option", "share"], [.. report.Importance.Select(each => (IReadOnlyList<TableCell>)[each.Option, new TableCell(FigureText.Percent(each.Share)) { Share = each.Share }])])],
                },
                new ReportSection("Ranking") { Note = "Those that trained to their end come first, then those that were stopped, the furthest first.", Tables = [Ranking(report, space, metric)] },
            ],
        });
    }

    static TableView Found(TuningReport report, TrialRecord best, string metric)
    {
        var rows = new List<IReadOnlyList<TableCell>>();
        foreach (var (name, value) in best.Options)
            rows.Add([name, new TableCell(Text(value)) { IsText = true }]);
        rows.Add([$"{metric}, held back", Figure(best.Score)]);
        if (report.Eval is { } eval)
        {
            rows.Add([$"{metric} on {eval.Split}, which had no say ({FigureText.Count(eval.Rows)} examples)", Figure(eval.Tuned)]);
            rows.Add([$"{metric} on {eval.Split} with the options given", Figure(eval.Given)]);
        }

        static TableCell Figure(double? value) => new(FigureText.Number(value)) { IsText = true };
        return new TableView(["", $"trial {best.Number.ToString(CultureInfo.InvariantCulture)}"], rows);
    }

    static PlotView Course(TuningReport report, string metric)
    {
        var ordered = report.Trials.Where(trial => trial.Score is not null).OrderBy(trial => trial.Number).ToList();
        var ended = ordered.Where(trial => trial.State == TrialState.Complete).ToList();
        var line = new List<PlotPoint>();
        foreach (var trial in ended)
        {
            var before = line.Count == 0 ? trial.Score!.Value : line[^1].Y;
            line.Add(new PlotPoint(trial.Number, TrialScore.IsGain(report.Objective) ? Math.Max(before, trial.Score!.Value) : Math.Min(before, trial.Score!.Value)));
        }

        return new PlotView(metric, [
            new PlotSeries("stopped", StoppedColour, [.. ordered.Where(trial => trial.State == TrialState.Stopped).Select(trial => Point(trial.Number, trial))]) { IsLine = false, IsFaint = true },
            new PlotSeries("trained to its end", EndColour, [.. ended.Select(trial => Point(trial.Number, trial))]) { IsLine = false },
            new PlotSeries("best so far", BestColour, line),
        ])
        { Across = "trial" };
    }

    static PlotView Curves(TuningReport report) => new("loss on the examples held back", [.. report.Trials.Where(trial => trial.Curve.Count > 0).Take(ShownTrials).Select((trial, place) => new PlotSeries(
        place == 0 ? "the best" : trial.State == TrialState.Complete ? "trained to its end" : "stopped",
        place == 0 ? BestColour : trial.State == TrialState.Complete ? EndColour : StoppedColour,
        [.. trial.Curve.Select(epoch => new PlotPoint(epoch.Epoch, epoch.EvalLoss, string.Create(CultureInfo.InvariantCulture, $"trial {trial.Number}, epoch {epoch.Epoch}: {FigureText.Number(epoch.EvalLoss)}")))])
    { IsFaint = place > 0 })])
    { Across = "epoch", IsLogarithmic = report.Trials.Max(trial => trial.Epochs) > 30 };

    static PlotView ByOption(TuningReport report, SearchDimension dimension, string metric)
    {
        var trials = report.Trials.Where(trial => trial.Score is not null && trial.Options.ContainsKey(dimension.Name)).ToList();
        var places = dimension.Choices > 0 ? dimension.Grid(points: 1).Select(place => Text(dimension.At(place))).ToList() : [];
        double Place(TrialRecord trial) => dimension.Choices > 0 ? places.IndexOf(Text(trial.Options[dimension.Name])) : trial.Options[dimension.Name]!.GetValue<double>();
        PlotSeries Series(string name, int colour, IEnumerable<TrialRecord> of, bool isFaint = false) =>
            new(name, colour, [.. of.Select(trial => Point(Place(trial), trial))]) { IsLine = false, IsFaint = isFaint };
        return new PlotView($"{metric} by {dimension.Name}", [
            Series("stopped", StoppedColour, trials.Where(trial => trial.State == TrialState.Stopped), isFaint: true),
            Series("trained to its end", EndColour, trials.Where(trial => trial.State == TrialState.Complete)),
            Series("the best", BestColour, trials.Where(trial => trial.Number == report.Trials[0].Number)),
        ])
        { Across = dimension.Name, IsLogarithmic = dimension is RangeDimension { IsLog: true }, Places = places };
    }

    static TableView Ranking(TuningReport report, SearchSpace space, string metric) => new(
        ["trial", "state", metric, "epochs", "examples", .. space.Options],
        [.. report.Trials.Select((trial, place) => (IReadOnlyList<TableCell>)
        [
            trial.Number.ToString(CultureInfo.InvariantCulture),
            new TableCell(trial.Error is { } error ? $"failed: {error}" : trial.State == TrialState.Complete ? "to its end" : "stopped") { IsText = true },
            new TableCell(FigureText.Number(trial.Score)) { IsStrong = place == 0 },
            FigureText.Count(trial.Epochs),
            FigureText.Count(trial.Rows),
            .. space.Options.Select(option => new TableCell(trial.Options.TryGetPropertyValue(option, out var value) ? Text(value) : "") { IsText = value is not JsonValue number || number.GetValueKind() != System.Text.Json.JsonValueKind.Number }),
        ])]);

    static PlotPoint Point(double x, TrialRecord trial) => new(x, trial.Score!.Value, string.Create(
        CultureInfo.InvariantCulture, $"trial {trial.Number}: {FigureText.Number(trial.Score)} after {trial.Epochs} epochs\n{trial.Options.ToJsonString(SpecText)}"));

    static string Text(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : value?.ToJsonString(SpecText) ?? "null";

    static System.Text.Json.JsonSerializerOptions SpecText => Pipelines.SpecJson.Compact;
}
