using Gyre.Statistics;

namespace Gyre.Cli.Inspection;

/// <summary>Bars and small pictures made of block characters.</summary>
static class Bars
{
    const int Eighths = 8;

    static readonly string[] Rising = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

    static readonly string[] Growing = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

    /// <summary>A bar of a share of a width; what is more than nothing is seen.</summary>
    public static string Bar(double share, int width)
    {
        var eighths = double.IsNaN(share) ? 0 : (int)Math.Round(Math.Clamp(share, 0, 1) * width * Eighths);
        if (eighths == 0 && share > 0)
            eighths = 1;
        return new string('█', eighths / Eighths) + Growing[eighths % Eighths];
    }

    /// <summary>Counts side by side as columns one line high: the greatest is full, what is nothing is empty.</summary>
    public static string Sketch(IReadOnlyList<double> counts)
    {
        var most = counts.DefaultIfEmpty(0).Max();
        return most <= 0 ? "" : string.Concat(counts.Select(count => count <= 0 ? " " : Rising[Math.Clamp((int)Math.Round(count / most * (Rising.Length - 1)), 0, Rising.Length - 1)]));
    }

    public static string Sketch(IReadOnlyList<HistogramBucket> histogram) => Sketch([.. histogram.Select(bucket => bucket.Count)]);
}
