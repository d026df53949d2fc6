using Gyre.Artifacts;
using Gyre.Metadata;
using Gyre.Pipelines;

namespace Gyre.Runners;

/// <summary>Makes results visible: content first, the record last, in one transaction.</summary>
sealed class NodePublisher(Home home, Run run)
{
    /// <exception cref="OperationCanceledException">The claim has passed to another process; nothing was published.</exception>
    public IReadOnlyDictionary<string, string> Publish(NodeWork work, NodeExecution execution, Claim claim, double seconds)
    {
        var uris = Home.UrisOf(run.Pipeline, work.Node, execution.Id);
        var fingerprints = uris.Keys.ToDictionary(key => key, key => Fingerprint(execution.Id, key, work.Node.Id), StringComparer.Ordinal);
        foreach (var (key, uri) in uris)
            home.Artifacts.Publish(execution.Id, key, uri);
        var published = home.Store.Write(transaction =>
        {
            if (!transaction.DeleteClaim(claim))
                return false;
            foreach (var key in uris.Keys)
                Insert(transaction, work, execution, key, uris[key], fingerprints[key]);
            transaction.UpdateExecution(execution.Id, ExecutionState.Complete, Ending(seconds));
            CacheLookup.Remember(transaction, work.Identity.CacheKey, execution.Id);
            return true;
        });
        if (!published)
        {
            home.Artifacts.Discard(execution.Id, uris.Values);
            throw new OperationCanceledException($"Another process took over the work of '{work.Node.Id}'.");
        }

        return fingerprints;
    }

    /// <summary>Records that results of an earlier execution are used again.</summary>
    public NodeOutcome Reuse(NodeWork work, CacheHit hit, string reason)
    {
        var id = home.Store.Write(transaction =>
        {
            var properties = work.Describe(run, reason);
            properties[ExecutionProperties.ReusedExecution] = hit.Execution.Id;
            var execution = transaction.InsertExecution(work.Node.Component, ExecutionState.Cached, properties);
            work.Link(transaction, run, execution);
            foreach (var (key, artifact) in hit.Outputs)
            {
                transaction.InsertEvent(artifact.Id, execution, EventType.Output, key, 0);
                foreach (var context in work.Contexts(transaction, run))
                    transaction.Attribute(context, artifact.Id);
            }

            return execution;
        });
        var fingerprints = hit.Outputs.ToDictionary(output => output.Key, output => output.Value.Fingerprint, StringComparer.Ordinal);
        return new NodeOutcome(work.Node.Id, NodeState.Cached, id, reason, null, 0, fingerprints);
    }

    /// <summary>Records an execution that did not end well, and removes what it wrote.</summary>
    public void Abort(NodeWork work, long executionId, Claim claim, ExecutionState state, string error, double seconds)
    {
        home.Artifacts.Discard(executionId, Home.UrisOf(run.Pipeline, work.Node, executionId).Values);
        home.Store.Write(transaction =>
        {
            if (!transaction.DeleteClaim(claim))
                return;
            var properties = Ending(seconds);
            properties[ExecutionProperties.Error] = error;
            ExecutionParts.End(transaction, executionId, state);
            transaction.UpdateExecution(executionId, state, properties);
        });
    }

    void Insert(MetadataTransaction transaction, NodeWork work, NodeExecution execution, string key, string uri, string fingerprint)
    {
        var properties = new Dictionary<string, PropertyValue>(execution.PropertiesOf(key), StringComparer.Ordinal) { ["fingerprint"] = fingerprint };
        var artifact = transaction.InsertArtifact(work.Node.Outputs[key], uri, ArtifactState.Live, properties);
        transaction.InsertEvent(artifact, execution.Id, EventType.Output, key, 0);
        foreach (var context in work.Contexts(transaction, run))
            transaction.Attribute(context, artifact);
    }

    string Fingerprint(long executionId, string key, string node)
    {
        var staged = home.Artifacts.StagingOf(executionId, key);
        return Directory.EnumerateFileSystemEntries(staged).Any()
            ? ContentFingerprint.Of(staged)
            : throw new InvalidDataException($"'{node}' ended without writing its output '{key}'. A component must write at least one file into each directory it is given.");
    }

    static Dictionary<string, PropertyValue> Ending(double seconds) => new(StringComparer.Ordinal)
    {
        [ExecutionProperties.Seconds] = seconds,
        [ExecutionProperties.Environment] = NodeWork.Environment(),
        [ExecutionProperties.PeakBytes] = ProcessOwner.PeakBytes,
    };
}
