using Gyre.Pipelines;

namespace Gyre.Runners;

/// <summary>Does parts of one node's work in a process that was started for them, see <see cref="IWorkerProcesses"/>.</summary>
public sealed class PartWorker
{
    readonly IDividedWork _work;

    /// <param name="pipeline">The pipeline, defined as in the process that asks.</param>
    /// <param name="nodeId">The node whose work is divided.</param>
    /// <exception cref="ArgumentException">There is no such node, or its work is not divided.</exception>
    public PartWorker(Pipeline pipeline, string nodeId) =>
        _work = pipeline.Components.FirstOrDefault(component => component.NodeId == nodeId) as IDividedWork
            ?? throw new ArgumentException($"'{nodeId}' is no node of '{pipeline.Name}' that does its work in parts.", nameof(nodeId));

    /// <inheritdoc cref="IWorkerProcess.DoAsync"/>
    public string Do(string part, WorkerSettings settings, CancellationToken cancellationToken) => _work.Do(part, settings, cancellationToken);
}
