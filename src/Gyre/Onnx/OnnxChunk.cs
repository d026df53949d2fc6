using Microsoft.ML.OnnxRuntime;

namespace Gyre.Onnx;

/// <summary>The results of a run for some of a batch's examples.</summary>
public sealed class OnnxChunk
{
    readonly IReadOnlyList<string> _outputs;
    readonly IReadOnlyList<OrtValue> _values;

    internal OnnxChunk(int[] rows, IReadOnlyList<string> outputs, IReadOnlyList<OrtValue> values)
    {
        Rows = rows;
        _outputs = outputs;
        _values = values;
    }

    /// <summary>For each row of the results the example it belongs to, as a position in the batch.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>The elements of a tensor float, row after row.</summary>
    public ReadOnlySpan<float> Floats(string output) => Value(output).GetTensorDataAsSpan<float>();

    /// <summary>The elements of a tensor double, row after row.</summary>
    public ReadOnlySpan<double> Doubles(string output) => Value(output).GetTensorDataAsSpan<double>();

    /// <summary>The elements of a tensor int64, row after row.</summary>
    public ReadOnlySpan<long> Integers(string output) => Value(output).GetTensorDataAsSpan<long>();

    /// <summary>The elements of a tensor bool, row after row.</summary>
    public ReadOnlySpan<bool> Flags(string output) => Value(output).GetTensorDataAsSpan<bool>();

    /// <summary>One element of a tensor string, in UTF-8.</summary>
    public ReadOnlySpan<byte> Text(string output, int index) => OnnxFeed.Text(Value(output), index);

    /// <summary>The number of elements that each example has in a tensor: the product of all dimensions but the first.</summary>
    public int WidthOf(string output)
    {
        var width = 1L;
        foreach (var size in Value(output).GetTensorTypeAndShape().Shape.AsSpan(1))
            width *= size;
        return checked((int)width);
    }

    OrtValue Value(string output)
    {
        for (var i = 0; i < _outputs.Count; i++)
        {
            if (_outputs[i] == output)
                return _values[i];
        }

        throw new KeyNotFoundException($"The run was not asked for '{output}', only for {string.Join(", ", _outputs)}.");
    }
}
