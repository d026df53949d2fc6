using System.Reflection;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace Gyre.Conventions.Tests;

/// <summary>The shipped code, as assemblies, as an architecture, and as files.</summary>
static class Code
{
    public static IReadOnlyList<Assembly> Assemblies { get; } =
        [.. new[] { "Gyre", "Gyre.Cli", "Gyre.LightGbm", "Gyre.Serving", "Gyre.Testing", "Gyre.Torch" }.Select(name => Assembly.Load(new AssemblyName(name)))];

    public static Architecture Architecture { get; } = new ArchLoader().LoadAssemblies([.. Assemblies]).Build();

    public static string Repository { get; } = FindRepository();

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Repository, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gyre.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not lie in the repository.");
    }
}
