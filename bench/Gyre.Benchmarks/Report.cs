using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Gyre.Benchmarks;

/// <summary>The figures as a Markdown page.</summary>
sealed class Report
{
    readonly StringBuilder _wholes = new();
    readonly StringBuilder _parts = new();

    public void Whole(PipelineTimes times) => _wholes.AppendLine(CultureInfo.InvariantCulture,
        $"| {times.Rows:N0} | {times.Whole:F1} | {times.Rows / times.Whole:N0} | {times.Cached:F2} | {times.Help:F2} | {times.Cached / times.Help:F1} |");

    public void Part(string name, PipelineTimes times, string node, double limit, string what)
    {
        var seconds = times.Nodes[node];
        _parts.AppendLine(CultureInfo.InvariantCulture,
            $"| {name} | {times.Rows:N0} | {seconds:F2} | {times.Rows / seconds:N0} | {limit:F2} | {seconds / limit:F1} | {what} |");
    }

    /// <summary>Writes the page anew, but keeps the sections that other scenarios wrote behind it.</summary>
    public static async Task KeepSectionsAsync(string path, string page)
    {
        var old = File.Exists(path) ? await File.ReadAllTextAsync(path) : "";
        var others = old.IndexOf("\n## Data:", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, others < 0 ? page : page + old[others..]);
    }

    /// <summary>Replaces a section of the page from its heading to the next, or adds it at the end.</summary>
    public static async Task ReplaceSectionAsync(string path, string heading, string section)
    {
        var page = File.Exists(path) ? await File.ReadAllTextAsync(path) : "";
        var start = page.IndexOf(heading, StringComparison.Ordinal);
        if (start < 0)
        {
            await File.WriteAllTextAsync(path, $"{page.TrimEnd()}\n\n{section}");
            return;
        }

        var end = page.IndexOf("\n## ", start, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, page[..start] + section + (end < 0 ? "" : page[(end + 1)..]));
    }

    public override string ToString() => $"""
        # Benchmark report

        Consumer complaints (synthetic), one run of `bench/Gyre.Benchmarks`. Machine: {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription},
        {RuntimeInformation.FrameworkDescription}. Absolute times wander with whatever else a machine does; ratios of things measured in one run wander less.

        ## Whole pipelines, whole process

        | rows | first run, s | rows/s | everything cached, s | `--help` of the same program, s | ratio |
        |---|---|---|---|---|---|
        {_wholes}
        The first run has its data on the disk and starts with an empty home. The last two are medians of 7.

        ## Parts beside their limits

        | part | rows | node, s | rows/s | limit, s | ratio | the limit is |
        |---|---|---|---|---|---|---|
        {_parts}
        A node also loads its libraries, checks, fingerprints and publishes; the limit does its engine's work alone, in a warm process, the median of 3.
        Ingest reads the text twice (types are inferred from all rows) and writes every split; statistics are exact; the transform analyses the training
        split, then writes all features; training also evaluates after each epoch, appends the model to the graph and checks it against the trainer.
        Training stays below its «limit» because it adds up gradients only for the tokens that occur and moves their table in one pass, outside torch
        (docs/decisions/0010); in the plain loop torch makes a dense gradient of the whole table and Adam goes over it many times.

        """;
}
