using System.Collections.Concurrent;
using System.Globalization;
using Gyre.Metadata;
using Gyre.Pipelines;

namespace Gyre.Runners;

/// <summary>What nodes have produced, as one run sees it.</summary>
sealed class RunOutputs(Home home, Pipeline pipeline, PipelineSpec spec, Run run)
{
    readonly ConcurrentDictionary<string, Earlier?> _earlier = new(StringComparer.Ordinal);

    /// <summary>Results of an earlier run that stand in for a node that is not part of this one.</summary>
    sealed record Earlier(long ExecutionId, bool IsCurrent, IReadOnlyDictionary<string, StoredArtifact> Outputs);

    /// <summary>
    /// The outputs of a node: of this run when the node is part of it; otherwise of the execution that is what the pipeline
    /// defines now, and failing that, of the newest that is whole. Null when there are none.
    /// </summary>
    public IReadOnlyDictionary<string, StoredArtifact>? Of(string nodeId) =>
        run.Nodes.Contains(nodeId, StringComparer.Ordinal) ? InThisRun(nodeId) : _earlier.GetOrAdd(nodeId, FindEarlier)?.Outputs;

    /// <summary>Says which of the results that a node depends on were made by another definition than the present one; null when none were.</summary>
    public string? Outdated(NodeSpec node)
    {
        var outdated = GraphOrder.Upstream(spec, [node.Id]).Where(other => other != node.Id)
            .Select(other => _earlier.TryGetValue(other, out var earlier) && earlier is { IsCurrent: false } ? $"e{earlier.ExecutionId.ToString(CultureInfo.InvariantCulture)} of {other}" : null)
            .OfType<string>().ToList();
        return outdated.Count == 0 ? null : $"uses {string.Join(", ", outdated)}, which is not what the pipeline defines now";
    }

    IReadOnlyDictionary<string, StoredArtifact>? InThisRun(string nodeId) => home.Store.Read(transaction =>
        transaction.Context("node", CacheLookup.NodeContext(run.Pipeline, nodeId)) is { } node
        && transaction.ExecutionsOf(node.Id, run.ContextId).FirstOrDefault(EndedWell) is { } execution
            ? CacheLookup.OutputsOf(transaction, execution.Id)
            : null);

    Earlier? FindEarlier(string nodeId) => FindCurrent(spec.Node(nodeId)) ?? FindNewest(nodeId);

    Earlier? FindCurrent(NodeSpec node)
    {
        var (inputs, _) = home.Store.Read(transaction => NodeInputs.Resolve(transaction, spec, node, Of));
        if (inputs is null)
            return null;
        try
        {
            var work = new NodeWork(node, inputs, NodeInputs.Files(pipeline.Component(node.Id)), Attempt: 1);
            return new CacheLookup(home).Find(pipeline, node, work.Identity).Hit is { } hit ? new Earlier(hit.Execution.Id, IsCurrent: true, hit.Outputs) : null;
        }
        catch (FileNotFoundException)
        {
            // Files that a node once read may be gone; its results stand in all the same.
            return null;
        }
    }

    Earlier? FindNewest(string nodeId) => home.Store.Read(transaction =>
    {
        if (transaction.Context("node", CacheLookup.NodeContext(run.Pipeline, nodeId)) is not { } node)
            return null;
        return transaction.ExecutionsOf(node.Id).Where(EndedWell)
            .Select(execution => new Earlier(execution.Id, IsCurrent: false, CacheLookup.OutputsOf(transaction, execution.Id)))
            .FirstOrDefault(earlier => earlier.Outputs.Values.All(IsWhole));
    });

    bool IsWhole(StoredArtifact artifact) => artifact.State == ArtifactState.Live && home.Artifacts.Damage(artifact.Uri, artifact.Fingerprint) is null;

    static bool EndedWell(StoredExecution execution) => execution.State is ExecutionState.Complete or ExecutionState.Cached;
}
