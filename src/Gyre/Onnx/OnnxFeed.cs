using System.Buffers;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace Gyre.Onnx;

/// <summary>Moves columns into ONNX Runtime's tensors and texts out of them.</summary>
static class OnnxFeed
{
    /// <summary>Some rows of a column of texts or numbers as a tensor [rows, 1].</summary>
    public static OrtValue Column(Array column, int[] rows) => column switch
    {
        string?[] texts => Texts(texts, rows),
        double[] numbers => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(rows, row => numbers[row]), [rows.Length, 1]),
        _ => throw new NotSupportedException($"A column of {column.GetType().Name} cannot be fed. Expected texts or numbers."),
    };

    /// <summary>One element of a tensor of texts, in UTF-8.</summary>
    public static ReadOnlySpan<byte> Text(OrtValue tensor, int index) => tensor.GetStringElementAsSpan(index);

    static OrtValue Texts(string?[] texts, int[] rows)
    {
        var tensor = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [rows.Length, 1]);
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        for (var i = 0; i < rows.Length; i++)
        {
            if (texts[rows[i]] is not { Length: > 0 } text)
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
