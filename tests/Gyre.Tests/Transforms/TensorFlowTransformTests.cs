using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Gyre.Data;
using Google.Protobuf;
using Gyre.Transforms;
using Gyre.Transforms.Analysis;
using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

/// <summary>Fits the features of TFX's taxi example to its training split, and compares with what TensorFlow Transform made of it.</summary>
public sealed class TensorFlowTransformTests
{
    static readonly string[] Scaled = ["trip_miles", "fare", "trip_seconds"];
    static readonly string[] Bucketized = ["pickup_latitude", "pickup_longitude", "dropoff_latitude", "dropoff_longitude"];
    static readonly string[] Kept =
    [
        "trip_start_hour", "trip_start_day", "trip_start_month", "pickup_census_tract", "dropoff_census_tract", "pickup_community_area", "dropoff_community_area",
    ];

    static readonly string[] Looked = ["payment_type", "company"];

    [Theory]
    [InlineData("train", 9909)]
    [InlineData("eval", 5091)]
    public async Task The_taxi_example_is_transformed_alike(string split, int rows)
    {
        var train = BatchOf(Records("csv_example_gen/Split-train"));
        using var run = await FitAsync(Define, train);
        var raw = BatchOf(Records($"csv_example_gen/Split-{split}"));
        var expected = Records($"transform/transformed_examples/Split-{split}");

        expected.Count.ShouldBe(rows);
        raw.Rows.ShouldBe(rows);
        foreach (var name in Scaled)
        {
            var theirs = expected.Select(example => (float)example[name + "_xf"]!).Order().ToArray();
            run.Numbers(name, raw).Order().Zip(theirs, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-5f, name);
        }

        // The examples come in another order, so all that is whole in an example is compared together; in single precision,
        // as models get numbers.
        var columns = Bucketized.Concat(Looked).Select(name => run.Ids(name, raw)).Concat(Kept.Append("tips").Select(name => Array.ConvertAll(run.Numbers(name, raw), x => (long)x))).ToList();
        Whole(i => [.. columns.Select(column => column[i])])
            .ShouldBe(Whole(i => [.. Bucketized.Concat(Looked).Concat(Kept).Append("tips").Select(name => (long)(float)(long)expected[i][name + "_xf"]!)]));

        IEnumerable<string> Whole(Func<int, long[]> of) => Enumerable.Range(0, rows).Select(i => string.Join(" ", of(i))).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_vocabularies_of_the_taxi_example_stand_in_the_same_order()
    {
        using var run = await FitAsync(Define, BatchOf(Records("csv_example_gen/Split-train")));

        foreach (var (name, file) in Looked.Zip(["vocab_compute_and_apply_vocabulary_vocabulary", "vocab_compute_and_apply_vocabulary_1_vocabulary"]))
        {
            var step = run.Definition.Features[name].Step.Inputs[0];
            ((FittedVocabulary)run.Fitted[step]).Values
                .ShouldBe(File.ReadAllLines(SharedData.File($"conformance/tfx/testdata/transform/transform_graph/transform_fn/assets/{file}")));
        }
    }

    /// <summary>The preprocessing of the example, where missing numbers are zeros and missing texts are texts.</summary>
    static void Define(FeatureBuilder f)
    {
        foreach (var name in Scaled)
            f.Output(name, f.Number(name).FillMissing(0).ScaleToZScore());
        foreach (var name in Bucketized)
            f.Output(name, f.Number(name).FillMissing(0).Bucketize(10).OneHot());
        foreach (var name in Looked)
        {
            f.Output(name, f.Text(name).Vocabulary(
                new VocabularyOptions { Top = 1000, OovBuckets = 10, OovHash = TextHash.Fingerprint64, MissingIsOov = true }).OneHot());
        }

        foreach (var name in Kept)
            f.Output(name, f.Number(name).FillMissing(0));

        // In single precision, as TensorFlow multiplies: many tips are a fifth of the fare, to the cent.
        var fifth = (f.Number("fare").ToSingle() * 0.2f).ToSingle();
        f.Output("tips", (f.Number("tips").ToSingle() > fifth).FillMissing(0));
    }

    static ExampleBatch BatchOf(List<Dictionary<string, object?>> records) => Batch([
        .. Looked.Select(name => (name, (Array)records.ConvertAll(example => example[name] as string).ToArray())),
        .. Scaled.Concat(Bucketized).Concat(Kept).Append("tips").Select(
            name => (name, (Array)records.ConvertAll(example => example[name] is string or null ? double.NaN : Convert.ToDouble(example[name], null)).ToArray()))]);

    /// <summary>The only value of each feature of each example: a text, a whole number, a float, or null where missing.</summary>
    static List<Dictionary<string, object?>> Records(string folder)
    {
        var directory = SharedData.File($"conformance/tfx/testdata/{folder}");
        var examples = new List<Dictionary<string, object?>>();
        foreach (var path in Directory.GetFiles(directory, "*.gz").Order(StringComparer.Ordinal))
        {
            using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            var header = new byte[12];
            while (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length)
            {
                var record = new byte[BinaryPrimitives.ReadInt64LittleEndian(header) + 4];
                file.ReadExactly(record);
                examples.Add(Example(record.AsMemory(0, record.Length - 4)));
            }
        }

        return examples;
    }

    static Dictionary<string, object?> Example(ReadOnlyMemory<byte> record)
    {
        var example = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var features in Parts(record.ToArray()))
        {
            foreach (var entry in Parts(features.Bytes))
            {
                var parts = Parts(entry.Bytes);
                example[Encoding.UTF8.GetString(parts[0].Bytes)] = parts.Count < 2 ? null : Value(parts[1].Bytes);
            }
        }

        return example;
    }

    static object? Value(byte[] feature)
    {
        if (Parts(feature) is not [var (kind, list)] || Parts(list) is not [var (_, value)])
            return null;
        return kind switch
        {
            1 => Encoding.UTF8.GetString(value),
            2 => BinaryPrimitives.ReadSingleLittleEndian(value),
            _ => new CodedInputStream(value).ReadInt64(),
        };
    }

    static List<(int Field, byte[] Bytes)> Parts(byte[] message)
    {
        var parts = new List<(int, byte[])>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
            parts.Add((WireFormat.GetTagFieldNumber(tag), input.ReadBytes().ToByteArray()));
        return parts;
    }
}
