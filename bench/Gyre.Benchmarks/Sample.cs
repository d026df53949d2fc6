using System.Diagnostics;

namespace Gyre.Benchmarks;

/// <summary>The built sample program.</summary>
sealed record Sample(string Repository, string Executable)
{
    public static Sample Find(string name = "ConsumerComplaints")
    {
        var repository = FindRepository();
        var built = Directory.GetDirectories(Path.Combine(repository, "artifacts", "bin", name), "release*")
            .Select(directory => Path.Combine(directory, OperatingSystem.IsWindows() ? $"{name}.exe" : name)).FirstOrDefault(File.Exists);
        return new Sample(repository, built ?? throw new InvalidOperationException($"Build the sample first: dotnet build -c Release samples/{name}"));
    }

    public static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gyre.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Run this from within the repository.");
    }

    /// <summary>Runs the program to its end.</summary>
    /// <returns>What it wrote to its standard output, and how many seconds the whole process took.</returns>
    public (string Output, double Seconds) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return process.ExitCode == 0
            ? (output, seconds)
            : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{errors.GetAwaiter().GetResult()}");
    }
}
