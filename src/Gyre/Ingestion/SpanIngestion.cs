using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gyre.Artifacts;
using Gyre.Data;
using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>How a component reads one span.</summary>
/// <param name="Key">All that a result depends on besides the files: the code and the options.</param>
/// <param name="Read">
/// Reads a span into a directory laid out as an <see cref="Examples"/> artifact. Given columns it takes these, in that order and of
/// these types; without, it finds them from the files.
/// </param>
sealed record SpanReading(string Key, Func<SpanFiles, IReadOnlyList<ExampleColumn>?, string, IngestionResult> Read);

/// <summary>
/// Reads several spans into one artifact. Each span is read once in a home, whichever windows it is part of: what was
/// read is kept as a memo, and its files are shared by all artifacts that hold the span. Where a column has different
/// types in different spans, the spans that were narrower are read again with the type that holds all values.
/// </summary>
static class SpanIngestion
{
    const string ResultFile = "span.json";

    /// <summary>Does the whole work of a component that reads files into examples, with spans or without.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="output">The examples.</param>
    /// <param name="path">The path of the files, with wildcards and placeholders.</param>
    /// <param name="spans">Which spans to read.</param>
    /// <param name="options">How to read.</param>
    /// <param name="component">The component, whose code is part of what results are known by.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="InvalidDataException">The files do not hold what was expected; the message says where and what to do.</exception>
    public static void Run(
        Execution execution, Output<Examples> output, string path, SpanSelection spans, IngestionOptions options, Type component, CancellationToken cancellation)
    {
        var found = SpanFinder.Find(path, options.Splits, spans);
        if (!found.SelectMany(span => span.Files).Select(file => Path.GetFullPath(file.Path)).SequenceEqual(execution.ExternalFiles.Select(file => file.Location), StringComparer.Ordinal))
            throw new InvalidDataException($"The files that '{path}' means have changed while the run was starting. Expected files at rest: run again when they are complete.");
        var fingerprints = execution.ExternalFiles.ToDictionary(file => file.Location, file => file.Fingerprint, StringComparer.Ordinal);
        if (SpanFinder.TellsSpans(path, options.Splits))
        {
            var reading = new SpanReading(
                $"{CodeIdentity.Of(component)} {ParameterJson.Write(options, options.GetType())!.ToJsonString()}",
                (span, columns, directory) => Read((columns is null ? options : options.WithTypes(columns)) with { RequireEverySplit = false }, span, directory));
            Run(execution, output, found, options.Splits, options.MaxRejected, reading);
            return;
        }

        var result = Read(options, found[0], execution.DirectoryOf(output));
        Examples.Describe(execution, output, result.RowsOfSplits, result.Rejected, result.Filtered);
        execution.SetProperty(output, Examples.SpanProperty, 0L);
        execution.SetProperty(output, Examples.VersionProperty, 0L);

        IngestionResult Read(IngestionOptions how, SpanFiles span, string directory) => RowIngestion.Run(
            how,
            [.. span.Files.Select(file => new SourceFile(Path.GetFullPath(file.Path), file.Path, fingerprints[Path.GetFullPath(file.Path)]) { Split = file.Split, Span = span.Span, Version = span.Version })],
            directory,
            execution.Report,
            cancellation);
    }

    /// <summary>Reads spans, each on its own, and joins them.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="output">The examples.</param>
    /// <param name="spans">The spans, oldest first.</param>
    /// <param name="splits">The plan by which each is divided.</param>
    /// <param name="maxRejected">How many rows of all spans may be rejected.</param>
    /// <param name="reading">How one is read.</param>
    /// <exception cref="InvalidDataException">The spans do not fit together, or one cannot be read.</exception>
    static void Run(
        Execution execution, Output<Examples> output, IReadOnlyList<SpanFiles> spans, SplitPlan splits, long maxRejected, SpanReading reading)
    {
        var fingerprints = execution.ExternalFiles.ToDictionary(file => file.Location, file => file.Fingerprint, StringComparer.Ordinal);
        var found = spans.Select(span => Read(span, null)).ToList();
        var columns = JoinedColumns.Of([.. found.Select((each, index) => (Where(spans[index]), each.Result))]);
        for (var index = 0; index < found.Count; index++)
        {
            if (!found[index].Result.Columns.SequenceEqual(columns))
                found[index] = Read(spans[index], columns);
        }

        var results = found.ConvertAll(each => each.Result);
        SplitCounts.RequireRows(splits.Names, [.. splits.Names.Select(split => results.Sum(result => result.RowsOfSplits.First(rows => rows.Key == split).Value))], isGrouped: false);
        var rejected = results.Sum(result => result.Rejected);
        if (rejected > maxRejected)
        {
            throw new InvalidDataException(
                $"{rejected} rows of {spans.Count} spans were rejected, more than the {maxRejected} that MaxRejected allows: "
                + $"{string.Join(", ", results.Select((result, index) => $"{result.Rejected} in {Where(spans[index])}"))}. Correct the rows, or allow more.");
        }

        Assemble(execution.DirectoryOf(output), spans, [.. found.Select(each => each.Directory)]);
        Describe(execution, output, spans, splits, results);

        (string Directory, IngestionResult Result) Read(SpanFiles span, IReadOnlyList<ExampleColumn>? wanted)
        {
            execution.Report(new Progress { Message = $"span {span.Span}" });
            var directory = execution.Memo(Key(span, wanted), target =>
            {
                var result = reading.Read(span, wanted, target);
                File.WriteAllText(Path.Join(target, ResultFile), JsonSerializer.Serialize(result, JsonSerializerOptions.Web));
            });
            return (directory, JsonSerializer.Deserialize<IngestionResult>(File.ReadAllText(Path.Join(directory, ResultFile)), JsonSerializerOptions.Web)!);
        }

        string Key(SpanFiles span, IReadOnlyList<ExampleColumn>? wanted) => new JsonObject
        {
            ["ingest"] = reading.Key,
            ["span"] = span.Span,
            ["version"] = span.Version,
            ["columns"] = wanted is null ? null : new JsonArray([.. wanted.Select(column => (JsonNode)column.ToString())]),
            ["files"] = new JsonArray([.. span.Files.Select(file => (JsonNode)new JsonArray(file.Path, fingerprints[Path.GetFullPath(file.Path)], file.Split))]),
        }.ToJsonString();
    }

    static string Where(SpanFiles span) => $"span {span.Span} ('{span.Files[0].Path}')";

    /// <summary>Brings the files of all spans into one directory, without copying them where the disk can share them.</summary>
    static void Assemble(string target, IReadOnlyList<SpanFiles> spans, IReadOnlyList<string> memos)
    {
        var before = 0;
        for (var index = 0; index < spans.Count; index++)
        {
            var own = spans.Count > 1 ? Path.Join(target, Examples.FolderOf(spans[index].Span)) : target;
            foreach (var (name, path) in ContentFingerprint.Files(memos[index]).Where(file => file.Name is not (ResultFile or Examples.RejectedFile or Examples.OriginsFile)))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(own, name))!);
                if (before > 0 && Path.GetFileName(name) == Examples.SplitOriginsFile)
                    Renumber(path, Path.Join(own, name), before);
                else
                    SharedFiles.Share(path, Path.Join(own, name));
            }

            before += spans[index].Files.Count;
        }

        JoinOrigins(Path.Join(target, Examples.OriginsFile), memos);
        JoinRejected(Path.Join(target, Examples.RejectedFile), memos);
    }

    /// <summary>Files are counted through all spans.</summary>
    static void Renumber(string origins, string target, int before)
    {
        using var engine = new DataEngine();
        engine.Execute(ParquetWriter.CopyToParquet(
            string.Create(CultureInfo.InvariantCulture, $"(SELECT CAST(file + {before} AS INTEGER) AS file, line FROM {ParquetFile.Source(origins)})"), target));
    }

    static void JoinOrigins(string target, IReadOnlyList<string> memos)
    {
        var files = memos.SelectMany(memo => JsonNode.Parse(File.ReadAllText(Path.Join(memo, Examples.OriginsFile)))!["files"]!.AsArray().Select(file => file!.DeepClone()));
        File.WriteAllText(target, new JsonObject { ["files"] = new JsonArray([.. files]) }.ToJsonString(RowIngestion.OriginsJson));
    }

    static void JoinRejected(string target, IReadOnlyList<string> memos)
    {
        using var rejected = new StreamWriter(target) { NewLine = "\n" };
        foreach (var (index, memo) in memos.Index())
        {
            using var part = new StreamReader(Path.Join(memo, Examples.RejectedFile));
            var header = part.ReadLine();
            if (index == 0)
                rejected.WriteLine(header);
            rejected.Write(part.ReadToEnd());
        }
    }

    static void Describe(Execution execution, Output<Examples> output, IReadOnlyList<SpanFiles> spans, SplitPlan splits, IReadOnlyList<IngestionResult> results)
    {
        Examples.Describe(
            execution,
            output,
            [.. splits.Names.Select(split => KeyValuePair.Create(split, results.Sum(result => result.RowsOfSplits.First(rows => rows.Key == split).Value)))],
            results.Sum(result => result.Rejected),
            results.Sum(result => result.Filtered));
        execution.SetProperty(output, Examples.SpanProperty, spans[^1].Span);
        execution.SetProperty(output, Examples.VersionProperty, spans[^1].Version);
        execution.SetProperty(output, Examples.SpansProperty, JsonSerializer.Serialize(spans.Select(span => new ExampleSpan(span.Span, span.Version)), JsonSerializerOptions.Web));
    }
}
