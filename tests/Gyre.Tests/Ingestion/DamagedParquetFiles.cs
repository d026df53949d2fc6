using System.Text;
using Gyre.Data;

namespace Gyre.Tests.Ingestion;

/// <summary>Files that are no Parquet files, or no longer: each must fail, say so by name, and take nothing else with it.</summary>
public sealed class DamagedParquetFiles : IDisposable
{
    const long Rows = 2500;

    readonly ParquetBench _bench = new();

    public void Dispose() => _bench.Dispose();

    /// <summary>Some hundred rows of all types in several row groups, packed or not.</summary>
    byte[] Valid(string codec = "zstd", string name = "valid.parquet")
    {
        _bench.Write(name, $"""
            SELECT i AS id, i / 7 AS ratio, CASE WHEN i % 5 = 0 THEN NULL ELSE 'text ' || i END AS words, i % 2 = 0 AS flag,
                DATE '2024-01-01' + i::INTEGER AS day, [i, i + 1] AS list, encode('b' || i) AS bytes, (i / 4)::DECIMAL(12,2) AS price
            FROM range({Rows}) AS rows(i)
            """, $", CODEC {codec}, ROW_GROUP_SIZE 2048");
        return _bench.Read(name);
    }

    string Message(byte[] content)
    {
        _bench.Write("bad.parquet", content);
        var message = Should.Throw<InvalidDataException>(() => _bench.Ingest("bad.parquet")).Message;
        message.ShouldStartWith("bad.parquet");
        message.ShouldContain("Expected ");
        return message;
    }

    public static TheoryData<string, string> NotParquet => new()
    {
        { "", "is empty (0 bytes)" },
        { "P", "it begins with 'P'" },
        { "PAR1", "ends after 4 bytes" },
        { "PAR1PAR1", "ends after 8 bytes" },
        { "PAR1....PAR1", "footer takes 774778414 bytes, of 12" },
        { "PAR1\0\0\0\0PAR1", "footer takes 0 bytes" },
        { "PAR1x\u0001\0\0\0PAR1", "footer that cannot be read" },
        { "PAR1\0\u0001\0\0\0PAR1", "footer that cannot be read" },
        { "a,b\n1,2\n", "read it with IngestCsv or IngestJson if it is text" },
        { "{\"a\": 1}\n", "it begins with '{\"a\"'" },
        { "PK\u0003\u0004 a zip archive", "unpack it first" },
        { "ARROW1 and more", "Arrow or Feather" },
        { "ORC and more", "ORC file" },
        { "PARE and more and PARE", "encrypted" },
        { "SQLite format 3\0", "it begins with 'SQLi'" },
        { "<!DOCTYPE html>", "it begins with '<!DO'" },
    };

    [Theory]
    [MemberData(nameof(NotParquet))]
    public void That_never_were_any_say_what_they_begin_with(string content, string found) =>
        Message(Encoding.Latin1.GetBytes(content)).ShouldContain(found);

    [Fact]
    public void Packed_ones_say_to_unpack_them() => Message([0x1F, 0x8B, 8, 0, 0, 0, 0, 0]).ShouldContain("gzip: unpack it first");

    [Fact]
    public void A_directory_is_none()
    {
        Directory.CreateDirectory(Path.Combine(_bench.Root, "folder"));
        Should.Throw<InvalidDataException>(() => _bench.Ingest("folder")).Message.ShouldContain("folder is a directory. Expected a Parquet file");
    }

    [Fact]
    public void Without_rows_are_said_to_have_none()
    {
        _bench.Write("none.parquet", "SELECT 1 AS a WHERE false");
        Should.Throw<InvalidDataException>(() => _bench.Ingest("none.parquet")).Message.ShouldStartWith("none.parquet: there are no rows. Expected at least one");
    }

    [Fact]
    public void Without_columns_are_refused()
    {
        // A schema of the root alone, one row, no row group's columns.
        byte[] footer = [0x15, 2, 0x19, 0x1C, 0x48, 1, (byte)'r', 0x15, 0, 0, 0x16, 0, 0x19, 0x0C, 0];
        Message([.. "PAR1"u8, .. footer, (byte)footer.Length, 0, 0, 0, .. "PAR1"u8]).ShouldContain("no columns");
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("uncompressed")]
    [InlineData("snappy")]
    public void Cut_off_anywhere_are_refused(string codec)
    {
        var valid = Valid(codec);
        foreach (var length in Enumerable.Range(0, 60).Select(part => part * valid.Length / 60).Concat([valid.Length - 1, valid.Length - 4, valid.Length - 8, valid.Length - 9]))
            Message(valid[..length]).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("zstd", 1)]
    [InlineData("uncompressed", 8)]
    [InlineData("uncompressed", 1)]
    [InlineData("snappy", 100)]
    [InlineData("uncompressed", 16_384)]
    public void With_bytes_missing_in_the_middle_are_refused(string codec, int missing)
    {
        var valid = Valid(codec);
        var random = new Random(missing);
        for (var round = 0; round < 60; round++)
        {
            var start = random.Next(0, valid.Length - missing);
            Message([.. valid[..start], .. valid[(start + missing)..]]).ShouldNotBeEmpty();
        }
    }

    [Theory]
    [InlineData("zstd", 11)]
    [InlineData("uncompressed", 12)]
    [InlineData("snappy", 13)]
    public void With_bytes_changed_fail_with_a_message_or_give_all_rows(string codec, int seed)
    {
        var valid = Valid(codec);
        var random = new Random(seed);
        var refused = 0;
        for (var round = 0; round < 150; round++)
        {
            var changed = valid.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
                changed[round % 3 == 0 ? changed.Length - 1 - random.Next(Math.Min(2000, changed.Length)) : random.Next(changed.Length)] = (byte)random.Next(256);
            _bench.Write("bad.parquet", changed);
            try
            {
                var result = _bench.Ingest(ParquetBench.Options with { MaxRejected = Rows }, "bad.parquet");
                (result.RowsOfSplits.Sum(split => split.Value) + result.Rejected).ShouldBe(Rows);
            }
            catch (InvalidDataException error)
            {
                error.Message.ShouldContain("bad.parquet");
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Random_bytes_between_the_magics_are_refused()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            var footer = random.Next(0, bytes.Length + 1);
            Message([.. "PAR1"u8, .. bytes, (byte)footer, (byte)(footer >> 8), 0, 0, .. "PAR1"u8]).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void A_changed_byte_in_a_page_with_a_checksum_is_found()
    {
        // A page of Parquet with its CRC-32 in the header, as writers on the JVM make them: one INT32 column "n" of two rows, 1 and 2.
        byte[] data = [1, 0, 0, 0, 2, 0, 0, 0];
        File(data, PageChecksum.Of(data)).ShouldBe("1/2");
        var changed = data.ToArray();
        changed[4] = 3;
        Should.Throw<InvalidDataException>(() => File(changed, PageChecksum.Of(data))).Message.ShouldContain("the column 'n' has a page that does not have the checksum that it bears");

        string File(byte[] page, uint checksum)
        {
            byte[] header = [0x15, 0, 0x15, 16, 0x15, 16, 0x15, .. Varint(checksum), 0x1C, 0x15, 4, 0x15, 0, 0x15, 6, 0x15, 6, 0, 0];
            var length = (byte)(2 * (header.Length + page.Length));
            byte[] footer =
            [
                0x15, 2, 0x19, 0x2C, 0x48, 1, (byte)'r', 0x15, 2, 0, 0x15, 2, 0x25, 0, 0x18, 1, (byte)'n', 0, 0x16, 4,
                0x19, 0x1C, 0x19, 0x1C, 0x26, 8, 0x1C, 0x15, 2, 0x19, 0x15, 0, 0x19, 0x18, 1, (byte)'n', 0x15, 0, 0x16, 4, 0x16, length, 0x16, length, 0x26, 8, 0, 0, 0x16, length, 0x16, 4, 0, 0,
            ];
            _bench.Write("sum.parquet", [.. "PAR1"u8, .. header, .. page, .. footer, (byte)footer.Length, 0, 0, 0, .. "PAR1"u8]);
            _bench.Ingest("sum.parquet");
            return _bench.Lines();
        }

        static byte[] Varint(uint value)
        {
            var (zigzag, bytes) = (((long)(int)value << 1) ^ ((long)(int)value >> 63), new List<byte>());
            for (var rest = (ulong)(uint)zigzag; ; rest >>= 7)
            {
                bytes.Add((byte)(rest < 0x80 ? rest : (rest & 0x7F) | 0x80));
                if (rest < 0x80)
                    return [.. bytes];
            }
        }
    }

    [Fact]
    public void The_checksum_is_that_of_gzip() => PageChecksum.Of("123456789"u8).ShouldBe(0xCBF43926u);
}
