using System.Globalization;
using Gyre.Data;
using Gyre.Data.TfRecords;

namespace Gyre.Ingestion;

/// <summary>
/// The rows of each split while they wait for the types of their columns: all values as text or bytes, and where each row
/// came from. Then each split is written, its rows in order.
/// </summary>
sealed class RowTables : IDisposable
{
    /// <summary>What exceeds it goes to the temporary directory.</summary>
    const long MemoryLimit = 1L << 30;

    /// <summary>Where a row came from stands before its values.</summary>
    const int OriginColumns = 2;

    readonly DataEngine _engine;
    readonly IReadOnlyList<ColumnPlan> _columns;
    readonly List<ChunkAppender> _tables = [];
    readonly bool _areLate;
    bool _isComplete;

    /// <param name="columns">The columns of the rows.</param>
    /// <param name="splits">How many splits there are.</param>
    /// <param name="areLate">Whether all rows wait together until <see cref="Divide"/> tells their splits.</param>
    /// <param name="temporaryDirectory">Where rows may wait that do not fit into memory.</param>
    public RowTables(IReadOnlyList<ColumnPlan> columns, int splits, bool areLate, string temporaryDirectory)
    {
        (_columns, _areLate) = (columns, areLate);
        _engine = new DataEngine(threads: 1, temporaryDirectory, Math.Min(MemoryLimit, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4));
        for (var split = 0; split < (areLate ? 1 : splits); split++)
        {
            _engine.Execute($"CREATE TABLE {Table(split)} (file INTEGER, line BIGINT{string.Concat(columns.Select((column, index) => $", {Waiting(index)} {column.WaitingSqlType}"))})");
            _tables.Add(new ChunkAppender(_engine, Table(split), OriginColumns + columns.Count));
        }
    }

    /// <summary>Adds the row on which a source stands.</summary>
    /// <param name="split">The split to which it belongs.</param>
    /// <param name="source">The source.</param>
    /// <param name="file">The position of its file in the list of origins.</param>
    public void Add(int split, RowSource source, int file)
    {
        var rows = _tables[split];
        var row = rows.Count;
        rows.Values<int>(0)[row] = file;
        rows.Values<long>(1)[row] = source.Line;
        for (var index = 0; index < _columns.Count; index++)
        {
            var column = _columns[index];
            if (column.Count < 0)
                rows.SetMissing(OriginColumns + index, row);
            else if (column.IsList)
                AddList(rows, OriginColumns + index, source, column);
            else
                AddValue(rows, OriginColumns + index, source, column);
        }

        rows.Advance(1);
    }

    /// <summary>Hands out every row that waits as TFX would write it, in order: once the types are known.</summary>
    public void ReadRecords(Action<ReadOnlySpan<byte>> take)
    {
        CompleteWaiting();
        var encoder = new ExampleEncoder([.. _columns.Select(column => column.Result)]);
        var values = string.Join(", ", _columns.Select((column, index) => column.Convert(Waiting(index))));
        using var reader = new ChunkReader(_engine, $"SELECT {values} FROM {Table(0)}");
        while (reader.Next())
        {
            for (var row = 0; row < reader.Rows; row++)
                take(encoder.Encode(reader, row));
        }
    }

    /// <summary>Tells the splits of all rows that waited together, in their order.</summary>
    public void Divide(int[] splits)
    {
        CompleteWaiting();
        _engine.Execute("CREATE TABLE split_of_row (split INTEGER)");
        using var rows = new ChunkAppender(_engine, "split_of_row", 1);
        foreach (var split in splits)
        {
            rows.Values<int>(0)[rows.Count] = split;
            rows.Advance(1);
        }

        rows.Complete();
    }

    /// <summary>Writes a split's examples and their origins.</summary>
    /// <param name="split">The split.</param>
    /// <param name="examples">The file for its examples.</param>
    /// <param name="origins">The file for their origins.</param>
    /// <param name="threads">How many threads may write.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The number of examples in the file, as the file itself says.</returns>
    public long Write(int split, string examples, string origins, int threads, CancellationToken cancellation)
    {
        if (!_areLate)
            _tables[split].Complete();
        var source = _areLate ? string.Create(CultureInfo.InvariantCulture, $"{Table(0)} POSITIONAL JOIN split_of_row WHERE split = {split}") : Table(split);

        // Row groups are cut at fixed rows and written in order, so the bytes are the same with any number of threads; a
        // join by position makes no such promise.
        _engine.Execute(string.Create(CultureInfo.InvariantCulture, $"SET threads = {(_areLate ? 1 : threads)}"));
        var values = string.Join(", ", _columns.Select((column, index) => $"{column.Convert(Waiting(index))} AS {SqlText.Identifier(column.Column.Name)}"));
        _engine.Run(ParquetWriter.CopyToParquet($"(SELECT {values} FROM {source})", examples), cancellation);
        _engine.Run(ParquetWriter.CopyToParquet($"(SELECT file, line FROM {source})", origins), cancellation);
        if (!_areLate)
            _engine.Execute($"DROP TABLE {Table(split)}");
        return ParquetFile.Count(_engine, examples);
    }

    public void Dispose()
    {
        foreach (var table in _tables)
            table.Dispose();
        _engine.Dispose();
    }

    void CompleteWaiting()
    {
        if (!_isComplete)
            _tables[0].Complete();
        _isComplete = true;
    }

    static void AddValue(ChunkAppender rows, int target, RowSource source, ColumnPlan column)
    {
        var value = source.Value(column.Field, 0);
        if (column.IsOpen)
            column.Inference.Observe(value, source.IsSurelyText(column.Field));
        rows.SetUtf8(target, rows.Count, value);
    }

    static void AddList(ChunkAppender rows, int target, RowSource source, ColumnPlan column)
    {
        var start = rows.BeginList(target, column.Count);
        for (var index = 0; index < column.Count; index++)
        {
            var value = source.Value(column.Field, index);
            if (column.IsOpen)
                column.Inference.Observe(value, source.IsSurelyText(column.Field));
            rows.SetElement(target, start + index, value);
        }
    }

    static string Table(int split) => $"split_{split}";

    static string Waiting(int column) => $"value_{column}";
}
