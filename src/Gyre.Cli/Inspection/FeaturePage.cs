using System.Globalization;
using Gyre.Cli.Terminal;
using Gyre.Pages;
using Gyre.Statistics;

namespace Gyre.Cli.Inspection;

/// <summary>What <c>stats --feature</c> writes: everything of one feature, with bars.</summary>
static class FeaturePage
{
    const int LongestBar = 40;
    const int ShortestBar = 10;
    const int LongestValue = 48;
    const int ShownRanks = 20;

    public static void Write(Screen screen, FeatureView feature)
    {
        screen.Line($"{screen.Paint(VisibleText.Name(feature.Name), Tone.Strong)} {screen.Paint(StatisticsPage.TypeOf(feature), Tone.Faint)}");
        Facts(screen, FeatureFacts.Of(feature).Select(fact => (fact.Name, new Cell(fact.Text, fact.IsBad ? Tone.Warning : Tone.Plain))));
        Ranges(screen, "Values in ranges of equal width", feature.Histogram);
        if (feature.Quantiles.Count > 0)
        {
            Title(screen, "Quantiles");
            Facts(screen, FeatureFacts.Quantiles(feature.Quantiles).Select(quantile => (quantile.Name, new Cell(quantile.Text))));
        }

        Texts(screen, feature.Unique > feature.TopValues.Count ? "Most frequent values" : "Values", feature.TopValues, Math.Max(1, feature.Values));
        if (feature.IsList)
            Ranges(screen, "Values in an example, in ranges of equal count", feature.ValueCounts);
        if (feature.Weighted is { } weighted)
        {
            Title(screen, "By weight");
            Facts(screen, FeatureFacts.Of(weighted).Select(fact => (fact.Name, new Cell(fact.Text))));
            Ranges(screen, "Weight in ranges of equal width", weighted.Histogram);
            Texts(screen, "Weightiest values", weighted.TopValues, Math.Max(double.Epsilon, weighted.Present));
        }

        foreach (var custom in feature.Custom)
            Custom(screen, custom);
        screen.Line();
    }

    static void Custom(Screen screen, CustomView custom)
    {
        if (custom.Histogram.Count > 0)
            Ranges(screen, VisibleText.Name(custom.Name), custom.Histogram);
        else if (custom.Ranks.Count > 0)
            Texts(screen, VisibleText.Name(custom.Name), [.. custom.Ranks.Take(ShownRanks).Select(rank => new ValueFrequency(rank.Label, rank.Count))], custom.Ranks.Sum(rank => rank.Count));
    }

    static void Ranges(Screen screen, string title, IReadOnlyList<HistogramBucket> histogram)
    {
        var total = histogram.Sum(bucket => bucket.Count);
        if (total <= 0)
            return;
        Title(screen, title);
        Rows(screen, [.. histogram.Select(bucket => (FeatureFacts.Range(bucket), bucket.Count))], total, rightAligned: true);
    }

    static void Texts(Screen screen, string title, IReadOnlyList<ValueFrequency> values, double total)
    {
        if (values.Count == 0)
            return;
        Title(screen, title);
        Rows(screen, [.. values.Select(top => (VisibleText.Of(top.Value, screen.Width is null ? int.MaxValue : LongestValue), top.Count))], total, rightAligned: false);
    }

    static void Rows(Screen screen, IReadOnlyList<(string Label, double Count)> rows, double total, bool rightAligned)
    {
        var table = new TextTable { Indent = "  ", RightAligned = rightAligned ? [0, 1, 2] : [1, 2] };
        var most = rows.Max(row => row.Count);
        foreach (var (label, count) in rows)
        {
            List<Cell> cells = [label, FigureText.Count(count), FigureText.Percent(count / total)];
            if (screen.Width is { } width)
                cells.Add(new Cell(Bars.Bar(most <= 0 ? 0 : count / most, BarWidth(width, rows.Max(row => TextTable.WidthOf(row.Label)))), Tone.Accent));
            table.Add([.. cells]);
        }

        table.Write(screen);
    }

    static int BarWidth(int width, int labels) => Math.Clamp(width - labels - 28, ShortestBar, LongestBar);

    static void Facts(Screen screen, IEnumerable<(string Name, Cell Value)> facts)
    {
        var table = new TextTable { Indent = "  " };
        foreach (var (name, value) in facts)
            table.Add(new Cell(name, Tone.Faint), value);
        table.Write(screen);
    }

    static void Title(Screen screen, string text)
    {
        screen.Line();
        screen.Line($"  {screen.Paint(text, Tone.Strong)}");
    }

    /// <summary>Pairs of features, strongest relations first.</summary>
    public static void Pairs(Screen screen, IReadOnlyList<PairView> pairs, int shown)
    {
        if (pairs.Count == 0)
            return;
        screen.Line(screen.Paint("Pairs of features", Tone.Strong));
        var table = new TextTable("first", "second", "relation") { Indent = "  " };
        foreach (var pair in pairs.Take(shown))
            table.Add(VisibleText.Name(pair.First, LongestValue), VisibleText.Name(pair.Second, LongestValue), FeatureFacts.Relation(pair));
        table.Write(screen);
        if (pairs.Count > shown)
            screen.Note(screen.Paint(string.Create(CultureInfo.InvariantCulture, $"  and {pairs.Count - shown} more; --json has all"), Tone.Faint));
        screen.Line();
    }
}
