using System.Runtime.InteropServices;
using Gyre.Onnx;
using Gyre.Training;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Learning;

/// <summary>What a task makes of a network's outputs: the loss that is minimised, predictions, metrics.</summary>
abstract class TaskHead
{
    /// <summary>The metrics that the task knows, the loss among them.</summary>
    public abstract IReadOnlyList<WatchedMetric> Metrics { get; }

    /// <summary>What the network should put out while it knows nothing else.</summary>
    public abstract IReadOnlyList<float> StartingOutputs { get; }

    /// <summary>How predictions leave: so many to an example.</summary>
    public int Width => StartingOutputs.Count;

    /// <summary>The mean loss of some training examples, each counted by its weight.</summary>
    /// <param name="outputs">[B, Width].</param>
    /// <param name="rows">Which examples.</param>
    public abstract Tensor Loss(Tensor outputs, ReadOnlySpan<int> rows);

    /// <summary>Predictions [B, Width] from outputs.</summary>
    public abstract Tensor Predict(Tensor outputs);

    /// <summary>Says the same in ONNX: from a tensor float [N, Width] to one float [N], or [N, Width] for several classes.</summary>
    public abstract string Append(OnnxGraph graph, string outputs);

    /// <summary>The metrics of outputs for other examples.</summary>
    public abstract IReadOnlyDictionary<WatchedMetric, double> Measure(float[] outputs, FeatureSet examples);

    public static bool IsBetter(WatchedMetric metric, double value, double than) => metric is WatchedMetric.Loss or WatchedMetric.RootMeanSquaredError or WatchedMetric.MeanAbsoluteError
        ? value < than
        : value > than;

    public static TaskHead Of(TaskTargets targets) => new BinaryHead(targets);

    protected static string Squeeze(OnnxGraph graph, string tensor) => graph.Node("Squeeze", [tensor, graph.Constant([1L])]);

    protected static Tensor Gather(ReadOnlySpan<float> values, ReadOnlySpan<int> rows, int width)
    {
        var tensor = empty(rows.Length, width, dtype: float32);
        var target = MemoryMarshal.Cast<byte, float>(tensor.bytes);
        for (var i = 0; i < rows.Length; i++)
            values.Slice(rows[i] * width, width).CopyTo(target[(i * width)..]);
        return tensor;
    }
}

/// <summary>Labels that are yes or no: cross-entropy of the sigmoid.</summary>
sealed class BinaryHead(TaskTargets targets) : TaskHead
{
    public override IReadOnlyList<WatchedMetric> Metrics => [WatchedMetric.Loss, WatchedMetric.Auc, WatchedMetric.Accuracy, WatchedMetric.MacroF1];

    public override IReadOnlyList<float> StartingOutputs { get; } = [targets.StartingLogOdds()];

    public override Tensor Loss(Tensor outputs, ReadOnlySpan<int> rows) => nn.functional.binary_cross_entropy_with_logits(
        outputs, Gather(targets.Labels, rows, 1), targets.Weights is null ? null : Gather(targets.Weights, rows, 1));

    public override Tensor Predict(Tensor outputs) => outputs.sigmoid();

    public override string Append(OnnxGraph graph, string outputs) => Squeeze(graph, graph.Node("Sigmoid", [outputs]));

    public override IReadOnlyDictionary<WatchedMetric, double> Measure(float[] outputs, FeatureSet examples) => new Dictionary<WatchedMetric, double>
    {
        [WatchedMetric.Loss] = TrainingMetrics.LogLoss(outputs, examples.Labels),
        [WatchedMetric.Auc] = TrainingMetrics.Auc(outputs, examples.Labels),
        [WatchedMetric.Accuracy] = ClassMetrics.Accuracy(Classes(outputs), Classes(examples.Labels)),
        [WatchedMetric.MacroF1] = ClassMetrics.MacroF1(Classes(outputs), Classes(examples.Labels), 2),
    };

    static int[] Classes(float[] values) => Array.ConvertAll(values, value => value > 0 ? 1 : 0);
}
