namespace Gyre.Tests;

/// <summary>Finds the folder of real data and golden files beside the repository; tests that need it are skipped without it.</summary>
static class SharedData
{
    /// <summary>The path of a file or folder in there.</summary>
    public static string File(string relativePath)
    {
        if (Root() is { } root && Path.Exists(Path.Combine(root, relativePath)))
            return Path.Combine(root, relativePath);
        Assert.Skip("skipped: no ../shared");
        throw new InvalidOperationException("never reached");
    }

    static string? Root()
    {
        if (Environment.GetEnvironmentVariable("GYRE_SHARED") is { Length: > 0 } given)
            return given;
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Gyre.slnx")))
            folder = folder.Parent;
        var shared = folder?.Parent is { } parent ? Path.Combine(parent.FullName, "shared") : null;
        return Directory.Exists(shared) ? shared : null;
    }
}
