using Gyre.Onnx;
using Gyre.Torch.Layers;
using Gyre.Training;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Learning;

/// <summary>A learnt network.</summary>
sealed class NetworkModel(Network network, TaskHead head, IReadOnlyList<EpochSummary> epochs) : ITrainedModel
{
    public IReadOnlyList<EpochSummary> Epochs { get; } = epochs;

    public Network Network => network;

    public float[] Predict(FeatureSet features) => Run(network, head.Width, features, head.Predict, CancellationToken.None);

    public string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope("network");
        return head.Append(graph, network.Append(graph, features));
    }

    public void Dispose() => network.Dispose();

    /// <summary>What the network puts out before the task makes predictions of it: N × Width.</summary>
    public static float[] Outputs(Network network, TaskHead head, FeatureSet features, CancellationToken cancellationToken) =>
        Run(network, head.Width, features, outputs => outputs, cancellationToken);

    static float[] Run(Network network, int width, FeatureSet features, Func<Tensor, Tensor> finish, CancellationToken cancellationToken)
    {
        using var mode = inference_mode();
        var input = network.Open(features);
        var rows = Enumerable.Range(0, features.Rows).ToArray();
        var result = new float[features.Rows * width];
        for (var start = 0; start < rows.Length; start += network.PredictionBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(network.PredictionBatch, rows.Length - start);
            var outputs = finish(network.Forward(input, rows.AsSpan(start, count), step: null));
            outputs.contiguous().data<float>().CopyTo(result.AsSpan(start * width, count * width));
        }

        return result;
    }
}
