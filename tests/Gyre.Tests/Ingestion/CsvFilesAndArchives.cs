using System.IO.Compression;
using System.Text;
using Gyre.Ingestion;

namespace Gyre.Tests.Ingestion;

public sealed class CsvFilesAndArchives : IDisposable
{
    static readonly byte[] Csv = Encoding.UTF8.GetBytes("a,b\n1,x\n2,y\n");

    readonly CsvBench _bench = new();

    public void Dispose() => _bench.Dispose();

    string[] Expand(string pattern) =>
        [.. SpanFinder.Paths(Path.Combine(_bench.Root, pattern), Split.ByHash(("all", 1)), Span.Latest).Select(file => Path.GetRelativePath(_bench.Root, file))];

    static byte[] Gzip(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(content);
        return packed.ToArray();
    }

    static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return packed.ToArray();
    }

    [Fact]
    public void Wildcards_find_files_in_the_order_of_their_names()
    {
        foreach (var name in new[] { "b.csv", "a.csv", "a.csv.gz", ".hidden.csv", "2020/x-2.csv", "2020/x-10.csv", "2021/x-1.csv", "2021/deep/x-1.csv" })
            _bench.Write(name, Csv);

        Expand("*.csv").ShouldBe(["a.csv", "b.csv"]);
        Expand("?.csv*").ShouldBe(["a.csv", "a.csv.gz", "b.csv"]);
        Expand("20*/x-*.csv").ShouldBe(["2020/x-10.csv", "2020/x-2.csv", "2021/x-1.csv"]);
        Expand("2*0/../202?/x*").ShouldBe(["2020/x-10.csv", "2020/x-2.csv", "2021/x-1.csv"]);
        Expand("a.csv").ShouldBe(["a.csv"]);
    }

    [Fact]
    public void A_path_that_means_no_file_is_returned_itself()
    {
        Expand("none.csv").ShouldBe(["none.csv"]);
        Expand("none-*.csv").ShouldBe(["none-*.csv"]);
        Expand("none/*.csv").ShouldBe(["none/*.csv"]);
        SpanFinder.Paths("no-such-*.csv", Split.ByHash(("all", 1)), Span.Latest).ShouldBe(["no-such-*.csv"]);
    }

    [Fact]
    public void A_file_whose_name_has_a_star_is_that_file()
    {
        _bench.Write("odd*.csv", Csv);
        _bench.Write("odd1.csv", Csv);

        Expand("odd*.csv").ShouldBe(["odd*.csv"]);
    }

    [Theory]
    [InlineData("data.csv.gz")]
    [InlineData("named-otherwise.csv")]
    public void Gzip_is_known_by_its_bytes(string name)
    {
        _bench.Write(name, Gzip(Csv));

        _bench.Ingest(CsvBench.Options, name);

        _bench.Lines().ShouldBe("1|x/2|y");
    }

    [Fact]
    public void Gzip_files_of_several_parts_are_read_whole()
    {
        _bench.Write("parts.csv.gz", [.. Gzip(Csv), .. Gzip("3,z\n"u8.ToArray())]);

        _bench.Ingest(CsvBench.Options, "parts.csv.gz");

        _bench.Lines().ShouldBe("1|x/2|y/3|z");
    }

    [Fact]
    public void An_archive_with_one_csv_is_read()
    {
        _bench.Write("data.zip", Zip(("readme.txt", Csv), ("folder/data.csv", Csv), ("__MACOSX/folder/data.csv", [1, 2])));
        _bench.Ingest(CsvBench.Options, "data.zip");
        _bench.Lines().ShouldBe("1|x/2|y");

        _bench.Write("sole.zip", Zip(("data.txt", Csv)));
        _bench.Ingest(CsvBench.Options, "sole.zip");
        _bench.Lines().ShouldBe("1|x/2|y");
    }

    [Fact]
    public void An_archive_with_several_asks_which()
    {
        _bench.Write("data.zip", Zip(("hour.csv", "h\n0\n"u8.ToArray()), ("day.csv", Csv)));

        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options, "data.zip")).Message
            .ShouldContain("data.zip cannot be read: it holds 2 entries like '*.csv'. Expected exactly one: choose it with Entry. Its entries: hour.csv, day.csv");
        _bench.Ingest(CsvBench.Options with { Entry = "d*.csv" }, "data.zip");
        _bench.Lines().ShouldBe("1|x/2|y");
        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options with { Entry = "x.csv" }, "data.zip")).Message.ShouldContain("holds 0 entries like 'x.csv'");
    }

    [Fact]
    public void Damaged_archives_are_no_short_files()
    {
        var random = new Random(1);
        var rows = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},{random.Next()}\n")));
        var gzip = Gzip(rows);
        _bench.Write("cut.csv.gz", gzip[..(gzip.Length / 2)]);
        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options with { MaxRejected = 1 }, "cut.csv.gz")).Message.ShouldContain("cut.csv.gz");

        _bench.Write("end-lost.csv.gz", gzip[..^4]);
        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options, "end-lost.csv.gz")).Message.ShouldContain("end-lost.csv.gz");
        gzip[^6] ^= 1;
        _bench.Write("spoilt.csv.gz", gzip);
        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options, "spoilt.csv.gz")).Message.ShouldContain("spoilt.csv.gz");

        var zip = Zip(("data.csv", rows));
        _bench.Write("cut.zip", zip[..(zip.Length / 2)]);
        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options with { MaxRejected = 1 }, "cut.zip")).Message.ShouldContain("cut.zip");

        for (var at = 200; at < 260; at++)
            zip[at] ^= 0x55;
        _bench.Write("spoilt.zip", zip);
        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options with { MaxRejected = 1 }, "spoilt.zip")).Message.ShouldContain("spoilt.zip");
    }

    [Fact]
    public void Reading_can_be_cancelled_and_tells_how_far_it_is()
    {
        _bench.Write("data.csv", "a\n" + string.Concat(Enumerable.Repeat("x\n", 10_000)));
        using var cancellation = new CancellationTokenSource();
        var seen = new List<long?>();

        Should.Throw<OperationCanceledException>(() => _bench.Ingest(
            CsvBench.Options,
            progress =>
            {
                seen.Add(progress.Rows);
                if (progress.Rows > 4000)
                    cancellation.Cancel();
            },
            cancellation.Token,
            "data.csv"));

        seen.ShouldBe([1, 2049, 4097]);
    }

    [Fact]
    public void A_file_that_is_gone_is_named()
    {
        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options, "gone.csv")).Message.ShouldStartWith("gone.csv cannot be read: Could not find file");
    }

    [Fact]
    public void An_empty_archive_and_a_directory_are_named()
    {
        _bench.Write("empty.zip", Zip());
        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options, "empty.zip")).Message.ShouldContain("empty.zip cannot be read: it holds 0 entries");

        Directory.CreateDirectory(Path.Combine(_bench.Root, "folder"));
        Should.Throw<InvalidDataException>(() => _bench.Ingest(CsvBench.Options, "folder")).Message.ShouldContain("is a directory. Expected a file");
    }
}
