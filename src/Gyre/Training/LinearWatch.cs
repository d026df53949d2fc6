using Gyre.Data;

namespace Gyre.Training;

/// <summary>Says after each iteration how well a linear model does on the eval split.</summary>
sealed class LinearWatch(LabelSpec label, LinearHead head, LinearScorer eval)
{
    /// <param name="epoch">The iteration, from 1.</param>
    /// <param name="trainLoss">The mean loss of the training examples as it is minimised.</param>
    /// <param name="weights">The weights.</param>
    public EpochSummary Summarise(int epoch, double trainLoss, double[] weights)
    {
        var examples = eval.Examples;
        if (label.Task == LearningTask.Binary && examples.Weights is null)
        {
            var logOdds = eval.LogOdds(weights);
            return new EpochSummary(epoch, trainLoss, TrainingMetrics.LogLoss(logOdds, examples.Labels), TrainingMetrics.Auc(logOdds, examples.Labels));
        }

        var scores = eval.Scores(weights);
        var predictions = new float[scores.Length];
        for (var start = 0; start < scores.Length; start += eval.Outputs)
            head.Predict(scores.AsSpan(start, eval.Outputs), predictions.AsSpan(start, eval.Outputs));
        return new EpochSummary(
            epoch,
            InTheLabelsUnit(trainLoss),
            TrainingLoss.Of(label, examples, predictions),
            label.Task == LearningTask.Binary ? TrainingMetrics.Auc(predictions, examples.Labels) : double.NaN);
    }

    /// <summary>What is minimised is a sum over classes, and counts in deviations; what is reported is as <see cref="TrainingLoss"/> says.</summary>
    double InTheLabelsUnit(double loss) => label.Task switch
    {
        LearningTask.Multilabel => loss / label.Classes.Count,
        LearningTask.Regression => loss * head.Deviation * head.Deviation,
        _ => loss,
    };
}
