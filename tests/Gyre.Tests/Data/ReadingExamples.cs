using Gyre.Data;

namespace Gyre.Tests.Data;

public sealed class ReadingExamples : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-examples-");

    string Examples => Path.Combine(_directory.FullName, "examples.parquet");

    public void Dispose() => _directory.Delete(recursive: true);

    void Write(string query)
    {
        using var engine = new DataEngine();
        engine.Execute($"COPY ({query}) TO {SqlText.Literal(Examples)} (FORMAT parquet, ROW_GROUP_SIZE 2048)");
    }

    void WriteFiveThousand() => Write("""
        SELECT i AS id, CASE WHEN i % 10 <> 0 THEN i / 4.0::DOUBLE END AS amount, CASE WHEN i % 3 <> 0 THEN 'text ' || i END AS note
        FROM range(5000) t(i)
        """);

    [Fact]
    public void Columns_and_count_are_known_without_reading()
    {
        WriteFiveThousand();

        ExampleReader.Columns(Examples).ShouldBe(
            [new("id", ColumnType.Integer), new("amount", ColumnType.Real), new("note", ColumnType.Text)]);
        ExampleReader.Count(Examples).ShouldBe(5000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1024)]
    [InlineData(5000)]
    [InlineData(100_000)]
    public void Batches_keep_the_order_and_are_all_full_but_the_last(int batchRows)
    {
        WriteFiveThousand();

        var batches = ExampleReader.Read(Examples, batchRows: batchRows).ToList();

        batches.SkipLast(1).ShouldAllBe(batch => batch.Rows == batchRows);
        batches.SelectMany(batch => batch.Number("id")).ShouldBe(Enumerable.Range(0, 5000).Select(i => (double)i));
        batches.SelectMany(batch => batch.Number("amount")).ShouldBe(Enumerable.Range(0, 5000).Select(i => i % 10 == 0 ? double.NaN : i / 4.0));
        batches.SelectMany(batch => batch.Text("note")).ShouldBe(Enumerable.Range(0, 5000).Select(i => i % 3 == 0 ? null : $"text {i}"));
    }

    [Fact]
    public void A_part_can_be_read()
    {
        WriteFiveThousand();

        ExampleReader.Read(Examples, ["id"], batchRows: 100, firstRow: 3000, maxRows: 250).SelectMany(batch => batch.Number("id"))
            .ShouldBe(Enumerable.Range(3000, 250).Select(i => (double)i));
        ExampleReader.Read(Examples, ["id"], firstRow: 6000).ShouldBeEmpty();
        ExampleReader.Read(Examples, [], batchRows: 2000).Select(batch => batch.Rows).ShouldBe([2000, 2000, 1000]);
    }

    [Fact]
    public void No_examples_make_no_batch()
    {
        Write("SELECT 1 AS id WHERE false");

        ExampleReader.Read(Examples).ShouldBeEmpty();
    }

    [Fact]
    public void Reading_can_stop_early()
    {
        WriteFiveThousand();

        ExampleReader.Read(Examples, batchRows: 10).First().Rows.ShouldBe(10);
    }

    [Fact]
    public void Columns_that_are_neither_text_nor_numbers_are_refused()
    {
        Write("SELECT 1 AS id, DATE '2020-01-01' AS day");

        Should.Throw<InvalidDataException>(() => ExampleReader.Columns(Examples)).Message.ShouldContain("'day'");
        Should.Throw<InvalidDataException>(() => ExampleReader.Read(Examples, ["id", "nothing"]).ToList());
    }
}
