using Gyre.Pipelines;

namespace Gyre.Metadata;

/// <summary>MLMD's states of an artifact, with its numbers.</summary>
public enum ArtifactState
{
    Unknown = 0,
    Pending = 1,
    Live = 2,
    MarkedForDeletion = 3,
    Deleted = 4,
    Abandoned = 5,
    Reference = 6,
}

/// <summary>MLMD's states of an execution, with its numbers.</summary>
public enum ExecutionState
{
    Unknown = 0,
    New = 1,
    Running = 2,
    Complete = 3,
    Failed = 4,
    Cached = 5,
    Canceled = 6,
}

/// <summary>MLMD's kinds of events, with its numbers.</summary>
public enum EventType
{
    Unknown = 0,
    DeclaredOutput = 1,
    DeclaredInput = 2,
    Input = 3,
    Output = 4,
    InternalInput = 5,
    InternalOutput = 6,
    PendingOutput = 7,
}

/// <summary>An artifact as the store keeps it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Type">The name of its type.</param>
/// <param name="Uri">Where its content lies, relative to the home; absolute for files outside it.</param>
/// <param name="State">Whether its content can be used.</param>
/// <param name="Created">Milliseconds since 1970 UTC.</param>
/// <param name="Properties">All its properties.</param>
public sealed record StoredArtifact(
    long Id, string Type, string Uri, ArtifactState State, long Created, IReadOnlyDictionary<string, PropertyValue> Properties)
{
    /// <summary>SHA-256 of the content; empty when none was recorded.</summary>
    public string Fingerprint => Properties.TryGetValue("fingerprint", out var value) ? value.ToString() : "";
}

/// <summary>An execution as the store keeps it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Type">The name of the component.</param>
/// <param name="State">How far it came.</param>
/// <param name="Created">Milliseconds since 1970 UTC.</param>
/// <param name="Updated">The same, of the last change.</param>
/// <param name="Properties">All its properties.</param>
public sealed record StoredExecution(
    long Id, string Type, ExecutionState State, long Created, long Updated, IReadOnlyDictionary<string, PropertyValue> Properties)
{
    /// <summary>A property as text; empty when it is not there.</summary>
    public string Text(string property) => Properties.TryGetValue(property, out var value) ? value.ToString() : "";
}

/// <summary>A grouping of executions and artifacts: a pipeline, a run, a node, a cache key.</summary>
public sealed record StoredContext(
    long Id, string Type, string Name, long Created, long Updated, IReadOnlyDictionary<string, PropertyValue> Properties)
{
    /// <summary>A property as text; empty when it is not there.</summary>
    public string Text(string property) => Properties.TryGetValue(property, out var value) ? value.ToString() : "";
}

/// <summary>An artifact going into or coming out of an execution.</summary>
/// <param name="Key">The name of the input or output; <c>after</c> for a gate that had to be open though it was not read.</param>
/// <param name="Index">Its place among several artifacts of that name.</param>
public sealed record StoredEvent(long ArtifactId, long ExecutionId, EventType Type, string Key, int Index, long Time)
{
    /// <summary>Whether the execution depended on the artifact.</summary>
    public bool IsInput => Type is EventType.Input or EventType.InternalInput;

    /// <summary>Whether the execution put the artifact out.</summary>
    public bool IsOutput => Type is EventType.Output;
}

/// <summary>The right to execute one cache key, held by one process for a while.</summary>
/// <param name="Key">What is claimed.</param>
/// <param name="ExecutionId">The execution that holds it.</param>
/// <param name="Owner">The process that holds it.</param>
/// <param name="Token">Grows with every change of hands; a publish with an older token is refused.</param>
/// <param name="Expires">When the right lapses unless renewed; milliseconds since 1970 UTC.</param>
public sealed record Claim(string Key, long ExecutionId, string Owner, long Token, long Expires);

/// <summary>What a person decided about an artifact that is a gate.</summary>
public sealed record Decision(long ArtifactId, bool Approved, string By, string Reason, long Time);
