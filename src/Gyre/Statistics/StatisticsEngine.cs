using Gyre.Data;
using Gyre.Statistics.Cross;
using Gyre.Statistics.Protos;
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

    /// <summary>Computes the statistics of one Parquet file of examples (text, BIGINT and DOUBLE columns; NULL = missing).</summary>
    /// <param name="parquetPath">The file.</param>
    /// <param name="name">The name that the data set bears in the statistics, usually the split's.</param>
    /// <param name="options">How to count.</param>
    /// <param name="threads">How many threads may work.</param>
    /// <param name="temporaryDirectory">Where a column of many long texts may spill; null keeps all in memory.</param>
    /// <param name="onColumn">Is told the name of each column before it is counted.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidDataException">A column holds something else than text and numbers.</exception>
    public static DatasetStatistics Compute(
        string parquetPath,
        string name = "",
        StatisticsOptions? options = null,
        int threads = 1,
        string? temporaryDirectory = null,
        Action<string>? onColumn = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new StatisticsOptions();
        if (options.Sketch is not null)
            return new DatasetStatistics(SketchEngine.Compute([parquetPath], name, options, threads, cancellationToken));
        using var engine = new DataEngine(threads, temporaryDirectory);
        var rows = ParquetFile.Count(engine, parquetPath);
        var result = new DatasetFeatureStatistics { Name = name, NumExamples = (ulong)rows };
        var texts = new TextColumn(engine, parquetPath, rows, options, cancellationToken);
        using var numbers = new NumberColumn(engine, parquetPath, rows, options, cancellationToken);
        foreach (var column in ExampleReader.Columns(parquetPath))
        {
            cancellationToken.ThrowIfCancellationRequested();
            onColumn?.Invoke(column.Name);
            result.Features.Add(column.Type == ColumnType.Text ? texts.Count(column) : numbers.Count(column));
        }

        foreach (var across in Across)
            across.AddTo(result, new CountedExamples([parquetPath], options, threads, temporaryDirectory, cancellationToken));
        return new DatasetStatistics(result);
    }
}
