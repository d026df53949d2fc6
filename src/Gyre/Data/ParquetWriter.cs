using System.Globalization;

namespace Gyre.Data;

/// <summary>
/// Writes a Parquet file (zstd) from values by column, as they come. Equal values give an equal file, byte by byte, however they are cut
/// into batches. The file appears with <see cref="Complete"/>; without it there is none.
/// </summary>
public sealed class ParquetWriter : IDisposable
{
    readonly IReadOnlyList<ParquetColumn> _columns;
    readonly DataEngine _engine = new();
    readonly ParquetStream _stream;

    /// <param name="path">The file to write; its directory exists.</param>
    /// <param name="columns">The columns, in the order in which every batch brings them.</param>
    public ParquetWriter(string path, IReadOnlyList<ParquetColumn> columns)
    {
        if (columns.Count == 0)
            throw new ArgumentException("A Parquet file needs at least one column.", nameof(columns));
        _columns = columns;
        _stream = new ParquetStream(_engine, path, [.. columns.Select(ChunkColumnOf)]);
    }

    /// <summary>The rows written so far.</summary>
    public long Rows => _stream.Rows;

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
            var count = Math.Min(_stream.Chunk.Free, rows - start);
            for (var column = 0; column < batch.Count; column++)
                Fill(_stream.Chunk.Columns[column], batch[column], start, count);
            _stream.Advance(count);
            start += count;
        }
    }

    /// <summary>Writes the file.</summary>
    public void Complete() => _stream.Complete();

    public void Dispose()
    {
        _stream.Dispose();
        _engine.Dispose();
    }

    /// <summary>The statement that writes a table or query to a file. Its bytes are the same every time when the engine has one thread.</summary>
    internal static string CopyToParquet(string source, string path) => string.Create(
        CultureInfo.InvariantCulture, $"COPY {source} TO {SqlText.Literal(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ParquetStream.RowGroup})");

    static ChunkColumn ChunkColumnOf(ParquetColumn column) => column.Type switch
    {
        ParquetType.Float => new ChunkColumn(column.Name, ChunkValue.Single, IsList: column.Width > 1),
        ParquetType.Double => new ChunkColumn(column.Name, ChunkValue.Double),
        ParquetType.Integer => new ChunkColumn(column.Name, ChunkValue.Int64),
        ParquetType.IntegerList => new ChunkColumn(column.Name, ChunkValue.Int32, IsList: true),
        _ => new ChunkColumn(column.Name, ChunkValue.Text),
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

    void Fill(ChunkColumnBuffer target, ColumnValues values, int start, int count)
    {
        var at = _stream.Chunk.Count;
        switch (values)
        {
            case FloatValues { Width: 1 } floats:
                FillNumbers(target, at, floats.Values.AsSpan(start, count), float.IsNaN);
                break;
            case FloatValues floats:
                for (var row = 0; row < count; row++)
                    FillList(target, at + row, floats.Values.AsSpan((start + row) * floats.Width, floats.Width));
                break;
            case DoubleValues doubles:
                FillNumbers(target, at, doubles.Values.AsSpan(start, count), double.IsNaN);
                break;
            case IntegerValues integers:
                integers.Values.AsSpan(start, count).CopyTo(target.Values<long>()[at..]);
                break;
            case IntegerListValues lists:
                for (var row = 0; row < count; row++)
                    FillList(target, at + row, lists.Values.AsSpan(lists.Offsets[start + row]..lists.Offsets[start + row + 1]));
                break;
            case TextValues texts:
                FillTexts(target, at, texts.Values.AsSpan(start, count));
                break;
        }
    }

    static void FillNumbers<T>(ChunkColumnBuffer target, int at, ReadOnlySpan<T> values, Func<T, bool> isMissing)
        where T : unmanaged
    {
        values.CopyTo(target.Values<T>()[at..]);
        for (var row = 0; row < values.Length; row++)
        {
            if (isMissing(values[row]))
                target.SetMissing(at + row);
        }
    }

    static void FillList<T>(ChunkColumnBuffer target, int row, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var start = target.BeginList(row, values.Length, out var elements);
        values.CopyTo(elements.Values<T>()[start..]);
    }

    static void FillTexts(ChunkColumnBuffer target, int at, ReadOnlySpan<string?> texts)
    {
        for (var row = 0; row < texts.Length; row++)
        {
            if (texts[row] is { } text)
                target.SetText(at + row, text);
            else
                target.SetMissing(at + row);
        }
    }
}
