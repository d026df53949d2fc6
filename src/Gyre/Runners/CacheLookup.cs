using Gyre.Metadata;
using Gyre.Pipelines;

namespace Gyre.Runners;

/// <summary>Results of an earlier execution that can be used again.</summary>
sealed record CacheHit(StoredExecution Execution, IReadOnlyDictionary<string, StoredArtifact> Outputs);

/// <summary>A hit, or the reason to execute.</summary>
/// <param name="Hit">Results to use again.</param>
/// <param name="Reason">Why they can be used, or why there are none.</param>
/// <param name="NewestSeen">The newest execution that was looked at and found unfit.</param>
sealed record CacheAnswer(CacheHit? Hit, string Reason, long NewestSeen);

/// <summary>Looks for results to use again, and says why there are none.</summary>
sealed class CacheLookup(Home home)
{
    const string CacheContext = "execution_cache";

    public static void Remember(MetadataTransaction transaction, string cacheKey, long executionId) =>
        transaction.Associate(transaction.PutContext(CacheContext, cacheKey), executionId);

    public CacheAnswer Find(Pipeline pipeline, NodeSpec node, Identity identity)
    {
        var (candidates, earlier) = home.Store.Read(transaction => (Candidates(transaction, identity.CacheKey), Earlier(transaction, pipeline.Name, node.Id)));
        string? damage = null;
        foreach (var candidate in candidates)
        {
            var flaw = Flaw(pipeline.Component(node.Id), node, candidate);
            if (flaw is null)
                return new CacheAnswer(candidate, $"same as e{candidate.Execution.Id}", NewestSeen: 0);
            damage ??= flaw;
        }

        var newest = candidates.Count > 0 ? candidates[0].Execution.Id : 0;
        return new CacheAnswer(null, damage ?? (earlier is null ? "first run" : Difference(identity, earlier)), newest);
    }

    /// <summary>The newest execution whose results are under this key; 0 when there is none.</summary>
    public static long Newest(MetadataTransaction transaction, string cacheKey) =>
        Candidates(transaction, cacheKey) is [var newest, ..] ? newest.Execution.Id : 0;

    /// <summary>The output artifacts of an execution by key.</summary>
    public static IReadOnlyDictionary<string, StoredArtifact> OutputsOf(MetadataTransaction transaction, long executionId) =>
        transaction.EventsOfExecution(executionId).Where(happened => happened.IsOutput)
            .ToDictionary(happened => happened.Key, happened => transaction.Artifact(happened.ArtifactId)!, StringComparer.Ordinal);

    static List<CacheHit> Candidates(MetadataTransaction transaction, string cacheKey) =>
        transaction.Context(CacheContext, cacheKey) is { } context
            ? [.. transaction.ExecutionsOf(context.Id).Where(execution => execution.State == ExecutionState.Complete)
                .Select(execution => new CacheHit(execution, OutputsOf(transaction, execution.Id)))]
            : [];

    string? Flaw(Component component, NodeSpec node, CacheHit hit)
    {
        foreach (var key in node.Outputs.Keys)
        {
            if (!hit.Outputs.TryGetValue(key, out var artifact) || artifact.State != ArtifactState.Live)
                return $"the output '{key}' of e{hit.Execution.Id} is no longer there";
            if (home.Artifacts.Damage(artifact.Uri, artifact.Fingerprint) is { } damage)
                return damage;
        }

        return component.WhyStale(new Reuse(home.Directory, component.AllOutputs.ToDictionary(output => output.Key, output => Bind(output, hit), StringComparer.Ordinal)));
    }

    Artifact Bind(Output output, CacheHit hit)
    {
        var stored = hit.Outputs[output.Key];
        return ((Artifact)Activator.CreateInstance(output.ArtifactType)!).Bind(
            stored.Id, home.Artifacts.PathOf(stored.Uri), stored.Fingerprint, stored.Properties);
    }

    static StoredExecution? Earlier(MetadataTransaction transaction, string pipeline, string node) =>
        transaction.Context("node", NodeContext(pipeline, node)) is { } context
            ? transaction.ExecutionsOf(context.Id).FirstOrDefault(execution => execution.State is ExecutionState.Complete or ExecutionState.Cached)
            : null;

    static string Difference(Identity now, StoredExecution earlier) =>
        earlier.Text(ExecutionProperties.Identity) is { Length: > 0 } before && now.DifferenceFrom(new Identity(before)) is { Length: > 0 } difference
            ? difference
            : $"no result like e{earlier.Id} is left";

    public static string NodeContext(string pipeline, string node) => $"{pipeline}.{node}";
}
