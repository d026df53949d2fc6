using System.Globalization;
using Gyre.Cli.Terminal;
using Gyre.Cli.Watching;
using Gyre.Pages;
using Gyre.Statistics;

namespace Gyre.Cli.Inspection;

/// <summary>What <c>stats</c> writes of a data set: what stands out, and a line for each feature.</summary>
static class StatisticsPage
{
    const int SketchWidth = 10;
    const int MissingBar = 5;
    const int NarrowestName = 16;
    const int NamePart = 5;
    const int LeastSpace = 14;
    const int LongestPipedName = 80;
    const int LongestPipedValue = 40;
    const int LongestValue = 24;
    const int PipedValues = 3;
    const int WideEnough = 100;

    /// <summary>Writes the head, what stands out, and the table.</summary>
    public static void Write(Screen screen, DataSetView data, IReadOnlyList<FeatureView> features)
    {
        Head(screen, data);
        Remarks(screen, data);
        Table(screen, features);
    }

    public static void Head(Screen screen, DataSetView data)
    {
        var weight = data.WeightedExamples is { } weighted ? $", of weight {FigureText.Number(weighted)}" : "";
        screen.Line($"{screen.Paint(VisibleText.Name(data.Name), Tone.Strong)}: {ProgressText.Count(data.Examples, "example")}{weight}, {ProgressText.Count(data.Features.Count, "feature")}");
        screen.Line();
    }

    public static void Remarks(Screen screen, IReadOnlyList<Remark> remarks)
    {
        foreach (var remark in remarks)
        {
            var mark = remark.Weight == RemarkWeight.Warning ? screen.Paint("! ", Tone.Warning) : screen.Paint("· ", Tone.Faint);
            foreach (var line in TextTable.Wrap(remark.Text, screen.Width - 2 ?? int.MaxValue))
            {
                screen.Line(mark + line);
                mark = "  ";
            }
        }

        if (remarks.Count > 0)
            screen.Line();
    }

    static void Remarks(Screen screen, DataSetView data)
    {
        if (!screen.IsQuiet)
            Remarks(screen, Remark.Of(data));
    }

    static void Table(Screen screen, IReadOnlyList<FeatureView> features)
    {
        if (screen.Width is not { } width)
        {
            Plain(screen, features);
            return;
        }

        var longestName = Math.Max(NarrowestName, width / NamePart);
        var isWide = width >= WideEnough;
        var table = new TextTable(isWide ? ["feature", "type", "missing", "", "distinct", "spread", "values"] : ["feature", "type", "missing", "distinct", "spread", "values"])
        {
            RightAligned = isWide ? [2, 4] : [2, 3],
        };
        var names = features.Select(feature => Fit(VisibleText.Name(feature.Name), longestName)).ToList();
        var types = features.Select(feature => TypeOf(feature).Length).DefaultIfEmpty(0).Max();
        var fixedWidth = names.Select(TextTable.WidthOf).DefaultIfEmpty(0).Max() + types + SketchWidth + 25 + (isWide ? MissingBar + 2 : 0);
        var space = Math.Max(LeastSpace, width - fixedWidth);
        foreach (var (feature, name) in features.Zip(names))
        {
            List<Cell> cells =
            [
                name,
                new Cell(TypeOf(feature), Tone.Faint),
                Missing(feature),
                feature.Unique is { } unique ? ProgressText.Count(unique) : "",
                new Cell(Spread(feature), Tone.Accent),
                Values(feature, space),
            ];
            if (isWide)
                cells.Insert(3, new Cell(Bars.Bar(feature.MissingShare, MissingBar), MissingTone(feature)));
            table.Add([.. cells]);
        }

        table.Write(screen);
    }

    /// <summary>A text in at most so many columns of the terminal.</summary>
    static string Fit(string text, int width)
    {
        var shown = text;
        for (var length = width - 1; TextTable.WidthOf(shown) > width && length > 0; length--)
            shown = VisibleText.Of(text, length);
        return shown;
    }

    /// <summary>For programs and files: one line to a feature, no pictures.</summary>
    static void Plain(Screen screen, IReadOnlyList<FeatureView> features)
    {
        var table = new TextTable("feature", "type", "missing", "distinct", "values") { RightAligned = [2, 3] };
        foreach (var feature in features)
            table.Add(VisibleText.Name(feature.Name, LongestPipedName), TypeOf(feature), Missing(feature), feature.Unique is { } unique ? ProgressText.Count(unique) : "", feature.IsNumber ? Numbers(feature)[0] : Texts(feature, PipedValues, LongestPipedValue));
        table.Write(screen);
    }

    public static string TypeOf(FeatureView feature) => (feature.Type, feature.IsList) switch
    {
        (FeatureValues.Integer, false) => "integer",
        (FeatureValues.Integer, true) => "integers",
        (FeatureValues.Real, false) => "real",
        (FeatureValues.Real, true) => "reals",
        (FeatureValues.Text, false) => "text",
        (FeatureValues.Text, true) => "texts",
        (FeatureValues.Bytes, _) => "bytes",
        _ => "structure",
    };

    static Cell Missing(FeatureView feature) => new(feature.Missing == 0 ? "-" : FigureText.Percent(feature.MissingShare), MissingTone(feature));

    static Tone MissingTone(FeatureView feature) => feature.MissingShare >= Remark.MuchMissing ? Tone.Warning : Tone.Plain;

    static string Spread(FeatureView feature)
    {
        if (feature.IsNumber)
            return Bars.Sketch(feature.Histogram);
        var sketch = Bars.Sketch([.. feature.TopValues.Take(SketchWidth).Select(top => top.Count)]);
        return feature.Unique == feature.Values && feature.Unique > 1 ? "" : sketch;
    }

    /// <summary>As much as there is room for.</summary>
    static string Values(FeatureView feature, int space)
    {
        if (feature.IsNumber)
            return Numbers(feature).FirstOrDefault(text => text.Length <= space) ?? VisibleText.Of(Numbers(feature)[^1], space - 1);
        for (var shown = feature.TopValues.Count; shown > 1; shown--)
        {
            if (Texts(feature, shown, LongestValue) is var text && TextTable.WidthOf(text) <= space)
                return text;
        }

        return Texts(feature, 1, Math.Max(4, Math.Min(LongestValue, space - 12)));
    }

    static string[] Numbers(FeatureView feature)
    {
        if (feature.Mean is null)
            return ["none"];
        var (least, median, most) = (FigureText.Number(feature.Min), FigureText.Number(feature.Median), FigureText.Number(feature.Max));
        var odd = (feature.NotNumbers > 0 ? $", {FigureText.Count(feature.NotNumbers.Value)} NaN" : "") + (feature.Infinities > 0 ? $", {FigureText.Count(feature.Infinities.Value)} infinite" : "");
        var zeros = feature.Zeros > 0 ? $", {FigureText.Percent((double)feature.Zeros.Value / Math.Max(1, feature.Values))} zeros" : "";
        var mean = $", mean {FigureText.Number(feature.Mean)} ± {FigureText.Number(feature.StandardDeviation)}";
        return [$"{least} … {median} … {most}{mean}{zeros}{odd}", $"{least} … {median} … {most}{mean}", $"{least} … {median} … {most}", $"{least} … {most}", $"{Rough(feature.Min)} … {Rough(feature.Max)}"];

        static string Rough(double? value) => value is { } number && double.IsFinite(number) ? FigureText.Number(double.Parse(number.ToString("E2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)) : FigureText.Number(value);
    }

    static string Texts(FeatureView feature, int shown, int longest)
    {
        if (feature.TopValues.Count == 0)
            return feature.AverageLength is { } length ? $"{FigureText.Number(length)} bytes on average" : "none";
        var total = Math.Max(1, feature.Values);
        return string.Join(", ", feature.TopValues.Take(shown).Select(top => $"'{VisibleText.Of(top.Value, longest)}' {FigureText.Percent(top.Count / total)}"))
            + (feature.Unique > shown ? ", …" : "");
    }
}
