using Gyre.Data;
using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>The loss of predictions, by which trainers of the same task can be compared while they learn.</summary>
public static class TrainingLoss
{
    /// <summary>Predictions are single precision: none lies closer to 0 or 1 than this without being 0 or 1.</summary>
    const double Clip = 1.0 / (1 << 23);

    /// <summary>
    /// The mean by weight of the negative log-likelihood (binary, multiclass; of multilabel averaged over the classes too) or of
    /// half the squared error (regression). Of a ranking the mean over all pairs of a group of different relevance of
    /// log(1 + exp(score of the less relevant − score of the more relevant)). NaN without examples.
    /// </summary>
    /// <param name="label">What is predicted.</param>
    /// <param name="examples">The examples, all with labels.</param>
    /// <param name="predictions">The predictions, as <see cref="ITrainedModel.Predict"/> gives them.</param>
    public static double Of(LabelSpec label, FeatureSet examples, ReadOnlySpan<float> predictions)
    {
        if (label.Task == LearningTask.Ranking)
            return OfPairs(examples, predictions);
        var (sum, total) = (0.0, 0.0);
        for (var row = 0; row < examples.Rows; row++)
        {
            var weight = examples.WeightOf(row);
            sum += weight * OfOne(label, examples.LabelOf(row), predictions.Slice(row * label.OutputWidth, label.OutputWidth));
            total += weight;
        }

        return sum / total;
    }

    static double OfOne(LabelSpec label, ReadOnlySpan<float> labels, ReadOnlySpan<float> predictions)
    {
        switch (label.Task)
        {
            case LearningTask.Multiclass:
                return -Math.Log(Math.Max(predictions[(int)labels[0]], Clip));
            case LearningTask.Regression:
                var error = (double)predictions[0] - labels[0];
                return error * error / 2;
            default:
                var sum = 0.0;
                for (var i = 0; i < labels.Length; i++)
                {
                    var clipped = Math.Clamp(predictions[i], Clip, 1 - Clip);
                    sum -= Math.Log(labels[i] > 0.5f ? clipped : 1 - clipped);
                }

                return sum / labels.Length;
        }
    }

    static double OfPairs(FeatureSet examples, ReadOnlySpan<float> scores)
    {
        var (sum, pairs) = (0.0, 0L);
        foreach (var rows in examples.RowsByGroup())
        {
            foreach (var above in rows)
            {
                foreach (var below in rows)
                {
                    if (examples.Labels[above] <= examples.Labels[below])
                        continue;
                    sum += TrainingMetrics.LogLoss((double)scores[above] - scores[below], 1);
                    pairs++;
                }
            }
        }

        return sum / pairs;
    }
}
