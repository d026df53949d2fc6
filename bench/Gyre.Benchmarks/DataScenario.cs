using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Gyre.Benchmarks;

/// <summary>
/// Ingest, split, statistics and validation beside the bare engine, alternating, each in a process of its own:
///   dotnet build -c Release samples/ConsumerComplaints
///   dotnet run -c Release --project bench/Gyre.Benchmarks -- data [REPEATS]
/// </summary>
sealed class DataScenario(Sample sample, int repeats)
{
    const string Slim = "data/complaints/cfpb_slim7_all_2963652.csv.gz";
    const long SlimRows = 2_963_652;

    readonly string _directory = Directory.CreateTempSubdirectory("gyre-bench-data-").FullName;
    readonly StringBuilder _rows = new();
    readonly StringBuilder _phases = new();
    readonly List<(long Rows, double Seconds)> _line = [];

    public async Task RunAsync()
    {
        try
        {
            Compare("complaints with narratives", 500_000, Narratives(500_000));
            var slim = Path.Combine(sample.Repository, "..", "shared", Slim);
            if (File.Exists(slim))
            {
                foreach (var rows in new[] { 500_000, 1_000_000, 2_000_000, SlimRows, 5_000_000 })
                {
                    var file = SlimFile(slim, rows);
                    _line.Add((rows, Compare(rows == SlimRows ? "complaints, seven columns, all" : "complaints, seven columns", rows, file)));
                    File.Delete(file);
                }
            }
            else
            {
                Console.Error.WriteLine($"{Slim} is not beside the repository: the slim rows are left out.");
            }
        }
        finally
        {
            Directory.Delete(_directory, recursive: true);
        }

        Console.Write(ToString());
        await Report.ReplaceSectionAsync(Path.Combine(sample.Repository, "bench", "REPORT.md"), "## Data: ingest, split, statistics, validation", ToString());
    }

    public override string ToString() => $"""
        ## Data: ingest, split, statistics, validation

        One run of `bench/Gyre.Benchmarks data`: each figure is the median of {repeats} processes, Gyre and the bare engine alternating, 2 threads each.
        Machine: {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}.

        | data | rows | MB | Gyre, s | rows/s | engine, same work, s | ratio | engine, least work, s | ratio | Gyre peak, MB | engine peak, MB |
        |---|---|---|---|---|---|---|---|---|---|---|
        {_rows}
        The bare engine is DuckDB in C#: one scan of the CSV file as text, a digest of each row that sends it to one of two zstd Parquet files, and
        of each column of each file count, missing, different values, the 1,000 most frequent, bytes, and where it holds numbers zeros, minimum,
        maximum, mean, deviation, exact deciles and a histogram. «Same work»: the digest is SHA-256, and the words of free text (cut at blanks) are
        counted too, as Gyre does (cut at whatever is no letter or digit). «Least work»: the engine's own hash, which is promised for no two
        versions, and no words. Gyre runs `IngestCsv`, `ComputeStatistics`, `InferSchema` and `ValidateExamples` in an empty home: it also infers types
        from all values, keeps the line of every row, fingerprints, and publishes durably.

        | data | rows | parts in seconds (of the last process) |
        |---|---|---|
        {_phases}
        {Linearity()}

        """;

    string Linearity()
    {
        if (_line.Count == 0)
            return "";
        // Time is what starting costs and what each row costs: the line of least squares, relative to the times.
        var weights = _line.ConvertAll(point => 1 / (point.Seconds * point.Seconds));
        var (w, x, y) = (weights.Sum(), Sum(point => point.Rows), Sum(point => point.Seconds));
        var perRow = ((w * Sum(point => point.Rows * point.Seconds)) - (x * y)) / ((w * Sum(point => (double)point.Rows * point.Rows)) - (x * x));
        var start = (y - (perRow * x)) / w;
        var farthest = _line.Max(point => Math.Abs(start + (perRow * point.Rows) - point.Seconds) / point.Seconds);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Gyre takes {start:F1} s and {perRow * 1e6:F2} s for a million slim rows: no time is farther than {farthest:P0} from that line.");

        double Sum(Func<(long Rows, double Seconds), double> of) => _line.Zip(weights, (point, weight) => weight * of(point)).Sum();
    }

    double Compare(string data, long rows, string file)
    {
        string[] who = ["gyre", "engine-same", "engine"];
        var figures = who.ToDictionary(what => what, _ => new List<DataFigures>(), StringComparer.Ordinal);
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            foreach (var what in who)
                figures[what].Add(Child(what, file));
        }

        var (mine, same, least) = (Seconds("gyre"), Seconds("engine-same"), Seconds("engine"));
        _rows.AppendLine(CultureInfo.InvariantCulture,
            $"| {data} | {rows:N0} | {new FileInfo(file).Length / 1e6:F0} | {mine:F1} | {rows / mine:N0} | {same:F1} | {mine / same:F2} | {least:F1} | {mine / least:F2} | {Peak("gyre"):F0} | {Peak("engine-same"):F0} |");
        foreach (var what in who)
        {
            _phases.AppendLine(CultureInfo.InvariantCulture,
                $"| {what}: {data} | {rows:N0} | {string.Join(", ", figures[what][^1].Phases.Select(phase => string.Create(CultureInfo.InvariantCulture, $"{phase.Key} {phase.Value:F1}")))} |");
        }

        Console.Error.WriteLine($"{data}, {rows}: {mine:F1} s beside {same:F1} s and {least:F1} s");
        return mine;

        double Seconds(string what) => Median(figures[what], one => one.Seconds);

        double Peak(string what) => Median(figures[what], one => one.PeakBytes) / 1e6;
    }

    static double Median(List<DataFigures> figures, Func<DataFigures, double> of) => figures.Select(of).Order().ElementAt(figures.Count / 2);

    DataFigures Child(string what, string file)
    {
        var directory = Path.Combine(_directory, what);
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["data-child", what, file, directory]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Directory.Delete(directory, recursive: true);
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<DataFigures>(output)!
            : throw new InvalidOperationException($"{what} ended with {process.ExitCode}: {output}");
    }

    string Narratives(int rows)
    {
        var home = Path.Combine(_directory, "home");
        sample.Run("plan", "--rows", rows.ToString(CultureInfo.InvariantCulture), "--home", home);
        return Directory.GetFiles(Path.Combine(home, "data"), "*.csv").Single();
    }

    /// <summary>So many rows of the file, from its beginning, again and again.</summary>
    string SlimFile(string packed, long rows)
    {
        var target = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"slim-{rows}.csv"));
        using var writer = new StreamWriter(target);
        for (var left = rows; left > 0;)
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(packed), CompressionMode.Decompress));
            var header = reader.ReadLine();
            if (left == rows)
                writer.WriteLine(header);
            for (; left > 0 && reader.ReadLine() is { } line; left--)
                writer.WriteLine(line);
        }

        return target;
    }
}
