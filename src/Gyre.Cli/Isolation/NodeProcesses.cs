using System.Diagnostics;
using System.Reflection;
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

    /// <summary>Exit codes above it tell the signal that ended a process.</summary>
    const int SignalBase = 128;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task<NodeOutcome> RunAsync(Run run, string nodeId, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(Describe(run, nodeId))
            ?? throw new InvalidOperationException($"The process for '{nodeId}' could not be started.");
        process.StandardInput.Close();
        NodeOutcome? outcome = null;
        var errors = ForwardAsync(process.StandardError, line => session.Screen.Problem(line));
        var events = ForwardAsync(process.StandardOutput, line =>
        {
            if (JsonSerializer.Deserialize<RunEvent>(line, NodeEventJson.Options) is not { } happened)
                return;
            if (happened is NodeEnded { Outcome: var ended })
                outcome = ended;
            observe(happened);
        });
        await WaitAsync(process, cancellationToken);
        await Task.WhenAll(errors, events);
        if (outcome is not null)
            return outcome;

        var died = Died(run, nodeId, process.ExitCode, Stopwatch.GetElapsedTime(started).TotalSeconds, cancellationToken.IsCancellationRequested);
        observe(new NodeEnded(died));
        return died;
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

    NodeOutcome Died(Run run, string nodeId, int exitCode, double seconds, bool canceled)
    {
        home.Sweep();
        var execution = ExecutionOf(run, nodeId);
        if (canceled)
            return new NodeOutcome(nodeId, NodeState.Canceled, execution, "", "Interrupted. Run again to go on from here.", seconds);
        var how = exitCode > SignalBase
            ? $"was ended by signal {exitCode - SignalBase}{(exitCode - SignalBase == 9 ? " (SIGKILL; the system does this when memory runs out)" : "")}"
            : $"ended with exit code {exitCode} before it told what became of the node";
        return new NodeOutcome(
            nodeId, NodeState.Failed, execution, "", $"The process that ran '{nodeId}' {how}. What it wrote was removed. Run again to try it once more, or without --isolate to see it fail here.", seconds);
    }

    long ExecutionOf(Run run, string nodeId) => home.Store.Read(transaction =>
        transaction.Context("node", $"{run.Pipeline}.{nodeId}") is { } node && transaction.Context("pipeline_run", run.Id) is { } context
            && transaction.ExecutionsOf(node.Id, context.Id) is [var newest, ..] ? newest.Id : 0);

    ProcessStartInfo Describe(Run run, string nodeId)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known, so --isolate cannot start it again. Run without it."))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet" && Assembly.GetEntryAssembly()?.Location is { Length: > 0 } library)
            start.ArgumentList.Add(library);
        foreach (var argument in new[] { "node", "run", "--node", nodeId, "--run", run.Id, "--events" }.Concat(session.SameProgramArguments))
            start.ArgumentList.Add(argument);
        return start;
    }

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
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowOutOfOrderMetadataProperties = true,
    };

    public static string Write(RunEvent happened) => JsonSerializer.Serialize(happened, Options);
}
