using System.IO.Compression;
using System.Text;
using Gyre.Data;
using Gyre.Data.TfRecords;

namespace Gyre.Ingestion;

/// <summary>Writes rows of a version of data to a file, in a form that can be ingested again with the same rows as the result.</summary>
public static class DataExport
{
    /// <summary>The forms that there are.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["csv", "jsonl", "parquet", "tfrecord"];

    /// <param name="version">The data.</param>
    /// <param name="splits">The splits to write, one after the other.</param>
    /// <param name="format">One of <see cref="Formats"/>; of tfrecord, a path that ends in .gz is packed.</param>
    /// <param name="path">The file to write; one that is there is replaced.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="InvalidDataException">The format cannot hold the columns.</exception>
    public static long Write(DataVersion version, IReadOnlyList<string> splits, string format, string path)
    {
        var columns = version.Columns().Select(ColumnOf).ToList();
        var source = ParquetFile.Source([.. splits.SelectMany(version.FilesOf)]);
        using var engine = new DataEngine();
        var rows = engine.Scalar<long>($"SELECT count(*) FROM {source}");
        switch (format)
        {
            case "parquet":
                engine.Execute(ParquetWriter.CopyToParquet($"(SELECT * FROM {source})", path));
                break;
            case "csv":
                RequireFlat(columns);
                WriteCsv(engine, source, columns, path);
                break;
            case "jsonl":
                WriteJson(engine, source, path);
                break;
            default:
                WriteRecords(engine, source, columns, path);
                break;
        }

        return rows;
    }

    static ExampleColumn ColumnOf(DataColumn column)
    {
        var isList = column.Type.EndsWith("[]", StringComparison.Ordinal);
        var type = (isList ? column.Type[..^2] : column.Type) switch
        {
            "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" => ColumnType.Integer,
            "FLOAT" or "DOUBLE" => ColumnType.Real,
            "BLOB" => ColumnType.Bytes,
            _ => ColumnType.Text,
        };
        return new ExampleColumn(column.Name, type) { IsList = isList };
    }

    static void RequireFlat(IReadOnlyList<ExampleColumn> columns)
    {
        if (columns.FirstOrDefault(column => column.IsList || column.Type == ColumnType.Bytes) is { } odd)
            throw new InvalidDataException($"The column '{odd.Name}' holds {(odd.IsList ? "lists" : "bytes")}, which CSV cannot. Export as parquet, jsonl or tfrecord.");
    }

    static void WriteCsv(DataEngine engine, string source, IReadOnlyList<ExampleColumn> columns, string path)
    {
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', columns.Select(column => Quoted(column.Name))));
        Each(engine, source, columns, texts => writer.WriteLine(texts.Length == 1 && texts[0] is null ? "\"\"" : string.Join(',', texts.Select(text => text is null ? "" : Quoted(text)))));
    }

    static void WriteJson(DataEngine engine, string source, string path)
    {
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        foreach (var line in engine.Query($"SELECT CAST(to_json(line) AS VARCHAR) FROM {source} AS line", row => row.GetString(0)))
            writer.WriteLine(line);
    }

    static void WriteRecords(DataEngine engine, string source, IReadOnlyList<ExampleColumn> columns, string path)
    {
        using var file = File.Create(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Optimal) : new BufferedStream(file);
        using var writer = new TfRecordWriter(stream);
        var encoder = new ExampleEncoder(columns, MissingFeature.Absent);
        using var reader = new ChunkReader(engine, $"SELECT {string.Join(", ", columns.Select(column => $"CAST({SqlText.Identifier(column.Name)} AS {column.SqlType})"))} FROM {source}");
        while (reader.Next())
        {
            for (var row = 0; row < reader.Rows; row++)
                writer.Write(encoder.Encode(new ChunkRow(reader, row, columns)));
        }
    }

    static void Each(DataEngine engine, string source, IReadOnlyList<ExampleColumn> columns, Action<string?[]> write)
    {
        var select = string.Join(", ", columns.Select(column => $"CAST({SqlText.Identifier(column.Name)} AS VARCHAR)"));
        foreach (var texts in engine.Query($"SELECT {select} FROM {source}", row => columns.Select((_, index) => row.IsDBNull(index) ? null : row.GetString(index)).ToArray()))
            write(texts);
    }

    static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 && text.Trim().Length == text.Length && text.Length > 0
        ? text
        : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
