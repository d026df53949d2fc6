using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gyre.Runners;

namespace Gyre.Cli.Isolation;

/// <summary>
/// Runs nodes in processes of their own: this same program with <c>node run</c>, its events read line by line. What a
/// process leaves behind when it dies is cleared up here.
/// </summary>
sealed partial class NodeProcesses(Session session, Home home, Action<RunEvent> observe)
{
    const int Terminate = 15;
    const int KillAtOnce = 9;

    /// <summary>Exit codes above it tell the signal that ended a process.</summary>
    const int SignalBase = 128;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task<NodeOutcome> RunAsync(Run run, string nodeId, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        NodeOutcome? told = null;
        string how;
        try
        {
            how = await RunAsync(run, nodeId, ended => told = ended, cancellationToken);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or IOException)
        {
            how = $"could not be started or listened to ({error.Message})";
        }

        if (told is not null)
            return told;
        var died = Died(run, nodeId, how, Stopwatch.GetElapsedTime(started).TotalSeconds, cancellationToken.IsCancellationRequested);
        observe(new NodeEnded(died));
        return died;
    }

    /// <returns>How the process ended, in words.</returns>
    async Task<string> RunAsync(Run run, string nodeId, Action<NodeOutcome> tell, CancellationToken cancellationToken)
    {
        using var process = Process.Start(OwnProcess.Describe(session, ["node", "run", "--node", nodeId, "--run", run.Id, "--events"]))
            ?? throw new InvalidOperationException("the system started nothing");
        process.StandardInput.Close();
        var errors = ForwardAsync(process.StandardError, session.Screen.Problem);
        var events = ForwardAsync(process.StandardOutput, line =>
        {
            if (NodeEventJson.Read(line) is not { } happened)
            {
                // Native code may print past every redirection; it must neither break the run nor be lost.
                session.Screen.Problem(line);
                return;
            }

            if (happened is NodeEnded { Outcome: var ended })
                tell(ended);
            observe(happened);
        });
        await WaitAsync(process, cancellationToken);
        await Task.WhenAll(errors, events);
        return process.ExitCode > SignalBase
            ? $"was ended by signal {process.ExitCode - SignalBase}{(process.ExitCode - SignalBase == KillAtOnce ? " (SIGKILL; the system does this when memory runs out)" : "")}"
            : $"ended with exit code {process.ExitCode} before it told what became of the node";
    }

    /// <summary>Asks a process to stop when the run is cancelled, and stops it if it does not.</summary>
    static async Task WaitAsync(Process process, CancellationToken cancellationToken)
    {
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            if (OperatingSystem.IsWindows() || Kill(process.Id, Terminate) != 0)
                process.Kill(entireProcessTree: true);
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    NodeOutcome Died(Run run, string nodeId, string how, double seconds, bool canceled)
    {
        home.Sweep();
        var execution = ExecutionOf(run, nodeId);
        return canceled
            ? new NodeOutcome(nodeId, NodeState.Canceled, execution, "", "Interrupted. Run again to go on from here.", seconds)
            : new NodeOutcome(
                nodeId, NodeState.Failed, execution, "",
                $"The process that ran '{nodeId}' {how}. What it wrote was removed. Run again to try it once more, or without --isolate to see it fail here.", seconds);
    }

    long ExecutionOf(Run run, string nodeId) => home.Store.Read(transaction =>
        transaction.Context("node", $"{run.Pipeline}.{nodeId}") is { } node && transaction.Context("pipeline_run", run.Id) is { } context
            && transaction.ExecutionsOf(node.Id, context.Id) is [var newest, ..] ? newest.Id : 0);

    static async Task ForwardAsync(StreamReader reader, Action<string> take)
    {
        while (await reader.ReadLineAsync() is { } line)
            take(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

/// <summary>How events travel between processes: JSON, one a line.</summary>
static class NodeEventJson
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowOutOfOrderMetadataProperties = true,
    };

    /// <summary>The event of a line; null when the line is something else.</summary>
    public static RunEvent? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<RunEvent>(line, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string Write(RunEvent happened) => JsonSerializer.Serialize(happened, Options);
}
