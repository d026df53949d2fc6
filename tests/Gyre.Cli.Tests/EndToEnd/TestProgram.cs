using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gyre.Cli.Tests.EndToEnd;

/// <summary>What a process said and how it ended.</summary>
sealed record Ended(int ExitCode, string Output, string Error)
{
    /// <summary>The output as the one JSON document that it must be.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Error}";
}

/// <summary>Starts the test program, a real process, in a directory of its own.</summary>
sealed partial class TestProgram : IDisposable
{
    public const int Interrupt = 2;
    public const int KillAtOnce = 9;
    public const int Terminate = 15;

    // As long as a whole build may take on a busy machine; what hangs is still found.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    readonly List<Process> _running = [];

    public string Root { get; } = Directory.CreateTempSubdirectory("gyre-cli-test-").FullName;

    public string Home => Path.Combine(Root, ".gyre");

    public async Task<Ended> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await process.EndAsync();
    }

    public Running Start(params string[] arguments) => StartAt(Path.Combine(AppContext.BaseDirectory, "Gyre.TestApp"), Root, arguments);

    /// <summary>Starts any program; it is stopped with the others.</summary>
    public Running StartAt(string program, string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("GYRE_HOME");
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        _running.Add(process);
        return new Running(process);
    }

    public void Dispose()
    {
        foreach (var process in _running.Where(process => !HasExited(process)))
            process.Kill(entireProcessTree: true);
        Directory.Delete(Root, recursive: true);
    }

    static bool HasExited(Process process)
    {
        try
        {
            return process.HasExited;
        }
        catch (InvalidOperationException)
        {
            // It was disposed of after it had ended.
            return true;
        }
    }

    /// <summary>A process that has not ended yet.</summary>
    public sealed partial class Running(Process process) : IDisposable
    {
        readonly Task<string> _error = process.StandardError.ReadToEndAsync();
        readonly List<string> _lines = [];

        public int Id => process.Id;

        /// <summary>Reads output until a line that holds a text.</summary>
        public async Task<string> UntilAsync(string text)
        {
            using var patience = new CancellationTokenSource(Patience);
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                _lines.Add(line);
                if (line.Contains(text, StringComparison.Ordinal))
                    return line;
            }

            throw new InvalidOperationException($"The process ended without saying '{text}'.\n{string.Join('\n', _lines)}\n{await _error}");
        }

        public void Signal(int signal) => Send(process.Id, signal).ShouldBe(0);

        public async Task<Ended> EndAsync()
        {
            using var patience = new CancellationTokenSource(Patience);
            var rest = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new Ended(process.ExitCode, string.Concat(_lines.Select(line => line + "\n")) + rest, await _error);
        }

        public void Dispose() => process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
