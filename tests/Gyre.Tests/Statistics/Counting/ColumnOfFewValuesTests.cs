using System.Globalization;
using Google.Protobuf;
using Gyre.Data;
using Gyre.Statistics;
using Gyre.Statistics.Counting;

namespace Gyre.Tests.Statistics.Counting;

/// <summary>Columns of few values are counted value by value, all others example by example; nobody can tell by the result.</summary>
public sealed class ColumnOfFewValuesTests : IDisposable
{
    const int Examples = 90_000;

    /// <summary>Of each type of column, with missing values, NaN, both zeros, texts of all lengths.</summary>
    const string Columns = """
        CASE WHEN i % 7 < 5 THEN 'town ' || i % 7 END AS text,
        CASE i % 3 WHEN 0 THEN repeat('The card of my wife was never sent to me. ', 1 + i % 5) WHEN 1 THEN repeat('So it was. ', 200) END AS sentences,
        CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN 'NaN'::DOUBLE WHEN 2 THEN -0.0::DOUBLE WHEN 3 THEN 0.0::DOUBLE ELSE i % 1000 / 7.0 END AS "real",
        CASE WHEN i % 4 > 0 THEN (i * i) % 11 END AS whole,
        i % 3 = 0 AS truth,
        DATE '2020-01-01' + (i % 40)::INTEGER AS day,
        (i % 30 / 10.0)::DECIMAL(9, 2) AS price,
        ('\x00\xFF' || chr(65 + (i % 4)::INTEGER))::BLOB AS bytes,
        NULL::VARCHAR AS nothing,
        i % 3 AS times
        """;

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-few-");
    int _files;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Are_counted_as_examples_are_one_by_one()
    {
        var whole = Write(0, Examples);
        var parts = Enumerable.Range(0, 3).Select(part => Count(Write(part * Examples / 3, (part + 1) * Examples / 3))).ToList();
        HasFewValues(whole).ShouldAllBe(column => column.Value);
        using var all = Count(whole);

        var byValue = Bytes(all);
        var byExample = Bytes(parts[0].Merge([.. parts.Skip(1)]));

        byValue.ShouldBe(byExample);
        parts.ForEach(part => part.Dispose());
    }

    [Fact]
    public void Are_few_by_what_the_file_tells_of_their_size()
    {
        using var engine = new DataEngine();
        var path = NewFile("parquet");
        engine.Execute($"COPY (SELECT uuid()::VARCHAR AS id, random() AS number, i AS row, i % 9 AS digit, [i % 9] AS list FROM range({Examples}) AS t(i)) TO {SqlText.Literal(path)} (FORMAT parquet)");

        HasFewValues(path).Where(column => column.Value).Select(column => column.Key).ShouldBe(["digit"]);
        HasFewValues(Write(0, 1000)).ShouldAllBe(column => !column.Value, "a query each would take longer");
    }

    string Write(int from, int to)
    {
        using var engine = new DataEngine();
        var path = NewFile("parquet");
        engine.Execute($"COPY (SELECT {Columns} FROM range({from}, {to}) AS t(i)) TO {SqlText.Literal(path)} (FORMAT parquet, ROW_GROUP_SIZE 16384)");
        return path;
    }

    static Dictionary<string, bool> HasFewValues(string path)
    {
        using var engine = new DataEngine();
        var sizes = engine.Query($"SELECT path_in_schema, sum(total_uncompressed_size)::BIGINT FROM parquet_metadata({SqlText.Literal(path)}) GROUP BY ALL", row => (row.GetString(0), row.GetInt64(1)))
            .ToDictionary(StringComparer.Ordinal);
        return CountedColumn.Of(engine, path).ToDictionary(
            column => column.Column.Name,
            column => ColumnOfFewValues.Is(column.Column, sizes.GetValueOrDefault(column.Column.Name), ParquetFile.Count(engine, path)),
            StringComparer.Ordinal);
    }

    PartialStatistics Count(string path) => PartialStatistics.Of(path, NewFile("partial"), threads: 2);

    static byte[] Bytes(PartialStatistics counted) => counted.ToStatistics("all")[0].Message.ToByteArray();

    string NewFile(string kind) => Path.Combine(_directory.FullName, string.Create(CultureInfo.InvariantCulture, $"{_files++}.{kind}"));
}
