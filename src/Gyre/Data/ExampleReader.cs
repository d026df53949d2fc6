namespace Gyre.Data;

/// <summary>Reads raw examples from a Parquet file, or from several of the same columns as if they were one.</summary>
public static class ExampleReader
{
    /// <summary>The columns of a file, in order.</summary>
    /// <exception cref="InvalidDataException">A column holds something else than text, numbers, bytes and lists of these.</exception>
    public static IReadOnlyList<ExampleColumn> Columns(string parquetPath) => Columns([parquetPath]);

    /// <summary>The columns that all of some files have, in order.</summary>
    /// <exception cref="InvalidDataException">The files differ, or a column holds something else than text, numbers, bytes and lists of these.</exception>
    public static IReadOnlyList<ExampleColumn> Columns(IReadOnlyList<string> parquetPaths)
    {
        using var engine = new DataEngine();
        return Columns(engine, parquetPaths);
    }

    /// <summary>The number of examples in a file.</summary>
    public static long Count(string parquetPath) => Count([parquetPath]);

    /// <summary>The number of examples in some files.</summary>
    public static long Count(IReadOnlyList<string> parquetPaths)
    {
        using var engine = new DataEngine();
        return parquetPaths.Sum(path => ParquetFile.Count(engine, path));
    }

    /// <summary>
    /// Streams examples in the file's order, in batches that depend on nothing but the file and
    /// <paramref name="batchRows"/>: all full but the last.
    /// </summary>
    /// <param name="parquetPath">The file.</param>
    /// <param name="columns">The columns wanted; null for all.</param>
    /// <param name="batchRows">How many examples stand in one batch.</param>
    /// <param name="firstRow">How many examples to leave out at the beginning.</param>
    /// <param name="maxRows">How many examples to read at most.</param>
    /// <exception cref="InvalidDataException">A column is not there, or holds something else than text, numbers, bytes and lists of these.</exception>
    public static IEnumerable<ExampleBatch> Read(
        string parquetPath, IReadOnlyList<string>? columns = null, int batchRows = 1024, long firstRow = 0, long maxRows = long.MaxValue) =>
        Read([parquetPath], columns, batchRows, firstRow, maxRows);

    /// <summary>The same for several files, one after the other, as if they were one: batches reach over their borders.</summary>
    /// <param name="parquetPaths">The files, all with the same columns.</param>
    /// <param name="columns">The columns wanted; null for all.</param>
    /// <param name="batchRows">How many examples stand in one batch.</param>
    /// <param name="firstRow">How many examples to leave out at the beginning.</param>
    /// <param name="maxRows">How many examples to read at most.</param>
    /// <exception cref="InvalidDataException">A column is not there or holds something else than text, numbers, bytes and lists of these, or the files differ.</exception>
    public static IEnumerable<ExampleBatch> Read(
        IReadOnlyList<string> parquetPaths, IReadOnlyList<string>? columns = null, int batchRows = 1024, long firstRow = 0, long maxRows = long.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchRows, 1);
        return Stream(parquetPaths, columns, batchRows, firstRow, maxRows, isUtf8: false);
    }

    /// <summary>The same, texts left in UTF-8 until somebody asks for strings.</summary>
    internal static IEnumerable<ExampleBatch> ReadUtf8(IReadOnlyList<string> parquetPaths, IReadOnlyList<string> columns, int batchRows) =>
        Stream(parquetPaths, columns, batchRows, firstRow: 0, long.MaxValue, isUtf8: true);

    static IEnumerable<ExampleBatch> Stream(IReadOnlyList<string> paths, IReadOnlyList<string>? wanted, int batchRows, long firstRow, long maxRows, bool isUtf8)
    {
        using var engine = new DataEngine();
        var all = Columns(engine, paths);
        ParquetFile.RequireColumns(paths[0], all.Select(column => column.Name), wanted ?? []);
        var columns = wanted is null ? all : [.. wanted.Select(name => all.First(column => column.Name == name))];
        var total = paths.Sum(path => ParquetFile.Count(engine, path));
        var left = Math.Clamp(Math.Min(maxRows, total - firstRow), 0, long.MaxValue);
        if (left == 0)
            yield break;

        // Without columns there still are rows.
        // With a limit, even one that leaves nothing out, the engine reads the file twice and joins, so there is one only where it is needed.
        var select = columns.Count == 0 ? "1" : string.Join(", ", columns.Select(BatchColumn.Expression));
        var part = left == total ? "" : $" LIMIT {left} OFFSET {firstRow}";
        using var reader = new ChunkReader(engine, $"SELECT {select} FROM {ParquetFile.Source(paths)}{part}");
        var batch = new Batch(columns, (int)Math.Min(batchRows, left), isUtf8);
        while (reader.Next())
        {
            for (var start = 0; start < reader.Rows;)
            {
                start += batch.Take(reader, start);
                if (!batch.IsFull)
                    continue;
                yield return batch.ToExamples();
                left -= batch.Rows;
                batch = new Batch(columns, (int)Math.Min(batchRows, left), isUtf8);
            }
        }
    }

    static IReadOnlyList<ExampleColumn> Columns(DataEngine engine, IReadOnlyList<string> paths)
    {
        var columns = Columns(engine, paths[0]);
        foreach (var path in paths.Skip(1))
        {
            if (!Columns(engine, path).SequenceEqual(columns))
                throw new InvalidDataException($"{path} has other columns than {paths[0]}. Expected the same names and types in the same order: ingest them together.");
        }

        return columns;
    }

    static IReadOnlyList<ExampleColumn> Columns(DataEngine engine, string path) =>
        [.. ParquetFile.Columns(engine, path).Select(column => ColumnOf(column.Name, column.SqlType, path))];

    static ExampleColumn ColumnOf(string name, string sqlType, string path)
    {
        var isList = sqlType.EndsWith("[]", StringComparison.Ordinal);
        var type = (isList ? sqlType[..^2] : sqlType) switch
        {
            "VARCHAR" => ColumnType.Text,
            "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" => ColumnType.Integer,
            "FLOAT" or "DOUBLE" => ColumnType.Real,
            "BLOB" => ColumnType.Bytes,
            _ => throw new InvalidDataException(
                $"The column '{name}' of {path} is of type {sqlType}. Expected text (VARCHAR), whole numbers (BIGINT), real ones (DOUBLE), bytes (BLOB), or lists of these: "
                + "read the file with new IngestParquet(…), which converts what can be converted."),
        };
        return new ExampleColumn(name, type) { IsList = isList };
    }

    sealed class Batch(IReadOnlyList<ExampleColumn> columns, int rows, bool isUtf8)
    {
        readonly BatchColumn[] _columns =
            [.. columns.Select(column => isUtf8 && column is { Type: ColumnType.Text, IsList: false } ? BatchColumn.ForUtf8(rows) : BatchColumn.For(column, rows))];
        int _filled;

        public int Rows => rows;

        public bool IsFull => _filled == rows && rows > 0;

        /// <summary>Takes what fits of the chunk's rows from a position on, and says how many.</summary>
        public int Take(ChunkReader reader, int start)
        {
            var count = Math.Min(rows - _filled, reader.Rows - start);
            for (var column = 0; column < _columns.Length; column++)
                _columns[column].Take(reader.Column(column), start, _filled, count);
            _filled += count;
            return count;
        }

        public ExampleBatch ToExamples()
        {
            var arrays = new Dictionary<string, Array>(StringComparer.Ordinal);
            var utf8 = new Dictionary<string, Utf8Column>(StringComparer.Ordinal);
            for (var column = 0; column < _columns.Length; column++)
            {
                if (_columns[column] is BatchColumn.Utf8Texts texts)
                    utf8.Add(columns[column].Name, texts.Column);
                else
                    arrays.Add(columns[column].Name, _columns[column].Values);
            }

            return new ExampleBatch(rows, arrays, utf8);
        }
    }
}
