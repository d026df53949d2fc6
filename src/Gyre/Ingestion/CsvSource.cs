using System.IO.Compression;
using System.IO.Enumeration;

namespace Gyre.Ingestion;

/// <summary>Finds CSV files by a path that may hold wildcards, and opens them, packed or not.</summary>
static class CsvSource
{
    const string AnyCsv = "*.csv";

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

    /// <summary>Opens a file as the bytes of one CSV; whether it is packed shows in its first bytes.</summary>
    /// <param name="path">A CSV file, one packed by gzip, or a zip archive.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="entry">Which entry of a zip archive to take, with wildcards; null for the only CSV file in it.</param>
    /// <exception cref="InvalidDataException">It cannot be opened, or the archive does not hold exactly one such entry.</exception>
    public static Stream Open(string path, string name, string? entry)
    {
        if (Directory.Exists(path))
            throw new InvalidDataException($"{name} is a directory. Expected a CSV file: name one, or several with a wildcard ({Path.Join(name, AnyCsv)}).");
        try
        {
            return Open(path, entry);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{name} cannot be read: {error.Message}", error);
        }
    }

    static Stream Open(string path, string? entry)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        try
        {
            Span<byte> magic = stackalloc byte[4];
            var length = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
            stream.Position = 0;
            return magic[..length] switch
            {
                [(byte)'P', (byte)'K', 3, 4] or [(byte)'P', (byte)'K', 5, 6] => new ZipEntryStream(stream, entry),
                [0x1F, 0x8B, ..] => new GzipFileStream(stream),
                _ => stream,
            };
        }
        catch
        {
            stream.Dispose();
            throw;
        }
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

    /// <summary>One entry of a zip archive, whose end is checked: an archive cut short must not pass for a short file.</summary>
    sealed class ZipEntryStream : ReadOnceStream
    {
        readonly ZipArchive _archive;
        readonly Stream _content;
        readonly ZipArchiveEntry _entry;
        long _read;

        public ZipEntryStream(Stream stream, string? pattern)
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read);
            _entry = Choose(pattern);
            _content = _entry.Open();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = _content.Read(buffer, offset, count);
            _read += read;
            return read > 0 || count == 0 || _read == _entry.Length
                ? read
                : throw new InvalidDataException($"the entry '{_entry.FullName}' ends after {_read} bytes. Expected {_entry.Length}: the archive is damaged, fetch it again.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _content.Dispose();
                _archive.Dispose();
            }

            base.Dispose(disposing);
        }

        ZipArchiveEntry Choose(string? pattern)
        {
            var files = _archive.Entries.Where(entry => entry.Name.Length > 0 && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)).ToList();
            var fitting = files.Where(entry => FileSystemName.MatchesSimpleExpression(pattern ?? AnyCsv, entry.FullName)).ToList();
            if (fitting is [var only])
                return only;
            if (pattern is null && fitting.Count == 0 && files is [var sole])
                return sole;
            throw new InvalidDataException(
                $"it holds {fitting.Count} entries like '{pattern ?? AnyCsv}'. Expected exactly one: choose it with Entry. "
                + $"Its entries: {string.Join(", ", files.Take(20).Select(entry => entry.FullName))}{(files.Count > 20 ? ", …" : "")}.");
        }
    }
}
