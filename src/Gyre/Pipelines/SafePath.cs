namespace Gyre.Pipelines;

/// <summary>Joins paths so that the result never leaves its root.</summary>
public static class SafePath
{
    /// <summary>Joins a root and a relative path.</summary>
    /// <exception cref="ArgumentException">The path is absolute or climbs out of the root.</exception>
    public static string Join(string root, string relativePath)
    {
        var full = Path.GetFullPath(Path.Combine(root, relativePath));
        var boundary = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        if (full != boundary && !full.StartsWith(boundary + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new ArgumentException($"The path '{relativePath}' leaves '{boundary}'. Give a path inside it.", nameof(relativePath));
        return full;
    }
}
