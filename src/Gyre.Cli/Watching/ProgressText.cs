using System.Globalization;

namespace Gyre.Cli.Watching;

/// <summary>Says in a few words how far a node is.</summary>
static class ProgressText
{
    public static string Of(NodeStanding? node)
    {
        if (node?.Latest is not { } latest)
            return node?.Text ?? "";
        var parts = new List<string>();
        if (latest.Epoch is { } epoch)
            parts.Add(latest.Epochs is { } epochs ? $"epoch {epoch}/{epochs}" : $"epoch {epoch}");
        if (latest.Loss is { } loss)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"loss {loss:0.0000}"));
        if (latest.Rows is { } rows)
            parts.Add(latest.TotalRows is { } total ? $"{Count(rows)}/{Count(total)} rows" : $"{Count(rows)} rows");
        if (node.RowsPerSecond is { } rate and >= 1)
            parts.Add($"{Count((long)rate)} rows/s");
        if (latest.Message is { } message)
            parts.Add(message);
        return string.Join(", ", parts);
    }

    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');

    /// <summary>A number of things in words: 1 node, 2 nodes.</summary>
    public static string Count(long number, string thing) => $"{Count(number)} {thing}{(number == 1 ? "" : "s")}";

    public static string Time(double seconds) => seconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 60} min {(int)seconds % 60} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 3600} h {(int)seconds % 3600 / 60} min"),
    };
}
