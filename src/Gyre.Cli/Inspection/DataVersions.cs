using System.Globalization;
using System.Text.Json;
using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Ingestion;
using Gyre.Metadata;
using Gyre.Runners;

namespace Gyre.Cli.Inspection;

/// <summary>A version of data as <c>data log</c> tells it.</summary>
sealed record DataVersionRecord
{
    public required string Id { get; init; }

    public required string Pipeline { get; init; }

    public required string Node { get; init; }

    public required string Run { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required string Fingerprint { get; init; }

    /// <summary>The spans that it holds, oldest first.</summary>
    public required IReadOnlyList<ExampleSpan> Spans { get; init; }

    public required IReadOnlyDictionary<string, long> Rows { get; init; }

    public required long Rejected { get; init; }

    public required long Filtered { get; init; }
}

/// <summary>Finds versions of data in a home.</summary>
static class DataVersions
{
    const string ExamplesType = "Examples";

    /// <summary>All versions that came from outside (not those that a transform made), newest first.</summary>
    public static IReadOnlyList<DataVersionRecord> All(MetadataTransaction transaction, int most) =>
        [.. transaction.ArtifactsOfType(ExamplesType).Where(artifact => artifact.Properties.ContainsKey("span")).Take(most).Select(artifact => Of(transaction, artifact))];

    public static DataVersionRecord Of(MetadataTransaction transaction, StoredArtifact artifact)
    {
        var producer = new HistoryReader(transaction).ProducerOf(artifact.Id);
        return new DataVersionRecord
        {
            Id = HistoryText.ArtifactName(artifact.Id),
            Pipeline = producer?.Text(ExecutionProperties.Pipeline) ?? "",
            Node = producer?.Text(ExecutionProperties.Node) ?? "",
            Run = producer?.Text(ExecutionProperties.Run) ?? "",
            Created = HistoryText.Time(artifact.Created),
            Fingerprint = artifact.Fingerprint,
            Spans = artifact.Properties.TryGetValue("spans", out var spans)
                ? JsonSerializer.Deserialize<ExampleSpan[]>(spans.ToString(), JsonSerializerOptions.Web) ?? []
                : [new ExampleSpan(Number(artifact, "span"), Number(artifact, "version"))],
            Rows = artifact.Properties.TryGetValue("split_names", out var names)
                ? (JsonSerializer.Deserialize<string[]>(names.ToString()) ?? []).ToDictionary(split => split, split => Number(artifact, $"rows.{split}"), StringComparer.Ordinal)
                : new Dictionary<string, long>(StringComparer.Ordinal),
            Rejected = Number(artifact, "rejected"),
            Filtered = Number(artifact, "filtered"),
        };
    }

    /// <exception cref="UsageException">There is none of this name, or it is something else.</exception>
    public static (DataVersionRecord Record, DataVersion Data) Find(Home home, string name)
    {
        var (artifact, record) = home.Store.Read(transaction =>
        {
            var found = new HistoryReader(transaction).FindArtifact(name);
            return (found, Of(transaction, found));
        });
        return artifact.Type == ExamplesType
            ? (record, DataVersion.Open(home.Artifacts.PathOf(artifact.Uri)))
            : throw new UsageException($"{name} is {HistoryText.WithArticle(artifact.Type)}. Expected {ExamplesType}: 'data log' names the versions of data.");
    }

    /// <summary>The spans in few words: 5, 5 v2, 1–6 (6 spans).</summary>
    public static string Words(IReadOnlyList<ExampleSpan> spans) => spans switch
    {
        [] => "",
        [var only] => string.Create(CultureInfo.InvariantCulture, $"{only.Span}{(only.Version > 0 ? $" v{only.Version}" : "")}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{spans[0].Span}–{spans[^1].Span} ({spans.Count} spans)"),
    };

    static long Number(StoredArtifact artifact, string property) => artifact.Properties.TryGetValue(property, out var value) ? value.AsInteger() : 0;
}
