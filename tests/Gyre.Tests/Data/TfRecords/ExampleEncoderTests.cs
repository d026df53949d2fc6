using Gyre.Data;
using Gyre.Data.TfRecords;

namespace Gyre.Tests.Data.TfRecords;

public sealed class ExampleEncoderTests
{
    [Fact]
    public void Rows_are_encoded_as_the_objects_of_protobuf_are() => Gen.Select(
        Gen.Long, Gen.Double.Where(double.IsFinite), Gen.String[Gen.Char["abcé\0\"'€"], 0, 300], Gen.Int[0, 3], Gen.Long.Array[0, 4], Gen.Bool).Sample(
        (integer, real, text, missing, list, isAbsent) =>
        {
            var values = new[] { "y", "B", "é", "list" };
            using var engine = new DataEngine();
            var row = $"{(missing == 0 ? "NULL" : $"CAST('{integer}' AS BIGINT)")}::BIGINT, {(missing == 1 ? "NULL" : $"CAST('{real:R}' AS DOUBLE)")}::DOUBLE, "
                + $"{(missing == 2 ? "NULL" : SqlText.Literal(text.Replace('\0', '0')))}::VARCHAR, [{string.Join(", ", list.Select(number => $"CAST('{number}' AS BIGINT)"))}]::BIGINT[]";
            using var reader = new ChunkReader(engine, $"SELECT {row}");
            reader.Next().ShouldBeTrue();
            ExampleColumn[] columns =
                [new(values[0], ColumnType.Integer), new(values[1], ColumnType.Real), new(values[2], ColumnType.Text), new(values[3], ColumnType.Integer) { IsList = true }];
            var encoder = new ExampleEncoder(
                columns,
                isAbsent ? MissingFeature.Absent : MissingFeature.EmptyList);

            var encoded = encoder.Encode(new ChunkRow(reader, 0, columns)).ToArray();

            var features = new Dictionary<string, Feature>
            {
                [values[0]] = missing == 0 ? new Feature { Int64List = new Int64List() } : TfExample.OfInteger(integer),
                [values[1]] = missing == 1 ? new Feature { FloatList = new FloatList() } : TfExample.OfReal(real),
                [values[2]] = missing == 2 ? new Feature { BytesList = new BytesList() } : TfExample.OfText(text.Replace('\0', '0')),
                [values[3]] = new Feature { Int64List = new Int64List { Value = { list } } },
            };
            if (isAbsent && missing < 3)
                features.Remove(values[missing]);
            encoded.ShouldBe(TfExample.Serialize(features));
        },
        iter: 200,
        threads: 1);
}
