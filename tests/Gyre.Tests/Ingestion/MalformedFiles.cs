using System.IO.Compression;
using System.Text;
using Gyre.Data;
using Gyre.Data.TfRecords;
using Gyre.Ingestion;
using ZstdSharp;

namespace Gyre.Tests.Ingestion;

/// <summary>Files that are wrong in every way we know, and ten thousand that chance made wrong.</summary>
public sealed class MalformedFiles : IDisposable
{
    static readonly CsvOptions Csv = CsvBench.Options;
    static readonly JsonOptions Json = new() { Splits = CsvBench.OneSplit };
    static readonly TfRecordOptions Records = new() { Splits = CsvBench.OneSplit };

    readonly CsvBench _bench = new();

    public void Dispose() => _bench.Dispose();

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return packed.ToArray();
    }

    static byte[] Zstd(byte[] content)
    {
        using var compressor = new Compressor();
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor.Wrap(content).ToArray();
    }

    static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return packed.ToArray();
    }

    static byte[] Record(long number) => TfExample.Serialize([new("n", TfExample.OfInteger(number)), new("t", TfExample.OfText($"text {number}"))]);

    static byte[] RecordFile(params byte[][] records)
    {
        using var stream = new MemoryStream();
        using (var writer = new TfRecordWriter(stream))
        {
            foreach (var record in records)
                writer.Write(record);
        }

        return stream.ToArray();
    }

    static byte[] Flip(byte[] content, int at, byte mask = 0x40)
    {
        var flipped = content.ToArray();
        flipped[at] ^= mask;
        return flipped;
    }

    static byte[] SomeCsv { get; } = Utf8("a,b\n" + string.Concat(Enumerable.Range(0, 3_000).Select(i => $"{i},{i * 7919L % 104729}\n")));

    /// <summary>For each malformed file what is wrong with it, its content, and how it is read.</summary>
    static IEnumerable<(string What, byte[] Content, IngestionOptions Options)> Corpus()
    {
        string[] headers = ["", "\n\n", "\uFEFF", "a,b\n", "a,b", "a,a\n1,2\n", "a,A\n1,2\n", "a,\n1,2\n", ",\n1,2\n", "a,\"b\n1,2\n", "a,\"b\"c\n1,2\n", "a,b\"\n1,2\n", "a,b\r1,2\r", "a\0,b\n1,2\n"];
        foreach (var content in headers)
            yield return ($"CSV header {content}", Utf8(content), Csv);
        string[] rows = ["1", "1,2,3", "1,\"2", "1,\"2\"3", "1,2\"", "\"1,2", "1,2\r3,4", "1,\"2\n3,4", "\"", "1,\"2\" ", "1;2", "1\t2", "1,2,", ",,", "'1,2',3", "1,\"\"\""];
        foreach (var row in rows)
            yield return ($"CSV row {row}", Utf8($"a,b\n0,0\n{row}\n"), Csv);
        foreach (var (type, value) in new[] { (ColumnType.Integer, "1.5"), (ColumnType.Integer, "x"), (ColumnType.Integer, "+1"), (ColumnType.Integer, "9007199254740993"), (ColumnType.Real, "1,5"), (ColumnType.Real, "NaN"), (ColumnType.Real, "1e999"), (ColumnType.Real, "0x10"), (ColumnType.Real, "1.5.2"), (ColumnType.Integer, " 1") })
            yield return ($"CSV {value} as {type}", Utf8($"a\n\"{value}\"\n"), Csv with { Columns = [Column.Named("a").Of(type)] });
        yield return ("CSV Latin-1", Encoding.Latin1.GetBytes("a\ngrün\n"), Csv);
        yield return ("CSV Latin-1 header", Encoding.Latin1.GetBytes("grün\n1\n"), Csv);
        yield return ("CSV half a character", [.. Utf8("a\nx"), 0xE6, 0x97, (byte)'\n'], Csv);
        yield return ("CSV overlong", [.. Utf8("a\n"), 0xC0, 0xAF, (byte)'\n'], Csv);
        yield return ("CSV surrogate", [.. Utf8("a\n"), 0xED, 0xA0, 0x80, (byte)'\n'], Csv);
        yield return ("CSV UTF-16 unsaid", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a\n1\n")], Csv);
        yield return ("CSV UTF-16 BE unsaid", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("a\n1\n")], Csv);
        yield return ("CSV UTF-16 without mark", Encoding.Unicode.GetBytes("a,b\n1,2\n"), Csv);
        yield return ("CSV odd UTF-16", Encoding.Unicode.GetBytes("a\n1\n")[..^1], Csv with { Encoding = "utf-16" });
        yield return ("CSV UTF-16 half a pair", [.. Encoding.Unicode.GetBytes("a\n"), 0x00, 0xDC, 10, 0], Csv with { Encoding = "utf-16" });
        yield return ("CSV wrong shift_jis", [.. Utf8("a\n"), 0x81, 0xFF, 10], Csv with { Encoding = "shift_jis" });
        yield return ("CSV column not there", Utf8("a\n1\n"), Csv with { Columns = ["b"] });
        yield return ("CSV required not there", Utf8("a\n1\n"), Csv with { RequireValues = ["b"] });
        yield return ("CSV all filtered", Utf8("a,b\n1,\n"), Csv with { RequireValues = ["b"] });
        yield return ("CSV too few names", Utf8("1,2\n"), Csv with { Header = false, ColumnNames = ["a"] });
        yield return ("CSV no header, empty", [], Csv with { Header = false });
        yield return ("CSV no header, ragged", Utf8("1,2\n3\n"), Csv with { Header = false });
        yield return ("CSV only comments", Utf8("#a\n#b\n"), Csv with { Comment = "#" });
        yield return ("a picture as CSV", [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13], Csv);

        string[] lines =
        [
            "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1.}", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":tru}", "{\"a\":\"x}", "{\"a\":\"\\x\"}",
            "{\"a\":\"\\u12\"}", "{\"a\":\"\\ud800\"}", "{\"a\":[1}", "{\"a\":[1,]}", "{\"a\":1}}", "{\"a\":1}{\"a\":2}", "{\"a\":1} x", "[]", "[1]", "[{\"a\":1}]", "1", "\"a\"", "null", "true", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":2}}",
            "{\"a\":[[1]]}", "{\"a\":[{}]}", "{\"a\":[null]}", "// {\"a\":1}", "{\"a\":/*1*/2}", "a,b", "{\"a\":\"x\ty\"}", new string('[', 100), string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100),
        ];
        foreach (var line in lines)
            yield return ($"JSON {line}", Utf8($"{{\"z\":0}}\n{line}\n"), Json);
        foreach (var content in new[] { "", "\n", " \n\t\n", "[\n{}\n]", "{}", "{\"\":1}", "{\"a\":1,\"A\":2}", "{\"a.b\":1}\n{\"a\":{\"b\":2}}" })
            yield return ($"JSON file {content}", Utf8(content), Json);
        yield return ("JSON Latin-1", Encoding.Latin1.GetBytes("{\"a\":\"grün\"}\n"), Json);
        yield return ("JSON UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{}")], Json);
        yield return ("JSON text as number", Utf8("{\"a\":\"x\"}"), Json with { Columns = [Column.Named("a").Of(ColumnType.Real)] });
        yield return ("JSON column not there", Utf8("{\"a\":1}"), Json with { Columns = ["b"] });

        var records = RecordFile(Record(1), Record(2), Record(3));
        foreach (var length in new[] { 1, 7, 8, 11, 12, 13, 40, records.Length - 5, records.Length - 4, records.Length - 1 })
            yield return ($"TFRecord cut at {length}", records[..length], Records);
        foreach (var at in new[] { 0, 3, 7, 8, 11, 12, 20, 30, records.Length - 1, records.Length - 4, records.Length / 2 })
            yield return ($"TFRecord flipped at {at}", Flip(records, at), Records);
        yield return ("TFRecord with a tail", [.. records, 1, 2, 3], Records);
        yield return ("TFRecord of nothing", [], Records);
        yield return ("TFRecord that is CSV", SomeCsv, Records);
        yield return ("TFRecord of texts", RecordFile(Utf8("hello")), Records);
        yield return ("TFRecord of a sequence", RecordFile([.. Record(1), 0x12, 0]), Records);
        yield return ("TFRecord of empty examples", RecordFile([], []), Records);
        yield return ("TFRecord of two kinds", RecordFile(Record(1), TfExample.Serialize([new("n", TfExample.OfReal(1))])), Records);
        yield return ("TFRecord with a cut example", RecordFile(Record(1)[..^1]), Records);
        yield return ("TFRecord of names that differ in case", RecordFile(TfExample.Serialize([new("n", TfExample.OfReal(1)), new("N", TfExample.OfReal(1))])), Records);

        foreach (var (name, packed) in new[] { ("gzip", Gzip(SomeCsv)), ("zstd", Zstd(SomeCsv)), ("zip", Zip(("data.csv", SomeCsv))) })
        {
            foreach (var share in new[] { 0.1, 0.5, 0.9 })
                yield return ($"{name} cut at {share}", packed[..(int)(packed.Length * share)], Csv);
            yield return ($"{name} without its last byte", packed[..^1], Csv);
            yield return ($"{name} flipped inside", Flip(packed, packed.Length / 3), Csv);
            yield return ($"{name} of nothing", name switch { "gzip" => Gzip([]), "zstd" => Zstd([]), _ => Zip(("data.csv", [])) }, Csv);
        }

        yield return ("gzip with a tail", [.. Gzip(SomeCsv), .. "tail"u8], Csv);
        yield return ("gzip of damaged records", Gzip(Flip(records, 20)), Records);
        yield return ("gzip magic alone", [0x1F, 0x8B], Csv);
        yield return ("zstd magic alone", [0x28, 0xB5, 0x2F, 0xFD], Csv);
        yield return ("zip magic alone", [(byte)'P', (byte)'K', 3, 4], Csv);
        yield return ("zip without entries", Zip(), Csv);
        yield return ("zip with two tables", Zip(("a.csv", SomeCsv), ("b.csv", SomeCsv)), Csv);
        yield return ("zip without the entry", Zip(("a.csv", SomeCsv)), Csv with { Entry = "c*.csv" });
        yield return ("zip of a picture", Zip(("a.png", [0x89, 0x50]), ("b.png", [0x89])), Csv);
    }

    [Fact]
    public void Are_refused_with_their_name_and_a_cure_all_of_them()
    {
        var corpus = Corpus().ToList();
        corpus.Select(each => (Convert.ToHexString(each.Content), each.Options)).Distinct().Count().ShouldBeGreaterThanOrEqualTo(150);
        var wrong = new List<string>();
        foreach (var (what, content, options) in corpus)
        {
            _bench.Write("odd.data", content);
            try
            {
                _bench.Ingest(options, "odd.data");
                wrong.Add($"{what}: accepted as {_bench.Lines()}");
            }
            catch (InvalidDataException error) when (error.Message.Contains("odd.data", StringComparison.Ordinal) && (error.Message.Contains("xpected", StringComparison.Ordinal) || error.Message.Contains("orrect ", StringComparison.Ordinal)))
            {
                // As it should be.
            }
            catch (Exception error)
            {
                wrong.Add($"{what}: {error.GetType().Name} {error.Message}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    /// <summary>Random bytes, and sound files with some bytes changed, cut, doubled or left out. What is accepted must be accounted for.</summary>
    [Fact]
    public void Of_chance_are_read_or_refused_ten_thousand_of_them()
    {
        var random = new Random(20_260_101);
        var csv = Utf8("a,b,c\n1,\"x,y\",2.5\n2,\"say \"\"yes\"\"\",\n3,grün,4\r\n");
        var json = Utf8("{\"a\":1,\"b\":[\"x\",\"y\"],\"c\":{\"d\":true}}\n{\"a\":2.5,\"b\":[],\"c\":null}\n{\"a\":null,\"e\":\"\\u00e4\"}\n");
        byte[][] examples = [Record(1), Record(-2), Record(long.MaxValue)];
        (byte[] Content, IngestionOptions Options)[] seeds =
        [
            (csv, Csv), (Gzip(csv), Csv), (Zstd(csv), Csv), (Zip(("x.csv", csv)), Csv), (Encoding.Unicode.GetBytes("a,b\n1,ü\n2,日\n"), Csv with { Encoding = "utf-16" }), (csv, Csv with { Header = false, Quote = "'" }),
            (json, Json), (Gzip(json), Json), (RecordFile(examples), Records), (Gzip(RecordFile(examples)), Records),
        ];
        var known = examples.Select(Convert.ToHexString).ToHashSet(StringComparer.Ordinal);
        var path = Path.Combine(_bench.Root, "chance.data");
        var (accepted, refused) = (0, 0);
        for (var number = 0; number < 10_000; number++)
        {
            var (seed, options) = seeds[number % seeds.Length];
            var content = number % 3 == 0 ? Noise(random) : Mutate(seed, random);
            File.WriteAllBytes(path, content);
            try
            {
                ReadAll(options, path, known);
                accepted++;
            }
            catch (InvalidDataException error) when (error.Message.Contains("chance.data", StringComparison.Ordinal) && error.Message.Contains("xpected", StringComparison.Ordinal))
            {
                refused++;
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"File {number}, {Convert.ToHexString(content)}: {error.GetType().Name} {error.Message}", error);
            }
        }

        (accepted + refused).ShouldBe(10_000);
        accepted.ShouldBeGreaterThan(500);
        refused.ShouldBeGreaterThan(3_000);
    }

    static void ReadAll(IngestionOptions options, string path, HashSet<string> known)
    {
        var file = new SourceFile(path, "chance.data");
        using var rows = options.Prepare([file], CancellationToken.None)(file);
        var before = 0L;
        while (rows.Next())
        {
            rows.Line.ShouldBeGreaterThan(before);
            before = rows.Line;
            if (rows.Fault is { } fault)
            {
                fault.Reason.ShouldContain("xpected");
                fault.Line.ShouldBeGreaterThanOrEqualTo(rows.Line);
                rows.RowText();
                continue;
            }

            for (var field = 0; field < rows.Fields.Count; field++)
            {
                for (var index = 0; index < rows.CountOf(field); index++)
                    rows.Value(field, index).Length.ShouldBeGreaterThanOrEqualTo(0);
            }

            // The checksums vouch for it: what comes out of a TFRecord file was written into one.
            if (rows is TfRecordRows)
                known.ShouldContain(Convert.ToHexString(rows.Record));
        }
    }

    static byte[] Noise(Random random)
    {
        var noise = new byte[random.Next(200)];
        random.NextBytes(noise);
        if (random.Next(2) == 0)
            noise = Array.ConvertAll(noise, value => "\",{}[]:\n\rabä0.5"u8[value % 16]);
        return noise;
    }

    static byte[] Mutate(byte[] seed, Random random)
    {
        var content = seed.ToList();
        for (var change = random.Next(1, 4); change > 0 && content.Count > 0; change--)
        {
            var at = random.Next(content.Count);
            var length = random.Next(1, Math.Min(8, content.Count - at) + 1);
            switch (random.Next(5))
            {
                case 0:
                    content[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    content.RemoveRange(at, content.Count - at);
                    break;
                case 2:
                    content.RemoveRange(at, length);
                    break;
                case 3:
                    content.InsertRange(at, content.GetRange(at, length));
                    break;
                default:
                    content[at] = (byte)random.Next(256);
                    break;
            }
        }

        return [.. content];
    }
}
