using System.Diagnostics;
using System.Text.Json;
using Gyre.Evaluation;

namespace Gyre.Samples.Tests;

/// <summary>A sample run as its users run it: a process of its own, with a home of its own.</summary>
sealed class SampleProgram(string name) : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public string Home => Path.Combine(_folder.Path, "home");

    /// <summary>The evaluation of the only run.</summary>
    public EvaluationReport Evaluation => EvaluationReport.Load(Find(EvaluationReport.FileName, "artifacts"));

    public void Dispose() => _folder.Dispose();

    public async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var cancellation = TestContext.Current.CancellationToken;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts it and ends it as <c>kill -9</c> does, some time after a file has appeared or changed.</summary>
    /// <param name="find">Finds the file; null while there is none.</param>
    /// <param name="after">How long after.</param>
    /// <param name="arguments">The arguments.</param>
    /// <returns>Whether it was still running then.</returns>
    public async Task<bool> KillAsync(Func<string?> find, TimeSpan after, params string[] arguments)
    {
        var cancellation = TestContext.Current.CancellationToken;
        DateTime? Written() => find() is { } path && File.Exists(path) ? File.GetLastWriteTimeUtc(path) : null;
        var before = Written();
        using var process = Start(arguments);
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        while (!process.HasExited && (Written() is not { } written || written == before))
            await Task.Delay(5, cancellation);
        await Task.WhenAny(process.WaitForExitAsync(cancellation), Task.Delay(after, cancellation));
        var wasRunning = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(cancellation);
        await said;
        return wasRunning;
    }

    Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, name))
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments.Append("--home").Append(Home))
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>The only file of a name below a folder of the home.</summary>
    public string Find(string file, string folder) =>
        Directory.GetFiles(Path.Combine(Home, folder), file, SearchOption.AllDirectories).ShouldHaveSingleItem();

    /// <summary>The columns that the pushed model reads.</summary>
    public IReadOnlyList<string> PushedInputs()
    {
        using var signature = JsonDocument.Parse(File.ReadAllBytes(Find("signature.json", "serving")));
        return [.. signature.RootElement.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("name").GetString()!)];
    }
}
