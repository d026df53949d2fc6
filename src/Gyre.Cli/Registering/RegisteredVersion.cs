using System.Text.Json.Serialization;
using Gyre.Cli.History;
using Gyre.Cli.Terminal;
using Gyre.Evaluation;
using Gyre.Metadata;
using Gyre.Pipelines;
using Gyre.Registry;
using Gyre.Runners;

namespace Gyre.Cli.Registering;

/// <summary>A registered version of a model with all that was decided about it.</summary>
sealed record RegisteredVersion
{
    const string PushedModelType = "PushedModel";

    public required string Name { get; init; }

    public required long Version { get; init; }

    /// <summary>registered, waits for review, approved, rejected; and pushed when it was.</summary>
    public required string State { get; init; }

    /// <summary>Whether a person must approve it before it goes further.</summary>
    public required bool Review { get; init; }

    public required DateTimeOffset Registered { get; init; }

    /// <summary>The artifact's name in the store.</summary>
    public required string Artifact { get; init; }

    /// <summary>The run that registered it.</summary>
    public required string Run { get; init; }

    /// <summary>The directory of the version's files.</summary>
    public required string Path { get; init; }

    /// <summary>Where it was pushed to, newest first.</summary>
    public required IReadOnlyList<string> PushedTo { get; init; }

    public required IReadOnlyList<DecisionDocument> Decisions { get; init; }

    /// <summary>What it achieved when it was registered; null when its files are gone.</summary>
    public MetricValues? Metrics => Record?.Evaluation.Metrics;

    [JsonIgnore]
    public VersionRecord? Record { get; init; }

    [JsonIgnore]
    public Tone Tone => State.StartsWith("waits", StringComparison.Ordinal) ? Tone.Warning
        : State.StartsWith("rejected", StringComparison.Ordinal) ? Tone.Bad
        : Tone.Good;

    public static IReadOnlyList<RegisteredVersion> All(MetadataTransaction transaction, Home home) =>
        [.. new HistoryReader(transaction).Versions().Select(artifact => Of(transaction, home, artifact))];

    public static RegisteredVersion? Find(MetadataTransaction transaction, Home home, string name) =>
        new HistoryReader(transaction).FindRegistered(name) is { } artifact ? Of(transaction, home, artifact) : null;

    static RegisteredVersion Of(MetadataTransaction transaction, Home home, StoredArtifact artifact)
    {
        var document = new HistoryReader(transaction).Describe(artifact);
        var path = home.Artifacts.PathOf(artifact.Uri);
        var record = System.IO.Path.Combine(path, VersionRecord.FileName);
        var (name, version) = (artifact.Properties["name"].ToString(), artifact.Properties["version"].AsInteger());
        var pushed = transaction.ArtifactsOfType(PushedModelType)
            .Where(push => Text(push, "name") == name && Text(push, "pushed_version") == Text(artifact, "version"))
            .Select(push => Text(push, "pushed_destination")).Distinct(StringComparer.Ordinal).ToList();
        var review = Text(artifact, GateProperties.State) == "review";
        return new RegisteredVersion
        {
            Name = name,
            Version = version,
            Review = review,
            State = StateOf(review, document.Decisions) + (pushed.Count > 0 ? ", pushed" : ""),
            Registered = document.Created,
            Artifact = document.Id,
            Run = Text(artifact, "run_id"),
            Path = path,
            PushedTo = pushed,
            Decisions = document.Decisions,
            Record = File.Exists(record) ? VersionRecord.Load(record) : null,
        };
    }

    static string StateOf(bool review, IReadOnlyList<DecisionDocument> decisions) => decisions switch
    {
        [{ Approved: true }, ..] => "approved",
        [{ Approved: false }, ..] => "rejected",
        _ => review ? "waits for review" : "registered",
    };

    static string Text(StoredArtifact artifact, string property) => artifact.Properties.TryGetValue(property, out var value) ? value.ToString() : "";
}
