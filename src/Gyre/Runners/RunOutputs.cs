using Gyre.Metadata;

namespace Gyre.Runners;

/// <summary>Finds what nodes have produced.</summary>
static class RunOutputs
{
    /// <summary>
    /// The outputs of a node as a run sees them: of this run when the node is part of it, otherwise the newest whole ones.
    /// Null when there are none.
    /// </summary>
    public static IReadOnlyDictionary<string, StoredArtifact>? Of(MetadataTransaction transaction, Home home, Run run, string nodeId)
    {
        if (transaction.Context("node", CacheLookup.NodeContext(run.Pipeline, nodeId)) is not { } node)
            return null;
        var inThisRun = run.Nodes.Contains(nodeId, StringComparer.Ordinal);
        var executions = inThisRun ? transaction.ExecutionsOf(node.Id, run.ContextId) : transaction.ExecutionsOf(node.Id);
        foreach (var execution in executions.Where(execution => execution.State is ExecutionState.Complete or ExecutionState.Cached))
        {
            var outputs = CacheLookup.OutputsOf(transaction, execution.Id);
            if (inThisRun || outputs.Values.All(artifact => artifact.State == ArtifactState.Live && home.Artifacts.Damage(artifact.Uri, artifact.Fingerprint) is null))
                return outputs;
        }

        return null;
    }
}
