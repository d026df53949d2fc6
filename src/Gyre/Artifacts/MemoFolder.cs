using System.Security.Cryptography;
using System.Text;

namespace Gyre.Artifacts;

/// <summary>
/// Intermediate results that executions share, below <c>memo/</c> of the home: <c>memo/&lt;SHA-256 of the key&gt;/&lt;fingerprint of
/// the content&gt;/</c>. A result's directory bears its own fingerprint as its name, so a damaged one is seen. All of it may
/// be deleted at any time between runs: what is missing is made again. Beside them, below <c>memo/resume/</c>, lie the
/// checkpoints of executions that have not ended well.
/// </summary>
sealed class MemoFolder(string home)
{
    readonly string _root = Path.Combine(Path.GetFullPath(home), "memo");

    /// <summary>The directory of the result with this key; made first when there is none, or none that is whole.</summary>
    /// <param name="key">Everything that the result depends on.</param>
    /// <param name="staging">A directory that does not exist, on the same disk as the home, in which the result may be made.</param>
    /// <param name="make">Writes the result into the directory that it is given.</param>
    public string Get(string key, string staging, Action<string> make)
    {
        var place = Path.Combine(_root, Digest(key));
        if (Find(place) is { } found)
            return found;
        try
        {
            Directory.CreateDirectory(staging);
            make(staging);
            return Keep(place, staging);
        }
        finally
        {
            ArtifactFolder.Remove(staging);
        }
    }

    /// <summary>Where executions of the same work leave checkpoints for each other.</summary>
    /// <param name="workKey">The key under which the work is claimed.</param>
    public string ResumeOf(string workKey) => Path.Combine(_root, "resume", Digest(workKey));

    /// <summary>Removes the checkpoints of work that has ended well.</summary>
    public void DiscardResume(string workKey) => ArtifactFolder.Remove(ResumeOf(workKey));

    static string Digest(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    static string Keep(string place, string staging)
    {
        var final = Path.Combine(place, ContentFingerprint.Of(staging));
        try
        {
            // Nothing is flushed to the disk: what a loss of power leaves of it does not bear its fingerprint, and is made again.
            Directory.CreateDirectory(place);
            Directory.Move(staging, final);
        }
        catch (IOException) when (Directory.Exists(final))
        {
            // Another execution made the same at the same time and was first.
        }

        return final;
    }

    static string? Find(string place)
    {
        if (!Directory.Exists(place))
            return null;
        foreach (var candidate in Directory.GetDirectories(place).Order(StringComparer.Ordinal))
        {
            if (ContentFingerprint.Of(candidate) == Path.GetFileName(candidate))
                return candidate;
            ArtifactFolder.Remove(candidate);
        }

        return null;
    }
}
