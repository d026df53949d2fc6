using System.Text;
using Gyre.Data;
using Gyre.Ingestion;

namespace Gyre.Tests.Ingestion;

public sealed class JsonFiles : IDisposable
{
    static readonly JsonOptions Options = new() { Splits = CsvBench.OneSplit };

    readonly CsvBench _bench = new();

    public void Dispose() => _bench.Dispose();

    string Ingest(string content, JsonOptions? options = null)
    {
        _bench.Write("data.jsonl", content);
        _bench.Ingest(options ?? Options, "data.jsonl");
        return _bench.Lines();
    }

    string MessageOf(string content, JsonOptions? options = null) => Should.Throw<InvalidDataException>(() => Ingest(content, options)).Message;

    string Types => string.Join(' ', ExampleReader.Columns(_bench.FileOf("all")).Select(column => $"{column.Name}:{column.Type}{(column.IsList ? "[]" : "")}"));

    [Theory]
    [InlineData("{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n", "a:Integer b:Text", "1|x/2|y")]
    [InlineData("{\"a\":1,\"b\":\"x\"}\n{\"b\":\"y\",\"a\":2}", "a:Integer b:Text", "1|x/2|y")]
    [InlineData("\uFEFF{\"a\":1}\r\n\r\n  \n{\"a\":2}\r\n", "a:Integer", "1/2")]
    [InlineData("{\"a\":1}\n{\"a\":2.5}\n{\"a\":null}\n{}\n", "a:Real", "1/2.5/∅/∅")]
    [InlineData("{\"a\":1}\n{\"b\":2}\n", "a:Integer b:Integer", "1|∅/∅|2")]
    [InlineData("{\"a\":true}\n{\"a\":false}\n", "a:Integer", "1/0")]
    [InlineData("{\"zip\":\"00501\"}\n{\"zip\":\"10001\"}\n", "zip:Text", "00501/10001")]
    [InlineData("{\"zip\":\"10001\"}\n", "zip:Text", "10001")]
    [InlineData("{\"a\":1}\n{\"a\":\"2\"}\n", "a:Text", "1/2")]
    [InlineData("{\"a\":12345678901234567890}\n{\"a\":1}\n", "a:Text", "12345678901234567890/1")]
    [InlineData("{\"a\":9007199254740993}\n", "a:Text", "9007199254740993")]
    [InlineData("{\"a\":1e400}\n", "a:Text", "1e400")]
    [InlineData("{\"a\":1E3}\n{\"a\":-0.5}\n", "a:Real", "1000/-0.5")]
    [InlineData("{\"u\":{\"id\":7,\"at\":{\"city\":\"Ulm\"}},\"v\":1}\n", "u.id:Integer u.at.city:Text v:Integer", "7|Ulm|1")]
    [InlineData("{\"a\":\"caf\\u00e9 \\ud83d\\ude00 \\\"x\\\"\\n\"}\n", "a:Text", "café 😀 \"x\"\n")]
    [InlineData("{\"a\":\"\",\"b\":1}\n", "a:Text b:Integer", "∅|1")]
    [InlineData("{\"\\u0061\":1}\n{\"a\":2}\n", "a:Integer", "1/2")]
    [InlineData("{\"a\":{},\"b\":1}\n", "b:Integer", "1")]
    public void Become_columns_and_rows(string content, string types, string rows)
    {
        Ingest(content).ShouldBe(rows);
        Types.ShouldBe(types);
    }

    [Fact]
    public void Lists_become_columns_of_lists()
    {
        _bench.Write("data.jsonl", "{\"t\":[\"a\",\"b\"],\"n\":[1,2.5],\"m\":[true,\"x\"],\"one\":3}\n{\"t\":[],\"n\":7,\"m\":null}\n");
        _bench.Ingest(Options, "data.jsonl");
        var batch = ExampleReader.Read(_bench.FileOf("all")).Single();

        Types.ShouldBe("t:Text[] n:Real[] m:Text[] one:Integer");
        batch.TextLists("t").ShouldBe([["a", "b"], []]);
        batch.NumberLists("n").ShouldBe([[1, 2.5], [7]]);
        batch.TextLists("m").ShouldBe([["1", "x"], null]);
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":}\n", "data.jsonl:2:6: found no valid JSON (")]
    [InlineData("{\"a\":1}\n{\"a\":1\n", "data.jsonl:2:7: found no valid JSON (")]
    [InlineData("{\"a\":1}\n{\"a\":01}\n", "data.jsonl:2:7: found no valid JSON (")]
    [InlineData("{\"a\":1}\n{\"a\":NaN}\n", "data.jsonl:2:6: found no valid JSON (")]
    [InlineData("{\"a\":1}\n{'a':1}\n", "data.jsonl:2:2: found no valid JSON (")]
    [InlineData("{\"a\":1}\n{\"a\":1,}\n", "data.jsonl:2:8: found no valid JSON (")]
    [InlineData("{\"a\":1}\n{\"a\":1}}\n", "data.jsonl:2:8: found no valid JSON (")]
    [InlineData("{\"a\":1}\n{\"a\":1} {\"a\":2}\n", "data.jsonl:2:9: found no valid JSON (")]
    [InlineData("{\"a\":1}\n[1,2]\n", "data.jsonl:2:1: found a list. Expected an object")]
    [InlineData("{\"a\":1}\n3\n", "data.jsonl:2:1: found a number. Expected an object")]
    [InlineData("{\"a\":1}\nnull\n", "data.jsonl:2:1: found null. Expected an object")]
    [InlineData("{\"ä\":1,\"a\":1}\n{\"ä\":1,\"a\":2,\"a\":3}\n", "data.jsonl:2:14: found the key 'a' for the second time")]
    [InlineData("{\"a.b\":1}\n{\"a\":{\"b\":1,\"b\":2}}\n", "found the key 'a.b' for the second time")]
    [InlineData("{\"a\":[1]}\n{\"a\":[[1]]}\n", "data.jsonl:2:7: found a list inside the list 'a'")]
    [InlineData("{\"a\":[1]}\n{\"a\":[{\"b\":1}]}\n", "data.jsonl:2:7: found an object inside the list 'a'")]
    [InlineData("{\"a\":[1]}\n{\"a\":[1,null]}\n", "data.jsonl:2:9: found null inside the list 'a'")]
    [InlineData("{\"a\":\"x\"}\n{\"a\":\"\\ud83d\"}\n", "data.jsonl:2:6: found an escape that is half of a character")]
    [InlineData("{\"a\":\"x\"}\n{\"a\":\"\\q\"}\n", "data.jsonl:2:8: found no valid JSON (")]
    [InlineData("{\"a\":\"x\"}\n{\"a\":\"x\ty\"}\n", "data.jsonl:2:8: found no valid JSON (")]
    public void Lines_that_are_no_rows_are_rejected_with_their_place(string content, string expected)
    {
        MessageOf(content).ShouldContain(expected);
        _bench.Ingest(Options with { MaxRejected = 1 }, "data.jsonl").Rejected.ShouldBe(1);
    }

    [Theory]
    [InlineData("", "data.jsonl: there are no rows")]
    [InlineData("\n \n", "data.jsonl: there are no rows")]
    [InlineData("[\n{\"a\":1},\n{\"a\":2}\n]\n", "data.jsonl:1: the file is one list. Expected JSON lines")]
    [InlineData("{}\n{}\n", "no row has a column")]
    [InlineData("{\"a\":1,\"A\":2}\n", "differ only in upper and lower case")]
    [InlineData("{\"\":1}\n", "has no name")]
    [InlineData("{\"a.b\":1,\"a\":{\"b\":2}}\n", "'a.b' stands 2 times")]
    public void Files_that_make_no_examples_say_why(string content, string expected) => MessageOf(content).ShouldContain(expected);

    [Fact]
    public void Bytes_that_are_no_utf8_and_utf16_are_told()
    {
        _bench.Write("latin.jsonl", Encoding.Latin1.GetBytes("{\"a\":\"x\"}\n{\"a\":\"grün\"}\n"));
        Should.Throw<InvalidDataException>(() => _bench.Ingest(Options, "latin.jsonl")).Message.ShouldContain("latin.jsonl:2:9: found bytes that are no valid UTF-8");
        _bench.Write("wide.jsonl", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("{}")]);
        Should.Throw<InvalidDataException>(() => _bench.Ingest(Options, "wide.jsonl")).Message.ShouldContain("wide.jsonl is UTF-16");
    }

    [Fact]
    public void Columns_are_chosen_renamed_and_typed_as_in_csv()
    {
        Ingest("{\"u\":{\"id\":\"7\"},\"x\":\"n/a\"}\n{\"u\":{\"id\":\"8\"},\"x\":\"3\"}\n", Options with
        {
            Columns = [Column.Named("user").From("u.id").Of(ColumnType.Integer), Column.Named("x").Of(ColumnType.Real).WithNullTokens("n/a")],
        }).ShouldBe("7|∅/8|3");
        MessageOf("{\"a\":1}\n", Options with { Columns = ["b"] }).ShouldContain("data.jsonl: there is no column 'b'");
        MessageOf("{\"a\":1}\n{\"a\":\"x\"}\n", Options with { Columns = [Column.Named("a").Of(ColumnType.Integer)] })
            .ShouldContain("data.jsonl:2:6: found 'x' in column 'a'. Expected a whole number");
    }

    [Fact]
    public void Several_files_may_have_different_keys()
    {
        _bench.Write("one.jsonl", "{\"a\":1}\n");
        _bench.Write("two.jsonl", "{\"b\":[2]}\n");
        _bench.Ingest(Options, "one.jsonl", "two.jsonl").RowsOfSplits[0].Value.ShouldBe(2);

        Types.ShouldBe("a:Integer b:Integer[]");
    }

    /// <summary>Keys are compared piece by piece while the text lies in buffers of any size.</summary>
    [Fact]
    public void Lines_come_out_whole_whatever_the_buffers() =>
        Gen.Select(Gen.String[Gen.Char["ab{\r ü日"], 0, 20].Array[0, 20], Gen.Int[1, 30]).Sample((lines, bufferSize) =>
        {
            lines = Array.ConvertAll(lines, line => line.TrimEnd('\r'));
            using var reader = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")), "law.jsonl", bufferSize);
            foreach (var line in lines)
            {
                reader.Next().ShouldBeTrue();
                Encoding.UTF8.GetString(reader.Line).ShouldBe(line);
            }
        });
}
