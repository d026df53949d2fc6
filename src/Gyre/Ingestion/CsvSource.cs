using System.IO.Enumeration;

namespace Gyre.Ingestion;

/// <summary>Finds files by a path that may hold wildcards.</summary>
static class CsvSource
{
    /// <summary>
    /// The files that a path means, in order of their names, written as the path is (relative stays relative). A path
    /// that means none is returned itself, so that whoever opens it names it as missing.
    /// </summary>
    public static IReadOnlyList<string> Expand(string path)
    {
        if (File.Exists(path) || path.IndexOfAny(['*', '?']) < 0)
            return [path];
        var root = Path.GetPathRoot(path) ?? "";
        IEnumerable<string> found = [root];
        var parts = path[root.Length..].Split('/', Path.DirectorySeparatorChar);
        for (var index = 0; index < parts.Length; index++)
        {
            var (part, isLast) = (parts[index], index == parts.Length - 1);
            found = found.SelectMany(directory => Matches(directory, part, isLast)).ToList();
        }

        var files = found.Order(StringComparer.Ordinal).ToList();
        return files.Count == 0 ? [path] : files;
    }

    static IEnumerable<string> Matches(string directory, string part, bool isLast)
    {
        if (part is "" or "." or ".." || part.IndexOfAny(['*', '?']) < 0)
        {
            var plain = Path.Join(directory, part);
            return (isLast ? File.Exists(plain) : Directory.Exists(plain.Length == 0 ? "." : plain)) ? [plain] : [];
        }

        var parent = new DirectoryInfo(directory.Length == 0 ? "." : directory);
        return parent.EnumerateFileSystemInfos()
            .Where(item => (item is FileInfo) == isLast && !item.Name.StartsWith('.')
                && FileSystemName.MatchesSimpleExpression(part, item.Name, ignoreCase: false))
            .Select(item => Path.Join(directory, item.Name));
    }
}
