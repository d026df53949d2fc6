using System.Globalization;

namespace Gyre.Pages.Markup;

/// <summary>The page of validation: anomalies with the rows to blame, distances to other data, classes of the label.</summary>
sealed class ValidationDocument(IReadOnlyList<ValidationView> splits, WebPageOptions options)
{
    public string Write()
    {
        var notes = splits.SelectMany(AnomalyPanel.NotesOf).ToList();
        var errors = notes.Count(note => note.IsError);
        var warnings = notes.Count - errors;
        var title = options.Title ?? (errors > 0 ? "The data is not as expected"
            : warnings > 0 ? string.Create(CultureInfo.InvariantCulture, $"The data is as expected, with {warnings} {(warnings == 1 ? "warning" : "warnings")}")
            : "The data is as expected");
        var body = Fragment.Of($"""
            <header><div class="colours">{StatisticsDocument.Colours}</div><h1>{title}</h1>{(options.Source is { } source ? Fragment.Of($"<p class=\"source\"><bdi>{VisibleText.Of(source)}</bdi></p>") : Fragment.None)}
            <ul class="sets">{Fragment.Join(splits.Select(Split))}</ul></header>
            <main>{AnomalyPanel.Draw(notes, wasValidated: true)}{Classes()}{Distances()}</main>
            """);
        return PageFrame.Write(title, body);
    }

    static Fragment Split(ValidationView split)
    {
        var (errors, warnings) = (split.Report.Errors.Count(), split.Report.Warnings.Count());
        return Fragment.Of($"<li><bdi class=\"title\">{VisibleText.Name(split.Name)}</bdi> <b>{errors}</b> {(errors == 1 ? "error" : "errors")} · <b>{warnings}</b> {(warnings == 1 ? "warning" : "warnings")}</li>");
    }

    /// <summary>A line for each feature and what it was held against; the figures below their thresholds too.</summary>
    Fragment Distances()
    {
        var lines = splits.SelectMany(split => split.Distances.GroupBy(distance => (distance.Against, distance.Feature)).Select(group => (Split: split.Name, group.Key, Group: group.ToList())))
            .OrderByDescending(line => line.Group.Exists(distance => distance.IsAlarm)).ThenByDescending(line => line.Group.Max(Reach)).ToList();
        if (lines.Count == 0)
            return Fragment.None;
        var rows = lines.Select(line => Fragment.Of($"<tr><td><bdi>{VisibleText.Name(line.Split)}</bdi></td><td><bdi>{VisibleText.Of(line.Key.Against, 60)}</bdi></td><th scope=\"row\" class=\"text\"><bdi>{VisibleText.Name(line.Key.Feature, 80)}</bdi>{(line.Group.Exists(distance => distance.IsAlarm) ? Fragment.Of($" <span class=\"tag bad\">alarm</span>") : Fragment.None)}</th><td class=\"text\">{string.Join(" · ", line.Group.Select(Words))}</td><td>{(line.Group[0].Probability is { } chance ? Chance(chance) : "")}</td></tr>"));
        return Fragment.Of($"<section class=\"distances\"><h2>Distances to other data <span class=\"n\">{lines.Count}</span></h2><table class=\"facts\">{Fragment.Join(rows)}</table></section>\n");
    }

    /// <summary>Smaller ones differ in nothing that matters.</summary>
    static string Chance(double probability) => probability < 1e-12 ? "p < 1e-12" : $"p {FigureText.Number(probability)}";

    static double Reach(MeasuredDistance distance) => distance.Threshold is > 0 ? distance.Value / distance.Threshold.Value : 0;

    static string Words(MeasuredDistance distance) =>
        $"{distance.Measure} {FeatureSection.Written(distance.Value)}{(distance.Threshold is { } threshold ? $"{(distance.Value > threshold ? " > " : " of ")}{FigureText.Number(threshold)}" : "")}";

    Fragment Classes()
    {
        var values = splits.SelectMany(split => split.Classes).Select(each => each.Value).Distinct(StringComparer.Ordinal).ToList();
        if (values.Count == 0)
            return Fragment.None;
        var labelled = splits.Where(split => split.Classes.Count > 0).ToList();
        var bars = new ValueChart([.. labelled.Select(split => split.Name)], [.. labelled.Select(split => new ValueSeries(
            [.. split.Classes.Select(each => new Statistics.ValueFrequency(each.Value, each.Count))], [], split.Classes.Sum(each => each.Count), split.Classes.Count))]);
        var weights = labelled[0].Classes.Where(each => each.Weight is not null).Select(each => $"'{VisibleText.Of(each.Value, 40)}' {FigureText.Number(Math.Round(each.Weight!.Value, 4))}").ToList();
        return Fragment.Of($"""
            <section class="classes"><h2>Classes of the label</h2><ul class="sets">{Fragment.Join(labelled.Select((split, index) => Fragment.Of($"<li><i class=\"s{index % WebPage.MostSets}\"></i><bdi>{VisibleText.Name(split.Name)}</bdi></li>")))}</ul><div class="wide">{bars.Bars(values.Count)}</div>{(weights.Count == 0 ? Fragment.None : Fragment.Of($"<p>Weights that would balance the classes in training: {string.Join(", ", weights)}</p>"))}</section>

            """);
    }
}
