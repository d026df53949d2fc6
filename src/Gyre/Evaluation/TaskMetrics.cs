using Gyre.Data;

namespace Gyre.Evaluation;

/// <summary>The metrics of a model on some examples, whatever its task.</summary>
static class TaskMetrics
{
    /// <param name="scores">The examples.</param>
    /// <param name="decisionThreshold">A probability above it counts as «yes».</param>
    public static MetricValues Of(ExampleScores scores, double decisionThreshold)
    {
        var values = scores.Label.Task switch
        {
            LearningTask.Binary => BinaryMetrics.Of(scores.AsBinary(0, static label => label[0] > 0), decisionThreshold),
            LearningTask.Multiclass => ClassMetrics.OfOneClass(scores),
            LearningTask.Multilabel => ClassMetrics.OfSeveralClasses(scores, decisionThreshold),
            LearningTask.Regression => RegressionMetrics.Of(scores),
            _ => RankingMetrics.Of(scores),
        };
        return values with { Task = scores.Label.Task, TotalWeight = scores.IsWeighted ? scores.TotalWeight : null };
    }
}
