using System.Globalization;
using ParquetSharp;
using ParquetSharp.Schema;

namespace Gyre.Data;

/// <summary>
/// Writes a Parquet file from values by column, as they come. Equal values give an equal file, byte by byte, however they are cut
/// into batches. No more rows are in memory than a row group. The file appears with <see cref="Complete"/>; without it there is none.
/// </summary>
public sealed class ParquetWriter : IDisposable
{
    readonly string _path;
    readonly IReadOnlyList<ParquetColumn> _columns;
    readonly PendingColumn[] _pending;
    readonly ParquetFileWriter _file;
    int _buffered;
    bool _isComplete;

    /// <param name="path">The file to write; its directory exists.</param>
    /// <param name="columns">The columns, in the order in which every batch brings them.</param>
    public ParquetWriter(string path, IReadOnlyList<ParquetColumn> columns)
    {
        if (columns.Count == 0)
            throw new ArgumentException("A Parquet file needs at least one column.", nameof(columns));
        (_path, _columns, _pending) = (path, columns, [.. columns.Select(PendingColumn.Of)]);
        using var schema = new GroupNode("schema", Repetition.Required, [.. _pending.Select(column => column.Node())]);
        using var properties = PropertiesFor(columns);
        _file = new ParquetFileWriter(Partial, schema, properties);
    }

    /// <summary>The rows written so far.</summary>
    public long Rows { get; private set; }

    string Partial => $"{_path}.partial";

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
            var count = Math.Min(ParquetStream.RowGroup - _buffered, rows - start);
            for (var column = 0; column < batch.Count; column++)
                _pending[column].Add(batch[column], start, count);
            start += count;
            Rows += count;
            _buffered += count;
            if (_buffered == ParquetStream.RowGroup)
                WriteGroup();
        }
    }

    /// <summary>Writes the file.</summary>
    public void Complete()
    {
        if (_buffered > 0)
            WriteGroup();
        _file.Close();
        File.Move(Partial, _path, overwrite: true);
        _isComplete = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_isComplete && File.Exists(Partial))
            File.Delete(Partial);
    }

    /// <summary>The statement that writes a table or query to a file. Its bytes are the same every time when the engine has one thread.</summary>
    internal static string CopyToParquet(string source, string path) => string.Create(
        CultureInfo.InvariantCulture, $"COPY {source} TO {SqlText.Literal(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ParquetStream.RowGroup})");

    /// <summary>
    /// Whole numbers in lists are packed bit by bit and others stand as places in dictionaries: a codec on top would take longer than all the
    /// rest, and save little.
    /// </summary>
    static WriterProperties PropertiesFor(IReadOnlyList<ParquetColumn> columns)
    {
        using var builder = new WriterPropertiesBuilder().Compression(Compression.Uncompressed).DisableStatistics();
        foreach (var column in columns.Where(column => column.Type == ParquetType.IntegerList))
        {
            using var path = new ColumnPath([column.Name, PendingColumn.List, PendingColumn.Element]);
            builder.DisableDictionary(path).Encoding(path, Encoding.DeltaBinaryPacked);
        }

        return builder.Build();
    }

    void WriteGroup()
    {
        using var group = _file.AppendRowGroup();
        foreach (var column in _pending)
        {
            using var writer = group.NextColumn();
            column.WriteTo(writer);
        }

        _buffered = 0;
    }

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
}
