using System.IO.Compression;
using Gyre.Data.TfRecords;
using Gyre.Ingestion;

namespace Gyre.Tests.Data.TfRecords;

public sealed class TfRecordTests
{
    const string Golden = "conformance/tfx/testdata/csv_example_gen";

    static readonly Gen<byte[][]> SomeRecords = Gen.Byte.Array[0, 300].Array[0, 20];

    /// <summary>The check value of CRC-32C for «123456789» is 0xE3069283; see RFC 3720, appendix B.4, for others of the same polynomial.</summary>
    [Fact]
    public void The_checksum_is_the_masked_one_of_castagnoli()
    {
        var crc = 0xE3069283u;
        RecordChecksum.Masked("123456789"u8).ShouldBe(unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8));
    }

    [Fact]
    public void What_is_written_is_read_again() => SomeRecords.Sample(records =>
        ReadAll(Write(records)).Select(Convert.ToHexString).ShouldBe(records.Select(Convert.ToHexString)));

    [Fact]
    public void Every_flipped_bit_is_found() => Gen.Select(Gen.Byte.Array[1, 40], Gen.Int[0, 10_000], Gen.Int[0, 7]).Sample((record, place, bit) =>
    {
        var file = Write([record]);
        file[place % file.Length] ^= (byte)(1 << bit);
        Should.Throw<InvalidDataException>(() => ReadAll(file)).Message.ShouldContain("some.tfrecord: record 1, at byte 0: ");
    });

    [Fact]
    public void Every_file_that_is_cut_short_is_found()
    {
        var file = Write([[1, 2, 3], [4, 5]]);
        for (var length = 1; length < file.Length; length++)
        {
            if (length != 19)
                Should.Throw<InvalidDataException>(() => ReadAll(file[..length])).Message.ShouldContain("cut short");
        }

        ReadAll(file[..19]).ShouldHaveSingleItem();
    }

    [Fact]
    public void Features_are_ordered_by_the_bytes_of_their_names()
    {
        var one = TfExample.Serialize([new("b", TfExample.OfInteger(-1)), new("a", TfExample.OfText("x")), new("é", new Feature()), new("B", TfExample.OfReal(0.5))]);
        TfExample.Parse(one).Features.Feature.Keys.ShouldBe(["B", "a", "b", "é"]);
        TfExample.Serialize(TfExample.Parse(one).Features.Feature.Reverse()).ShouldBe(one);
    }

    [Theory]
    [InlineData("Split-train", 9_909, 0)]
    [InlineData("Split-eval", 5_091, 1)]
    public void The_records_of_tfx_are_read_written_again_and_split_alike(string split, int count, int expected)
    {
        var records = Directory.GetFiles(SharedData.File($"{Golden}/{split}")).Order(StringComparer.Ordinal).SelectMany(file =>
        {
            using var reader = new TfRecordReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress), file);
            return ReadAll(reader);
        }).ToList();

        records.Count.ShouldBe(count);
        foreach (var record in records)
        {
            TfExample.Serialize(TfExample.Parse(record).Features.Feature).AsSpan().SequenceEqual(record).ShouldBeTrue();
            (TfxDigest.Bucket(record, 3) < 2 ? 0 : 1).ShouldBe(expected);
        }
    }

    static byte[] Write(byte[][] records)
    {
        using var stream = new MemoryStream();
        using (var writer = new TfRecordWriter(stream))
        {
            foreach (var record in records)
                writer.Write(record);
        }

        return stream.ToArray();
    }

    static List<byte[]> ReadAll(byte[] file)
    {
        using var reader = new TfRecordReader(new MemoryStream(file), "some.tfrecord");
        return ReadAll(reader);
    }

    static List<byte[]> ReadAll(TfRecordReader reader)
    {
        var records = new List<byte[]>();
        while (reader.Next(out var record))
            records.Add(record.ToArray());
        return records;
    }
}
