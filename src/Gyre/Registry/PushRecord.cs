using System.Security.Cryptography;

namespace Gyre.Registry;

/// <summary>What was pushed: <c>pushed.json</c>. Where to stands in the artifact's properties.</summary>
public sealed record PushRecord
{
    /// <summary>The name of the file within a <see cref="PushedModel"/>.</summary>
    public const string FileName = "pushed.json";

    /// <summary>Files above this size are later compared by their length only.</summary>
    const long HashedUpTo = 64L << 20;

    /// <summary>The version of this format.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version's number.</summary>
    public required long Version { get; init; }

    /// <summary>The fingerprint of the <see cref="ModelVersion"/>.</summary>
    public required string VersionFingerprint { get; init; }

    /// <summary>The files of the pushed directory, by name in ordinal order.</summary>
    public required IReadOnlyList<PushedFile> Files { get; init; }

    public static PushRecord Load(string path) => RegistryJson.Read<PushRecord>(path, record => record.Format);

    /// <summary>The first thing in which a directory differs from what was pushed into it; null when it does not.</summary>
    internal string? DifferenceIn(string directory)
    {
        if (!Directory.Exists(directory))
            return $"'{directory}' is gone";
        foreach (var file in Files)
        {
            var info = new FileInfo(Path.Combine(directory, file.Name));
            if (!info.Exists)
                return $"'{info.FullName}' is gone";
            if (info.Length != file.Bytes || (file.Bytes <= HashedUpTo && PushedFile.Of(info.FullName).Sha256 != file.Sha256))
                return $"'{info.FullName}' was changed";
        }

        return null;
    }
}

/// <summary>A file of a pushed directory.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">The digest of its content, in lower-case hexadecimal.</param>
public sealed record PushedFile(string Name, long Bytes, string Sha256)
{
    internal static PushedFile Of(string path)
    {
        using var file = File.OpenRead(path);
        return new PushedFile(Path.GetFileName(path), file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}
