using Gyre.Data;
using Gyre.Onnx;
using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>How the scores of a linear model become its predictions.</summary>
/// <param name="Task">What is predicted.</param>
/// <param name="Mean">Of a regression what is added at the end: the mean of the labels.</param>
/// <param name="Deviation">Of a regression the unit of its scores: the deviation of the labels.</param>
sealed record LinearHead(LearningTask Task, double Mean = 0, double Deviation = 1)
{
    public static LinearHead Of(LabelSpec label, FeatureSet train)
    {
        if (label.Task != LearningTask.Regression)
            return new LinearHead(label.Task);
        double total = 0, sum = 0, squares = 0;
        for (var row = 0; row < train.Rows; row++)
        {
            total += train.WeightOf(row);
            sum += train.WeightOf(row) * (double)train.Labels[row];
        }

        var mean = sum / total;
        for (var row = 0; row < train.Rows; row++)
            squares += train.WeightOf(row) * ((train.Labels[row] - mean) * (train.Labels[row] - mean));
        var deviation = Math.Sqrt(squares / total);
        return new LinearHead(label.Task, mean, deviation > 0 ? deviation : 1);
    }

    /// <summary>The predictions of one example from its scores.</summary>
    public void Predict(ReadOnlySpan<double> scores, Span<float> predictions)
    {
        var logOfSum = Task == LearningTask.Multiclass ? LogOfSum(scores) : 0;
        for (var i = 0; i < scores.Length; i++)
        {
            predictions[i] = (float)(Task switch
            {
                LearningTask.Binary or LearningTask.Multilabel => LinearModel.Sigmoid(scores[i]),
                LearningTask.Multiclass => Math.Exp(scores[i] - logOfSum),
                LearningTask.Regression => Mean + (Deviation * scores[i]),
                _ => scores[i],
            });
        }
    }

    /// <summary>The same as nodes: from scores double [N, outputs] to what <see cref="ITrainedModel.Append"/> gives.</summary>
    public string Append(OnnxGraph graph, string scores)
    {
        var values = Task switch
        {
            LearningTask.Binary or LearningTask.Multilabel => graph.Node("Sigmoid", [scores]),
            LearningTask.Multiclass => graph.Node("Softmax", [scores], ("axis", 1L)),
            LearningTask.Regression => graph.Node("Add", [graph.Node("Mul", [scores, graph.Scalar(Deviation)]), graph.Scalar(Mean)]),
            _ => scores,
        };
        var single = graph.Cast(values, OnnxType.Float);
        return Task is LearningTask.Multiclass or LearningTask.Multilabel ? single : graph.Node("Squeeze", [single, graph.Constant([1L])]);
    }

    /// <summary>The logarithm of the sum of the exponentials, without overflow.</summary>
    public static double LogOfSum(ReadOnlySpan<double> scores)
    {
        var most = double.NegativeInfinity;
        foreach (var score in scores)
            most = Math.Max(most, score);
        var sum = 0.0;
        foreach (var score in scores)
            sum += Math.Exp(score - most);
        return most + Math.Log(sum);
    }
}
