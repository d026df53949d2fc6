using System.Text.Json.Nodes;

namespace Gyre.Pipelines;

/// <summary>How far a part of an execution is.</summary>
public enum PartState
{
    /// <summary>It is being done, or waits to be taken up again.</summary>
    Running,

    Complete,

    /// <summary>Its results were there from an earlier execution.</summary>
    Reused,

    Failed,
}

/// <summary>
/// A part of an execution that the store keeps as an execution of its own, such as a trial of a search; see <see cref="Execution.Record"/>.
/// </summary>
public sealed record ExecutionPart
{
    /// <summary>What it is a part as, for example <c>Trial</c>; the type of its execution in the store.</summary>
    public required string Kind { get; init; }

    /// <summary>Its name among the parts of the execution, for example a number.</summary>
    public required string Name { get; init; }

    public required PartState State { get; init; }

    /// <summary>What it was asked to do.</summary>
    public required JsonObject Parameters { get; init; }

    /// <summary>What came out: scores, counts.</summary>
    public IReadOnlyDictionary<string, PropertyValue> Properties { get; init; } = new Dictionary<string, PropertyValue>(StringComparer.Ordinal);

    /// <summary>How long it was worked at.</summary>
    public double? Seconds { get; init; }

    /// <summary>What went wrong, of a part that failed.</summary>
    public string? Error { get; init; }
}
