using Gyre.Cli.Terminal;
using Gyre.Cli.Watching;
using Gyre.Pages;

namespace Gyre.Cli.Inspection;

/// <summary>What <c>stats diff</c> writes: what stands out, a line for each feature, those that differ most first; and features whole.</summary>
static class ComparisonPage
{
    const int NarrowestName = 18;
    const int NamePart = 4;
    const int DistanceBar = 8;
    const int WideEnough = 100;
    const int LongestValue = 32;
    const int LongestPipedName = 80;
    const int ShownValues = 20;

    public static void Write(Screen screen, SideBySide comparison, IReadOnlyList<FeaturePair> features)
    {
        var (first, second) = (comparison.First, comparison.Second);
        var table = new TextTable { RightAligned = [2, 3] };
        table.Add(new Cell("first", Tone.Faint), new Cell(VisibleText.Name(first.Name), Tone.Strong), ProgressText.Count(first.Examples, "example"), ProgressText.Count(first.Features.Count, "feature"));
        table.Add(new Cell("second", Tone.Faint), new Cell(VisibleText.Name(second.Name), Tone.Strong), ProgressText.Count(second.Examples, "example"), ProgressText.Count(second.Features.Count, "feature"));
        table.Write(screen);
        screen.Line();
        if (!screen.IsQuiet)
            StatisticsPage.Remarks(screen, comparison.Remarks);
        Table(screen, features);
    }

    static void Table(Screen screen, IReadOnlyList<FeaturePair> features)
    {
        var hasBars = screen.Width >= WideEnough;
        var longestName = screen.Width is { } width ? Math.Max(NarrowestName, width / NamePart) : LongestPipedName;
        var table = new TextTable(hasBars ? ["feature", "distance", "", "missing", "what changed"] : ["feature", "distance", "missing", "what changed"]) { RightAligned = [1] };
        foreach (var pair in features)
        {
            List<Cell> cells =
            [
                VisibleText.Name(pair.Name, longestName),
                new Cell(Distance(pair), ToneOf(pair)),
                Missing(pair),
                new Cell(string.Join("; ", Changes(pair)), pair.First is null || pair.Second is null ? Tone.Warning : Tone.Plain),
            ];
            if (hasBars)
                cells.Insert(2, new Cell(Bars.Bar(pair.Distance ?? 0, DistanceBar), ToneOf(pair)));
            table.Add([.. cells]);
        }

        table.Write(screen);
        if (features.Any(pair => pair.Distance is not null))
            screen.Note(screen.Paint("\ndistance: Jensen–Shannon divergence of numbers, L∞ of texts; 0 = alike, 1 = nothing in common", Tone.Faint));
    }

    static string Distance(FeaturePair pair) => pair.Distance switch
    {
        null => "",
        > 0 and < 0.0001 => "< 0.0001",
        { } distance => FigureText.Number(Math.Round(distance, 4)),
    };

    static Tone ToneOf(FeaturePair pair) => pair.Distance >= Remark.MuchDrift ? Tone.Warning : Tone.Accent;

    static Cell Missing(FeaturePair pair)
    {
        var (first, second) = (pair.First?.MissingShare, pair.Second?.MissingShare);
        if (first == second || first is null || second is null)
            return (first ?? second) is { } share and > 0 ? FigureText.Percent(share) : "-";
        return new Cell($"{FigureText.Percent(first.Value)} → {FigureText.Percent(second.Value)}", Math.Abs(pair.MissingChange) >= Remark.MuchDrift ? Tone.Warning : Tone.Plain);
    }

    static IEnumerable<string> Changes(FeaturePair pair)
    {
        if (pair is not { First: { } first, Second: { } second })
        {
            yield return pair.First is null ? "only in the second" : "only in the first";
            yield break;
        }

        if (first.Type != second.Type)
            yield return $"{StatisticsPage.TypeOf(first)} → {StatisticsPage.TypeOf(second)}";
        foreach (var (name, one, other) in new[] { ("mean", first.Mean, second.Mean), ("std", first.StandardDeviation, second.StandardDeviation), ("min", first.Min, second.Min), ("median", first.Median, second.Median), ("max", first.Max, second.Max), ("distinct", first.Unique, second.Unique) })
        {
            var (before, after) = (FigureText.Number(one), FigureText.Number(other));
            if (before != after)
                yield return $"{name} {Or(before)} → {Or(after)}";
        }

        if (pair.Appeared.Count > 0)
            yield return $"new: {Named(pair.Appeared, second)}";
        if (pair.Vanished.Count > 0)
            yield return $"gone: {Named(pair.Vanished, first)}";

        static string Or(string text) => text.Length == 0 ? "none" : text;
    }

    static string Named(IReadOnlyList<Statistics.ValueFrequency> values, FeatureView feature)
    {
        const int shown = 2;
        var total = Math.Max(1, feature.Values);
        return string.Join(", ", values.Take(shown).Select(value => $"'{VisibleText.Of(value.Value, LongestValue)}' {FigureText.Percent(value.Count / total)}")) + (values.Count > shown ? ", …" : "");
    }

    /// <summary>One feature of both sets, figure by figure and value by value.</summary>
    public static void Write(Screen screen, FeaturePair pair, SideBySide comparison)
    {
        var (first, second) = (pair.First, pair.Second);
        screen.Line($"{screen.Paint(VisibleText.Name(pair.Name), Tone.Strong)} {screen.Paint(string.Join(" → ", new[] { first, second }.OfType<FeatureView>().Select(StatisticsPage.TypeOf).Distinct(StringComparer.Ordinal)), Tone.Faint)}");
        var table = new TextTable("", VisibleText.Name(comparison.First.Name, LongestValue), VisibleText.Name(comparison.Second.Name, LongestValue)) { Indent = "  ", RightAligned = [1, 2] };
        var (left, right) = (Facts(first), Facts(second));
        foreach (var name in left.Keys.Union(right.Keys, StringComparer.Ordinal))
            table.Add(new Cell(name, Tone.Faint), left.GetValueOrDefault(name, ""), right.GetValueOrDefault(name, ""));
        if (pair.Distance is not null)
            table.Add(new Cell("distance", Tone.Faint), "", new Cell($"{Distance(pair)} {(pair.Measure == "js" ? "JS" : "L∞")}", ToneOf(pair)));
        table.Write(screen);
        Values(screen, first, second);
        screen.Line();
    }

    static Dictionary<string, string> Facts(FeatureView? feature)
    {
        if (feature is null)
            return new Dictionary<string, string>(StringComparer.Ordinal) { ["count"] = "not there" };
        var all = FeatureFacts.Of(feature).Concat(FeatureFacts.Quantiles(feature.Quantiles).Skip(1).SkipLast(1).Select(quantile => quantile with { Name = $"quantile {quantile.Name}" }));
        return all.DistinctBy(fact => fact.Name, StringComparer.Ordinal).ToDictionary(fact => fact.Name, fact => fact.Text, StringComparer.Ordinal);
    }

    static void Values(Screen screen, FeatureView? first, FeatureView? second)
    {
        var (left, right) = (Shares(first), Shares(second));
        var values = left.Keys.Union(right.Keys, StringComparer.Ordinal)
            .OrderByDescending(value => left.GetValueOrDefault(value) + right.GetValueOrDefault(value)).Take(ShownValues).ToList();
        if (values.Count == 0)
            return;
        screen.Line();
        var most = Math.Max(left.Values.DefaultIfEmpty(0).Max(), right.Values.DefaultIfEmpty(0).Max());
        var table = new TextTable { Indent = "  ", RightAligned = [1, 2] };
        foreach (var value in values)
        {
            List<Cell> cells = [VisibleText.Of(value, screen.Width is null ? int.MaxValue : LongestValue), Share(left, value), Share(right, value)];
            if (screen.Width is { } width)
            {
                var space = Math.Max(4, (width - LongestValue - 24) / 2);
                cells.Add(new Cell(Bars.Bar(left.GetValueOrDefault(value) / most, space).PadRight(space), Tone.Accent));
                cells.Add(new Cell(Bars.Bar(right.GetValueOrDefault(value) / most, space), Tone.Warning));
            }

            table.Add([.. cells]);
        }

        table.Write(screen);

        static string Share(Dictionary<string, double> shares, string value) => shares.TryGetValue(value, out var share) ? FigureText.Percent(share) : "-";
    }

    static Dictionary<string, double> Shares(FeatureView? feature) => (feature?.TopValues ?? [])
        .DistinctBy(top => top.Value, StringComparer.Ordinal)
        .ToDictionary(top => top.Value, top => top.Count / Math.Max(1, feature!.Values), StringComparer.Ordinal);
}
