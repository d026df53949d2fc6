using System.Globalization;
using Gyre.Pipelines;

namespace Gyre.Artifacts;

/// <summary>
/// Where artifacts lie: <c>artifacts/&lt;pipeline&gt;/&lt;node&gt;/&lt;output&gt;/&lt;execution&gt;</c> below the home, and what is
/// still being written below <c>artifacts/.staging/&lt;execution&gt;</c>.
/// </summary>
public sealed class ArtifactFolder(string home)
{
    readonly string _home = Path.GetFullPath(home);

    /// <summary>The uri of an output, relative to the home.</summary>
    public static string UriOf(string pipeline, string node, string output, long executionId) =>
        $"artifacts/{pipeline}/{node}/{output}/{executionId.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The absolute path behind a uri of the store.</summary>
    public string PathOf(string uri) => Path.IsPathRooted(uri) ? uri : SafePath.Join(_home, uri);

    /// <summary>The directory into which an execution writes one output before it is published.</summary>
    public string StagingOf(long executionId, string output) => SafePath.Join(StagingOf(executionId), output);

    public string StagingOf(long executionId) =>
        Path.Combine(_home, "artifacts", ".staging", executionId.ToString(CultureInfo.InvariantCulture));

    /// <summary>Makes a written output final.</summary>
    public void Publish(long executionId, string output, string uri)
    {
        var final = PathOf(uri);
        if (Directory.Exists(final))
            Directory.Delete(final, recursive: true);
        DurableFiles.PublishDirectory(StagingOf(executionId, output), final);
    }

    /// <summary>Removes all that an execution has written and not published.</summary>
    public void Discard(long executionId, IEnumerable<string> uris)
    {
        foreach (var path in uris.Select(PathOf).Append(StagingOf(executionId)).Where(Directory.Exists))
            Remove(path);
    }

    /// <summary>Removes a directory with all below it. Other processes may be clearing up the same at the same time.</summary>
    internal static void Remove(string directory)
    {
        while (Directory.Exists(directory))
        {
            try
            {
                Directory.Delete(directory, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // Another process removed something below it first; what is left comes next.
            }
        }
    }

    /// <summary>What is wrong with published content: gone, or not what it was; null when it is as it was published.</summary>
    public string? Damage(string uri, string fingerprint)
    {
        var path = PathOf(uri);
        if (!Directory.Exists(path) && !File.Exists(path))
            return $"'{uri}' is gone";
        return ContentFingerprint.Of(path) == fingerprint ? null : $"'{uri}' was changed after it was published";
    }
}
