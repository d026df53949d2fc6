using System.Buffers.Binary;
using Gyre.Data.TfRecords;

namespace Gyre.Ingestion;

/// <summary>What a file of rows is written in.</summary>
public enum FileFormat
{
    /// <summary>CSV, or TSV; see <see cref="IngestCsv"/>.</summary>
    Csv,

    /// <summary>An object on every line; see <see cref="IngestJson"/>.</summary>
    JsonLines,

    /// <summary>TFRecord with a <c>tf.Example</c> in each record; see <see cref="IngestTfRecord"/>.</summary>
    TfRecord,

    /// <summary>Parquet.</summary>
    Parquet,
}

/// <summary>Finds out what a file is written in.</summary>
public static class FileFormats
{
    const int Peeked = 12;

    /// <summary>
    /// The format of a file: by its first bytes, unpacked, where they leave no doubt (Parquet, TFRecord); else by its name
    /// (<c>.jsonl</c>, <c>.ndjson</c>, <c>.json</c>); else JSON lines where it begins with a brace, and CSV otherwise.
    /// </summary>
    /// <exception cref="InvalidDataException">It cannot be opened.</exception>
    public static FileFormat Of(string path)
    {
        var name = Path.GetFileName(path).ToUpperInvariant();
        foreach (var packing in (string[])[".GZ", ".ZST", ".ZIP"])
            name = name.EndsWith(packing, StringComparison.Ordinal) ? name[..^packing.Length] : name;
        var start = Peek(path);
        if (start is [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..])
            return FileFormat.Parquet;
        if (start.Length == Peeked && BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(sizeof(ulong))) == RecordChecksum.Masked(start.AsSpan(0, sizeof(ulong))))
            return FileFormat.TfRecord;
        return Path.GetExtension(name) switch
        {
            ".PARQUET" => FileFormat.Parquet,
            ".TFRECORD" or ".TFRECORDS" => FileFormat.TfRecord,
            ".JSONL" or ".NDJSON" or ".JSON" => FileFormat.JsonLines,
            ".CSV" or ".TSV" or ".TXT" => FileFormat.Csv,
            _ => start is [(byte)'{', ..] ? FileFormat.JsonLines : FileFormat.Csv,
        };
    }

    /// <summary>The delimiter that the name of a CSV file tells of.</summary>
    public static string DelimiterOf(string path) => Path.GetFileName(path).Contains(".tsv", StringComparison.OrdinalIgnoreCase) ? "\t" : ",";

    static byte[] Peek(string path)
    {
        try
        {
            using var stream = PackedFile.Open(path, path, entry: null, "*");
            var start = new byte[Peeked];
            return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            // An archive of several files, or a damaged one: told when it is read.
            return [];
        }
    }
}
