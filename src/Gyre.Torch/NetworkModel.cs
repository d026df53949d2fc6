using Gyre.Onnx;
using Gyre.Training;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch;

/// <summary>A learnt network.</summary>
sealed class NetworkModel(Network network, IReadOnlyList<EpochSummary> epochs) : ITrainedModel
{
    const int PredictionBatch = 1024;

    public IReadOnlyList<EpochSummary> Epochs { get; } = epochs;

    public float[] Predict(FeatureSet features) =>
        Run(network, features, logOdds => logOdds.sigmoid(), CancellationToken.None);

    public string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features) =>
        NetworkGraph.Append(graph, network, features);

    public void Dispose() => network.Dispose();

    public static float[] LogOdds(Network network, FeatureSet features, CancellationToken cancellationToken) =>
        Run(network, features, logOdds => logOdds, cancellationToken);

    static float[] Run(Network network, FeatureSet features, Func<Tensor, Tensor> finish, CancellationToken cancellationToken)
    {
        using var mode = inference_mode();
        var gatherer = new ExampleGatherer(network.Plan, features);
        var rows = Enumerable.Range(0, features.Rows).ToArray();
        var result = new float[features.Rows];
        for (var start = 0; start < rows.Length; start += PredictionBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(PredictionBatch, rows.Length - start);
            var logOdds = network.LogOdds(gatherer.Gather(rows.AsSpan(start, count)), drop: values => values);
            finish(logOdds).data<float>().CopyTo(result.AsSpan(start, count));
        }

        return result;
    }
}
