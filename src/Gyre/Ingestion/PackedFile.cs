using System.IO.Compression;
using System.IO.Enumeration;
using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>Opens files that may be packed.</summary>
static class PackedFile
{
    /// <summary>Opens a file as the bytes of its content; whether it is packed shows in its first bytes.</summary>
    /// <param name="path">A plain file, one packed by gzip or zstd, or a zip archive.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="entry">Which entry of a zip archive to take, with wildcards; null for the only one that <paramref name="usual"/> fits, or the only one.</param>
    /// <param name="usual">What names of such files look like.</param>
    /// <exception cref="InvalidDataException">It cannot be opened, or the archive does not hold exactly one such entry.</exception>
    public static Stream Open(string path, string name, string? entry, string usual)
    {
        if (Directory.Exists(path))
            throw new InvalidDataException($"{name} is a directory. Expected a file: name one, or several with a wildcard ({Path.Join(name, usual)}).");
        try
        {
            return Open(path, entry, usual);
        }
        catch (Exception error) when (UnreadableFile.IsCause(error))
        {
            throw UnreadableFile.Of(name, error);
        }
    }

    static Stream Open(string path, string? entry, string usual)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        try
        {
            Span<byte> magic = stackalloc byte[4];
            var length = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
            stream.Position = 0;
            return magic[..length] switch
            {
                [(byte)'P', (byte)'K', 3, 4] or [(byte)'P', (byte)'K', 5, 6] => new ZipEntryStream(stream, entry, usual),
                [0x1F, 0x8B, ..] => new GzipFileStream(stream),
                [0x28, 0xB5, 0x2F, 0xFD] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18] => new ZstdFileStream(stream),
                _ => stream,
            };
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>One entry of a zip archive, whose end is checked: an archive cut short must not pass for a short file.</summary>
    sealed class ZipEntryStream : ReadOnceStream
    {
        readonly ZipArchive _archive;
        readonly Stream _content;
        readonly ZipArchiveEntry _entry;
        long _read;

        public ZipEntryStream(Stream stream, string? pattern, string usual)
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read);
            _entry = Choose(pattern, usual);
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

        ZipArchiveEntry Choose(string? pattern, string usual)
        {
            var files = _archive.Entries.Where(entry => entry.Name.Length > 0 && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)).ToList();
            var fitting = files.Where(entry => FileSystemName.MatchesSimpleExpression(pattern ?? usual, entry.FullName)).ToList();
            if (fitting is [var only])
                return only;
            if (pattern is null && fitting.Count == 0 && files is [var sole])
                return sole;
            throw new InvalidDataException(
                $"it holds {fitting.Count} entries like '{pattern ?? usual}'. Expected exactly one: choose it with Entry. "
                + $"Its entries: {string.Join(", ", files.Take(20).Select(entry => entry.FullName))}{(files.Count > 20 ? ", …" : "")}.");
        }
    }
}
