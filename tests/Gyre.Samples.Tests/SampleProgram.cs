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
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, name))
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments.Append("--home").Append(Home))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var cancellation = TestContext.Current.CancellationToken;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output, await error);
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
