using System.IO.Compression;
using System.Security.Cryptography;
using Google.Protobuf;
using Gyre.Data;
using Gyre.Data.TfRecords;
using Gyre.Ingestion;

namespace Gyre.Tests.Ingestion;

public sealed class TfRecordFiles : IDisposable
{
    const string Golden = "conformance/tfx/testdata/csv_example_gen";

    static readonly TfRecordOptions Options = new() { Splits = CsvBench.OneSplit };

    readonly CsvBench _bench = new();

    public void Dispose() => _bench.Dispose();

    static Feature Bytes(params byte[][] values) => new() { BytesList = new BytesList { Value = { values.Select(value => ByteString.CopyFrom(value)) } } };

    static Feature Integers(params long[] values) => new() { Int64List = new Int64List { Value = { values } } };

    static Feature Floats(params float[] values) => new() { FloatList = new FloatList { Value = { values } } };

    static byte[] Record(params (string Name, Feature Feature)[] features) => TfExample.Serialize(features.Select(feature => KeyValuePair.Create(feature.Name, feature.Feature)));

    static byte[] File(params byte[][] records)
    {
        using var stream = new MemoryStream();
        using (var writer = new TfRecordWriter(stream))
        {
            foreach (var record in records)
                writer.Write(record);
        }

        return stream.ToArray();
    }

    IngestionResult Ingest(TfRecordOptions options, params byte[][] records)
    {
        _bench.Write("some.tfrecord", File(records));
        return _bench.Ingest(options, "some.tfrecord");
    }

    ExampleBatch Read(params byte[][] records)
    {
        Ingest(Options, records);
        return ExampleReader.Read(_bench.FileOf("all")).Single();
    }

    [Fact]
    public void Features_become_columns_of_the_types_that_all_records_need()
    {
        var batch = Read(
            Record(("word", Bytes("x"u8.ToArray())), ("count", Integers(1)), ("share", Floats(0.1f)), ("tags", Bytes("a"u8.ToArray())), ("picture", Bytes([0xFF, 0xD8])), ("empty", new Feature()), ("grades", Integers(7, -8))),
            Record(("word", Bytes(""u8.ToArray())), ("count", new Feature()), ("tags", Bytes("b"u8.ToArray(), "c"u8.ToArray())), ("picture", Bytes("text"u8.ToArray())), ("grades", Integers()), ("late", Floats(float.NaN, float.PositiveInfinity))));

        ExampleReader.Columns(_bench.FileOf("all")).ShouldBe(
        [
            new ExampleColumn("count", ColumnType.Integer),
            new ExampleColumn("empty", ColumnType.Text),
            new ExampleColumn("grades", ColumnType.Integer) { IsList = true },
            new ExampleColumn("late", ColumnType.Real) { IsList = true },
            new ExampleColumn("picture", ColumnType.Bytes),
            new ExampleColumn("share", ColumnType.Real),
            new ExampleColumn("tags", ColumnType.Text) { IsList = true },
            new ExampleColumn("word", ColumnType.Text),
        ]);
        batch.Number("count").ShouldBe([1, double.NaN]);
        batch.Text("empty").ShouldBe([null, null]);
        batch.NumberLists("grades").ShouldBe([[7.0, -8.0], []]);
        batch.NumberLists("late").ShouldBe([null, [double.NaN, double.PositiveInfinity]]);
        batch.Bytes("picture").ShouldBe([[0xFF, 0xD8], "text"u8.ToArray()]);
        batch.Number("share").ShouldBe([0.1f, double.NaN]);
        batch.TextLists("tags").ShouldBe([["a"], ["b", "c"]]);
        batch.Text("word").ShouldBe(["x", ""], "an empty text is there");
    }

    [Fact]
    public void Lists_and_bytes_are_not_read_for_single_values()
    {
        var batch = Read(Record(("tags", Bytes("a"u8.ToArray(), "b"u8.ToArray())), ("picture", Bytes([0xFF]))));

        Should.Throw<InvalidOperationException>(() => batch.Text("tags")).Message.ShouldContain("'tags' holds lists of texts. Expected one text or number");
        Should.Throw<InvalidOperationException>(() => batch.Number("picture")).Message.ShouldContain("'picture' holds bytes. Expected one number");
    }

    [Fact]
    public void Whole_numbers_that_doubles_do_not_hold_become_text()
    {
        Read(Record(("id", Integers(long.MaxValue))), Record(("id", Integers(5)))).Text("id").ShouldBe(["9223372036854775807", "5"]);
    }

    [Fact]
    public void Lists_longer_than_a_chunk_and_many_of_them_come_through()
    {
        var random = new Random(4);
        var lists = Enumerable.Range(0, 5_000).Select(row => Enumerable.Range(0, row == 77 ? 10_000 : random.Next(4)).Select(_ => $"t{random.Next(1_000_000)} with some more letters").ToArray()).ToArray();

        Ingest(Options, [.. lists.Select(list => Record(("tags", Bytes([.. list.Select(System.Text.Encoding.UTF8.GetBytes)]))))]);

        ExampleReader.Read(_bench.FileOf("all")).SelectMany(batch => batch.TextLists("tags")).ShouldBe(lists);
    }

    [Fact]
    public void Another_kind_in_a_later_record_rejects_it_with_its_place()
    {
        byte[][] records = [Record(("a", Integers(1))), Record(("a", Floats(2))), Record(("a", Integers(3)))];

        Should.Throw<InvalidDataException>(() => Ingest(Options, records)).Message
            .ShouldContain("some.tfrecord:2:1: found in record 2 at byte 30 the feature 'a' as floats, in the records before as integers");
        Ingest(Options with { MaxRejected = 1 }, records).Rejected.ShouldBe(1);
        _bench.Lines().ShouldBe("1/3");
        _bench.Rejected.ShouldContain("floatList");
    }

    [Fact]
    public void Bytes_that_are_no_example_are_rejected_though_their_checksum_is_right()
    {
        Should.Throw<InvalidDataException>(() => Ingest(Options, Record(("a", Integers(1))), [0x0A, 0xFF, 1])).Message
            .ShouldContain("some.tfrecord:2:1: found in record 2 at byte 30 a record that is no tf.Example");
        Should.Throw<InvalidDataException>(() => Ingest(Options, [.. Record(("a", Integers(1))), 0x12, 0])).Message
            .ShouldContain("found in record 1 at byte 0 a tf.SequenceExample, whose lists of lists have no form among examples");
        Should.Throw<InvalidDataException>(() => Ingest(Options)).Message.ShouldContain("some.tfrecord: there are no rows");
    }

    [Fact]
    public void Reading_in_place_agrees_with_protobufs_own_parser() =>
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[0, 3], Gen.Int[0, 1000]).Sample((noise, flips, seed) =>
        {
            var record = Record(("a", Integers(1, -2, 300)), ("b", Floats(1.5f)), ("c", Bytes(noise, [])), ("d", new Feature()));
            var random = new Random(seed);
            for (var flip = 0; flip < flips; flip++)
                record[random.Next(record.Length)] ^= (byte)(1 << random.Next(8));
            Example? expected = null;
            try
            {
                expected = TfExample.Parse(record);
            }
            catch (InvalidProtocolBufferException)
            {
                // Then ours must refuse it too, or read what is there by rules that are laxer on nothing that we keep.
            }

            var features = new ExampleFeatures();
            if (!features.Read(record))
                return;
            if (expected is null)
                return;
            features.Count.ShouldBe(expected.Features?.Feature.Count ?? 0);
            for (var feature = 0; feature < features.Count; feature++)
            {
                var one = expected.Features!.Feature[System.Text.Encoding.UTF8.GetString(features.Name(feature, record))];
                features.Values(feature).ShouldBe(one.Int64List?.Value.Count ?? one.FloatList?.Value.Count ?? one.BytesList?.Value.Count ?? 0);
                for (var value = 0; value < features.Values(feature); value++)
                {
                    switch (features.Kind(feature))
                    {
                        case FeatureKind.Integers:
                            features.Integer(feature, value).ShouldBe(one.Int64List!.Value[value]);
                            break;
                        case FeatureKind.Floats:
                            BitConverter.SingleToInt32Bits(features.Float(feature, value)).ShouldBe(BitConverter.SingleToInt32Bits(one.FloatList!.Value[value]));
                            break;
                        default:
                            features.Bytes(feature, value, record).SequenceEqual(one.BytesList!.Value[value].Span).ShouldBeTrue();
                            break;
                    }
                }
            }
        });

    /// <summary>All 15,000 records of TFX's own ExampleGen: read into examples, and from these written again to the same bytes.</summary>
    [Theory]
    [InlineData("Split-train", 9_909, 0)]
    [InlineData("Split-eval", 5_091, 1)]
    public void The_examples_of_tfx_are_written_again_byte_by_byte(string split, int count, int expected)
    {
        var files = Directory.GetFiles(SharedData.File($"{Golden}/{split}")).Order(StringComparer.Ordinal).ToList();
        foreach (var file in files)
            _bench.Write(Path.GetFileName(file), System.IO.File.ReadAllBytes(file));

        _bench.Ingest(Options, [.. files.Select(file => Path.GetFileName(file)!)]).RowsOfSplits[0].Value.ShouldBe(count);

        var columns = ExampleReader.Columns(_bench.FileOf("all"));
        var written = ExampleReader.Read(_bench.FileOf("all")).SelectMany(batch => Enumerable.Range(0, batch.Rows).Select(row => Record(
            [.. columns.Select(column => (column.Name, column.Type switch
            {
                ColumnType.Text => batch.Text(column.Name)[row] is { } text ? Bytes(System.Text.Encoding.UTF8.GetBytes(text)) : new Feature(),
                ColumnType.Integer => batch.Number(column.Name)[row] is var number && double.IsNaN(number) ? new Feature() : Integers((long)number),
                _ => batch.Number(column.Name)[row] is var real && double.IsNaN(real) ? new Feature() : Floats((float)real),
            }))])));
        var records = files.SelectMany(file =>
        {
            using var reader = new TfRecordReader(new GZipStream(System.IO.File.OpenRead(file), CompressionMode.Decompress), file);
            var all = new List<byte[]>();
            while (reader.Next(out var record))
                all.Add(record.ToArray());
            return all;
        });
        var row = 0;
        foreach (var (ours, theirs) in written.Zip(records))
        {
            ours.AsSpan().SequenceEqual(theirs).ShouldBeTrue(customMessage: $"record {row}");
            (new System.Numerics.BigInteger(SHA256.HashData(ours), isUnsigned: true, isBigEndian: true) % 3 < 2 ? 0 : 1).ShouldBe(expected);
            row++;
        }

        row.ShouldBe(count);
    }

    [Fact]
    public void Transformed_examples_of_tfx_are_read()
    {
        foreach (var file in Directory.GetFiles(SharedData.File("conformance/tfx/testdata/transform/transformed_examples"), "*.gz", SearchOption.AllDirectories))
        {
            _bench.Write("transformed.gz", System.IO.File.ReadAllBytes(file));
            _bench.Ingest(Options, "transformed.gz").RowsOfSplits[0].Value.ShouldBeOneOf(9_909, 5_091);
        }
    }
}
