using Gyre.Data;
using Gyre.Onnx;
using Gyre.Training;
using Gyre.Transforms;
using Microsoft.ML.OnnxRuntime;

namespace Gyre.Testing;

/// <summary>What a trained model says of itself in ONNX, run on features directly, without a transform before it.</summary>
public sealed class FeatureGraph : IDisposable
{
    readonly IReadOnlyList<FeatureSpec> _features;
    readonly LabelSpec _label;
    readonly InferenceSession _session;
    readonly RunOptions _options = new();

    /// <summary>Appends a binary model to a graph whose inputs are the features.</summary>
    public FeatureGraph(ITrainedModel model, IReadOnlyList<FeatureSpec> features)
        : this(model, features, TrainerContract.LabelOf(LearningTask.Binary))
    {
    }

    /// <summary>Appends the model to a graph whose inputs are the features.</summary>
    /// <param name="model">What was learnt.</param>
    /// <param name="features">From what.</param>
    /// <param name="label">What it predicts.</param>
    public FeatureGraph(ITrainedModel model, IReadOnlyList<FeatureSpec> features, LabelSpec label)
    {
        (_features, _label) = (features, label);
        var graph = new OnnxGraph();
        foreach (var feature in features)
        {
            if (feature.Kind == FeatureKind.Number)
                graph.Input(feature.Tensor, OnnxType.Float, null, feature.Size);
            else
                graph.Input(feature.Tensor, OnnxType.Int64, null, feature.Kind == FeatureKind.Tokens ? null : 1);
        }

        var prediction = model.Append(graph, features.ToDictionary(feature => feature.Name, feature => feature.Tensor, StringComparer.Ordinal));
        graph.Output(ModelSignature.OutputOf(label.Task), prediction, OnnxType.Float, label.HasClasses ? [null, label.OutputWidth] : [null]);
        Bytes = graph.ToBytes();
        RuntimeTelemetry.Forbid();
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(Bytes, options);
    }

    /// <summary>The ONNX file.</summary>
    public byte[] Bytes { get; }

    /// <summary>The predictions of each example, computed in batches of the given size.</summary>
    public float[] Predict(FeatureSet examples, int batchSize)
    {
        var result = new float[examples.Rows * _label.OutputWidth];
        for (var start = 0; start < examples.Rows; start += batchSize)
            Run(examples, start, Math.Min(batchSize, examples.Rows - start)).CopyTo(result, start * _label.OutputWidth);
        return result;
    }

    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
    }

    float[] Run(FeatureSet examples, int start, int count)
    {
        var inputs = _features.Select(feature => Tensor(feature, examples, start, count)).ToList();
        try
        {
            using var results = _session.Run(_options, [.. _features.Select(feature => feature.Tensor)], inputs, [ModelSignature.OutputOf(_label.Task)]);
            var shape = results[0].GetTensorTypeAndShape().Shape;
            long[] expected = _label.HasClasses ? [count, _label.OutputWidth] : [count];
            return shape.AsSpan().SequenceEqual(expected)
                ? results[0].GetTensorDataAsSpan<float>().ToArray()
                : throw new InvalidDataException($"The prediction of {count} examples has the shape [{string.Join(", ", shape)}]. Expected [{string.Join(", ", expected)}].");
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }
    }

    static OrtValue Tensor(FeatureSpec feature, FeatureSet examples, int start, int count)
    {
        if (feature.Kind == FeatureKind.Number)
            return OrtValue.CreateTensorValueFromMemory(examples.Numbers[feature.Name][(start * feature.Size)..((start + count) * feature.Size)], [count, feature.Size]);
        if (feature.Kind != FeatureKind.Tokens)
            return OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(examples.Ids[feature.Name][start..(start + count)], id => (long)id), [count, 1]);
        var lists = examples.Tokens[feature.Name];
        var width = Enumerable.Range(start, count).Max(row => Math.Max(1, lists.Offsets[row + 1] - lists.Offsets[row]));
        var ids = new long[count * width];
        Array.Fill(ids, -1);
        for (var row = 0; row < count; row++)
        {
            var at = row * width;
            foreach (var id in lists.Values.AsSpan(lists.Offsets[start + row]..lists.Offsets[start + row + 1]))
                ids[at++] = id;
        }

        return OrtValue.CreateTensorValueFromMemory(ids, [count, width]);
    }
}
