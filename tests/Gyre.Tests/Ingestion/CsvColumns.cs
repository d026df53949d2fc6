using Gyre.Data;
using Gyre.Ingestion;

namespace Gyre.Tests.Ingestion;

public sealed class CsvColumns : IDisposable
{
    readonly CsvBench _bench = new();

    public void Dispose() => _bench.Dispose();

    ColumnType TypeOf(params string[] values) =>
        _bench.IngestText("c,i\n" + string.Join('\n', values.Select(value => $"{value},1"))).Columns[0].Type;

    [Theory]
    [InlineData(ColumnType.Integer, "0", "-0", "7", "-12", "999999999999999", "")]
    [InlineData(ColumnType.Real, "1", "2.5", "-0.5", "1e-3", ".5", "5.", "1E+10")]
    [InlineData(ColumnType.Real, "0.0", "123456789012345678.5")]
    [InlineData(ColumnType.Text, "94501", "00501")]
    [InlineData(ColumnType.Text, "1.5", "007.5")]
    [InlineData(ColumnType.Text, "1.5", "00501")]
    [InlineData(ColumnType.Text, "1", "+2")]
    [InlineData(ColumnType.Text, "1", "1234567890123456")]
    [InlineData(ColumnType.Text, "1.5", "1234567890123456")]
    [InlineData(ColumnType.Text, "1", "1e999")]
    [InlineData(ColumnType.Text, "1", "NaN")]
    [InlineData(ColumnType.Text, "1", "inf")]
    [InlineData(ColumnType.Text, "1", "0x10")]
    [InlineData(ColumnType.Text, "1", " 1")]
    [InlineData(ColumnType.Text, "1", "1 ")]
    [InlineData(ColumnType.Text, "1", "-")]
    [InlineData(ColumnType.Text, "1", ".")]
    [InlineData(ColumnType.Text, "1.5", "1e")]
    [InlineData(ColumnType.Text, "1.5", "1.2.3")]
    [InlineData(ColumnType.Text, "1", "١")]
    [InlineData(ColumnType.Text, "2020-01-02")]
    [InlineData(ColumnType.Text, "true", "false")]
    [InlineData(ColumnType.Text, "", "")]
    public void A_type_is_what_all_values_have(ColumnType expected, params string[] values) => TypeOf(values).ShouldBe(expected);

    [Fact]
    public void A_single_late_value_decides_and_zip_codes_keep_their_zeros()
    {
        _bench.IngestText("zip\n" + string.Concat(Enumerable.Repeat("94501\n", 30_000)) + "00501\n").Columns[0].Type.ShouldBe(ColumnType.Text);

        _bench.Rows()[^1].ShouldBe(["00501"]);
    }

    [Fact]
    public void Numbers_are_written_as_numbers()
    {
        _bench.IngestText("i,r\n-7,.5\n,\n9007199254740,1e-3\n3,5.\n");

        ExampleReader.Columns(_bench.FileOf("all")).ShouldBe([new("i", ColumnType.Integer), new("r", ColumnType.Real)]);
        var batch = ExampleReader.Read(_bench.FileOf("all")).Single();
        batch.Number("i").ShouldBe([-7, double.NaN, 9007199254740, 3]);
        batch.Number("r").ShouldBe([0.5, double.NaN, 0.001, 5]);
    }

    [Fact]
    public void A_demanded_type_overrides_the_one_found_and_rejects_what_does_not_fit()
    {
        var types = new Dictionary<string, ColumnType> { ["zip"] = ColumnType.Text, ["n"] = ColumnType.Integer, ["r"] = ColumnType.Real };
        var result = _bench.IngestText(
            "zip,n,r\n94501,007,01.5\n94502,x,2\n94503,1.0,2\n94504,9007199254740993,2\n94505,+1,2\n94506,1,1e999\n94507,,\n94508,-3,7\n",
            CsvBench.Options with { Types = types, MaxRejected = 5 });

        result.Columns.Select(column => column.Type).ShouldBe([ColumnType.Text, ColumnType.Integer, ColumnType.Real]);
        _bench.Lines().ShouldBe("94501|7|1.5/94507|∅|∅/94508|-3|7");
        _bench.Rejected.ShouldContain("\"data.csv\",3,7,\"found 'x' in column 'n'. Expected a whole number");
    }

    [Fact]
    public void Columns_are_bound_by_name_chosen_and_renamed()
    {
        Column[] columns = [Column.Named("product").From("Product", "product"), "state", Column.Named("zip_code").From("ZIP code", "zip_code")];
        _bench.Write("official.csv", "Date received,State,Product,ZIP code\n2020-01-02,CA,Mortgage,94501\n");
        _bench.Write("book.csv", "product,zip_code,state\nLoan,00501,NY\n");

        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options with { Columns = columns }, "official.csv")).Message
            .ShouldBe("official.csv:1: there is no column 'state'; did you mean 'State'? Then write Column.Named(\"state\").From(\"State\"). The header: Date received, State, Product, ZIP code.");
        columns[1] = Column.Named("state").From("state", "State");
        _bench.Ingest(CsvBench.Options with { Columns = columns }, "official.csv", "book.csv");

        ExampleReader.Columns(_bench.FileOf("all")).Select(column => column.Name).ShouldBe(["product", "state", "zip_code"]);
        _bench.Lines().ShouldBe("Mortgage|CA|94501/Loan|NY|00501");
    }

    [Fact]
    public void Twins_in_the_header_do_no_harm_when_others_are_chosen()
    {
        _bench.IngestText("a,b,b,\n1,2,3,4\n", CsvBench.Options with { Columns = ["a"] });
        _bench.Lines().ShouldBe("1");

        Should.Throw<InvalidDataException>(() => _bench.IngestText("a,b,b,\n1,2,3,4\n", CsvBench.Options with { Columns = ["b", "x"] })).Message
            .ShouldBe("data.csv:1: the column 'b' stands 2 times. Expected each name once: rename the columns in the file, or choose others with Columns; there is no column 'x': correct its name in Columns. The header: a, b, b, .");
    }

    [Fact]
    public void Several_files_may_order_their_columns_differently_but_must_have_the_same()
    {
        _bench.Write("1.csv", "a,b\n1,x\n");
        _bench.Write("2.csv", "b,a\ny,2\n");
        _bench.Write("3.csv", "b,a,c\ny,2,z\n");
        _bench.Write("4.csv", "b\ny\n");

        _bench.Ingest(CsvBench.Options, "1.csv", "2.csv");
        _bench.Lines().ShouldBe("1|x/2|y");
        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options, "1.csv", "3.csv")).Message.ShouldContain("3.csv:1: the columns 'c' are not in the first file");
        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options, "1.csv", "4.csv")).Message.ShouldContain("4.csv:1: there is no column 'a'");
    }

    [Fact]
    public void Null_tokens_hold_everywhere_or_in_one_column()
    {
        _bench.IngestText("a,b\nN/A,?\n?,1\n", CsvBench.Options with { NullTokens = ["", "N/A"], Columns = ["a", Column.Named("b").WithNullTokens("?")] });

        _bench.Lines().ShouldBe("∅|∅/?|1");
    }

    [Fact]
    public void Names_that_no_column_bears_are_reported_all_at_once()
    {
        var error = Should.Throw<InvalidDataException>(() => _bench.IngestText(
            "a\n1\n",
            CsvBench.Options with { SplitBy = ["x"], RequireValues = ["y"], Types = new Dictionary<string, ColumnType> { ["z"] = ColumnType.Text } })).Message;

        error.ShouldContain("SplitBy names the column 'x'");
        error.ShouldContain("RequireValues names the column 'y'");
        error.ShouldContain("Types names the column 'z'");
    }

    [Fact]
    public void Options_report_all_their_problems()
    {
        var options = new CsvOptions
        {
            Splits = Split.ByHash(("../up", 1), ("eval", 0), ("eval", 1)),
            Delimiter = "ab",
            MaxRejected = -1,
            Columns = ["a", "A", new Column("b") { Sources = [] }],
            RequireValues = ["c"],
        };

        options.Problems().Count().ShouldBe(8);
        CsvBench.Options.Problems().ShouldBeEmpty();
    }
}
