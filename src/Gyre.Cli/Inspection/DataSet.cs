using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Runners.Local;
using Gyre.Statistics;

namespace Gyre.Cli.Inspection;

/// <summary>How a file of rows is to be read; all but the last three are for CSV.</summary>
/// <param name="Delimiter">The character between fields; null for what the file's name says.</param>
/// <param name="MaxRejected">How many rows that break the format are left out.</param>
sealed record CsvReading(string? Delimiter = null, long MaxRejected = 0)
{
    public string Quote { get; init; } = "\"";

    public string Encoding { get; init; } = "utf-8";

    public bool Header { get; init; } = true;

    /// <summary>Texts that mean that a value is missing.</summary>
    public IReadOnlyList<string> NullTokens { get; init; } = [""];

    /// <summary>The columns to take; null for all.</summary>
    public IReadOnlyList<Column>? Columns { get; init; }
}

/// <summary>One split of data that somebody wants to look at.</summary>
/// <param name="Name">The split's name.</param>
/// <param name="Files">The Parquet files of its rows, one of each span; none where there are only statistics.</param>
/// <param name="Computed">Its statistics, where they are there already.</param>
sealed record DataPart(string Name, IReadOnlyList<string> Files, DatasetStatistics? Computed)
{
    public DatasetStatistics Statistics(CancellationToken cancellationToken, StatisticsOptions? options = null) =>
        Computed ?? StatisticsEngine.ComputeAll(Files, Name, options, Environment.ProcessorCount, cancellationToken: cancellationToken)[0];
}

/// <summary>
/// Data to look at, from wherever it is named: a file of rows (CSV, JSON lines or TFRecord, plain or packed; Parquet), a file of statistics, or an
/// artifact that holds examples or statistics.
/// </summary>
sealed class DataSet : IDisposable
{
    const string SplitOfFile = "data";
    const string ExamplesType = "Examples";
    const string StatisticsType = "ExampleStatistics";

    readonly IDisposable? _temporary;

    DataSet(string source, IReadOnlyList<DataPart> parts, IDisposable? temporary = null) => (Source, Parts, _temporary) = (source, parts, temporary);

    /// <summary>What was looked at, in words.</summary>
    public string Source { get; }

    public IReadOnlyList<DataPart> Parts { get; }

    /// <param name="session">Tells the home, when an artifact is named.</param>
    /// <param name="name">A path, or an artifact such as a45; null for the newest statistics of the home.</param>
    /// <param name="reading">How to read it when it is a file of rows.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<DataSet> OpenAsync(Session session, string? name, CsvReading reading, CancellationToken cancellationToken)
    {
        if (name is null || (HistoryReader.Number(name, 'a') is not null && !File.Exists(name)))
            return OfArtifact(session, name);
        if (!File.Exists(name) && HistoryReader.Other(name, "a file, or an artifact (a45) of type Examples or ExampleStatistics") is { } other)
            throw new UsageException(other);
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".pb" => new DataSet(name, [.. DatasetStatistics.LoadAll(name).Select(each => new DataPart(each.Name, [], each))]),
            _ => await OfRowsAsync(name, reading, cancellationToken),
        };
    }

    public void Dispose() => _temporary?.Dispose();

    static DataSet OfArtifact(Session session, string? name)
    {
        using var home = session.OpenHome();
        var artifact = home.Store.Read(transaction => name is not null
            ? new HistoryReader(transaction).FindArtifact(name)
            : transaction.ArtifactsOfType(StatisticsType, limit: 1) is [var newest] ? newest
            : throw new UsageException("This home has no statistics yet. Name a file, for example stats data.csv."));
        var path = home.Artifacts.PathOf(artifact.Uri);
        if (artifact.Type is not (StatisticsType or ExamplesType))
            throw new UsageException($"{HistoryText.ArtifactName(artifact.Id)} is {HistoryText.WithArticle(artifact.Type)}. Expected {ExamplesType} or {StatisticsType}; 'show e1' names the artifacts of an execution.");
        if (!Directory.Exists(path))
            throw new FileNotFoundException($"The content of {HistoryText.ArtifactName(artifact.Id)} is gone: there is no '{path}'. Run the pipeline again to make it anew.", path);
        var parts = artifact.Type == StatisticsType ? StatisticsIn(path) : ExamplesIn(path);
        return new DataSet($"{HistoryText.ArtifactName(artifact.Id)} {artifact.Type}", [.. parts.OrderBy(part => part.Name != "train")]);
    }

    static IEnumerable<DataPart> StatisticsIn(string path)
    {
        const string prefix = "Split-";
        return Directory.EnumerateDirectories(path, prefix + "*").Order(StringComparer.Ordinal)
            .Select(directory => (Name: Path.GetFileName(directory)[prefix.Length..], File: Path.Combine(directory, "FeatureStats.pb")))
            .SelectMany(split => DatasetStatistics.LoadAll(split.File).Select((each, index) => new DataPart(index == 0 ? split.Name : $"{split.Name} {each.Name}", [], each)));
    }

    static IEnumerable<DataPart> ExamplesIn(string path)
    {
        var examples = DataVersion.Open(path);
        return examples.Splits.Select(split => new DataPart(split, examples.FilesOf(split), null));
    }

    /// <summary>A pipeline of one node in a home of its own: so a file is read here exactly as a pipeline reads it.</summary>
    static async Task<DataSet> OfRowsAsync(string path, CsvReading reading, CancellationToken cancellationToken)
    {
        var temporary = new TemporaryFolder();
        try
        {
            using var home = Home.Open(temporary.Path);
            var pipeline = new Pipeline("look");
            pipeline.Add(ReaderOf(path, reading));
            var result = await new LocalRunner(home).RunAsync(pipeline, new RunOptions(), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            var outcome = result.Nodes[0];
            if (!outcome.EndedWell)
                throw new InvalidDataException(outcome.Message);
            var artifact = home.Store.Read(transaction => transaction.Artifact(transaction.EventsOfExecution(outcome.ExecutionId).First(happened => happened.IsOutput).ArtifactId)!);
            return new DataSet(path, [new DataPart(SplitOfFile, [Path.Combine(home.Artifacts.PathOf(artifact.Uri), $"Split-{SplitOfFile}", "examples.parquet")], null)], temporary);
        }
        catch
        {
            temporary.Dispose();
            throw;
        }
    }

    static IngestFiles ReaderOf(string path, CsvReading reading)
    {
        const string id = "read";
        var splits = Split.ByHash((SplitOfFile, 1));
        return (File.Exists(path) ? FileFormats.Of(path) : FileFormat.Csv) switch
        {
            FileFormat.JsonLines => new IngestJson(path) { Id = id, Splits = splits, MaxRejected = reading.MaxRejected, Columns = reading.Columns, NullTokens = reading.NullTokens },
            FileFormat.TfRecord => new IngestTfRecord(path) { Id = id, Splits = splits, MaxRejected = reading.MaxRejected, Columns = reading.Columns, NullTokens = reading.NullTokens },
            FileFormat.Parquet => new IngestParquet(path) { Id = id, Splits = splits, MaxRejected = reading.MaxRejected, Columns = reading.Columns },
            _ => new IngestCsv(path)
            {
                Id = id,
                Splits = splits,
                Delimiter = reading.Delimiter ?? FileFormats.DelimiterOf(path),
                Quote = reading.Quote,
                Encoding = reading.Encoding,
                Header = reading.Header,
                MaxRejected = reading.MaxRejected,
                Columns = reading.Columns,
                NullTokens = reading.NullTokens,
            },
        };
    }
}
