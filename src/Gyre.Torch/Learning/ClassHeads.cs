using System.Runtime.InteropServices;
using Gyre.Data;
using Gyre.Onnx;
using Gyre.Training;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Learning;

/// <summary>Labels that are yes or no: cross-entropy of the sigmoid.</summary>
sealed class BinaryHead(TaskTargets targets) : TaskHead
{
    public override IReadOnlyList<WatchedMetric> Metrics => MetricsOf(LearningTask.Binary);

    public override IReadOnlyList<float> StartingOutputs { get; } = [targets.LogOdds(column: 0)];

    public override Tensor Loss(Tensor outputs, ReadOnlySpan<int> rows) => nn.functional.binary_cross_entropy_with_logits(
        outputs, Gather(targets.Labels, rows), targets.Weights is null ? null : Gather(targets.Weights, rows));

    public override Tensor Predict(Tensor outputs) => outputs.sigmoid();

    public override string Append(OnnxGraph graph, string outputs) => Squeeze(graph, graph.Node("Sigmoid", [outputs]));

    public override IReadOnlyList<double> Measure(float[] predictions, FeatureSet examples)
    {
        var (predicted, actual) = (Classes(predictions), Classes(examples.Labels));
        return [TrainingMetrics.Auc(predictions, examples.Labels), ClassMetrics.Accuracy(predicted, actual), ClassMetrics.MacroF1(predicted, actual, 2)];
    }

    static int[] Classes(float[] values) => Array.ConvertAll(values, value => value > 0.5f ? 1 : 0);
}

/// <summary>One of several classes: cross-entropy of the softmax.</summary>
sealed class MulticlassHead(TaskTargets targets, int classes) : TaskHead
{
    public override IReadOnlyList<WatchedMetric> Metrics => MetricsOf(LearningTask.Multiclass);

    public override IReadOnlyList<float> StartingOutputs { get; } = targets.LogShares(classes);

    public override Tensor Loss(Tensor outputs, ReadOnlySpan<int> rows)
    {
        var target = empty(rows.Length, dtype: int64);
        var values = MemoryMarshal.Cast<byte, long>(target.bytes);
        for (var i = 0; i < rows.Length; i++)
            values[i] = targets.Classes![rows[i]];
        if (targets.Weights is null)
            return nn.functional.cross_entropy(outputs, target);
        var losses = nn.functional.cross_entropy(outputs, target, reduction: nn.Reduction.None);
        return (losses * Gather(targets.Weights, rows).squeeze(1)).mean();
    }

    public override Tensor Predict(Tensor outputs) => outputs.softmax(1);

    public override string Append(OnnxGraph graph, string outputs) => graph.Node("Softmax", [outputs], ("axis", 1));

    public override IReadOnlyList<double> Measure(float[] predictions, FeatureSet examples)
    {
        var predicted = new int[examples.Rows];
        for (var row = 0; row < predicted.Length; row++)
            predicted[row] = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(predictions.AsSpan(row * classes, classes));
        var actual = Array.ConvertAll(examples.Labels, label => (int)label);
        return [ClassMetrics.Accuracy(predicted, actual), ClassMetrics.MacroF1(predicted, actual, classes)];
    }
}

/// <summary>Any number of several classes: cross-entropy of a sigmoid for each. A class's weight counts for its yes only.</summary>
sealed class MultilabelHead(TaskTargets targets, int classes) : TaskHead
{
    public override IReadOnlyList<WatchedMetric> Metrics => MetricsOf(LearningTask.Multilabel);

    public override IReadOnlyList<float> StartingOutputs { get; } = [.. Enumerable.Range(0, classes).Select(targets.LogOdds)];

    public override Tensor Loss(Tensor outputs, ReadOnlySpan<int> rows)
    {
        var labels = Gather(targets.Labels, rows, classes);
        if (targets.Weights is null && targets.YesWeights is null)
            return nn.functional.binary_cross_entropy_with_logits(outputs, labels);
        var weights = targets.Weights is null ? ones(rows.Length, 1) : Gather(targets.Weights, rows);
        if (targets.YesWeights is { } yes)
            weights = weights * (1 + (labels * (tensor(yes) - 1)));
        return nn.functional.binary_cross_entropy_with_logits(outputs, labels, weights.expand(rows.Length, classes));
    }

    public override Tensor Predict(Tensor outputs) => outputs.sigmoid();

    public override string Append(OnnxGraph graph, string outputs) => graph.Node("Sigmoid", [outputs]);

    /// <summary>The share of single answers that are right, and the mean over the classes of the F1 of yes.</summary>
    public override IReadOnlyList<double> Measure(float[] predictions, FeatureSet examples)
    {
        var right = 0;
        var (hits, seen) = (new int[classes], new int[classes]);
        for (var i = 0; i < predictions.Length; i++)
        {
            var (predicted, actual) = (predictions[i] > 0.5f, examples.Labels[i] > 0.5f);
            right += predicted == actual ? 1 : 0;
            hits[i % classes] += predicted && actual ? 1 : 0;
            seen[i % classes] += (predicted ? 1 : 0) + (actual ? 1 : 0);
        }

        return [(double)right / predictions.Length, seen.Select((count, i) => count == 0 ? 0 : 2.0 * hits[i] / count).Average()];
    }
}
