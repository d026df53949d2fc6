using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Gyre.Pipelines;

/// <summary>
/// What a component is given to work with: input artifacts, directories for its outputs, a log, a clock, and ways to
/// report. Nothing written here is visible to others before the execution has ended well.
/// </summary>
public abstract class Execution
{
    /// <summary>The number of this execution in the metadata store.</summary>
    public abstract long Id { get; }

    public abstract string PipelineName { get; }

    public abstract string RunId { get; }

    public abstract string NodeId { get; }

    /// <summary>The directory that holds everything of this installation: store, artifacts, logs.</summary>
    public abstract string HomeDirectory { get; }

    /// <summary>A directory for intermediate files; removed when the execution ends.</summary>
    public abstract string TemporaryDirectory { get; }

    /// <summary>
    /// A directory for checkpoints: if this execution is killed, interrupted or fails, the next execution of the same work
    /// (same code, parameters and inputs) finds it as it was left. It exists, belongs to this execution alone, and is
    /// removed when the execution ends well.
    /// </summary>
    public abstract string ResumeDirectory { get; }

    /// <summary>How many threads the execution may use; results must not depend on it.</summary>
    public abstract int Threads { get; }

    public abstract TimeProvider Time { get; }

    /// <summary>Kept with the execution and shown by <c>logs</c>.</summary>
    public abstract ILogger Log { get; }

    /// <summary>The artifact at the other end of a wire.</summary>
    public TArtifact Read<TArtifact>(Output<TArtifact> input)
        where TArtifact : Artifact, new()
        => TryRead(input, out var artifact)
            ? artifact
            : throw new InvalidOperationException($"Node '{NodeId}' has no input '{input}'. Hold the wire in a field or property of the component.");

    /// <summary>The artifact at the other end of a wire that may lead nowhere, see <see cref="Resolvers"/>.</summary>
    public abstract bool TryRead<TArtifact>(Output<TArtifact>? input, [NotNullWhen(true)] out TArtifact? artifact)
        where TArtifact : Artifact, new();

    /// <summary>The files outside the home that <see cref="Component.ExternalFiles"/> named, fingerprinted.</summary>
    public abstract IReadOnlyList<ExternalFile> ExternalFiles { get; }

    /// <summary>The directory into which the content of an output is written. It exists.</summary>
    public abstract string DirectoryOf(Output output);

    /// <summary>The path of a file of an output; directories on the way are made.</summary>
    public string PathOf(Output output, string relativePath)
    {
        var path = SafePath.Join(DirectoryOf(output), relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Gives the artifact behind an output a property.</summary>
    public abstract void SetProperty(Output output, string name, PropertyValue value);

    /// <summary>
    /// Closes the gate that this output is: the node ends well, its outputs are kept, but nothing behind it runs, and
    /// the run ends with exit code 3.
    /// </summary>
    /// <param name="output">The output that tells others of the verdict.</param>
    /// <param name="reason">What was found.</param>
    /// <param name="cure">What to do next.</param>
    public void CloseGate(Output output, string reason, string cure) => SetGate(output, GateState.Closed, reason, cure);

    /// <summary>Holds the nodes behind this output back until a person has approved it (<c>model approve</c>).</summary>
    public void AskForReview(Output output, string reason, string cure) => SetGate(output, GateState.Review, reason, cure);

    /// <summary>
    /// A number that counts up from 1 within a sequence, for example a model's versions. The same key always has the same
    /// number, so asking again after a crash wastes none.
    /// </summary>
    public abstract long NumberFor(string sequence, string key);

    /// <summary>
    /// An intermediate result that other executions in this home share, for example what one span contributes to
    /// statistics of many: made when it is asked for the first time, found again later, also by other runs.
    /// </summary>
    /// <param name="key">
    /// Everything that the result depends on: what makes it and in which version, its options, the fingerprints of what it
    /// is made from.
    /// </param>
    /// <param name="make">Writes the result into the directory that it is given. The same key must always give the same content.</param>
    /// <returns>The directory of the result, which must not be changed.</returns>
    public abstract string Memo(string key, Action<string> make);

    /// <summary>
    /// Records a part of this execution as an execution of its own in the store, or what has become of it since. Parts that are
    /// still running when this execution fails or is interrupted are recorded as such.
    /// </summary>
    public abstract void Record(ExecutionPart part);

    /// <summary>Processes to do parts of the work in; null where all has to be done in this one.</summary>
    internal virtual IWorkerProcesses? Processes => null;

    /// <summary>Tells those who watch how far the work is. Cheap; call as often as you like.</summary>
    public abstract void Report(Progress progress);

    void SetGate(Output output, GateState state, string reason, string cure)
    {
        SetProperty(output, GateProperties.State, state.ToString().ToLowerInvariant());
        SetProperty(output, GateProperties.Reason, reason);
        SetProperty(output, GateProperties.Cure, cure);
    }
}

/// <summary>How far an execution is. Only what is set is shown.</summary>
public sealed record Progress
{
    /// <summary>Examples done so far.</summary>
    public long? Rows { get; init; }

    /// <summary>Examples in all, where known.</summary>
    public long? TotalRows { get; init; }

    public int? Epoch { get; init; }

    public int? Epochs { get; init; }

    /// <summary>The training loss, averaged over the steps since the last report.</summary>
    public double? Loss { get; init; }

    /// <summary>What is being done, in a few words.</summary>
    public string? Message { get; init; }
}

/// <summary>Whether nodes behind an artifact may run.</summary>
public enum GateState
{
    Open,
    Closed,
    Review,
}

/// <summary>The properties by which an artifact is a gate.</summary>
public static class GateProperties
{
    /// <summary><c>open</c>, <c>closed</c> or <c>review</c>; absent on artifacts that are no gates.</summary>
    public const string State = "gate";

    public const string Reason = "gate_reason";

    public const string Cure = "gate_cure";
}

/// <summary>Results of an earlier execution that are about to be used again.</summary>
/// <param name="HomeDirectory">The directory of this installation.</param>
/// <param name="Artifacts">The output artifacts by key.</param>
public sealed record Reuse(string HomeDirectory, IReadOnlyDictionary<string, Artifact> Artifacts);
