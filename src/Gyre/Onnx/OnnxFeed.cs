using System.Buffers;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace Gyre.Onnx;

/// <summary>Moves columns into ONNX Runtime's tensors and texts out of them.</summary>
static class OnnxFeed
{
    /// <summary>Some rows of a column of texts or numbers as a tensor [rows, 1], or of lists as one as wide as the longest, but not without width.</summary>
    public static OrtValue Column(Array column, int[] rows) => column switch
    {
        string?[] texts => Texts([.. rows.Select(row => texts[row])], [rows.Length, 1]),
        string[]?[] lists => Texts(Padded(lists, rows, missing: null, out var width), [rows.Length, width]),
        double[]?[] lists => OrtValue.CreateTensorValueFromMemory(Padded(lists, rows, double.NaN, out var width), [rows.Length, width]),
        double[] numbers => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(rows, row => numbers[row]), [rows.Length, 1]),
        _ => throw new NotSupportedException($"A column of {column.GetType().Name} cannot be fed. Expected texts or numbers."),
    };

    /// <summary>One element of a tensor of texts, in UTF-8.</summary>
    public static ReadOnlySpan<byte> Text(OrtValue tensor, int index) => tensor.GetStringElementAsSpan(index);

    static T[] Padded<T>(T[]?[] lists, int[] rows, T missing, out int width)
    {
        width = Math.Max(1, rows.Max(row => lists[row]?.Length ?? 0));
        var padded = new T[rows.Length * width];
        Array.Fill(padded, missing);
        for (var i = 0; i < rows.Length; i++)
            lists[rows[i]]?.CopyTo(padded, i * width);
        return padded;
    }

    static OrtValue Texts(string?[] texts, long[] shape)
    {
        var tensor = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        for (var i = 0; i < texts.Length; i++)
        {
            if (texts[i] is not { Length: > 0 } text)
                continue;
            var most = Encoding.UTF8.GetMaxByteCount(text.Length);
            if (most > buffer.Length)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = ArrayPool<byte>.Shared.Rent(most);
            }

            tensor.StringTensorSetElementAt(buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer)), i);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return tensor;
    }
}
