using System.Globalization;

namespace Gyre.Data;

/// <summary>
/// Writes a Parquet file (zstd) column by column. Equal values give an equal file, byte by byte, however they are cut
/// into batches. The file appears with <see cref="Complete"/>; without it there is none.
/// </summary>
public sealed class ParquetWriter : IDisposable
{
    /// <summary>Rows in one row group: small enough that readers can share the groups of a modest file between threads.</summary>
    internal const int RowGroup = 16_384;

    readonly string _path;
    readonly IReadOnlyList<ParquetColumn> _columns;
    readonly DataEngine _engine;
    readonly ChunkAppender _appender;

    /// <param name="path">The file to write; its directory exists.</param>
    /// <param name="columns">The columns, in the order in which every batch brings them.</param>
    /// <param name="temporaryDirectory">Where rows may wait that do not fit into memory; null keeps all in memory.</param>
    public ParquetWriter(string path, IReadOnlyList<ParquetColumn> columns, string? temporaryDirectory = null)
    {
        if (columns.Count == 0)
            throw new ArgumentException("A Parquet file needs at least one column.", nameof(columns));
        (_path, _columns) = (path, columns);
        _engine = new DataEngine(threads: 1, temporaryDirectory);
        _engine.Execute($"CREATE TABLE rows ({string.Join(", ", columns.Select(column => $"{SqlText.Identifier(column.Name)} {SqlType(column)}"))})");
        _appender = new ChunkAppender(_engine, "rows", columns.Count);
    }

    /// <summary>The rows written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Writes some rows.</summary>
    /// <param name="batch">For each column, in order, its values; all of the same number of rows.</param>
    /// <exception cref="ArgumentException">The number of columns, their types or their lengths do not fit.</exception>
    public void Write(params IReadOnlyList<ColumnValues> batch)
    {
        if (batch.Count != _columns.Count)
            throw new ArgumentException($"The batch has {batch.Count} columns. Expected {_columns.Count}: {string.Join(", ", _columns.Select(column => column.Name))}.", nameof(batch));
        for (var column = 0; column < batch.Count; column++)
            Check(_columns[column], batch[column], batch[0].Rows);

        for (int start = 0, rows = batch[0].Rows; start < rows;)
        {
            var count = Math.Min(_appender.Free, rows - start);
            for (var column = 0; column < batch.Count; column++)
                Fill(column, batch[column], start, count);
            _appender.Advance(count);
            start += count;
        }

        Rows += batch[0].Rows;
    }

    /// <summary>Writes the file.</summary>
    public void Complete()
    {
        _appender.Complete();
        _engine.Execute(CopyToParquet("rows", _path));
    }

    public void Dispose()
    {
        _appender.Dispose();
        _engine.Dispose();
    }

    /// <summary>The statement that writes a table or query to a file. Its bytes are the same every time when the engine has one thread.</summary>
    internal static string CopyToParquet(string source, string path) => string.Create(
        CultureInfo.InvariantCulture, $"COPY {source} TO {SqlText.Literal(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {RowGroup})");

    static string SqlType(ParquetColumn column) => column.Type switch
    {
        ParquetType.Float => column.Width == 1 ? "FLOAT" : "FLOAT[]",
        ParquetType.Double => "DOUBLE",
        ParquetType.Integer => "BIGINT",
        ParquetType.IntegerList => "INTEGER[]",
        _ => "VARCHAR",
    };

    static void Check(ParquetColumn column, ColumnValues values, int rows)
    {
        var fits = (column.Type, values) switch
        {
            (ParquetType.Float, FloatValues floats) => floats.Width == column.Width && floats.Values.Length % column.Width == 0,
            (ParquetType.Double, DoubleValues) or (ParquetType.Integer, IntegerValues) or (ParquetType.Text, TextValues) => true,
            (ParquetType.IntegerList, IntegerListValues lists) => lists.Offsets.Length > 0,
            _ => false,
        };
        if (!fits)
            throw new ArgumentException($"The column '{column.Name}' was given {values.GetType().Name}. Expected values of type {column.Type}, {column.Width} to a row.", nameof(values));
        if (values.Rows != rows)
            throw new ArgumentException($"The column '{column.Name}' has {values.Rows} rows. Expected {rows}, as in the first column.", nameof(values));
    }

    void Fill(int column, ColumnValues values, int start, int count)
    {
        switch (values)
        {
            case FloatValues { Width: 1 } floats:
                FillNumbers(column, floats.Values.AsSpan(start, count), float.IsNaN);
                break;
            case FloatValues floats:
                Span<int> widths = stackalloc int[count];
                widths.Fill(floats.Width);
                _appender.SetLists<float>(column, floats.Values.AsSpan(start * floats.Width, count * floats.Width), widths);
                break;
            case DoubleValues doubles:
                FillNumbers(column, doubles.Values.AsSpan(start, count), double.IsNaN);
                break;
            case IntegerValues integers:
                integers.Values.AsSpan(start, count).CopyTo(_appender.Values<long>(column)[_appender.Count..]);
                break;
            case IntegerListValues lists:
                FillLists(column, lists, start, count);
                break;
            case TextValues texts:
                FillTexts(column, texts.Values.AsSpan(start, count));
                break;
        }
    }

    void FillNumbers<T>(int column, ReadOnlySpan<T> values, Func<T, bool> isMissing)
        where T : unmanaged
    {
        values.CopyTo(_appender.Values<T>(column)[_appender.Count..]);
        for (var row = 0; row < values.Length; row++)
        {
            if (isMissing(values[row]))
                _appender.SetMissing(column, _appender.Count + row);
        }
    }

    void FillLists(int column, IntegerListValues lists, int start, int count)
    {
        Span<int> lengths = stackalloc int[count];
        for (var row = 0; row < count; row++)
            lengths[row] = lists.Offsets[start + row + 1] - lists.Offsets[start + row];
        _appender.SetLists<int>(column, lists.Values.AsSpan(lists.Offsets[start]..lists.Offsets[start + count]), lengths);
    }

    void FillTexts(int column, ReadOnlySpan<string?> texts)
    {
        for (var row = 0; row < texts.Length; row++)
        {
            if (texts[row] is { } text)
                _appender.SetText(column, _appender.Count + row, text);
            else
                _appender.SetMissing(column, _appender.Count + row);
        }
    }
}
