using System.Text;
using Gyre.Ingestion;

namespace Gyre.Tests.Ingestion;

/// <summary>Files as they come, each with what becomes of it.</summary>
public sealed class OddCsvFiles : IDisposable
{
    readonly CsvBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("a,b\n1,x\n", "1|x")]
    [InlineData("a,b\n1,x", "1|x")]
    [InlineData("a,b\r\n1,x\r\n2,y\r\n", "1|x/2|y")]
    [InlineData("a,b\r\n1,x\n2,y\r", "1|x/2|y")]
    [InlineData("\uFEFFa,b\n1,x\n", "1|x")]
    [InlineData("\uFEFF\"a\",b\n1,x\n", "1|x")]
    [InlineData("a\nx\n\ny\n\n", "x/y")]
    [InlineData("\n\na,b\n1,x\n\r\n2,y\n", "1|x/2|y")]
    [InlineData("a,b\n,\nx,y\n", "∅|∅/x|y")]
    [InlineData("a,b\n\"\",x\n", "∅|x")]
    [InlineData("a\n\"\"\n1\n", "∅/1")]
    [InlineData("a,b\n1,\"x,y\"\n", "1|x,y")]
    [InlineData("a,b\n1,\"x\ny\"\n2,z\n", "1|x\ny/2|z")]
    [InlineData("a,b\n1,\"x\r\n\r\ny\"\n2,z\n", "1|x\r\n\r\ny/2|z")]
    [InlineData("a,b\n1,\"x\ry\"\n", "1|x\ry")]
    [InlineData("a,b\n1,\"say \"\"yes\"\"\"\n", "1|say \"yes\"")]
    [InlineData("a,b\n1,\"\"\"\"\n", "1|\"")]
    [InlineData("a,b\n1,\"\"\"\"\"\"\n", "1|\"\"")]
    [InlineData("a,b\n1,\"x\"", "1|x")]
    [InlineData("a,b\n1,\n2,", "1|∅/2|∅")]
    [InlineData("a,b\n \"x\" ,\ty\n", "rejected: a quote inside a field without quotes")]
    [InlineData("a,b\n x , y \n", " x | y ")]
    [InlineData("\"a,1\",\"b\"\"2\"\"\"\n1,x\n", "1|x")]
    [InlineData("a,b\n1,日本語\n2,😀\n", "1|日本語/2|😀")]
    [InlineData("a,b\n1,x\0y\n", "1|x\0y")]
    [InlineData("a,b\nNULL,NaN\n", "NULL|NaN")]
    [InlineData("a,b\n1,'x,y'\n", "rejected: 3 fields. Expected 2")]
    [InlineData("a,b\n1,#x\n#2,y\n", "1|#x/#2|y")]
    [InlineData("a,b\n1\n", "rejected: 1 fields. Expected 2")]
    [InlineData("a,b\n1,x,\n", "rejected: 3 fields. Expected 2")]
    [InlineData("a,b\n1,x\"y\n", "rejected: a quote inside a field without quotes")]
    [InlineData("a,b\n1,\"x\"y\n", "rejected: text after a closing quote")]
    [InlineData("a,b\n1,\"x\" \n", "rejected: text after a closing quote")]
    [InlineData("a,b\n1,\"x\ny\"z\n", "rejected: a quote that closes only on a later line, with text behind it")]
    [InlineData("a,b\n1,x\ry\n", "rejected: a carriage return that no line feed follows")]
    public void Become_rows_or_say_why_not(string content, string expected)
    {
        if (!expected.StartsWith("rejected: ", StringComparison.Ordinal))
        {
            _bench.IngestText(content);
            _bench.Lines().ShouldBe(expected);
            return;
        }

        var error = Should.Throw<InvalidDataException>(() => _bench.IngestText(content)).Message;
        error.ShouldContain("rows were rejected, more than the 0 that MaxRejected allows");
        error.ShouldContain("data.csv:2:");
        error.ShouldContain(expected["rejected: ".Length..]);
    }

    [Theory]
    [InlineData("", "data.csv is empty")]
    [InlineData("\uFEFF", "data.csv is empty")]
    [InlineData("\n\n", "data.csv is empty")]
    [InlineData("a,b\n", "data.csv: there are no rows below the header")]
    [InlineData("a,b", "data.csv: there are no rows below the header")]
    [InlineData("a,b,a\n1,2,3\n", "data.csv:1: the column 'a' stands 2 times")]
    [InlineData("a,b,A\n1,2,3\n", "'a' and 'A' differ only in upper and lower case")]
    [InlineData("a,,c\n1,2,3\n", "data.csv:1: column 2 has no name")]
    [InlineData("a,\"b\n1,2\n3,4\n", "data.csv:1:3: a quote opens here and is not closed before the end of the file; it swallows 3 lines")]
    [InlineData("a,b\n1,2\n3,\"4\n5,6\n7,8\n", "data.csv:3:3: a quote opens here and is not closed before the end of the file; it swallows 3 lines")]
    [InlineData("a,b\n\"1\nü\",\"4\n5,6", "data.csv:3:4: a quote opens here")]
    [InlineData("a,b\"\n1,2\n", "data.csv:1:4: the header has a quote inside a field without quotes")]
    [InlineData("a,b\r1,2\r3,4\r", "data.csv:1:4: the header has a carriage return that no line feed follows")]
    public void That_cannot_be_read_at_all_say_what_and_where(string content, string expected) =>
        Should.Throw<InvalidDataException>(() => _bench.IngestText(content)).Message.ShouldContain(expected);

    [Fact]
    public void Bytes_that_are_no_utf8_are_found_in_rows_and_in_the_header()
    {
        _bench.Write("row.csv", Encoding.Latin1.GetBytes("a,b\n1,x\n2,grün\n"));
        var error = Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options, "row.csv")).Message;
        error.ShouldContain("row.csv:3:5: found bytes that are no valid UTF-8");
        error.ShouldContain("iconv -f LATIN1 -t UTF-8");

        _bench.Write("header.csv", Encoding.Latin1.GetBytes("a,grün\n1,x\n"));
        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options, "header.csv")).Message.ShouldContain("header.csv:1:5: the header is no valid UTF-8");

        _bench.Write("wide.csv", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("a,b\n1,x\n")).ToArray());
        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options, "wide.csv")).Message.ShouldContain("wide.csv is UTF-16");
    }

    [Fact]
    public void A_stray_quote_costs_its_own_line_only()
    {
        _bench.IngestText("a,b\n1,\"x\n2,\"y\"\n3,z\n", CsvBench.Options with { MaxRejected = 1 }).Rejected.ShouldBe(1);

        _bench.Lines().ShouldBe("2|y/3|z");
        _bench.Rejected.ShouldStartWith("file,line,column,reason,text\n\"data.csv\",2,3,\"found a quote that closes only on a later line");
        _bench.Rejected.ShouldEndWith(",\"1,\"\"x\"\n");
    }

    [Fact]
    public void Rejected_rows_up_to_the_limit_are_listed_and_all_rows_accounted_for()
    {
        var content = new StringBuilder("id,name\n");
        for (var row = 0; row < 100; row++)
            content.Append(row % 10 == 3 ? $"{row}\n" : row % 10 == 4 ? $"{row},\n" : $"{row},n{row}\n");

        var result = _bench.IngestText(content.ToString(), CsvBench.Options with { MaxRejected = 10, RequireValues = ["name"] });

        (result.RowsOfSplits[0].Value, result.Rejected, result.Filtered).ShouldBe((80, 10, 10));
        _bench.Rejected.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(11);
        Should.Throw<InvalidDataException>(() => _bench.IngestText(content.ToString(), CsvBench.Options with { MaxRejected = 9 })).Message
            .ShouldContain("10 of 100 rows were rejected, more than the 9");
    }

    [Fact]
    public void The_message_holds_the_first_few_rejected_rows_only()
    {
        var error = Should.Throw<InvalidDataException>(() => _bench.IngestText("a,b\n" + string.Concat(Enumerable.Repeat("1\n", 50)))).Message;

        error.ShouldContain("data.csv:2:1: found 1 fields");
        error.ShouldContain("data.csv:6:1: ");
        error.ShouldNotContain("data.csv:7:1: ");
        error.ShouldContain("and 45 more");
    }

    [Fact]
    public void Nothing_left_is_an_error_that_tells_the_counts()
    {
        Should.Throw<InvalidDataException>(() => _bench.IngestText("a,b\n1\n,2\n", CsvBench.Options with { MaxRejected = 5, RequireValues = ["a"] })).Message
            .ShouldContain("no row is left of 2: 1 were rejected and 1 lack a value in a");
    }

    [Fact]
    public void Fields_of_many_megabytes_are_read()
    {
        var text = string.Concat(Enumerable.Repeat("all \"work\" and no play,\n", 800_000));
        _bench.IngestText($"a,b\n1,\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n2,y\n");

        text.Length.ShouldBeGreaterThan(16 << 20);
        (_bench.Rows()[0][1] == text).ShouldBeTrue();
        _bench.Rows()[1].ShouldBe(["2", "y"]);
    }

    [Fact]
    public void A_quote_without_end_in_a_large_file_is_found_without_reading_it_all()
    {
        using var endless = new EndlessStream("a,b\n1,\"x\n"u8.ToArray());
        using var scanner = new CsvScanner(endless, "endless.csv", CsvDialect.Standard);

        scanner.Next(out _).ShouldBeTrue();
        Should.Throw<InvalidDataException>(() => scanner.Next(out _)).Message.ShouldContain("endless.csv:2:3: a quote opens here and is not closed before 64 MiB");
    }

    [Fact]
    public void A_file_without_line_ends_is_not_read_for_ever()
    {
        using var endless = new EndlessStream("a,b\n"u8.ToArray());
        using var scanner = new CsvScanner(endless, "endless.csv", CsvDialect.Standard);

        scanner.Next(out _).ShouldBeTrue();
        Should.Throw<InvalidDataException>(() => scanner.Next(out _)).Message.ShouldContain("endless.csv:2: there is no end of the line within 64 MiB");
    }

    [Theory]
    [InlineData("\t", "a\tb\n1\tx,y\n", "1|x,y")]
    [InlineData(";", "a;b\n1;\"x;y\"\n", "1|x;y")]
    [InlineData("|", "a|b\n1|x\n", "1|x")]
    public void Other_delimiters_can_be_given(string delimiter, string content, string expected)
    {
        _bench.IngestText(content, CsvBench.Options with { Delimiter = delimiter });

        _bench.Lines().ShouldBe(expected);
    }

    sealed class EndlessStream(byte[] beginning) : MemoryStream(beginning)
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = base.Read(buffer, offset, count);
            if (read > 0)
                return read;
            buffer.AsSpan(offset, count).Fill((byte)'x');
            return count;
        }
    }
}
