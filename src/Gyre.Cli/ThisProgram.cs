using System.Globalization;
using System.Reflection;

namespace Gyre.Cli;

/// <summary>How a person starts this very program again, for commands to copy.</summary>
static class ThisProgram
{
    /// <summary>The words before the verb, as far as it can be known how the program was started.</summary>
    public static string Command { get; } = string.Join(' ', Words().Select(Quote));

    /// <summary>A path as short as possible from here.</summary>
    public static string ShortPath(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    public static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./=:,@+%~".Contains(letter, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    static IEnumerable<string> Words()
    {
        if (DotnetRun() is { } run)
            return [.. run, "--"];
        var executable = Environment.ProcessPath ?? "";
        if (Path.GetFileNameWithoutExtension(executable) == "dotnet" && Assembly.GetEntryAssembly()?.Location is { Length: > 0 } library)
            return ["dotnet", ShortPath(library)];
        var path = ShortPath(executable);
        return [path.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : $".{Path.DirectorySeparatorChar}{path}"];
    }

    /// <summary>The words of <c>dotnet run</c>, when that is the parent of this process; null when it is not or cannot be known.</summary>
    static IReadOnlyList<string>? DotnetRun()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            var stat = File.ReadAllText("/proc/self/stat");
            var parent = int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
            return WithoutOwnArguments(File.ReadAllText($"/proc/{parent}/cmdline").TrimEnd('\0').Split('\0'), [.. Environment.GetCommandLineArgs().Skip(1)]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>What stands before the program's own arguments in a command line of <c>dotnet run</c>; null when it is none.</summary>
    internal static IReadOnlyList<string>? WithoutOwnArguments(string[] parent, string[] own)
    {
        if (parent.Length < 2 || Path.GetFileNameWithoutExtension(parent[0]) != "dotnet")
            return null;

        // The muxer starts the SDK as «dotnet run …» or as «dotnet …/dotnet.dll run …».
        var words = parent[1].EndsWith("dotnet.dll", StringComparison.Ordinal) ? parent[2..] : parent[1..];
        if (words.Length == 0 || words[0] != "run")
            return null;
        if (words.Length > own.Length && words.AsSpan(words.Length - own.Length).SequenceEqual(own))
            words = words[..^own.Length];
        return ["dotnet", .. words.TakeWhile(word => word != "--")];
    }
}
