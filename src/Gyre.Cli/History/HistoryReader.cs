using System.Globalization;
using System.Text.Json.Nodes;
using Gyre.Cli.Arguments;
using Gyre.Cli.Verbs;
using Gyre.Metadata;
using Gyre.Runners;

namespace Gyre.Cli.History;

/// <summary>Reads the store as the documents that verbs show, and finds what people name.</summary>
sealed class HistoryReader(MetadataTransaction transaction)
{
    const string ModelVersionType = "ModelVersion";

    /// <summary>The artifact that a name stands for: a45, or NAME/VERSION of a model, or NAME for its newest version.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public StoredArtifact FindArtifact(string name) =>
        (Number(name, 'a') is { } id ? transaction.Artifact(id) : FindVersion(name))
        ?? throw new UsageException(Other(name, "an artifact (a45) or a model (NAME or NAME/VERSION)")
            ?? (Number(name, 'a') is null
                ? $"There is no model '{name}'. 'model list' tells what there is; artifacts are named as a45."
                : $"There is no artifact '{name}'. 'runs' lists runs, 'show r1' the executions of one, and 'show e1' the artifacts of an execution."));

    /// <summary>Says of a run's or an execution's name what it is and what it leads to; null for all other names.</summary>
    public static string? Other(string name, string expected) =>
        Number(name, 'r') is not null ? $"'{name}' is the name of a run. Expected {expected}: 'show {name}' names the executions of the run, and 'show e1' the artifacts of one."
        : Number(name, 'e') is not null ? $"'{name}' is the name of an execution. Expected {expected}: 'show {name}' names the artifacts that it read and wrote."
        : null;

    /// <summary>The version of a model by NAME/VERSION, «NAME VERSION» or NAME for the newest; null when there is none.</summary>
    public StoredArtifact? FindVersion(string name)
    {
        var parts = name.Split('/', ' ');
        var versions = Versions().Where(version => Text(version, "name") == parts[0]);
        return parts.Length == 1
            ? versions.MaxBy(version => version.Properties["version"].AsInteger())
            : versions.FirstOrDefault(version => Text(version, "version") == parts[1]);
    }

    /// <summary>The version of a model by a name of it or of its artifact; null when there is none.</summary>
    /// <exception cref="UsageException">The name is that of something else.</exception>
    public StoredArtifact? FindRegistered(string name)
    {
        const string expected = "a version of a model (NAME/VERSION, as 'model list' tells)";
        if (FindVersion(name) is { } version)
            return version;
        if (Number(name, 'a') is not { } id || transaction.Artifact(id) is not { } artifact)
            return Other(name, expected) is { } other ? throw new UsageException(other) : null;
        return artifact.Type == ModelVersionType
            ? FindVersion($"{Text(artifact, "name")}/{Text(artifact, "version")}")
            : throw new UsageException($"{name} is {HistoryText.WithArticle(artifact.Type)}. Expected {expected}.");
    }

    /// <summary>All registered versions, one artifact each, newest first.</summary>
    public IEnumerable<StoredArtifact> Versions() => transaction.ArtifactsOfType(ModelVersionType)
        .Where(artifact => artifact.Properties.ContainsKey("name") && artifact.Properties.ContainsKey("version"))
        .DistinctBy(artifact => (Text(artifact, "name"), Text(artifact, "version")));

    /// <exception cref="UsageException">There is none.</exception>
    public StoredExecution FindExecution(string name) =>
        Number(name, 'e') is { } id && transaction.Execution(id) is { } execution
            ? execution
            : throw new UsageException(Number(name, 'a') is { } artifact && transaction.Artifact(artifact) is not null
                ? $"'{name}' is the name of an artifact. Expected an execution (e12) or a run (r3): 'show {name}' names the execution that made it."
                : $"There is no execution '{name}'. 'runs' lists runs, and 'show r1' the executions of one.");

    /// <exception cref="UsageException">There is none.</exception>
    public StoredContext FindRun(string name) => transaction.Context(Run.ContextType, name)
        ?? throw new UsageException($"There is no run '{name}'. 'runs' lists them.");

    /// <summary>The executions of a run in the order in which they began, without those that are parts of others.</summary>
    public IReadOnlyList<StoredExecution> ExecutionsOf(StoredContext run) =>
        [.. transaction.ExecutionsOf(run.Id).Where(execution => !execution.Properties.ContainsKey(ExecutionProperties.Whole)).Reverse()];

    /// <summary>The execution that made an artifact, as opposed to those that used it again.</summary>
    public StoredExecution? ProducerOf(long artifactId) => transaction.EventsOfArtifact(artifactId)
        .Where(happened => happened.IsOutput)
        .Select(happened => transaction.Execution(happened.ExecutionId))
        .FirstOrDefault(execution => execution is { State: not ExecutionState.Cached });

    public RunRecord Describe(StoredContext run) => RunRecord.Of(transaction, run);

    public ArtifactDocument Describe(StoredArtifact artifact) => new()
    {
        Id = HistoryText.ArtifactName(artifact.Id),
        Type = artifact.Type,
        State = artifact.State,
        Uri = artifact.Uri,
        Fingerprint = artifact.Fingerprint,
        Created = HistoryText.Time(artifact.Created),
        ProducedBy = ProducerOf(artifact.Id) is { } producer ? HistoryText.ExecutionName(producer.Id) : null,
        Properties = artifact.Properties.Where(property => property.Key != "fingerprint")
            .ToDictionary(property => property.Key, property => property.Value.Value, StringComparer.Ordinal),
        Decisions = [.. transaction.Decisions(artifact.Id).Select(decision => new DecisionDocument(decision.Approved, decision.By, decision.Reason, HistoryText.Time(decision.Time)))],
    };

    public ExecutionDocument Describe(StoredExecution execution)
    {
        var events = transaction.EventsOfExecution(execution.Id);
        return new ExecutionDocument
        {
            Id = HistoryText.ExecutionName(execution.Id),
            Node = execution.Text(ExecutionProperties.Node),
            Component = execution.Type,
            State = execution.State,
            Pipeline = execution.Text(ExecutionProperties.Pipeline),
            Run = execution.Text(ExecutionProperties.Run),
            Reason = execution.Text(ExecutionProperties.Reason),
            Reused = ReusedBy(execution) is { } reused ? HistoryText.ExecutionName(reused) : null,
            Started = HistoryText.Time(execution.Created),
            Seconds = execution.Properties.TryGetValue(ExecutionProperties.Seconds, out var seconds) ? seconds.AsReal() : null,
            Error = execution.Text(ExecutionProperties.Error) is { Length: > 0 } error ? error : null,
            Code = execution.Text(ExecutionProperties.Code),
            GyreVersion = execution.Text(ExecutionProperties.GyreVersion),
            Parameters = Json(execution.Text(ExecutionProperties.Parameters)),
            Environment = Json(execution.Text(ExecutionProperties.Environment)),
            Parts = PartsOf(execution.Id),
            Inputs = Ends(events, happened => happened.IsInput),
            Outputs = Ends(events, happened => happened.IsOutput),
        };
    }

    /// <summary>The execution whose results this one used again; null when it ran itself.</summary>
    public static long? ReusedBy(StoredExecution execution) =>
        execution.Properties.TryGetValue(ExecutionProperties.ReusedExecution, out var reused) ? reused.AsInteger() : null;

    public static long? Number(string name, char letter) =>
        name.Length > 1 && name[0] == letter && long.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    IReadOnlyList<PartDocument>? PartsOf(long whole) => ExecutionParts.Of(transaction, whole) is { Count: > 0 } parts
        ? [.. parts.Select(part => new PartDocument(HistoryText.ExecutionName(part.Id), part.Text(ExecutionProperties.Node), part.Type, part.State, Json(part.Text(ExecutionProperties.Parameters)), ResultsOf(part)))]
        : null;

    /// <summary>What a part achieved, without what every execution has.</summary>
    static Dictionary<string, object> ResultsOf(StoredExecution part) => part.Properties.Where(property => !ExecutionProperties.All.Contains(property.Key, StringComparer.Ordinal))
        .ToDictionary(property => property.Key, property => property.Value.Value, StringComparer.Ordinal);

    static string Text(StoredArtifact artifact, string property) => artifact.Properties.TryGetValue(property, out var value) ? value.ToString() : "";

    static JsonNode? Json(string text) => text.Length == 0 ? null : JsonNode.Parse(text);

    List<EndDocument> Ends(IReadOnlyList<StoredEvent> events, Func<StoredEvent, bool> side) =>
    [
        .. events.Where(side)
            .OrderBy(happened => happened.Key, StringComparer.Ordinal).ThenBy(happened => happened.Index)
            .Select(happened => (Event: happened, Artifact: transaction.Artifact(happened.ArtifactId)!))
            .Select(end => new EndDocument(
                end.Event.Key, end.Event.Index, HistoryText.ArtifactName(end.Artifact.Id), end.Artifact.Type, end.Artifact.Uri, end.Artifact.Fingerprint)),
    ];
}
