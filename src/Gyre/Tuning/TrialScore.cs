using Gyre.Data;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Tuning;

/// <summary>What a search makes as good as possible, measured on the examples that it holds back.</summary>
public enum TuningObjective
{
    /// <summary>What <see cref="TrainingLoss"/> says of the task; the least is best.</summary>
    Loss,

    /// <summary>The area under the ROC curve, of labels that are yes or no; the greatest is best.</summary>
    Auc,

    /// <summary>The share of examples whose most probable class is theirs; the greatest is best.</summary>
    Accuracy,

    /// <summary>The mean over the classes that occur of the harmonic mean of precision and recall; the greatest is best.</summary>
    MacroF1,

    /// <summary>The root of the mean squared error of a regression, in the unit of the label; the least is best.</summary>
    RootMeanSquaredError,

    /// <summary>The normalised discounted cumulative gain over whole groups of a ranking; the greatest is best.</summary>
    Ndcg,
}

/// <summary>The value of the objective on some examples.</summary>
static class TrialScore
{
    /// <summary>Whether the objective says something of the task.</summary>
    public static bool Fits(TuningObjective objective, LearningTask task) => objective switch
    {
        TuningObjective.Loss => true,
        TuningObjective.Auc => task == LearningTask.Binary,
        TuningObjective.Accuracy or TuningObjective.MacroF1 => task is LearningTask.Binary or LearningTask.Multiclass,
        TuningObjective.RootMeanSquaredError => task == LearningTask.Regression,
        _ => task == LearningTask.Ranking,
    };

    /// <summary>The objective, turned so that less is better; NaN where it is undefined.</summary>
    public static double LossOf(TuningObjective objective, LabelSpec label, FeatureSet examples, float[] predictions)
    {
        var value = objective switch
        {
            TuningObjective.Auc => TrainingMetrics.Auc(predictions, examples.Labels),
            TuningObjective.Accuracy => Accuracy(Classes(label, predictions), examples.Labels),
            TuningObjective.MacroF1 => MacroF1(Classes(label, predictions), examples.Labels),
            TuningObjective.RootMeanSquaredError => Math.Sqrt(2 * TrainingLoss.Of(label, examples, predictions)),
            TuningObjective.Ndcg => examples.RowsByGroup().Select(rows => Ndcg(rows, examples.Labels, predictions)).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average(),
            _ => TrainingLoss.Of(label, examples, predictions),
        };
        return IsGain(objective) ? 1 - value : value;
    }

    /// <summary>The objective as people know it.</summary>
    public static double? ValueOf(TuningObjective objective, double? loss) => IsGain(objective) ? 1 - loss : loss;

    /// <summary>How the objective is called in files.</summary>
    public static string NameOf(TuningObjective objective) => Pipelines.Names.Snake(objective.ToString());

    public static bool IsGain(TuningObjective objective) => objective is not (TuningObjective.Loss or TuningObjective.RootMeanSquaredError);

    static int[] Classes(LabelSpec label, float[] predictions) => label.OutputWidth == 1
        ? Array.ConvertAll(predictions, probability => probability > 0.5f ? 1 : 0)
        : [.. predictions.Chunk(label.OutputWidth).Select(probabilities => Array.IndexOf(probabilities, probabilities.Max()))];

    static double Accuracy(int[] predicted, float[] labels) => predicted.Where((value, row) => value == (int)labels[row]).Count() / (double)labels.Length;

    static double MacroF1(int[] predicted, float[] labels)
    {
        var classes = labels.Select(label => (int)label).Distinct().ToList();
        return classes.Count == 0 ? double.NaN : classes.Average(one =>
        {
            var hits = predicted.Where((value, row) => value == one && (int)labels[row] == one).Count();
            return 2.0 * hits / (predicted.Count(value => value == one) + labels.Count(label => (int)label == one));
        });
    }

    /// <summary>
    /// The sum of relevance ÷ log2(1 + rank) beside its largest possible value (Järvelin and Kekäläinen, 2002); examples of equal
    /// scores share their ranks' mean discount. NaN for a group in which nothing is relevant.
    /// </summary>
    static double Ndcg(int[] rows, float[] labels, float[] scores)
    {
        var (gain, rank) = (0.0, 0);
        foreach (var equal in rows.GroupBy(row => scores[row]).OrderByDescending(group => group.Key))
        {
            var members = equal.ToList();
            var discount = Enumerable.Range(rank, members.Count).Average(place => 1 / Math.Log2(place + 2));
            gain += members.Sum(row => (double)labels[row]) * discount;
            rank += members.Count;
        }

        return gain / rows.Select(row => (double)labels[row]).OrderDescending().Select((label, place) => label / Math.Log2(place + 2)).Sum();
    }
}
