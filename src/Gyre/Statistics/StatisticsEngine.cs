using Gyre.Statistics.Cross;
using Gyre.Statistics.Sketches;

namespace Gyre.Statistics;

/// <summary>
/// Counts what stands in examples: exactly, without sampling, with results that depend on nothing but the examples'
/// values, neither on threads nor on the order of rows.
/// </summary>
public static class StatisticsEngine
{
    /// <summary>What is computed over several columns at once, in this order.</summary>
    static readonly IReadOnlyList<IAcrossColumns> Across = [new CrossColumns()];

    static int _computations;

    /// <summary>Computes the statistics of one Parquet file of examples (NULL = missing).</summary>
    /// <param name="parquetPath">The file.</param>
    /// <param name="name">The name that the data set bears in the statistics, usually the split's.</param>
    /// <param name="options">How to count.</param>
    /// <param name="threads">How many threads may work.</param>
    /// <param name="temporaryDirectory">Where counts lie meanwhile; by default the system's place for temporary files.</param>
    /// <param name="onColumn">Is told the names of columns before they are counted.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidDataException">A column cannot be counted, or the weight of an example is none.</exception>
    public static DatasetStatistics Compute(
        string parquetPath,
        string name = "",
        StatisticsOptions? options = null,
        int threads = 1,
        string? temporaryDirectory = null,
        Action<string>? onColumn = null,
        CancellationToken cancellationToken = default) =>
        ComputeAll(parquetPath, name, options, threads, temporaryDirectory, onColumn, cancellationToken)[0];

    /// <summary>The same, with the statistics of each slice after those of all examples.</summary>
    public static IReadOnlyList<DatasetStatistics> ComputeAll(
        string parquetPath,
        string name = "",
        StatisticsOptions? options = null,
        int threads = 1,
        string? temporaryDirectory = null,
        Action<string>? onColumn = null,
        CancellationToken cancellationToken = default) =>
        ComputeAll([parquetPath], name, options, threads, temporaryDirectory, onColumn, cancellationToken);

    /// <summary>The same for examples that lie in several files, such as those of several spans.</summary>
    public static IReadOnlyList<DatasetStatistics> ComputeAll(
        IReadOnlyList<string> parquetPaths,
        string name = "",
        StatisticsOptions? options = null,
        int threads = 1,
        string? temporaryDirectory = null,
        Action<string>? onColumn = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new StatisticsOptions();
        if (options.Sketch is not null)
            return [new DatasetStatistics(SketchEngine.Compute(parquetPaths, name, options, threads, cancellationToken))];
        temporaryDirectory ??= System.IO.Path.GetTempPath();
        var directory = Directory.CreateDirectory(System.IO.Path.Join(temporaryDirectory, $"gyre-statistics-{Environment.ProcessId}-{Interlocked.Increment(ref _computations)}"));
        try
        {
            var parts = new List<PartialStatistics>();
            try
            {
                foreach (var file in parquetPaths)
                {
                    var path = System.IO.Path.Join(directory.FullName, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"partial-{parts.Count}"));
                    parts.Add(PartialStatistics.Of(file, path, options, threads, onColumns: onColumn, cancellationToken: cancellationToken));
                }

                return Describe(parts[0].Merge(parts[1..]), name, parquetPaths, options, threads, directory.FullName, cancellationToken);
            }
            finally
            {
                parts.ForEach(part => part.Dispose());
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Describes what was counted, columns one by one and then together.</summary>
    internal static IReadOnlyList<DatasetStatistics> Describe(
        PartialStatistics counted, string name, IReadOnlyList<string> files, StatisticsOptions options, int threads, string directory, CancellationToken cancellationToken)
    {
        var datasets = counted.ToStatistics(name, options);
        foreach (var across in Across)
            across.AddTo(datasets[0].Message, new CountedExamples(files, options, threads, directory, cancellationToken));
        return datasets;
    }
}
