using Gyre.Data;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>
/// Learns nothing of the features: predicts the same for every example, what is most frequent in the training split. The
/// probabilities of classes are their shares, a number is the mean, a score is 0. Whatever another trainer achieves, it must
/// achieve more than this.
/// </summary>
[CodeVersion(1)]
public sealed record MajorityTrainer : Trainer
{
    [NotAParameter]
    public override IReadOnlyList<LearningTask> Tasks => Enum.GetValues<LearningTask>();

    [NotAParameter]
    public override bool TakesMissing => true;

    public override ITrainedModel Train(TrainingInput input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var model = new ConstantModel(input.Label, [.. LabelMeans.Of(input.Label, input.Train).Select(mean => (float)mean)]);
        var loss = TrainingLoss.Of(input.Label, input.Train, model.Predict(input.Train));
        model.Epochs = [new EpochSummary(1, loss, TrainingLoss.Of(input.Label, input.Eval, model.Predict(input.Eval)), double.NaN)];
        return model;
    }
}

/// <summary>What one would predict knowing nothing of an example.</summary>
static class LabelMeans
{
    /// <summary>By weight the share of yes, of each class, of each label; the mean number; 0 for a ranking.</summary>
    public static double[] Of(LabelSpec label, FeatureSet examples)
    {
        var means = new double[label.OutputWidth];
        if (label.Task == LearningTask.Ranking)
            return means;
        var total = 0.0;
        for (var row = 0; row < examples.Rows; row++)
        {
            double weight = examples.WeightOf(row);
            var own = examples.LabelOf(row);
            total += weight;
            if (label.Task == LearningTask.Multiclass)
            {
                means[(int)own[0]] += weight;
                continue;
            }

            for (var i = 0; i < means.Length; i++)
                means[i] += weight * own[i];
        }

        for (var i = 0; i < means.Length; i++)
            means[i] /= total;
        return means;
    }
}

/// <summary>Predicts the same for every example.</summary>
sealed class ConstantModel(LabelSpec label, float[] prediction) : ITrainedModel
{
    public IReadOnlyList<EpochSummary> Epochs { get; set; } = [];

    public float[] Predict(FeatureSet features)
    {
        var result = new float[features.Rows * prediction.Length];
        for (var row = 0; row < features.Rows; row++)
            prediction.CopyTo(result.AsSpan(row * prediction.Length));
        return result;
    }

    public string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope("majority");
        var first = features.OrderBy(feature => feature.Key, StringComparer.Ordinal).First().Value;
        var rows = graph.Node("Slice", [graph.Node("Shape", [first]), graph.Constant([0L]), graph.Constant([1L])]);
        return label.HasClasses
            ? graph.Node("Expand", [graph.Constant(prediction, 1, prediction.Length), graph.Node("Concat", [rows, graph.Constant([(long)prediction.Length])], ("axis", 0L))])
            : graph.Node("Expand", [graph.Constant(prediction, 1), rows]);
    }

    public void Dispose()
    {
    }
}
