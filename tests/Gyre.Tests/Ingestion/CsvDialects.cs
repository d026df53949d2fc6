using System.IO.Compression;
using System.Text;
using Gyre.Data;
using Gyre.Ingestion;
using ZstdSharp;

namespace Gyre.Tests.Ingestion;

/// <summary>CSV as others write it.</summary>
public sealed class CsvDialects : IDisposable
{
    static readonly CsvOptions NoHeader = CsvBench.Options with { Header = false };

    readonly CsvBench _bench = new();

    public void Dispose() => _bench.Dispose();

    static byte[] Zstd(byte[] content)
    {
        using var compressor = new Compressor();
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor.Wrap(content).ToArray();
    }

    string IngestBytes(byte[] content, CsvOptions options, string name = "data.csv")
    {
        _bench.Write(name, content);
        _bench.Ingest(options, name);
        return _bench.Lines();
    }

    string MessageOf(byte[] content, CsvOptions options, string name = "data.csv") =>
        Should.Throw<InvalidDataException>(() => IngestBytes(content, options, name)).Message;

    [Fact]
    public void Files_without_a_header_have_columns_by_number_or_by_the_names_given()
    {
        IngestBytes("1,x\n2,y\n"u8.ToArray(), NoHeader).ShouldBe("1|x/2|y");
        ExampleReader.Columns(_bench.FileOf("all")).ShouldBe([new ExampleColumn("c1", ColumnType.Integer), new ExampleColumn("c2", ColumnType.Text)]);

        IngestBytes("1,x\n2,y\n"u8.ToArray(), NoHeader with { ColumnNames = ["id", "name"], Columns = ["name"] }).ShouldBe("x/y");
        MessageOf("1,x\n"u8.ToArray(), NoHeader with { ColumnNames = ["id"] }).ShouldContain("data.csv:1:1: found 2 fields. Expected 1, as in ColumnNames");
        MessageOf("1,x\n2\n"u8.ToArray(), NoHeader).ShouldContain("data.csv:2:1: found 1 fields. Expected 2, as in the first row");
        MessageOf([], NoHeader).ShouldContain("data.csv is empty");
        MessageOf("1,\"x\"y\n"u8.ToArray(), NoHeader).ShouldContain("data.csv:1:6: the first row, which tells how many columns there are, has text after a closing quote");
    }

    [Fact]
    public void Other_quotes_or_none_can_be_given()
    {
        IngestBytes("a,b\n1,'x,''y'\n2,\"z\n"u8.ToArray(), CsvBench.Options with { Quote = "'" }).ShouldBe("1|x,'y/2|\"z");
        IngestBytes("a\tb\n1\t\"x\n2\ty\"\n"u8.ToArray(), CsvBench.Options with { Quote = "", Delimiter = "\t" }).ShouldBe("1|\"x/2|y\"");
        MessageOf("a,b\n1,'x\n"u8.ToArray(), CsvBench.Options with { Quote = "'" }).ShouldContain("data.csv:2:3: a quote opens here and is not closed");
    }

    [Fact]
    public void Lines_of_comment_are_left_out_and_counted_as_lines()
    {
        IngestBytes("// made by hand\na,b\n1,x\n//\n2,y//\n// end"u8.ToArray(), CsvBench.Options with { Comment = "//" }).ShouldBe("1|x/2|y//");
        MessageOf("#c\na,b\n#d\n1\n"u8.ToArray(), CsvBench.Options with { Comment = "#" }).ShouldContain("data.csv:4:1: found 1 fields");
    }

    [Theory]
    [InlineData("windows-1252", "a,b\n1,grün €\n", "1|grün €")]
    [InlineData("latin1", "a,b\n1,grün\n", "1|grün")]
    [InlineData("utf-16", "a,b\n1,grün 日本 😀\n", "1|grün 日本 😀")]
    [InlineData("utf-16BE", "\uFEFFa,b\n1,日本\n", "1|日本")]
    [InlineData("utf-32", "a,b\n1,😀\n", "1|😀")]
    [InlineData("shift_jis", "a,b\n1,日本\n", "1|日本")]
    [InlineData("utf-8", "a,b\n1,日本\n", "1|日本")]
    public void Other_encodings_can_be_given(string encoding, string content, string expected) =>
        IngestBytes(TranscodedStream.Find(encoding)!.GetBytes(content), CsvBench.Options with { Encoding = encoding }).ShouldBe(expected);

    [Fact]
    public void Text_of_another_encoding_is_the_same_whatever_the_size_of_the_file()
    {
        var content = "a\n" + string.Concat(Enumerable.Range(0, 40_000).Select(i => $"日{i} 😀\n"));

        IngestBytes(Encoding.Unicode.GetBytes(content), CsvBench.Options with { Encoding = "utf-16" }).ShouldBe(content[2..^1].Replace('\n', '/'));
    }

    [Fact]
    public void Bytes_that_the_encoding_does_not_know_are_an_error_with_their_place()
    {
        var wide = Encoding.Unicode.GetBytes("a,b\n1,x\n2,y\n");
        MessageOf(wide[..^1], CsvBench.Options with { Encoding = "utf-16" }).ShouldContain("data.csv cannot be read: from line ");
        MessageOf([.. Encoding.Unicode.GetBytes("a,b\n1,x\n"), 0x00, 0xD8, .. wide], CsvBench.Options with { Encoding = "utf-16" })
            .ShouldContain("from line 3 on (byte 19) it holds bytes that are no text in 'utf-16'");
        MessageOf([.. "a\n"u8, 0x81, 0xFF, (byte)'\n'], CsvBench.Options with { Encoding = "shift_jis" }).ShouldContain("from line 2 on");
    }

    [Fact]
    public void Wrong_options_are_told_with_what_was_expected()
    {
        var wrong = CsvBench.Options with { Quote = "\"\"", Encoding = "utf-9", Comment = "", ColumnNames = ["a", "A"] };

        string.Join('|', wrong.Problems()).ShouldSatisfyAllConditions(
            problems => problems.ShouldContain("The quote is '\"\"'."),
            problems => problems.ShouldContain("There is no encoding 'utf-9'."),
            problems => problems.ShouldContain("The comment sign is ''."),
            problems => problems.ShouldContain("ColumnNames are given though the file has a header."),
            problems => problems.ShouldContain("ColumnNames has 'a' 2 times."));
        (CsvBench.Options with { Quote = "," }).Problems().ShouldHaveSingleItem().ShouldContain("Expected one ASCII character other than the delimiter");
        (CsvBench.Options with { Encoding = "utf-7" }).Problems().ShouldHaveSingleItem().ShouldContain("There is no encoding 'utf-7'");
    }

    [Fact]
    public void Zstd_is_unpacked_and_its_end_checked()
    {
        var content = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},{i * 7919L % 104729}\n")));
        var packed = Zstd(content);

        IngestBytes(packed, CsvBench.Options, "data.csv.zst").ShouldEndWith($"/49999|{49_999 * 7919L % 104729}");
        IngestBytes([.. packed, .. Zstd("50000,x\n"u8.ToArray())], CsvBench.Options, "data.csv.zst").ShouldEndWith("/50000|x", customMessage: "frames may follow each other");
        MessageOf(packed[..^5], CsvBench.Options, "data.csv.zst").ShouldContain("data.csv.zst cannot be read: ");
        MessageOf(packed[..(packed.Length / 2)], CsvBench.Options, "data.csv.zst").ShouldContain("data.csv.zst cannot be read: it is cut short");
        packed[packed.Length / 2] ^= 0x55;
        MessageOf(packed, CsvBench.Options, "data.csv.zst").ShouldContain("data.csv.zst cannot be read: it is no sound zstd file");
    }

    [Fact]
    public void Encodings_and_packing_go_together()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(TranscodedStream.Find("windows-1252")!.GetBytes("a;b\n1;grün\n"));

        IngestBytes(packed.ToArray(), CsvBench.Options with { Encoding = "windows-1252", Delimiter = ";" }).ShouldBe("1|grün");
    }
}
