using Gyre.Onnx;
using Gyre.Torch.Layers;
using Gyre.Training;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Learning;

/// <summary>A learnt network.</summary>
sealed class NetworkModel(Network network, TaskHead head, NetworkTerms terms, IReadOnlyList<EpochSummary> epochs) : ITrainedModel
{
    public IReadOnlyList<EpochSummary> Epochs { get; } = epochs;

    public int? KeptEpoch { get; init; }

    public StepCurve? Steps { get; init; }

    public Network Network => network;

    public float[] Predict(FeatureSet features) => Predict(network, head, features, CancellationToken.None);

    public string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope("network");
        return head.Append(graph, network.Append(graph, features));
    }

    public void SaveWarmStart(string directory) => EarlierNetwork.Save(directory, network, terms);

    public void Dispose() => network.Dispose();

    /// <summary>The predictions for some examples: N × Width.</summary>
    public static float[] Predict(Network network, TaskHead head, FeatureSet features, CancellationToken cancellationToken)
    {
        using var mode = inference_mode();
        var input = network.Open(features);
        var rows = Enumerable.Range(0, features.Rows).ToArray();
        var result = new float[features.Rows * head.Width];
        for (var start = 0; start < rows.Length; start += network.PredictionBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(network.PredictionBatch, rows.Length - start);
            var predictions = head.Predict(network.Forward(input, rows.AsSpan(start, count), step: null)).contiguous();
            predictions.data<float>().CopyTo(result.AsSpan(start * head.Width, count * head.Width));
        }

        return result;
    }
}
