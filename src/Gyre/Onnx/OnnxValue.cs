namespace Gyre.Onnx;

/// <summary>The types of tensor elements in use here; the numbers are ONNX's.</summary>
public enum OnnxType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
}

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its dimensions; null for those that vary.</param>
public sealed record OnnxValue(string Name, OnnxType Type, IReadOnlyList<long?> Shape)
{
    internal ValueInfoProto ToProto()
    {
        var shape = new TensorShapeProto();
        for (var i = 0; i < Shape.Count; i++)
        {
            // The first dimension is the number of examples wherever it varies: one name for all says that they are equal.
            shape.Dim.Add(Shape[i] is { } size
                ? new TensorShapeProto.Types.Dimension { DimValue = size }
                : i == 0 ? new TensorShapeProto.Types.Dimension { DimParam = "N" } : new TensorShapeProto.Types.Dimension());
        }

        return new ValueInfoProto
        {
            Name = Name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)Type, Shape = shape } },
        };
    }

    internal static OnnxValue From(ValueInfoProto value) => new(
        value.Name,
        (OnnxType)(value.Type.TensorType?.ElemType ?? 0),
        [.. (value.Type.TensorType?.Shape?.Dim ?? []).Select(dim => dim.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? dim.DimValue : (long?)null)]);
}
