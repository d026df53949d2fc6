using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Gyre.Cli.History;
using Gyre.Cli.Watching;
using Gyre.Data;
using Gyre.Onnx;
using Gyre.Runners;

namespace Gyre.Cli.Inspection;

/// <summary>How one thing about the machine stands.</summary>
enum Health
{
    Good,
    Doubtful,
    Bad,
}

/// <param name="Name">What was looked at.</param>
/// <param name="Health">How it stands.</param>
/// <param name="Found">What was found.</param>
/// <param name="Cure">What to do; null when nothing.</param>
sealed record Finding(string Name, Health Health, string Found, string? Cure = null);

/// <summary>Looks at everything on this machine that a run needs. Changes nothing that stays.</summary>
static class MachineCheck
{
    const long LittleSpace = 1L << 30;
    const long LittleMemory = 1L << 30;
    const int FirstSupportedRuntime = 10;

    public static IEnumerable<Finding> Run(string homeDirectory)
    {
        yield return new Finding("gyre", Health.Good, GyreVersion.Text);
        yield return Runtime();
        yield return new Finding("processor", Health.Good, string.Create(CultureInfo.InvariantCulture, $"{ProgressText.Count(Environment.ProcessorCount, "core")}, {RuntimeInformation.ProcessArchitecture}"));
        yield return Memory();
        yield return Try("home", () => HomeOf(homeDirectory), "Make it writable, or choose another with --home.");
        yield return Try("disk", () => Space(homeDirectory), "Choose a home on another disk with --home.");
        yield return Try("temporary files", Temporary, "Set TMPDIR to a directory that can be written.");
        yield return Native("DuckDB", DuckDb);
        yield return Native("ONNX Runtime", () => OnnxHost.Version);
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, "Gyre.Torch.dll")))
            yield return Native("torch", Torch);
    }

    static Finding Runtime() => Environment.Version.Major >= FirstSupportedRuntime
        ? new Finding("runtime", Health.Good, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}")
        : new Finding("runtime", Health.Bad, RuntimeInformation.FrameworkDescription, $"Install .NET {FirstSupportedRuntime} or later.");

    static Finding Memory()
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return available < LittleMemory
            ? new Finding("memory", Health.Doubtful, HistoryText.Size(available), "Expected 1 GB or more: large data will be slow or fail.")
            : new Finding("memory", Health.Good, HistoryText.Size(available));
    }

    static Finding HomeOf(string directory)
    {
        for (var place = directory; place is not null && !Directory.Exists(place); place = Path.GetDirectoryName(place))
        {
            if (File.Exists(place))
                return new Finding("home", Health.Bad, $"'{place}' is a file", "Expected a directory. Choose another with --home, or move the file away.");
        }

        if (!Home.Exists(directory))
        {
            Probe(Directory.Exists(directory) ? directory : Existing(directory));
            return new Finding("home", Health.Good, $"{directory} can be made; nothing ran here yet");
        }

        Probe(directory);
        using var home = Home.Open(directory);
        var runs = home.Store.Read(transaction => transaction.ContextsOfType(Runners.Run.ContextType).Count);
        return new Finding("home", Health.Good, string.Create(CultureInfo.InvariantCulture, $"{directory}, {ProgressText.Count(runs, "run")}"));
    }

    static Finding Space(string directory)
    {
        var free = new DriveInfo(Existing(directory)).AvailableFreeSpace;
        return free < LittleSpace
            ? new Finding("disk", Health.Doubtful, $"{HistoryText.Size(free)} free for the home", "Free some space: runs stop when the disk is full.")
            : new Finding("disk", Health.Good, $"{HistoryText.Size(free)} free for the home");
    }

    static Finding Temporary()
    {
        Probe(Path.GetTempPath());
        return new Finding("temporary files", Health.Good, Path.GetTempPath());
    }

    static string DuckDb()
    {
        using var engine = new DataEngine();
        return engine.Scalar<string>("SELECT version()");
    }

    /// <summary>By name: the command line does not need torch, but the program it runs in may bring it.</summary>
    static string Torch()
    {
        var trainers = Assembly.Load("Gyre.Torch");
        var prepare = trainers.GetType("Gyre.Torch.NativeTorch")?.GetMethod("Prepare") ?? throw new MissingMethodException("Gyre.Torch", "Prepare");
        prepare.Invoke(null, null);
        return AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(assembly => assembly.GetName().Name == "TorchSharp")?.GetName().Version?.ToString(3) ?? "loaded";
    }

    static Finding Native(string name, Func<string> load) => Try(
        name, () => new Finding(name, Health.Good, $"{load()} loads"), $"Build for this machine's runtime identifier ({RuntimeInformation.RuntimeIdentifier}), and install what the message names.");

    static Finding Try(string name, Func<Finding> look, string cure)
    {
        try
        {
            return look();
        }
        catch (Exception error)
        {
            // Whatever is wrong with one thing, the others are looked at too.
            return new Finding(name, Health.Bad, ErrorText.Of(error), cure);
        }
    }

    static void Probe(string directory)
    {
        var file = Path.Combine(directory, $".gyre-probe-{Environment.ProcessId}");
        File.WriteAllText(file, "");
        File.Delete(file);
    }

    static string Existing(string directory)
    {
        while (!Directory.Exists(directory))
            directory = Path.GetDirectoryName(directory) ?? Path.GetPathRoot(directory)!;
        return directory;
    }
}
