using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gyre.Pipelines;
using Gyre.Runners;

namespace Gyre.Cli.Isolation;

/// <summary>Starts this same program with <c>node work</c>, to do parts of a node's work, for example trials of a search.</summary>
sealed class WorkerProcesses(Session session, Run run, string nodeId) : IWorkerProcesses
{
    /// <summary>What .NET and the native libraries below trainers ask for how many threads to make.</summary>
    static readonly string[] ThreadVariables = ["DOTNET_PROCESSOR_COUNT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"];

    public IWorkerProcess Start(WorkerSettings settings)
    {
        var threads = settings.Threads.ToString(CultureInfo.InvariantCulture);
        var start = OwnProcess.Describe(session, ["node", "work", "--node", nodeId, "--run", run.Id, "--threads", threads, "--temporary", settings.TemporaryDirectory]);
        foreach (var variable in ThreadVariables)
            start.Environment[variable] = threads;
        try
        {
            return new WorkerProcess(Process.Start(start) ?? throw new WorkerDiedException("A worker process could not be started: the system started nothing.", wasReady: false), session.Screen.Problem);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            throw new WorkerDiedException($"A worker process could not be started: {error.Message}", wasReady: false);
        }
    }

    sealed class WorkerProcess : IWorkerProcess
    {
        readonly Process _process;
        readonly Action<string> _forward;
        bool _isReady;

        public WorkerProcess(Process process, Action<string> forward)
        {
            (_process, _forward) = (process, forward);
            process.ErrorDataReceived += (_, line) =>
            {
                if (line.Data is { } text)
                    forward(text);
            };
            process.BeginErrorReadLine();
        }

        public async Task<string> DoAsync(string part, CancellationToken cancellationToken)
        {
            try
            {
                await _process.StandardInput.WriteLineAsync(WorkMessage.Write(new WorkMessage(Part: part)).AsMemory(), cancellationToken);
                await _process.StandardInput.FlushAsync(cancellationToken);
                while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
                {
                    if (WorkMessage.Read(line) is not { } message)
                        _forward(line);
                    else if (message.IsReady)
                        _isReady = true;
                    else
                        return message.Answer ?? throw new InvalidDataException(message.Problem);
                }
            }
            catch (IOException)
            {
                // The pipe is broken: the process has ended, and how is found out below.
            }

            await _process.WaitForExitAsync(cancellationToken);
            throw new WorkerDiedException(string.Create(CultureInfo.InvariantCulture, $"A worker process ended with exit code {_process.ExitCode} before it had answered{(_process.ExitCode == 137 ? " (SIGKILL; the system does this when memory runs out)" : "")}."), _isReady);
        }

        public void Dispose()
        {
            try
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }
            catch (InvalidOperationException)
            {
                // It had ended already.
            }

            _process.Dispose();
        }
    }
}

/// <summary>What travels between a process and its workers: JSON, one a line.</summary>
/// <param name="Part">Asked: what to do.</param>
/// <param name="Answer">Answered: what came of it.</param>
/// <param name="Problem">Answered: why it cannot be done.</param>
/// <param name="IsReady">Said once, at the beginning: the process has started up.</param>
sealed record WorkMessage(string? Part = null, string? Answer = null, string? Problem = null, bool IsReady = false)
{
    const string Mark = "gyre-work ";

    /// <summary>The message of a line; null when the line is something else, such as what native code prints.</summary>
    public static WorkMessage? Read(string line) => line.StartsWith(Mark, StringComparison.Ordinal) ? JsonSerializer.Deserialize<WorkMessage>(line.AsSpan(Mark.Length)) : null;

    public static string Write(WorkMessage message) => Mark + JsonSerializer.Serialize(message);
}
