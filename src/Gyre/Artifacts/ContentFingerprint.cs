using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gyre.Artifacts;

/// <summary>
/// Digests content: SHA-256 in lower-case hexadecimal. That of a directory covers, in ordinal order of their relative
/// paths (with '/'), each file's path, a zero byte, its length (64 bits, little endian) and the SHA-256 of its content.
/// </summary>
public static class ContentFingerprint
{
    const int BufferSize = 1 << 17;

    /// <summary>The fingerprint of a file or of a directory with all below it.</summary>
    /// <exception cref="FileNotFoundException">There is neither.</exception>
    public static string Of(string path)
    {
        if (File.Exists(path))
            return Convert.ToHexStringLower(OfFile(path));
        if (!Directory.Exists(path))
            throw new FileNotFoundException($"There is no file or directory '{path}'.", path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(long)];
        foreach (var (name, file) in Files(path))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData([0]);
            BinaryPrimitives.WriteInt64LittleEndian(length, new FileInfo(file).Length);
            hash.AppendData(length);
            hash.AppendData(OfFile(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The files below a directory with their relative names, in the order of the fingerprint.</summary>
    internal static IEnumerable<(string Name, string Path)> Files(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(directory, file).Replace('\\', '/'), Path: file))
            .OrderBy(file => file.Name, StringComparer.Ordinal);

    static byte[] OfFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.SequentialScan);
        return SHA256.HashData(file);
    }
}
