using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>
/// Reads TFRecord files with a <c>tf.Example</c> in each record into examples. Checksums are checked; a file that is cut
/// short or damaged fails the node. Features become columns in order of their names: lists where some record has more than
/// one value; bytes that are not text anywhere stay bytes; floats keep their single-precision values; whole numbers that
/// doubles do not hold become text. A feature left out, or without a kind, is missing.
/// </summary>
/// <param name="path">A file, or several with <c>*</c> and <c>?</c>, relative to the current directory; plain, or packed by gzip, zstd or zip.</param>
/// <example>
/// <code>
/// new IngestTfRecord("data/Split-train/data_tfrecord-*.gz")
/// </code>
/// </example>
[CodeVersion(1)]
public sealed class IngestTfRecord(string path) : IngestFiles(path)
{
    /// <summary>Which entry of a zip archive to take, with wildcards; null for the only one.</summary>
    public string? Entry { get; init; }

    private protected override IngestionOptions Format => new TfRecordOptions { Splits = Splits, Entry = Entry };
}
