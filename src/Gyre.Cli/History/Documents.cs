using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gyre.Metadata;

namespace Gyre.Cli.History;

/// <summary>An artifact as <c>--json</c> writes it.</summary>
sealed record ArtifactDocument
{
    /// <summary>The letter a and its number.</summary>
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required ArtifactState State { get; init; }

    /// <summary>Where its content lies, relative to the home; absolute for files outside it.</summary>
    public required string Uri { get; init; }

    public required string Fingerprint { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>The execution that made it; null for files from outside.</summary>
    public string? ProducedBy { get; init; }

    public required IReadOnlyDictionary<string, object> Properties { get; init; }

    /// <summary>What people decided about it, newest first.</summary>
    public required IReadOnlyList<DecisionDocument> Decisions { get; init; }
}

/// <summary>What a person decided about a gate.</summary>
sealed record DecisionDocument(bool Approved, string By, string Reason, DateTimeOffset Time);

/// <summary>An artifact at one end of an execution.</summary>
sealed record EndDocument(string Name, int Index, string Artifact, string Type, string Uri, string Fingerprint);

/// <summary>A part of an execution, for example a trial: what it was asked for and what it achieved.</summary>
sealed record PartDocument(string Id, string Name, string Kind, ExecutionState State, JsonNode? Parameters, IReadOnlyDictionary<string, object> Results);

/// <summary>An execution as <c>--json</c> writes it.</summary>
sealed record ExecutionDocument
{
    /// <summary>The letter e and its number.</summary>
    public required string Id { get; init; }

    public required string Node { get; init; }

    public required string Component { get; init; }

    public required ExecutionState State { get; init; }

    public required string Pipeline { get; init; }

    public required string Run { get; init; }

    /// <summary>Why it ran, or why earlier results were used again.</summary>
    public required string Reason { get; init; }

    /// <summary>The execution whose results were used again; null when it ran itself.</summary>
    public string? Reused { get; init; }

    public required DateTimeOffset Started { get; init; }

    public double? Seconds { get; init; }

    public string? Error { get; init; }

    /// <summary>The identity of the code that ran.</summary>
    public required string Code { get; init; }

    public required string GyreVersion { get; init; }

    public required JsonNode? Parameters { get; init; }

    /// <summary>The executions that are parts of it, such as the trials of a search; null when it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PartDocument>? Parts { get; init; }

    public required IReadOnlyList<EndDocument> Inputs { get; init; }

    public required IReadOnlyList<EndDocument> Outputs { get; init; }

    /// <summary>Runtime, machine and libraries; null on executions that did not run to their end.</summary>
    public JsonNode? Environment { get; init; }
}

/// <summary>Names and times as people read them.</summary>
static class HistoryText
{
    const int ShortFingerprint = 12;

    public static string ArtifactName(long id) => string.Create(CultureInfo.InvariantCulture, $"a{id}");

    public static string ExecutionName(long id) => string.Create(CultureInfo.InvariantCulture, $"e{id}");

    public static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    /// <summary>A kind of thing in a sentence: a Schema, an ExampleStatistics.</summary>
    public static string WithArticle(string type) => $"{(type.Length > 0 && "AEIOaeio".Contains(type[0], StringComparison.Ordinal) ? "an" : "a")} {type}";

    /// <summary>A moment in the time of this machine.</summary>
    public static string Moment(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The beginning of a fingerprint, enough to tell apart what stands on one screen.</summary>
    public static string Short(string fingerprint) => fingerprint.Length <= ShortFingerprint ? fingerprint : fingerprint[..ShortFingerprint];

    public static string Word<T>(T state)
        where T : struct, Enum => state.ToString().ToLowerInvariant();

    public static Terminal.Tone ToneOf(ExecutionState state) => state switch
    {
        ExecutionState.Complete => Terminal.Tone.Good,
        ExecutionState.Cached => Terminal.Tone.Reused,
        ExecutionState.Failed => Terminal.Tone.Bad,
        ExecutionState.Canceled => Terminal.Tone.Warning,
        _ => Terminal.Tone.Plain,
    };

    public static string Size(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KB"),
        < 1024L * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.0} GB"),
    };
}
