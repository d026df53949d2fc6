using System.Globalization;
using System.Text.Json;

namespace Gyre.Benchmarks;

/// <summary>The times of one pipeline in a home of its own, which stays until this is disposed.</summary>
sealed class PipelineTimes : IDisposable
{
    const int CachedRuns = 7;

    PipelineTimes(int rows, string home) => (Rows, Home) = (rows, home);

    public int Rows { get; }

    public string Home { get; }

    /// <summary>The whole process of a first run, data already there.</summary>
    public double Whole { get; private set; }

    /// <summary>The whole process of a run that finds everything cached: the median of several.</summary>
    public double Cached { get; private set; }

    /// <summary>The same program asked for its help, which runs nothing: the median of several.</summary>
    public double Help { get; private set; }

    /// <summary>Seconds by node.</summary>
    public IReadOnlyDictionary<string, double> Nodes { get; private set; } = new Dictionary<string, double>(StringComparer.Ordinal);

    public static PipelineTimes Measure(Sample sample, int rows)
    {
        var times = new PipelineTimes(rows, Path.Combine(Directory.CreateTempSubdirectory("gyre-bench-").FullName, "home"));
        string[] options = ["--rows", rows.ToString(CultureInfo.InvariantCulture), "--home", times.Home];
        sample.Run(["plan", .. options]);
        (var summary, times.Whole) = sample.Run(["run", "--json", .. options]);
        using var document = JsonDocument.Parse(summary);
        times.Nodes = document.RootElement.GetProperty("nodes").EnumerateArray().ToDictionary(
            node => node.GetProperty("node").GetString()!, node => node.GetProperty("seconds").GetDouble(), StringComparer.Ordinal);
        times.Cached = Median(() => sample.Run(["run", "--json", .. options]).Seconds);
        times.Help = Median(() => sample.Run("--help").Seconds);
        return times;
    }

    /// <summary>The only file of this name below an output of a node.</summary>
    public string File(string node, string output, string name) => Directory.GetFiles(
        Path.Combine(Directory.GetDirectories(Path.Combine(Home, "artifacts"), "*").Single(path => !path.EndsWith(".staging", StringComparison.Ordinal)), node, output),
        name, SearchOption.AllDirectories).Single();

    /// <summary>The Parquet file of a split.</summary>
    public string Split(string node, string split) => Directory.GetFiles(
        Path.Combine(Directory.GetDirectories(Path.Combine(Home, "artifacts"), "*").Single(path => !path.EndsWith(".staging", StringComparison.Ordinal)), node, "examples"),
        "examples.parquet", SearchOption.AllDirectories).Single(path => path.Contains($"Split-{split}", StringComparison.Ordinal));

    /// <summary>The generated data.</summary>
    public string Data => Directory.GetFiles(Path.Combine(Home, "data"), "*.csv", SearchOption.AllDirectories).Single();

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Home)!, recursive: true);

    static double Median(Func<double> measure)
    {
        var seconds = Enumerable.Range(0, CachedRuns).Select(_ => measure()).Order().ToList();
        return seconds[CachedRuns / 2];
    }
}
