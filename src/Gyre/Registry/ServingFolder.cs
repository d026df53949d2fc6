using System.Globalization;
using Gyre.Artifacts;

namespace Gyre.Registry;

/// <summary>
/// The directory from which servers load: <c>&lt;name&gt;/&lt;version&gt;/</c>. A version appears whole, by a rename, and is
/// never overwritten; names that begin with '.' are not versions.
/// </summary>
sealed class ServingFolder(string root)
{
    const string TemporaryPrefix = ".tmp-";
    const string LockFile = ".push.lock";

    static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);

    public string DirectoryOf(string name, long version) =>
        Path.Combine(root, name, version.ToString(CultureInfo.InvariantCulture));

    /// <summary>Brings files under a version's number; does nothing when they are there already.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="version">The version's number.</param>
    /// <param name="files">The paths of the files to copy.</param>
    /// <param name="cancellationToken">Stops waiting for another push.</param>
    /// <returns>The version's directory.</returns>
    /// <exception cref="IOException">The version is there with other content, or the directory cannot be written.</exception>
    public async Task<string> PushAsync(string name, long version, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var target = DirectoryOf(name, version);
        try
        {
            Directory.CreateDirectory(Path.Combine(root, name));
            await using var alone = await LockAsync(name, cancellationToken);
            Sweep(name);
            if (Directory.Exists(target))
                RequireSame(target, files);
            else
                Write(name, target, files);
            return target;
        }
        catch (Exception error) when (error is UnauthorizedAccessException || (error is IOException && error is not VersionConflictException))
        {
            throw new IOException(
                $"Pushing to '{target}' failed: {error.Message} Expected a directory that can be written, with space for the model: "
                + "make it so, or push to another destination; then run again.",
                error);
        }
    }

    /// <summary>Only one push at a time works below a name; a process that dies lets go of the lock.</summary>
    async Task<FileStream> LockAsync(string name, CancellationToken cancellationToken)
    {
        var path = Path.Combine(root, name, LockFile);
        for (var waited = TimeSpan.Zero; ; waited += LockPause)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited < LockPatience && File.Exists(path))
            {
                await Task.Delay(LockPause, cancellationToken);
            }
        }
    }

    /// <summary>Removes what pushes have left that died; none is alive while the lock is held.</summary>
    void Sweep(string name)
    {
        foreach (var leftover in Directory.EnumerateDirectories(Path.Combine(root, name), TemporaryPrefix + "*"))
            Directory.Delete(leftover, recursive: true);
    }

    void Write(string name, string target, IReadOnlyList<string> files)
    {
        var temporary = Path.Combine(root, name, TemporaryPrefix + Path.GetFileName(target));
        try
        {
            Directory.CreateDirectory(temporary);
            foreach (var file in files)
                File.Copy(file, Path.Combine(temporary, Path.GetFileName(file)));
            DurableFiles.PublishDirectory(temporary, target);
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }

    /// <exception cref="VersionConflictException">What is there differs.</exception>
    static void RequireSame(string target, IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            var present = Path.Combine(target, Path.GetFileName(file));
            if (File.Exists(present) && PushedFile.Of(present) == PushedFile.Of(file))
                continue;
            throw new VersionConflictException(
                $"'{target}' is there already, and its {Path.GetFileName(file)} {(File.Exists(present) ? "is not that of the version to push" : "is missing")}. "
                + "A version is never overwritten, because servers may have loaded it. Expected no such directory, or one with the same content: "
                + "remove it if no server needs it, or push to another destination; then run again.");
        }
    }
}

/// <summary>The number of a version is taken by other content.</summary>
sealed class VersionConflictException(string message) : IOException(message);
