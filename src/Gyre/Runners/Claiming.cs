using System.Text.Json;
using Gyre.Metadata;
using Gyre.Pipelines;

namespace Gyre.Runners;

/// <summary>The right to execute a cache key, and keeping it while the work lasts.</summary>
sealed class Claiming : IDisposable
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    readonly MetadataStore _store;
    readonly ITimer _heartbeat;
    readonly CancellationTokenSource _lost = new();

    public Claiming(Home home, Claim claim)
    {
        _store = home.Store;
        Claim = claim;
        _heartbeat = home.Time.CreateTimer(_ => Renew(), state: null, Lease / 4, Lease / 4);
    }

    public Claim Claim { get; }

    /// <summary>Cancelled when the claim has passed to another process.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Marks the execution of a dead process as failed and frees what it held.</summary>
    public static void Abandon(MetadataTransaction transaction, Claim claim)
    {
        if (!transaction.DeleteClaim(claim))
            return;
        ExecutionParts.End(transaction, claim.ExecutionId, ExecutionState.Failed);
        transaction.UpdateExecution(claim.ExecutionId, ExecutionState.Failed, new Dictionary<string, PropertyValue>(StringComparer.Ordinal)
        {
            [ExecutionProperties.Error] = "The process that ran it ended without finishing. What it wrote was removed; running again does the work anew.",
        });
    }

    public static IReadOnlyList<string> PlannedUris(MetadataTransaction transaction, long executionId) =>
        transaction.Execution(executionId)?.Text(ExecutionProperties.PlannedUris) is { Length: > 0 } json
            ? JsonSerializer.Deserialize<string[]>(json)!
            : [];

    public void Dispose()
    {
        _heartbeat.Dispose();
        _lost.Dispose();
    }

    void Renew()
    {
        try
        {
            if (!_store.Write(transaction => transaction.RenewClaim(Claim, Lease)))
                _lost.Cancel();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The publish transaction checks the token anyway; a missed heartbeat alone stops nothing.
        }
    }
}

/// <summary>The properties under which the store keeps an execution.</summary>
public static class ExecutionProperties
{
    public const string Node = "node";
    public const string Pipeline = "pipeline";
    public const string Run = "run";
    public const string Reason = "reason";
    public const string Identity = "identity";
    public const string Parameters = "parameters";
    public const string Code = "code";
    public const string Error = "error";
    public const string Seconds = "seconds";
    public const string ReusedExecution = "reused_execution";
    public const string PlannedUris = "planned_uris";
    public const string Environment = "environment";
    public const string GyreVersion = "gyre_version";
    public const string Attempt = "attempt";

    /// <summary>The most memory that the process had used when the execution ended; it is the execution's own with <c>--isolate</c>.</summary>
    public const string PeakBytes = "peak_bytes";

    /// <summary>Of a part of an execution: the number of the whole.</summary>
    public const string Whole = "part_of";

    /// <summary>All of these names; what a part of an execution achieved has others.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Node, Pipeline, Run, Reason, Identity, Parameters, Code, Error, Seconds, ReusedExecution, PlannedUris, Environment, GyreVersion, Attempt, PeakBytes, Whole];
}
