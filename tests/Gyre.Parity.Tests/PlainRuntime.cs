using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;

namespace Gyre.Parity.Tests;

/// <summary>Runs a model's file by ONNX Runtime alone, as any other program would: rows of JSON become tensors as the signature says.</summary>
sealed class PlainRuntime : IDisposable
{
    readonly InferenceSession _session;
    readonly string _output;

    public PlainRuntime(string path)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        _session = new InferenceSession(path, options);
        _output = _session.OutputNames.Single();
    }

    public IEnumerable<string> Columns => _session.InputNames;

    /// <summary>The predictions of some rows, all numbers of the first row, then those of the next.</summary>
    public float[] Predict(IReadOnlyList<JsonObject> rows)
    {
        var inputs = _session.InputMetadata.ToDictionary(input => input.Key, input => Tensor(rows, input.Key, input.Value), StringComparer.Ordinal);
        try
        {
            using var run = new RunOptions();
            using var outputs = _session.Run(run, inputs, [_output]);
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        }
        finally
        {
            foreach (var input in inputs.Values)
                input.Dispose();
        }
    }

    public void Dispose() => _session.Dispose();

    static OrtValue Tensor(IReadOnlyList<JsonObject> rows, string column, NodeMetadata metadata)
    {
        var isText = metadata.ElementType == typeof(string);
        var lists = rows.Select(row => row[column] switch
        {
            null => [],
            JsonArray list => list.ToArray(),
            var value => new[] { value },
        }).ToList();
        var width = Math.Max(1, lists.Max(list => list.Length));
        long[] shape = [rows.Count, width];
        if (!isText)
            return OrtValue.CreateTensorValueFromMemory(Padded(lists, width, value => double.Parse(value!.ToJsonString(), CultureInfo.InvariantCulture), double.NaN), shape);
        var tensor = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
        foreach (var (i, text) in Padded(lists, width, value => value!.GetValue<string>(), "").Index())
            tensor.StringTensorSetElementAt(text, i);
        return tensor;
    }

    static T[] Padded<T>(List<JsonNode?[]> lists, int width, Func<JsonNode?, T> read, T padding)
    {
        var values = new T[lists.Count * width];
        Array.Fill(values, padding);
        for (var row = 0; row < lists.Count; row++)
        {
            for (var i = 0; i < lists[row].Length; i++)
                values[(row * width) + i] = read(lists[row][i]);
        }

        return values;
    }
}
