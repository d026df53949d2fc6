using Gyre.Data;

namespace Gyre.Tests.Data;

public sealed class ParquetFiles : IDisposable
{
    static readonly ParquetColumn[] AllKinds =
    [
        new("score", ParquetType.Float),
        new("vector", ParquetType.Float, Width: 3),
        new("exact", ParquetType.Double),
        new("id", ParquetType.Integer),
        new("tokens", ParquetType.IntegerList),
        new("text", ParquetType.Text),
    ];

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-parquet-");

    string File(string name) => Path.Combine(_directory.FullName, name);

    public void Dispose() => _directory.Delete(recursive: true);

    static ColumnValues[] Rows(int count, int seed)
    {
        var random = new Random(seed);
        var offsets = new int[count + 1];
        for (var row = 0; row < count; row++)
            offsets[row + 1] = offsets[row] + (random.Next(10) == 0 ? 0 : random.Next(300));
        string[] words = ["", "a", "zwölf Byte!!", "thirteen bytes", "line\nbreak, \"quote\"", "日本語のテキスト", new string('x', 5000)];
        return
        [
            new FloatValues([.. Enumerable.Range(0, count).Select(i => i % 7 == 0 ? float.NaN : random.NextSingle())]),
            new FloatValues([.. Enumerable.Range(0, count * 3).Select(_ => random.NextSingle() - 0.5f)], Width: 3),
            new DoubleValues([.. Enumerable.Range(0, count).Select(i => i % 5 == 0 ? double.NaN : random.NextDouble())]),
            new IntegerValues([.. Enumerable.Range(0, count).Select(_ => random.NextInt64(long.MinValue, long.MaxValue))]),
            new IntegerListValues([.. Enumerable.Range(0, offsets[count]).Select(_ => random.Next(-1, 20_000))], offsets),
            new TextValues([.. Enumerable.Range(0, count).Select(i => i % 11 == 0 ? null : words[random.Next(words.Length)] + i % 100)]),
        ];
    }

    static ColumnValues[] Cut(ColumnValues[] columns, int from, int to) => [.. columns.Select(column => column switch
    {
        FloatValues floats => (ColumnValues)new FloatValues(floats.Values[(from * floats.Width)..(to * floats.Width)], floats.Width),
        DoubleValues doubles => new DoubleValues(doubles.Values[from..to]),
        IntegerValues integers => new IntegerValues(integers.Values[from..to]),
        TextValues texts => new TextValues(texts.Values[from..to]),
        IntegerListValues lists => new IntegerListValues(lists.Values, lists.Offsets[from..(to + 1)]),
        _ => throw new InvalidOperationException(),
    })];

    /// <summary>Compares without describing each of many thousand values.</summary>
    static void Same<T>(T[] actual, T[] expected) => actual.AsSpan().SequenceEqual(expected).ShouldBeTrue();

    static void Write(string path, ColumnValues[] rows, params int[] cuts)
    {
        using var writer = new ParquetWriter(path, AllKinds);
        var count = ((IntegerValues)rows[3]).Values.Length;
        var from = 0;
        foreach (var to in cuts.Append(count))
        {
            writer.Write(Cut(rows, from, to));
            from = to;
        }

        writer.Rows.ShouldBe(count);
        writer.Complete();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(40_000)]
    public void What_is_written_is_read_back(int count)
    {
        var rows = Rows(count, seed: count);
        Write(File("rows.parquet"), rows);

        var read = ParquetReader.Read(File("rows.parquet"));

        read.Keys.ShouldBe(AllKinds.Select(column => column.Name));
        Same(((FloatValues)read["score"]).Values, ((FloatValues)rows[0]).Values);
        Same(((FloatValues)read["vector"]).Values, ((FloatValues)rows[1]).Values);
        ((FloatValues)read["vector"]).Width.ShouldBe(count == 0 ? 1 : 3);
        Same(((DoubleValues)read["exact"]).Values, ((DoubleValues)rows[2]).Values);
        Same(((IntegerValues)read["id"]).Values, ((IntegerValues)rows[3]).Values);
        Same(((IntegerListValues)read["tokens"]).Offsets, ((IntegerListValues)rows[4]).Offsets);
        Same(((IntegerListValues)read["tokens"]).Values, ((IntegerListValues)rows[4]).Values);
        Same(((TextValues)read["text"]).Values, ((TextValues)rows[5]).Values);
    }

    [Fact]
    public void Values_that_repeat_lists_of_nothing_and_numbers_of_any_size_are_read_back()
    {
        const int Count = 20_000;
        ParquetColumn[] columns =
        [
            new("few", ParquetType.Float), new("none", ParquetType.Double), new("one", ParquetType.Integer), new("empty", ParquetType.IntegerList),
            new("any", ParquetType.IntegerList), new("same", ParquetType.IntegerList), new("missing", ParquetType.Text),
        ];
        var (random, offsets) = (new Random(5), Enumerable.Range(0, Count + 1).Select(row => row * 2).ToArray());
        ColumnValues[] rows =
        [
            new FloatValues([.. Enumerable.Range(0, Count).Select(row => row % 3 == 0 ? float.NaN : row % 5)]),
            new DoubleValues([.. Enumerable.Repeat(double.NaN, Count)]),
            new IntegerValues([.. Enumerable.Repeat(long.MinValue, Count)]),
            new IntegerListValues([], new int[Count + 1]),
            new IntegerListValues([.. Enumerable.Range(0, 2 * Count).Select(_ => random.Next(int.MinValue, int.MaxValue))], offsets),
            new IntegerListValues([.. Enumerable.Repeat(-1, 2 * Count)], offsets),
            new TextValues(new string?[Count]),
        ];
        using (var writer = new ParquetWriter(File("odd.parquet"), columns))
        {
            writer.Write(rows);
            writer.Complete();
        }

        var read = ParquetReader.Read(File("odd.parquet"));

        Same(((FloatValues)read["few"]).Values, ((FloatValues)rows[0]).Values);
        Same(((DoubleValues)read["none"]).Values, ((DoubleValues)rows[1]).Values);
        Same(((IntegerValues)read["one"]).Values, ((IntegerValues)rows[2]).Values);
        Same(((IntegerListValues)read["empty"]).Offsets, ((IntegerListValues)rows[3]).Offsets);
        Same(((IntegerListValues)read["any"]).Values, ((IntegerListValues)rows[4]).Values);
        Same(((IntegerListValues)read["same"]).Values, ((IntegerListValues)rows[5]).Values);
        Same(((TextValues)read["missing"]).Values, ((TextValues)rows[6]).Values);
    }

    [Fact]
    public void The_pages_are_where_the_footer_says()
    {
        Write(File("rows.parquet"), Rows(20_000, seed: 4));
        using var file = System.IO.File.OpenRead(File("rows.parquet"));
        var footer = ParquetFooter.Read(file, "rows");

        footer.Rows.ShouldBe(20_000);
        footer.Chunks.Count.ShouldBe(2 * AllKinds.Length);
        ParquetPages.Check(file, footer, "rows", TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_bytes_do_not_depend_on_how_rows_are_cut_into_batches()
    {
        var rows = Rows(30_001, seed: 1);
        Write(File("whole.parquet"), rows);
        Write(File("cut.parquet"), rows, 1, 1, 17, 2048, 9000, 30_000);

        Same(System.IO.File.ReadAllBytes(File("cut.parquet")), System.IO.File.ReadAllBytes(File("whole.parquet")));
    }

    [Fact]
    public void Several_threads_read_the_same()
    {
        var rows = Rows(50_000, seed: 2);
        Write(File("rows.parquet"), rows);

        var read = ParquetReader.Read(File("rows.parquet"), ["id", "tokens"], threads: 4);

        read.Count.ShouldBe(2);
        Same(((IntegerValues)read["id"]).Values, ((IntegerValues)rows[3]).Values);
        Same(((IntegerListValues)read["tokens"]).Values, ((IntegerListValues)rows[4]).Values);
    }

    [Fact]
    public void There_is_no_file_before_it_is_complete()
    {
        using (var writer = new ParquetWriter(File("rows.parquet"), [new("id", ParquetType.Integer)]))
            writer.Write(new IntegerValues([1, 2]));

        System.IO.File.Exists(File("rows.parquet")).ShouldBeFalse();
    }

    [Fact]
    public void Values_that_do_not_fit_the_columns_are_refused_by_name()
    {
        using var writer = new ParquetWriter(File("rows.parquet"), [new("id", ParquetType.Integer), new("score", ParquetType.Float, Width: 2)]);

        Should.Throw<ArgumentException>(() => writer.Write(new IntegerValues([1]))).Message.ShouldContain("Expected 2: id, score");
        Should.Throw<ArgumentException>(() => writer.Write(new IntegerValues([1]), new FloatValues([1f, 2f]))).Message.ShouldContain("'score'");
        Should.Throw<ArgumentException>(() => writer.Write(new IntegerValues([1]), new FloatValues([1f, 2f, 3f, 4f], Width: 2)))
            .Message.ShouldContain("'score' has 2 rows. Expected 1");
        Should.Throw<ArgumentException>(() => writer.Write(new TextValues(["1"]), new FloatValues([1f, 2f], Width: 2))).Message.ShouldContain("'id'");
    }

    [Fact]
    public void Names_are_quoted()
    {
        using (var writer = new ParquetWriter(File("it's.parquet"), [new("a \"b\" 'c'; --", ParquetType.Integer)]))
        {
            writer.Write(new IntegerValues([5]));
            writer.Complete();
        }

        ((IntegerValues)ParquetReader.Read(File("it's.parquet"))["a \"b\" 'c'; --"]).Values.ShouldBe([5]);
    }

    [Fact]
    public void A_missing_whole_number_is_named_by_row()
    {
        using var engine = new DataEngine();
        engine.Execute($"COPY (SELECT CASE WHEN i <> 3000 THEN i END AS id FROM range(5000) t(i)) TO {SqlText.Literal(File("rows.parquet"))} (FORMAT parquet)");

        Should.Throw<InvalidDataException>(() => ParquetReader.Read(File("rows.parquet"))).Message.ShouldContain("no value in row 3001");
    }

    [Fact]
    public void Unknown_columns_and_lost_files_are_named()
    {
        Write(File("rows.parquet"), Rows(10, seed: 3));

        Should.Throw<InvalidDataException>(() => ParquetReader.Read(File("rows.parquet"), ["id", "ids", "x"])).Message
            .ShouldContain("has no column 'ids', 'x'. Its columns: score, vector,");
        Should.Throw<FileNotFoundException>(() => ParquetReader.Read(File("none.parquet"))).Message.ShouldContain("none.parquet");
    }
}
