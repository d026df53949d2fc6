using System.Text.Json;
using Gyre.Data;
using Gyre.Statistics.Counting;
using Gyre.Statistics.Describing;
using Gyre.Statistics.Protos;
using Microsoft.Win32.SafeHandles;

namespace Gyre.Statistics;

/// <summary>
/// What was counted of some examples, in a form that can be added up: of each column the distinct values and how often each
/// occurs. All statistics follow from it. Partial statistics of several sets of examples merge, in any order, into those of
/// all of them together, so that the statistics are the same to the last bit. They lie in files; only one column at a
/// time is held in memory.
/// </summary>
public sealed class PartialStatistics : IDisposable
{
    readonly IReadOnlyList<Part> _parts;
    readonly bool _ownsParts;

    PartialStatistics(IReadOnlyList<Part> parts, bool ownsParts) => (_parts, _ownsParts) = (parts, ownsParts);

    /// <summary>The number of examples.</summary>
    public long Examples => _parts.Sum(part => part.Index.Slices.First(slice => slice.Name == SliceKeys.AllExamples).Rows);

    /// <summary>Counts a Parquet file of examples.</summary>
    /// <param name="parquetPath">The examples.</param>
    /// <param name="path">The file to write; it must not exist.</param>
    /// <param name="options">How to count. Only <see cref="StatisticsOptions.WeightColumn"/> and <see cref="StatisticsOptions.Slices"/> matter here.</param>
    /// <param name="threads">How many threads may work; the result does not depend on it.</param>
    /// <param name="temporaryDirectory">Where the data engine may spill; by default beside the file that is written.</param>
    /// <param name="onColumns">Is told the columns that are about to be counted.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidDataException">A column cannot be counted, or the weight of an example is none.</exception>
    public static PartialStatistics Of(
        string parquetPath,
        string path,
        StatisticsOptions? options = null,
        int threads = 1,
        string? temporaryDirectory = null,
        Action<string>? onColumns = null,
        CancellationToken cancellationToken = default)
    {
        var counting = (options ?? new StatisticsOptions()).Counting;
        temporaryDirectory ??= System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        using (var engine = new DataEngine(threads, temporaryDirectory))
        {
            engine.Execute("SET preserve_insertion_order = false; SET streaming_buffer_size = '32MB'; SET parquet_metadata_cache = true");
            using var file = new PartialFile.Writer(path);
            var examples = new ExampleCounting(parquetPath, counting, engine, file.File);
            examples.Run(threads, file.Add, onColumns, cancellationToken);
            file.Complete(counting.Weight is not null, SlicedBy(counting), examples.Totals.Slices);
        }

        return Load(path);
    }

    /// <summary>Opens a file of partial statistics.</summary>
    /// <exception cref="InvalidDataException">It holds none.</exception>
    public static PartialStatistics Load(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}. Expected partial statistics.", path);
        return new PartialStatistics([new Part(path)], ownsParts: true);
    }

    /// <summary>These and the others together. It reads their files, which must stay until it is not used any more.</summary>
    /// <exception cref="InvalidDataException">They were counted with different weights or slices.</exception>
    public PartialStatistics Merge(params IReadOnlyList<PartialStatistics> others)
    {
        var parts = _parts.Concat(others.SelectMany(other => other._parts)).ToList();
        foreach (var part in parts)
        {
            if (part.Index.IsWeighted != parts[0].Index.IsWeighted || !part.Index.SlicedBy.SequenceEqual(parts[0].Index.SlicedBy, StringComparer.Ordinal))
                throw new InvalidDataException($"{part.Path} and {parts[0].Path} were counted with different weights or slices. Expected the same options for all parts: compute them again.");
        }

        return new PartialStatistics(parts, ownsParts: false);
    }

    /// <summary>Writes them to one file.</summary>
    public void Save(string path)
    {
        using var file = new PartialFile.Writer(path);
        ForEachColumn(file.Add);
        file.Complete(_parts[0].Index.IsWeighted, _parts[0].Index.SlicedBy, Totals());
    }

    /// <summary>The statistics: of all examples, followed by those of each slice, in the order of their names.</summary>
    /// <param name="name">The name of the data set; with slices, all examples are named <c>All Examples</c> instead.</param>
    /// <param name="options">How to describe what was counted.</param>
    public IReadOnlyList<DatasetStatistics> ToStatistics(string name = "", StatisticsOptions? options = null)
    {
        options ??= new StatisticsOptions();
        var totals = Totals();
        var isWeighted = _parts[0].Index.IsWeighted;
        var isSliced = _parts[0].Index.SlicedBy.Count > 0;
        var datasets = totals.OrderBy(slice => slice.Key != SliceKeys.AllExamples).ThenBy(slice => slice.Key, StringComparer.Ordinal).ToDictionary(
            slice => slice.Key,
            slice => new DatasetFeatureStatistics
            {
                Name = isSliced ? slice.Key : name,
                NumExamples = (ulong)slice.Value.Count,
                WeightedNumExamples = Weight.ToDouble(slice.Value.Weight),
            },
            StringComparer.Ordinal);
        ForEachColumn(column =>
        {
            var description = new ColumnDescription(column, options, isWeighted);
            foreach (var (slice, dataset) in datasets)
                dataset.Features.Add(description.Of(slice, totals[slice]));
        });
        return [.. datasets.Values.Select(dataset => new DatasetStatistics(dataset))];
    }

    public void Dispose()
    {
        foreach (var part in _ownsParts ? _parts : [])
            part.Dispose();
    }

    /// <summary>Each slice specification in words, so that parts counted differently are not taken for the same.</summary>
    internal static IReadOnlyList<string> SlicedBy(CountingOptions counting) => [.. counting.Slices.Select(slice => JsonSerializer.Serialize(
        slice.Columns.OrderBy(column => column.Key, StringComparer.Ordinal).Select(column => new { column.Key, Values = column.Value.Order(StringComparer.Ordinal) })))];

    Dictionary<string, Tally> Totals()
    {
        var totals = new SliceTotals();
        foreach (var slice in _parts.SelectMany(part => part.Index.Slices))
            totals.Add(slice.Name, new Tally(slice.Rows, new Int128(slice.WeightHigh, slice.WeightLow)));
        return totals.Slices.ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>The columns in the order in which the parts name them first, each merged.</summary>
    void ForEachColumn(Action<ColumnCounts> use)
    {
        foreach (var name in _parts.SelectMany(part => part.Index.Columns.Select(column => column.Name)).Distinct(StringComparer.Ordinal))
        {
            ColumnCounts? merged = null;
            try
            {
                foreach (var part in _parts)
                {
                    if (part.Read(name) is not { } counts)
                        continue;
                    if (merged is null)
                        merged = counts;
                    else
                        merged.Add(counts);
                }

                use(merged!);
            }
            finally
            {
                merged?.Dispose();
            }
        }
    }

    /// <summary>An open file.</summary>
    sealed class Part : IDisposable
    {
        readonly SafeFileHandle _file;

        public Part(string path)
        {
            Path = path;
            _file = File.OpenHandle(path);
            try
            {
                Index = PartialFile.ReadIndex(_file, path);
            }
            catch
            {
                _file.Dispose();
                throw;
            }
        }

        public string Path { get; }

        public PartialFile.Index Index { get; }

        public ColumnCounts? Read(string column) => Index.Columns.FirstOrDefault(block => block.Name == column) is { } found
            ? PartialFile.ReadColumn(_file, Path, found, Index.IsWeighted)
            : null;

        public void Dispose() => _file.Dispose();
    }
}
