using System.Diagnostics;
using System.Reflection;

namespace Gyre.Cli.Isolation;

/// <summary>How this same program is started once more, for another verb on the same home with the same options of its own.</summary>
static class OwnProcess
{
    /// <exception cref="InvalidOperationException">The path of this program is not known.</exception>
    public static ProcessStartInfo Describe(Session session, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known, so it cannot be started again for a process of its own. Run without --isolate."))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet" && Assembly.GetEntryAssembly()?.Location is { Length: > 0 } library)
            start.ArgumentList.Add(library);
        foreach (var argument in arguments.Concat(session.SameProgramArguments))
            start.ArgumentList.Add(argument);
        return start;
    }
}
