using System.Text.Json;
using Gyre.Metadata;
using Gyre.Pipelines;
using Microsoft.Extensions.Logging;

namespace Gyre.Runners;

/// <summary>
/// Runs one node of a run: finds its inputs, looks at the gates, looks in the cache, claims the work, executes it in a
/// private directory, publishes. The same under every engine, so caching, lineage, gates and retries are too.
/// </summary>
public sealed class NodeRunner(Home home, Pipeline pipeline, PipelineSpec spec, Run run, Action<RunEvent> observe)
{
    static readonly TimeSpan PauseWhileOthersWork = TimeSpan.FromMilliseconds(150);

    static readonly Dictionary<string, PropertyValue> NoProperties = [];

    readonly CacheLookup _cache = new(home);
    readonly NodePublisher _publisher = new(home, run);
    readonly RunOutputs _outputs = new(home, pipeline, spec, run);

    /// <summary>How many threads an execution may use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Starts processes for parts of a node's work; null to do all in this process.</summary>
    public Func<string, IWorkerProcesses>? Processes { get; init; }

    /// <summary>Runs a node, again if it fails and asks for it. Failures are outcomes, not exceptions.</summary>
    public async Task<NodeOutcome> RunAsync(string nodeId, CancellationToken cancellationToken)
    {
        var node = spec.Node(nodeId);
        var started = home.Time.GetTimestamp();
        var pause = TimeSpan.FromSeconds(node.FirstPauseSeconds);
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await TryAsync(node, attempt, cancellationToken);
            outcome = outcome with { Seconds = home.Time.GetElapsedTime(started).TotalSeconds, ClosedGate = OwnGate(outcome) };
            if (outcome.State != NodeState.Failed || attempt >= node.Attempts)
            {
                observe(new NodeEnded(outcome));
                return outcome;
            }

            observe(new NodeProgressed(nodeId, new Progress { Message = $"failed, attempt {attempt} of {node.Attempts}; trying again in {pause.TotalSeconds:0.#} s" }));
            try
            {
                await Task.Delay(pause, home.Time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return outcome with { State = NodeState.Canceled };
            }

            pause *= 2;
        }
    }

    string? OwnGate(NodeOutcome outcome) => outcome.EndedWell
        ? home.Store.Read(transaction => NodeInputs.ClosedGate(transaction, CacheLookup.OutputsOf(transaction, outcome.ExecutionId).Values))
        : null;

    async Task<NodeOutcome> TryAsync(NodeSpec node, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            var (inputs, missing, gate) = home.Store.Read(transaction =>
            {
                var (found, lacking) = NodeInputs.Resolve(transaction, spec, node, _outputs.Of);
                return (found, lacking, found?.ClosedGate(transaction));
            });
            if (inputs is null)
                return new NodeOutcome(node.Id, NodeState.NotReady, 0, "", missing, 0);
            if (gate is not null)
                return new NodeOutcome(node.Id, NodeState.Blocked, 0, "", gate, 0);
            var work = new NodeWork(node, inputs, NodeInputs.Files(pipeline.Component(node.Id)), attempt);
            return await ReuseOrExecuteAsync(work, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return new NodeOutcome(node.Id, NodeState.Canceled, 0, "", "Interrupted.", 0);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return new NodeOutcome(node.Id, NodeState.Failed, 0, "", error.Message, 0);
        }
    }

    async Task<NodeOutcome> ReuseOrExecuteAsync(NodeWork work, CancellationToken cancellationToken)
    {
        var forced = run.Options.NoCache || run.Options.Force.Contains(work.Node.Id, StringComparer.Ordinal);
        for (var waited = false; ; waited = true)
        {
            var answer = forced ? new CacheAnswer(null, "forced", 0) : _cache.Find(pipeline, work.Node, work.Identity);
            if (_outputs.Outdated(work.Node) is { } outdated)
                answer = answer with { Reason = $"{answer.Reason}; {outdated}" };
            if (answer.Hit is not null)
                return _publisher.Reuse(work, answer.Hit, answer.Reason);
            if (Claim(work, answer, forced) is { } claim)
                return await ExecuteAsync(work, claim, answer.Reason, cancellationToken);
            if (!waited)
                observe(new NodeStarted(work.Node.Id, "another run is computing the same result; waiting for it"));
            await Task.Delay(PauseWhileOthersWork, home.Time, cancellationToken);
        }
    }

    /// <returns>The claim, or null while a living process holds it, or when one has published since the cache was asked.</returns>
    Claim? Claim(NodeWork work, CacheAnswer answer, bool forced)
    {
        var key = forced ? $"{work.Identity.CacheKey}/{run.Id}" : work.Identity.CacheKey;
        var (claim, abandoned) = home.Store.Write<(Claim?, Claim?)>(transaction =>
        {
            var held = transaction.Claim(key);
            if (held is not null && ProcessOwner.IsAlive(held, transaction.Now))
                return (null, null);
            if (!forced && CacheLookup.Newest(transaction, key) > answer.NewestSeen)
                return (null, null);
            if (held is not null)
                Claiming.Abandon(transaction, held);
            return (Begin(transaction, work, key, answer.Reason), held);
        });
        if (abandoned is not null)
            home.Artifacts.Discard(abandoned.ExecutionId, home.Store.Read(transaction => Claiming.PlannedUris(transaction, abandoned.ExecutionId)));
        return claim;
    }

    Claim Begin(MetadataTransaction transaction, NodeWork work, string key, string reason)
    {
        var id = transaction.InsertExecution(work.Node.Component, ExecutionState.Running, work.Describe(run, reason));
        transaction.UpdateExecution(id, ExecutionState.Running, new Dictionary<string, PropertyValue>(StringComparer.Ordinal)
        {
            [ExecutionProperties.PlannedUris] = JsonSerializer.Serialize(Home.UrisOf(run.Pipeline, work.Node, id).Values),
        });
        work.Link(transaction, run, id);
        return transaction.PutClaim(key, id, ProcessOwner.Current, Claiming.Lease);
    }

    async Task<NodeOutcome> ExecuteAsync(NodeWork work, Claim claim, string reason, CancellationToken cancellationToken)
    {
        var (node, id, started) = (work.Node, claim.ExecutionId, home.Time.GetTimestamp());
        observe(new NodeStarted(node.Id, reason));
        using var claiming = new Claiming(home, claim);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, claiming.Lost);
        using var log = new ExecutionLog(home.LogOf(id), home.Time);
        log.LogInformation("{Node} starts in run {Run}: {Reason}", node.Id, run.Id, reason);
        IReadOnlyDictionary<string, string> fingerprints;
        double Seconds() => home.Time.GetElapsedTime(started).TotalSeconds;
        try
        {
            var files = work.Files.Select(file => (ExternalFile)new ExternalFile().Bind(0, file.Path, file.Fingerprint, NoProperties)).ToList();
            var execution = new NodeExecution(home, run, node, id, claim.Key, work.Inputs, files, Threads, log, progress => observe(new NodeProgressed(node.Id, progress)))
            {
                WorkerProcesses = Processes?.Invoke(node.Id),
            };
            await Task.Run(() => pipeline.Component(node.Id).ExecuteAsync(execution, stop.Token), stop.Token);
            stop.Token.ThrowIfCancellationRequested();
            fingerprints = _publisher.Publish(work, execution, claim, Seconds());
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.LogWarning("{Node} was interrupted", node.Id);
            _publisher.Abort(work, id, claim, ExecutionState.Canceled, "Interrupted.", Seconds());
            return new NodeOutcome(node.Id, NodeState.Canceled, id, reason, "Interrupted. Run again to go on from here.", 0);
        }
        catch (Exception error)
        {
            // The boundary to components' own code: whatever it throws is this node's failure and nobody else's.
            log.LogError(error, "{Node} failed", node.Id);
            var message = FailureMessage.Of(error);
            _publisher.Abort(work, id, claim, ExecutionState.Failed, message, Seconds());
            return new NodeOutcome(node.Id, NodeState.Failed, id, reason, message, 0);
        }

        home.Artifacts.Discard(id, []);
        home.Memo.DiscardResume(claim.Key);
        log.LogInformation("{Node} ended well after {Seconds:0.000} s", node.Id, Seconds());
        return new NodeOutcome(node.Id, NodeState.Complete, id, reason, null, 0, fingerprints);
    }
}
