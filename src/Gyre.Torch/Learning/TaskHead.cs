using System.Runtime.InteropServices;
using Gyre.Data;
using Gyre.Onnx;
using Gyre.Torch.Layers;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Learning;

/// <summary>What a task makes of a network's outputs: the loss that is minimised, predictions, metrics.</summary>
abstract class TaskHead
{
    /// <summary>The metrics that the task knows besides the loss.</summary>
    public abstract IReadOnlyList<WatchedMetric> Metrics { get; }

    /// <inheritdoc cref="Metrics"/>
    public static IReadOnlyList<WatchedMetric> MetricsOf(LearningTask task) => task switch
    {
        LearningTask.Binary => [WatchedMetric.Auc, WatchedMetric.Accuracy, WatchedMetric.MacroF1],
        LearningTask.Regression => [WatchedMetric.RootMeanSquaredError, WatchedMetric.MeanAbsoluteError],
        LearningTask.Ranking => [WatchedMetric.Ndcg],
        _ => [WatchedMetric.Accuracy, WatchedMetric.MacroF1],
    };

    /// <summary>What the network should put out while it knows nothing else.</summary>
    public abstract IReadOnlyList<float> StartingOutputs { get; }

    /// <summary>How many outputs, and predictions, there are to an example.</summary>
    public int Width => StartingOutputs.Count;

    /// <summary>The precision of predictions.</summary>
    public virtual Arithmetic Arithmetic => Arithmetic.Single;

    /// <summary>The mean loss of some training examples, each counted by its weight.</summary>
    /// <param name="outputs">[B, Width].</param>
    /// <param name="rows">Which examples.</param>
    public abstract Tensor Loss(Tensor outputs, ReadOnlySpan<int> rows);

    /// <summary>Predictions [B, Width] from outputs.</summary>
    public abstract Tensor Predict(Tensor outputs);

    /// <summary>Says the same in ONNX: from a tensor [N, Width] to one float [N], or [N, Width] for several classes.</summary>
    public abstract string Append(OnnxGraph graph, string outputs);

    /// <summary>The <see cref="Metrics"/> of predictions for other examples, in that order.</summary>
    public abstract IReadOnlyList<double> Measure(float[] predictions, FeatureSet examples);

    public static bool IsBetter(WatchedMetric metric, double value, double than) => metric is WatchedMetric.Loss or WatchedMetric.RootMeanSquaredError or WatchedMetric.MeanAbsoluteError
        ? value < than
        : value > than;

    public static TaskHead Of(LabelSpec label, TaskTargets targets) => label.Task switch
    {
        LearningTask.Binary => new BinaryHead(targets),
        LearningTask.Multiclass => new MulticlassHead(targets, label.Classes.Count),
        LearningTask.Multilabel => new MultilabelHead(targets, label.Classes.Count),
        LearningTask.Regression => new RegressionHead(targets),
        LearningTask.Ranking => new RankingHead(targets),
        _ => throw new InvalidDataException($"Networks cannot learn the task {label.Task}."),
    };

    protected static string Squeeze(OnnxGraph graph, string tensor) => graph.Node("Squeeze", [tensor, graph.Constant([1L])]);

    /// <summary>[B, width] of some rows.</summary>
    protected static Tensor Gather(ReadOnlySpan<float> values, ReadOnlySpan<int> rows, int width = 1)
    {
        var tensor = empty(rows.Length, width, dtype: float32);
        var target = MemoryMarshal.Cast<byte, float>(tensor.bytes);
        for (var i = 0; i < rows.Length; i++)
            values.Slice(rows[i] * width, width).CopyTo(target[(i * width)..]);
        return tensor;
    }
}
