using Gyre.Ingestion;

namespace Gyre.Statistics;

/// <summary>Statistics of plain files, outside any pipeline.</summary>
public static class FileStatistics
{
    const string StatisticsFile = "FeatureStats.pb";
    const string ExamplesFile = "examples.parquet";
    const string SplitPrefix = "Split-";

    /// <summary>Reads or computes statistics.</summary>
    /// <param name="path">
    /// Statistics (<c>.pb</c>), examples (<c>.parquet</c>), rows in CSV, TSV, JSON lines or TFRecord (also packed by gzip, zstd or zip), or a
    /// directory with one of the first two for each split, as artifacts have them.
    /// </param>
    /// <param name="options">How to count.</param>
    /// <param name="threads">How many threads may work.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>One for each data set in the file, or split in the directory, named after it.</returns>
    /// <exception cref="InvalidDataException">The file does not hold what its name promises; the message says where and what to do.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyList<DatasetStatistics> Of(
        string path, StatisticsOptions? options = null, int threads = 1, CancellationToken cancellationToken = default)
    {
        if (Directory.Exists(path))
            return OfDirectory(path, options, threads, cancellationToken);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}. Expected statistics (.pb), examples (.parquet), or rows in CSV, JSON lines or TFRecord.", path);
        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PB" => DatasetStatistics.LoadAll(path),
            ".PARQUET" => [StatisticsEngine.Compute(path, Path.GetFileNameWithoutExtension(path), options, threads, cancellationToken: cancellationToken)],
            _ => [OfRows(path, options, threads, cancellationToken)],
        };
    }

    static List<DatasetStatistics> OfDirectory(string path, StatisticsOptions? options, int threads, CancellationToken cancellationToken)
    {
        var result = new List<DatasetStatistics>();
        foreach (var split in Directory.GetDirectories(path, $"{SplitPrefix}*").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(split)[SplitPrefix.Length..];
            if (File.Exists(Path.Join(split, StatisticsFile)))
                result.AddRange(DatasetStatistics.LoadAll(Path.Join(split, StatisticsFile)).Select(dataset => dataset.Named(name)));
            else if (File.Exists(Path.Join(split, ExamplesFile)))
                result.Add(StatisticsEngine.Compute(Path.Join(split, ExamplesFile), name, options, threads, cancellationToken: cancellationToken));
        }

        return result.Count > 0
            ? result
            : throw new FileNotFoundException($"The directory {path} holds neither {SplitPrefix}*/{StatisticsFile} nor {SplitPrefix}*/{ExamplesFile}. Expected an artifact of examples or statistics.", path);
    }

    static DatasetStatistics OfRows(string path, StatisticsOptions? options, int threads, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(path);
        var directory = Directory.CreateTempSubdirectory("gyre-");
        try
        {
            const string All = "all";
            var splits = Split.ByHash((All, 1));
            IngestionOptions rows = FileFormats.Of(path) switch
            {
                FileFormat.JsonLines => new JsonOptions { Splits = splits },
                FileFormat.TfRecord => new TfRecordOptions { Splits = splits },
                _ => new CsvOptions { Splits = splits, Delimiter = FileFormats.DelimiterOf(path) },
            };
            RowIngestion.Run(rows, [new SourceFile(path, name)], directory.FullName, static _ => { }, cancellationToken);
            return StatisticsEngine.Compute(
                Path.Join(directory.FullName, Examples.RelativeFileOf(All)), name, options, threads, directory.FullName, cancellationToken: cancellationToken);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
