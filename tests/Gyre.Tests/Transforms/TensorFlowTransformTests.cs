using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Gyre.Data;
using Google.Protobuf;
using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

/// <summary>Fits the features of TFX's taxi example to its training split, and compares with what TensorFlow Transform made of it.</summary>
public sealed class TensorFlowTransformTests
{
    static readonly string[] Scaled = ["trip_miles", "fare", "trip_seconds"];
    static readonly string[] Bucketized = ["pickup_latitude", "pickup_longitude", "dropoff_latitude", "dropoff_longitude"];
    static readonly string[] Looked = ["payment_type", "company"];

    [Fact]
    public async Task The_taxi_example_is_transformed_alike()
    {
        var raw = Records("csv_example_gen/Split-train");
        var expected = Records("transform/transformed_examples/Split-train");
        var batch = Batch([
            .. Looked.Select(name => (name, (Array)raw.ConvertAll(example => example[name] as string).ToArray())),
            .. Scaled.Concat(Bucketized).Select(name => (name, (Array)raw.ConvertAll(example => example[name] is string or null ? double.NaN : Convert.ToDouble(example[name], null)).ToArray()))]);

        using var run = await FitAsync(
            f =>
            {
                foreach (var name in Scaled)
                    f.Output(name, f.Number(name).FillMissing(0).ScaleToZScore());
                foreach (var name in Bucketized)
                    f.Output(name, f.Number(name).FillMissing(0).Bucketize(10).OneHot());
                foreach (var name in Looked)
                    f.Output(name, f.Text(name).Vocabulary(top: 1000).OneHot());
            },
            batch);

        expected.Count.ShouldBe(9909);
        raw.Count.ShouldBe(expected.Count);
        foreach (var name in Scaled)
        {
            var theirs = expected.Select(example => (float)example[name + "_xf"]!).Order().ToArray();
            run.Numbers(name, batch).Order().Zip(theirs, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-5f, name);
        }

        // The examples come in another order, so all ids of an example are compared together. Beyond the vocabulary their ids
        // are hashes of another kind, and a missing text has one too.
        Ids(i => [.. Bucketized.Select(name => (long)expected[i][name + "_xf"]!), .. Looked.Select(name => Math.Min((long)expected[i][name + "_xf"]!, Known(run, name)))])
            .ShouldBe(Ids(Ours(run, batch)));

        IEnumerable<string> Ids(Func<int, long[]> of) => Enumerable.Range(0, expected.Count).Select(i => string.Join(" ", of(i))).Order(StringComparer.Ordinal);
    }

    static Func<int, long[]> Ours(TransformRun run, ExampleBatch batch)
    {
        var columns = Bucketized.Concat(Looked).Select(name => (Name: name, Ids: run.Ids(name, batch))).ToList();
        return i => [.. columns.Select(column => column.Ids[i] < 0 ? Known(run, column.Name) : column.Ids[i])];
    }

    static long Known(TransformRun run, string feature) => run.Features.First(spec => spec.Name == feature).Size - 1;

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
