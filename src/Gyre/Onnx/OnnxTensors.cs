using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Gyre.Onnx;

/// <summary>Writes constants and attributes in ONNX's wire form.</summary>
static class OnnxTensors
{
    public static TensorProto Write<T>(T[] values, long[] dims, bool scalar = false)
    {
        if (!scalar && dims.Length == 0)
            dims = [values.Length];
        var size = dims.Aggregate(1L, (product, dim) => product * dim);
        if (size != values.Length)
            throw new ArgumentException($"A constant of shape [{string.Join(", ", dims)}] takes {size} values. Found {values.Length}.", nameof(values));
        var tensor = new TensorProto { DataType = (int)TypeOf<T>() };
        tensor.Dims.AddRange(dims);
        if (values is string[] texts)
            tensor.StringData.AddRange(texts.Select(ByteString.CopyFromUtf8));
        else
            tensor.RawData = ByteString.CopyFrom(LittleEndian(values));
        return tensor;
    }

    static OnnxType TypeOf<T>() =>
        typeof(T) == typeof(float) ? OnnxType.Float
        : typeof(T) == typeof(double) ? OnnxType.Double
        : typeof(T) == typeof(long) ? OnnxType.Int64
        : typeof(T) == typeof(string) ? OnnxType.String
        : throw new NotSupportedException($"A constant cannot hold {typeof(T).Name}. Use float, double, long or string.");

    static ReadOnlySpan<byte> LittleEndian<T>(T[] values) => values switch
    {
        float[] numbers => MemoryMarshal.AsBytes<float>(numbers),
        double[] numbers => MemoryMarshal.AsBytes<double>(numbers),
        long[] numbers => MemoryMarshal.AsBytes<long>(numbers),
        _ => throw new NotSupportedException($"A constant cannot hold {typeof(T).Name}. Use float, double, long or string."),
    };
}

static class OnnxAttributes
{
    public static AttributeProto Write(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case long or int or bool or OnnxType:
                attribute.Type = AttributeProto.Types.AttributeType.Int;
                attribute.I = value is OnnxType type ? (long)type : Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case float or double:
                attribute.Type = AttributeProto.Types.AttributeType.Float;
                attribute.F = Convert.ToSingle(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case string text:
                attribute.Type = AttributeProto.Types.AttributeType.String;
                attribute.S = ByteString.CopyFromUtf8(text);
                break;
            case long[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(numbers);
                break;
            case float[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Floats;
                attribute.Floats.AddRange(numbers);
                break;
            case double[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Tensor;
                attribute.T = OnnxTensors.Write(numbers, []);
                break;
            case string[] texts:
                attribute.Type = AttributeProto.Types.AttributeType.Strings;
                attribute.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                break;
            default:
                throw new NotSupportedException($"The attribute '{name}' cannot hold {value.GetType().Name}. Use long, float, string, or an array of these.");
        }

        return attribute;
    }
}
