using System.Text;
using Gyre.Data;
using Gyre.Ingestion;

namespace Gyre.Tests.Ingestion;

public sealed class ParquetColumns : IDisposable
{
    readonly ParquetBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("'zürich'", "VARCHAR", "zürich")]
    [InlineData("(-5)::TINYINT", "BIGINT", "-5")]
    [InlineData("300::SMALLINT", "BIGINT", "300")]
    [InlineData("7::INTEGER", "BIGINT", "7")]
    [InlineData("9007199254740992::BIGINT", "BIGINT", "9007199254740992")]
    [InlineData("9007199254740993::BIGINT", "VARCHAR", "9007199254740993")]
    [InlineData("(-9007199254740993)::BIGINT", "VARCHAR", "-9007199254740993")]
    [InlineData("255::UTINYINT", "BIGINT", "255")]
    [InlineData("65535::USMALLINT", "BIGINT", "65535")]
    [InlineData("4294967295::UINTEGER", "BIGINT", "4294967295")]
    [InlineData("18446744073709551615::UBIGINT", "VARCHAR", "18446744073709551615")]
    [InlineData("12::UBIGINT", "BIGINT", "12")]
    [InlineData("0.1::FLOAT", "DOUBLE", "0.10000000149011612")]
    [InlineData("0.1::DOUBLE", "DOUBLE", "0.1")]
    [InlineData("1e300::DOUBLE", "DOUBLE", "1e+300")]
    [InlineData("'nan'::DOUBLE", "DOUBLE", "nan")]
    [InlineData("'-infinity'::FLOAT", "DOUBLE", "-inf")]
    [InlineData("12.50::DECIMAL(10,2)", "DOUBLE", "12.5")]
    [InlineData("0.100000000000000000::DECIMAL(38,18)", "DOUBLE", "0.1")]
    [InlineData("12345678901234567.89::DECIMAL(38,2)", "VARCHAR", "12345678901234567.89")]
    [InlineData("true", "BIGINT", "1")]
    [InlineData("false", "BIGINT", "0")]
    [InlineData("DATE '2024-02-29'", "VARCHAR", "2024-02-29")]
    [InlineData("TIMESTAMP '2024-02-29 13:14:15'", "VARCHAR", "2024-02-29T13:14:15")]
    [InlineData("TIMESTAMP '2024-02-29 13:14:15.001002'", "VARCHAR", "2024-02-29T13:14:15.001002")]
    [InlineData("TIMESTAMP_NS '2024-02-29 13:14:15.001002003'", "VARCHAR", "2024-02-29T13:14:15.001002003")]
    [InlineData("TIMESTAMP_MS '2024-02-29 13:14:15.5'", "VARCHAR", "2024-02-29T13:14:15.5")]
    [InlineData("TIMESTAMPTZ '2024-02-29 13:14:15+02'", "VARCHAR", "2024-02-29T11:14:15Z")]
    [InlineData("TIME '13:14:15.25'", "VARCHAR", "13:14:15.25")]
    [InlineData("'\\x00\\xFF'::BLOB", "BLOB", "\\x00\\xFF")]
    [InlineData("'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::UUID", "VARCHAR", "6ba7b810-9dad-11d1-80b4-00c04fd430c8")]
    [InlineData("'b'::ENUM('a', 'b')", "VARCHAR", "b")]
    [InlineData("['x', 'y']", "VARCHAR[]", "[x, y]")]
    [InlineData("[1, 2]::TINYINT[]", "BIGINT[]", "[1, 2]")]
    [InlineData("[1, 9007199254740993]::BIGINT[]", "VARCHAR[]", "[1, 9007199254740993]")]
    [InlineData("[0.5, 0.1]::FLOAT[]", "DOUBLE[]", "[0.5, 0.10000000149011612]")]
    [InlineData("[true, false]", "BIGINT[]", "[1, 0]")]
    [InlineData("[DATE '2024-02-29']", "VARCHAR[]", "[2024-02-29]")]
    [InlineData("[TIMESTAMPTZ '2024-02-29 13:14:15+02']", "VARCHAR[]", "['2024-02-29T11:14:15Z']")]
    [InlineData("['\\x00\\xFF'::BLOB]", "BLOB[]", "[\\x00\\xFF]")]
    [InlineData("[]::INTEGER[]", "BIGINT[]", "[]")]
    public void Become_text_numbers_or_bytes_without_a_loss(string value, string type, string expected)
    {
        _bench.Write("one.parquet", $"SELECT * FROM (VALUES (1, {value}), (2, NULL)) AS rows(n, x)");
        _bench.Ingest("one.parquet");

        _bench.Columns().ShouldBe($"n BIGINT, x {type}");
        _bench.Lines().ShouldBe($"1|{expected}/2|∅");
    }

    [Fact]
    public void One_number_too_great_in_one_file_makes_text_of_the_column_in_all()
    {
        _bench.Write("a.parquet", "SELECT 5::INTEGER AS id, 1 AS n");
        _bench.Write("b.parquet", "SELECT 2 AS n, 9007199254740995::BIGINT AS id");
        _bench.Ingest("a.parquet", "b.parquet");

        _bench.Columns().ShouldBe("id VARCHAR, n BIGINT");
        _bench.Lines().ShouldBe("5|1/9007199254740995|2");
    }

    [Fact]
    public void Are_found_by_name_in_any_order_and_renamed()
    {
        _bench.Write("a.parquet", "SELECT 1 AS a, 'x' AS b, {'f': 1} AS s");
        _bench.Write("b.parquet", "SELECT 'y' AS b, {'g': 'other'} AS s, 2 AS a");
        _bench.Ingest(ParquetBench.Options with { Columns = [Column.Named("text").From("b"), "a"] }, "a.parquet", "b.parquet");

        _bench.Columns().ShouldBe("text VARCHAR, a BIGINT");
        _bench.Lines().ShouldBe("x|1/y|2");
    }

    [Fact]
    public void Numbers_keep_every_bit()
    {
        var random = new Random(7);
        var numbers = Enumerable.Range(0, 2000).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))).Where(double.IsFinite).ToArray();
        var floats = numbers.Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))).Select(value => float.IsFinite(value) ? value : 0.1f).ToArray();
        using (var writer = new ParquetWriter(Path.Combine(_bench.Root, "n.parquet"), [new ParquetColumn("x", ParquetType.Double), new ParquetColumn("y", ParquetType.Float)]))
        {
            writer.Write(new DoubleValues(numbers), new FloatValues(floats));
            writer.Complete();
        }

        _bench.Ingest("n.parquet");
        using var check = new DataEngine();
        check.Scalar<long>($"""
            SELECT count(*) FROM (SELECT x, y::DOUBLE AS y FROM {ParquetFile.Source(Path.Combine(_bench.Root, "n.parquet"))}) a
            POSITIONAL JOIN {ParquetFile.Source(_bench.FileOf("all"))} b WHERE a.x = b.x AND a.y = b.y
            """).ShouldBe(ParquetFile.Count(check, Path.Combine(_bench.Root, "n.parquet")));
    }

    [Theory]
    [InlineData("{'a': 1}", "the column 'x' is a struct (STRUCT(a INTEGER))", "make a column of each of its fields")]
    [InlineData("MAP {'k': 1}", "the column 'x' is a map (MAP(VARCHAR, INTEGER))", "two lists")]
    [InlineData("[[1]]", "the column 'x' is a list of lists (INTEGER[][])", "take it apart")]
    [InlineData("[{'a': 1}]", "the column 'x' is a struct (STRUCT(a INTEGER)[])", "choose other columns with Columns")]
    [InlineData("INTERVAL 1 DAY", "the column 'x' is of type INTERVAL", "convert it before")]
    public void Without_a_form_among_examples_are_refused_by_name_unless_left_out(string value, string found, string cure)
    {
        _bench.Write("odd.parquet", $"SELECT 1 AS n, {value} AS x");

        var message = Should.Throw<InvalidDataException>(() => _bench.Ingest("odd.parquet")).Message;
        message.ShouldStartWith("odd.parquet: " + found);
        message.ShouldContain(cure);

        _bench.Ingest(ParquetBench.Options with { Columns = ["n"] }, "odd.parquet");
        _bench.Lines().ShouldBe("1");
    }

    [Fact]
    public void Of_several_files_must_agree_in_names_and_types()
    {
        _bench.Write("a.parquet", "SELECT 1 AS n, 'x' AS t");
        _bench.Write("real.parquet", "SELECT 1.5::DOUBLE AS n, 'x' AS t");
        _bench.Write("date.parquet", "SELECT 1 AS n, DATE '2024-01-01' AS t");
        _bench.Write("list.parquet", "SELECT [1] AS n, 'x' AS t");
        _bench.Write("more.parquet", "SELECT 1 AS n, 'x' AS t, 3 AS extra");
        _bench.Write("less.parquet", "SELECT 1 AS n");

        string Message(string other) => Should.Throw<InvalidDataException>(() => _bench.Ingest("a.parquet", other)).Message;
        Message("real.parquet").ShouldStartWith("real.parquet: the column 'n' is DOUBLE, in a.parquet it is INTEGER.");
        Message("date.parquet").ShouldStartWith("date.parquet: the column 't' is DATE, in a.parquet it is VARCHAR.");
        Message("list.parquet").ShouldStartWith("list.parquet: the column 'n' is INTEGER[], in a.parquet it is INTEGER.");
        Message("more.parquet").ShouldStartWith("more.parquet: the columns 'extra' are not in the first file.");
        Message("less.parquet").ShouldStartWith("less.parquet: there is no column 't'");
    }

    [Fact]
    public void Of_the_same_name_are_refused()
    {
        // The engine writes no such file, so a name is changed afterwards.
        void Rename(string name, string from, string to) =>
            _bench.Write(name, Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(_bench.Read("ab.parquet")).Replace(from, to, StringComparison.Ordinal)));
        _bench.Write("ab.parquet", "SELECT 1 AS first_name, 2 AS other_name");
        Rename("case.parquet", "other_name", "FIRST_NAME");
        Rename("same.parquet", "other_name", "first_name");

        Should.Throw<InvalidDataException>(() => _bench.Ingest("case.parquet")).Message.ShouldContain("'first_name' and 'FIRST_NAME' differ only in upper and lower case");
        Should.Throw<InvalidDataException>(() => _bench.Ingest("same.parquet")).Message.ShouldContain("the column 'first_name' stands 2 times");
    }

    [Fact]
    public void Missing_ones_are_named_with_those_that_are_there()
    {
        _bench.Write("a.parquet", "SELECT 1 AS Tip, 2 AS fare");

        Should.Throw<InvalidDataException>(() => _bench.Ingest(ParquetBench.Options with { Columns = ["tip"] }, "a.parquet")).Message
            .ShouldBe("a.parquet: there is no column 'tip'; did you mean 'Tip'? Then write Column.Named(\"tip\").From(\"Tip\"). Its columns: Tip, fare.");
    }

    [Fact]
    public void A_list_with_a_missing_value_rejects_its_row()
    {
        _bench.Write("a.parquet", "SELECT * FROM (VALUES (1, ['a']), (2, ['b', NULL]), (3, []), (4, NULL)) AS rows(n, l)");

        Should.Throw<InvalidDataException>(() => _bench.Ingest("a.parquet")).Message
            .ShouldContain("a.parquet:2:2: found a missing value as element 2 of the list in column 'l'.");
        _bench.Ingest(ParquetBench.Options with { MaxRejected = 1 }, "a.parquet").Rejected.ShouldBe(1);
        _bench.Lines().ShouldBe("1|[a]/3|[]/4|∅");
        _bench.Rejected.ShouldContain("\"n: 2, l: [b, NULL]\"");
    }

    [Fact]
    public void Null_tokens_demanded_types_and_required_values_count_as_in_any_source()
    {
        _bench.Write("a.parquet", "SELECT * FROM (VALUES ('1', 'x'), ('n/a', 'y'), ('two', 'z'), ('3', '')) AS rows(n, t)");
        var options = ParquetBench.Options with
        {
            NullTokens = ["n/a"],
            Types = new Dictionary<string, ColumnType> { ["n"] = ColumnType.Integer },
            RequireValues = ["t"],
            MaxRejected = 1,
        };
        var result = _bench.Ingest(options, "a.parquet");

        (result.Rejected, result.Filtered).ShouldBe((1, 1));
        _bench.Columns().ShouldBe("n BIGINT, t VARCHAR");
        _bench.Lines().ShouldBe("1|x/∅|y");
        _bench.Rejected.ShouldContain("a.parquet\",3,1,\"found 'two' in column 'n'. Expected a whole number");
    }

    [Fact]
    public void Bytes_can_be_asked_for_as_text()
    {
        _bench.Write("a.parquet", "SELECT * FROM (VALUES ('caf\\xC3\\xA9'::BLOB), ('\\xFF'::BLOB)) AS rows(x)");
        var result = _bench.Ingest(ParquetBench.Options with { Types = new Dictionary<string, ColumnType> { ["x"] = ColumnType.Text }, MaxRejected = 1 }, "a.parquet");

        result.Rejected.ShouldBe(1);
        _bench.Lines().ShouldBe("café");
    }
}
