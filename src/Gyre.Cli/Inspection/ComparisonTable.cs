using System.Globalization;
using Gyre.Cli.Terminal;
using Gyre.Cli.Watching;
using Gyre.Schemas.Comparison;

namespace Gyre.Cli.Inspection;

/// <summary>What comparisons found, as tables: the features that are farthest apart first.</summary>
static class ComparisonTable
{
    const int MostFeatures = 12;

    public static void Write(Screen screen, ComparisonReport report)
    {
        foreach (var comparison in report.Comparisons)
            Write(screen, comparison);
        if (report.Label is { } label)
            Write(screen, label);
    }

    static void Write(Screen screen, DataComparison comparison)
    {
        if (comparison.NotCompared is { } why)
        {
            screen.Line($"{screen.Paint(comparison.Name, Tone.Strong)}: {why}");
            screen.Line();
            return;
        }

        var ratio = comparison.ExampleRatio is { } times ? string.Create(CultureInfo.InvariantCulture, $", {times:0.##} times as many here") : "";
        screen.Line($"{screen.Paint($"Against {comparison.Name}", Tone.Strong)}: {ProgressText.Count(comparison.OtherExamples, "example")}{ratio}");
        var table = new TextTable("feature", "largest distance", "value", "limit", "p", "") { RightAligned = [2, 3, 4] };
        foreach (var feature in comparison.Features.OrderByDescending(feature => feature.IsAlarm).ThenByDescending(feature => Rank(feature.Largest)).Take(MostFeatures))
        {
            var largest = feature.Largest;
            var probability = largest?.Name == DistanceNames.MissingShare ? feature.MissingProbability : feature.Probability;
            table.Add(
                feature.Feature,
                largest is null ? "" : $"{largest.Name}{(largest.Where is { } value ? $" ('{Cut(value)}')" : "")}",
                largest is null ? "" : Number(largest.Value),
                largest?.Threshold is { } threshold ? Number(threshold) : "",
                probability is { } p ? Number(p) : "",
                feature.IsAlarm ? new Cell("differs", Tone.Warning) : new Cell(feature.Notes.Count > 0 && feature.Values == ComparedValues.Presence ? feature.Notes[0] : "", Tone.Faint));
        }

        table.Write(screen);
        if (comparison.Features.Count > MostFeatures)
            screen.Line(screen.Paint($"and {comparison.Features.Count - MostFeatures} features that are nearer", Tone.Faint));
        screen.Line();
    }

    static void Write(Screen screen, ClassBalance label)
    {
        if (label.NotCounted is { } why)
        {
            screen.Line(why);
            return;
        }

        screen.Line($"{screen.Paint($"Classes of {label.Label}", Tone.Strong)}{(label.Unlabelled > 0 ? $", {ProgressText.Count((long)label.Unlabelled, "example")} without one" : "")}");
        string[] headings = ["class", "examples", "share", .. label.Checks.Select(check => check.Against), "weight"];
        var table = new TextTable(headings) { RightAligned = [.. Enumerable.Range(1, headings.Length - 1)] };
        foreach (var each in label.Classes.Take(MostFeatures))
        {
            Cell[] cells =
            [
                each.Class, ProgressText.Count((long)each.Count), Percent(each.Share),
                .. label.Checks.Select(check => new Cell(Percent(check.Expected.GetValueOrDefault(each.Class)), check.IsAlarm ? Tone.Warning : Tone.Plain)),
                Number(each.Weight),
            ];
            table.Add(cells);
        }

        table.Write(screen);
        screen.Line();
    }

    static double Rank(Distance? distance) => distance is null ? -1 : distance.Threshold is > 0 ? distance.Value / distance.Threshold.Value : distance.Value;

    static string Cut(string value) => value.Length <= 24 ? value : value[..24] + "…";

    static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");

    static string Number(double value) => value.ToString(value != 0 && Math.Abs(value) < 1e-3 ? "0.#e-0" : "0.###", CultureInfo.InvariantCulture);
}
