using System.Text.Json.Serialization;
using Gyre.Pipelines;

namespace Gyre.Runners;

/// <summary>What became of a node in a run.</summary>
public enum NodeState
{
    /// <summary>It has not started.</summary>
    Waiting,

    Running,

    /// <summary>It ran and its outputs are published.</summary>
    Complete,

    /// <summary>Outputs of an earlier execution are used again.</summary>
    Cached,

    Failed,

    /// <summary>A gate before it is closed.</summary>
    Blocked,

    /// <summary>A node that it waits for failed, or was not reached.</summary>
    Skipped,

    /// <summary>It was interrupted.</summary>
    Canceled,

    /// <summary>Another living process is doing the same work, or an input does not exist yet.</summary>
    NotReady,
}

/// <summary>What became of a node, and why.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="State">What became of it.</param>
/// <param name="ExecutionId">The execution in the store; 0 when there is none.</param>
/// <param name="Reason">Why it ran or was reused.</param>
/// <param name="Message">What went wrong or what stopped it, with the cure; null when all is well.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="OutputFingerprints">The fingerprints of its outputs by key.</param>
public sealed record NodeOutcome(
    string NodeId,
    NodeState State,
    long ExecutionId,
    string Reason,
    string? Message,
    double Seconds,
    IReadOnlyDictionary<string, string>? OutputFingerprints = null)
{
    /// <summary>When the node's own result is a gate that is shut: why, and the cure. Nothing behind it runs.</summary>
    public string? ClosedGate { get; init; }

    [JsonIgnore]
    public bool EndedWell => State is NodeState.Complete or NodeState.Cached;
}

/// <summary>Something that happened in a run, for those who watch.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(RunStarted), "run_started")]
[JsonDerivedType(typeof(NodeStarted), "node_started")]
[JsonDerivedType(typeof(NodeProgressed), "node_progressed")]
[JsonDerivedType(typeof(NodeEnded), "node_ended")]
[JsonDerivedType(typeof(RunEnded), "run_ended")]
public abstract record RunEvent;

/// <param name="RunId">The run.</param>
/// <param name="Pipeline">Its pipeline.</param>
/// <param name="Nodes">The nodes selected, in an order in which they can run.</param>
public sealed record RunStarted(string RunId, string Pipeline, IReadOnlyList<string> Nodes) : RunEvent;

/// <param name="NodeId">The node.</param>
/// <param name="Reason">Why it runs.</param>
public sealed record NodeStarted(string NodeId, string Reason) : RunEvent;

public sealed record NodeProgressed(string NodeId, Progress Progress) : RunEvent;

public sealed record NodeEnded(NodeOutcome Outcome) : RunEvent;

public sealed record RunEnded(RunResult Result) : RunEvent;

/// <summary>What became of a run.</summary>
public sealed record RunResult(string RunId, string Pipeline, IReadOnlyList<NodeOutcome> Nodes, double Seconds, bool Canceled)
{
    /// <summary>0 done, 1 failed, 3 stopped by a gate, 130 interrupted.</summary>
    public int ExitCode =>
        Canceled ? 130
        : Nodes.Any(node => node.State is NodeState.Failed or NodeState.NotReady) ? 1
        : Nodes.Any(node => node.State is NodeState.Blocked || node.ClosedGate is not null) ? 3
        : 0;
}
