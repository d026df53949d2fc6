using System.Globalization;
using Gyre.Cli.Terminal;
using Gyre.Cli.Watching;
using Gyre.Statistics;

namespace Gyre.Cli.Inspection;

/// <summary>What <c>stats</c> writes: a line for each feature.</summary>
static class StatisticsPage
{
    const int ShownValues = 3;
    const int LongestValue = 24;
    const double MuchMissing = 0.2;

    static readonly string[] Blocks = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

    public static void Write(Screen screen, DatasetStatistics statistics)
    {
        screen.Line($"{screen.Paint(statistics.Name, Tone.Strong)}: {ProgressText.Count(statistics.Examples, "example")}, {ProgressText.Count(statistics.Features.Count, "feature")}");
        screen.Line();
        var table = new TextTable("feature", "type", "missing", "distinct", "values") { RightAligned = [2, 3] };
        foreach (var feature in statistics.Features)
        {
            table.Add(
                feature.Name,
                new Cell(feature.Type.ToString().ToLowerInvariant(), Tone.Faint),
                new Cell(feature.Missing == 0 ? "-" : Percent(feature.MissingShare), feature.MissingShare > MuchMissing ? Tone.Warning : Tone.Plain),
                feature.Unique is { } unique ? ProgressText.Count(unique) : "",
                feature.Type is FeatureValues.Integer or FeatureValues.Real ? Numbers(feature) : Texts(feature));
        }

        table.Write(screen);
    }

    static string Numbers(FeatureSummary feature) => feature.Mean is null
        ? "none"
        : $"{Number(feature.Min)} … {Number(feature.Median)} … {Number(feature.Max)}, mean {Number(feature.Mean)} ± {Number(feature.StandardDeviation)}  {Sketch(feature.Histogram)}".TrimEnd();

    static string Texts(FeatureSummary feature)
    {
        var total = Math.Max(1, feature.Present);
        return string.Join(", ", feature.TopValues.Take(ShownValues).Select(top => $"{Cut(top.Value)} {Percent(top.Count / total)}"))
            + (feature.Unique > ShownValues ? ", …" : "");
    }

    static string Sketch(IReadOnlyList<HistogramBucket> histogram)
    {
        var most = histogram.Count == 0 ? 0 : histogram.Max(bucket => bucket.Count);
        return most <= 0 ? "" : string.Concat(histogram.Select(bucket => bucket.Count <= 0 ? " " : Blocks[(int)Math.Round(bucket.Count / most * (Blocks.Length - 1))]));
    }

    static string Cut(string value)
    {
        var line = value.ReplaceLineEndings(" ");
        return $"'{(line.Length <= LongestValue ? line : line[..LongestValue] + "…")}'";
    }

    static string Percent(double share) => share is > 0 and < 0.001 ? "< 0.1 %" : string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");

    static string Number(double? value) => value is { } number ? number.ToString(Math.Abs(number) < 1000 ? "0.####" : "#,0.#", CultureInfo.InvariantCulture).Replace(',', ' ') : "?";
}
