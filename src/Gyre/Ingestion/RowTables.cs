using Gyre.Data;

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

    public RowTables(IReadOnlyList<ColumnPlan> columns, int splits, string temporaryDirectory)
    {
        _columns = columns;
        _engine = new DataEngine(threads: 1, temporaryDirectory, Math.Min(MemoryLimit, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4));
        for (var split = 0; split < splits; split++)
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

    /// <summary>Writes a split's examples and their origins.</summary>
    /// <returns>The number of examples in the file, as the file itself says.</returns>
    public long Write(int split, string examples, string origins, CancellationToken cancellation)
    {
        _tables[split].Complete();
        var values = string.Join(", ", _columns.Select((column, index) => $"{column.Convert(Waiting(index))} AS {SqlText.Identifier(column.Column.Name)}"));
        _engine.Run(ParquetWriter.CopyToParquet($"(SELECT {values} FROM {Table(split)})", examples), cancellation);
        _engine.Run(ParquetWriter.CopyToParquet($"(SELECT file, line FROM {Table(split)})", origins), cancellation);
        _engine.Execute($"DROP TABLE {Table(split)}");
        return ParquetFile.Count(_engine, examples);
    }

    public void Dispose()
    {
        foreach (var table in _tables)
            table.Dispose();
        _engine.Dispose();
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
