using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Gyre.Data;

namespace Gyre.Statistics.Counting;

/// <summary>How many examples a slice has.</summary>
sealed class SliceTotals
{
    readonly Dictionary<string, Tally> _slices = new(StringComparer.Ordinal) { [SliceKeys.AllExamples] = default };

    public IReadOnlyDictionary<string, Tally> Slices => _slices;

    public void Add(string slice, Tally examples) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_slices, slice, out _).Add(examples);
}

/// <summary>
/// Counts the columns of a Parquet file. Columns are read in groups that fit into memory together; in each the chunks go to
/// whatever thread is free, which counts on its own, and in the end the threads' counts are added up. All counts are whole
/// numbers, so neither threads nor chunks change the result.
/// </summary>
sealed class ExampleCounting
{
    /// <summary>A group of columns takes at most this many bytes of plain values, unless it is a single one.</summary>
    const long GroupBytes = 384L << 20;

    readonly string _path;
    readonly CountingOptions _options;
    readonly DataEngine _engine;
    readonly SharedFile _file;
    readonly IReadOnlyList<(CountedColumn Column, string Sql)> _columns;
    readonly Dictionary<string, long> _sizes;
    readonly long _examples;

    public ExampleCounting(string parquetPath, CountingOptions options, DataEngine engine, SharedFile file)
    {
        (_path, _options, _engine, _file) = (parquetPath, options, engine, file);
        _columns = CountedColumn.Of(engine, parquetPath);
        ParquetFile.RequireColumns(parquetPath, _columns.Select(column => column.Column.Name), options.UsedColumns);
        if (options.Weight is { } weight && _columns.First(column => column.Column.Name == weight).Column is not { IsNumber: true, IsList: false })
            throw new InvalidDataException($"The weight column '{weight}' of {parquetPath} does not hold one number per example. Expected a column of numbers that are not negative.");
        (_sizes, _examples) = (ColumnBytes(), ParquetFile.Count(engine, parquetPath));
    }

    public SliceTotals Totals { get; } = new();

    /// <summary>Counts all columns, in the order in which the file has them, and disposes of each after it was handed on.</summary>
    public void Run(int threads, Action<ColumnCounts> onColumn, Action<string>? onStart, CancellationToken cancellationToken)
    {
        if (IsPlain)
            Totals.Add(SliceKeys.AllExamples, new Tally(_examples, 0));
        for (var first = 0; first < _columns.Count;)
        {
            var (last, bytes) = (first, 0L);
            while (last < _columns.Count && (bytes == 0 || bytes + BytesToRead(_columns[last].Column) <= GroupBytes))
                bytes += BytesToRead(_columns[last++].Column);
            var group = _columns.Skip(first).Take(last - first).ToList();
            onStart?.Invoke(string.Join(", ", group.Select(column => column.Column.Name)));
            Count(group, threads, isFirst: first == 0, onColumn, cancellationToken);
            first = last;
        }
    }

    /// <summary>Whether examples neither have weights nor make slices, so that nothing depends on two columns of one.</summary>
    bool IsPlain => _options.UsedColumns.Count == 0;

    bool HasFewValues(CountedColumn column) => IsPlain && ColumnOfFewValues.Is(column, _sizes.GetValueOrDefault(column.Name), _examples);

    long BytesToRead(CountedColumn column) => HasFewValues(column) ? 0 : _sizes.GetValueOrDefault(column.Name);

    /// <summary>The size of each column's values, unpacked, as the file tells it; lists stand under the name of the column.</summary>
    Dictionary<string, long> ColumnBytes() => _engine.Query(
        $"SELECT string_split(path_in_schema, ', ')[1], sum(total_uncompressed_size)::BIGINT FROM parquet_metadata({SqlText.Literal(_path)}) GROUP BY ALL",
        row => (row.GetString(0), row.GetInt64(1))).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    void Count(List<(CountedColumn Column, string Sql)> group, int threads, bool isFirst, Action<ColumnCounts> onColumn, CancellationToken cancellationToken)
    {
        var workers = CountRows([.. group.Where(column => !HasFewValues(column.Column))], threads, isFirst, cancellationToken);
        var next = 0;
        foreach (var (column, sql) in group)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var counts = HasFewValues(column)
                ? ColumnOfFewValues.Count(_engine, ParquetFile.Source(_path), column, sql, _file)
                : Merged([.. workers.Select(worker => worker.Columns[next])]);
            next += HasFewValues(column) ? 0 : 1;
            counts.CountShortTexts();
            onColumn(counts);
        }
    }

    /// <summary>Counts columns example by example: what each thread saw of them.</summary>
    List<Worker> CountRows(List<(CountedColumn Column, string Sql)> group, int threads, bool isFirst, CancellationToken cancellationToken)
    {
        if (group.Count == 0)
            return [];
        var selected = group.Concat(_columns.Where(column => _options.UsedColumns.Contains(column.Column.Name, StringComparer.Ordinal) && !group.Contains(column))).ToList();
        using var reader = new ChunkReader(_engine, $"SELECT {string.Join(", ", selected.Select(column => column.Sql))} FROM {ParquetFile.Source(_path)}");
        var workers = Enumerable.Range(0, threads).Select(_ => new Worker(this, selected, group.Count)).ToList();
        Share(reader, workers, cancellationToken);
        if (isFirst && !IsPlain)
        {
            foreach (var (slice, tally) in workers.SelectMany(worker => worker.Totals.Slices))
                Totals.Add(slice, tally);
            RequireFewSlices();
        }

        return workers;
    }

    static ColumnCounts Merged(IReadOnlyList<ColumnTaker> takers)
    {
        foreach (var other in takers.Skip(1))
        {
            using var added = other.Counts;
            takers[0].Counts.Add(added);
        }

        return takers[0].Counts;
    }

    /// <summary>Lets each worker take the next chunk when it is done with one.</summary>
    static void Share(ChunkReader reader, List<Worker> workers, CancellationToken cancellationToken)
    {
        var fetching = new Lock();
        var isOver = false;
        try
        {
            Parallel.ForEach(workers, new ParallelOptions { MaxDegreeOfParallelism = workers.Count, CancellationToken = cancellationToken }, worker =>
            {
                while (Next() is { } chunk)
                {
                    using (chunk)
                        worker.Take(chunk);
                }
            });
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }

        Chunk? Next()
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (fetching)
            {
                var chunk = isOver ? null : reader.Take();
                isOver = chunk is null;
                return chunk;
            }
        }
    }

    void RequireFewSlices()
    {
        var most = _options.Slices.Count == 0 ? 0 : _options.Slices.Sum(slice => (long)slice.MaxSlices);
        if (Totals.Slices.Count - 1 > most)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{_path} has {Totals.Slices.Count - 1:N0} slices. Expected at most {most:N0}: slice by a column of fewer values, name the values that matter, or raise MaxSlices."));
    }

    /// <summary>What one thread counts.</summary>
    sealed class Worker
    {
        readonly ExampleCounting _counting;
        readonly int _weightAt;
        readonly List<SliceKeys> _slices;
        Int128[] _weights = [];

        public Worker(ExampleCounting counting, List<(CountedColumn Column, string Sql)> selected, int counted)
        {
            _counting = counting;
            var positions = selected.Select((column, position) => (column.Column, position)).ToDictionary(
                pair => pair.Column.Name, pair => pair, StringComparer.Ordinal);
            _weightAt = counting._options.Weight is { } weight ? positions[weight].position : -1;
            _slices = [.. counting._options.Slices.Select(slice => new SliceKeys(slice, positions))];
            Columns = [.. selected.Take(counted).Select(column => new ColumnTaker(new ColumnCounts(column.Column, _weightAt >= 0, counting._file)))];
        }

        public IReadOnlyList<ColumnTaker> Columns { get; }

        public SliceTotals Totals { get; } = new();

        public void Take(Chunk chunk)
        {
            var weights = ReadWeights(chunk);
            Totals.Add(SliceKeys.AllExamples, new Tally(chunk.Rows, Sum(weights, Enumerable.Range(0, chunk.Rows))));
            var slices = new List<(string Name, IReadOnlyList<int> Rows)>();
            foreach (var (name, rows) in _slices.SelectMany(keys => keys.Of(chunk)))
            {
                slices.Add((name, rows));
                Totals.Add(name, new Tally(rows.Count, Sum(weights, rows)));
            }

            var selections = new List<Selection>(slices.Count + 1);
            for (var column = 0; column < Columns.Count; column++)
            {
                var counts = Columns[column].Counts;
                selections.Clear();
                selections.Add(new Selection(counts.Whole, null));
                selections.AddRange(slices.Select(slice => new Selection(counts.Slice(slice.Name), slice.Rows)));
                Columns[column].Take(chunk.Column(column), weights, selections);
            }
        }

        static Int128 Sum(Int128[]? weights, IEnumerable<int> rows)
        {
            Int128 sum = 0;
            if (weights is not null)
            {
                foreach (var row in rows)
                    sum += weights[row];
            }

            return sum;
        }

        Int128[]? ReadWeights(Chunk chunk)
        {
            if (_weightAt < 0)
                return null;
            if (_weights.Length < chunk.Rows)
                _weights = new Int128[chunk.Rows];
            var vector = chunk.Column(_weightAt);
            var isReal = _counting._columns.First(column => column.Column.Name == _counting._options.Weight).Column.Kind == ValueKind.Real;
            for (var row = 0; row < chunk.Rows; row++)
            {
                var weight = vector.IsMissing(row) ? double.NaN : isReal ? vector.Values<double>()[row] : vector.Values<long>()[row];
                if (!(weight is >= 0 and <= Weight.Greatest))
                {
                    throw new InvalidDataException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"The weight column '{_counting._options.Weight}' of {_counting._path} has an example {(vector.IsMissing(row) ? "without a weight" : $"of weight {weight}")}. Expected a number from 0 to 1,000,000,000 in every example."));
                }

                _weights[row] = Weight.Of(weight);
            }

            return _weights;
        }
    }
}

/// <summary>What partial statistics depend on, besides the examples.</summary>
/// <param name="Weight">The column that holds the weights of examples; null when all weigh the same.</param>
/// <param name="Slices">What to slice by.</param>
sealed record CountingOptions(string? Weight, IReadOnlyList<SliceSpec> Slices)
{
    /// <summary>Columns that are read beside those that are counted.</summary>
    public IReadOnlyList<string> UsedColumns { get; } =
        [.. Slices.SelectMany(slice => slice.Columns.Keys).Concat(Weight is null ? [] : [Weight]).Distinct(StringComparer.Ordinal)];
}
