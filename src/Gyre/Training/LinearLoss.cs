using Gyre.Data;
using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>
/// What a linear model minimises for a task, as a function of the scores of its outputs. Examples that depend on each other
/// make a unit: the group of a ranking; otherwise each example is one.
/// </summary>
abstract class LinearLoss
{
    /// <summary>By what the sum is divided to be a mean: the weight of all examples, or the number of pairs.</summary>
    public abstract double Total { get; }

    /// <summary>The biases to begin with: what is best when nothing of an example is known.</summary>
    public abstract double[] StartingBiases { get; }

    /// <summary>The rows of each unit, in order; null where each row is one.</summary>
    public virtual IReadOnlyList<int[]>? Units => null;

    /// <summary>The loss of a unit; writes by how much it rises with each score.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="scores">Their scores, row by row.</param>
    /// <param name="slopes">Where the slopes go.</param>
    public abstract double Of(ReadOnlySpan<int> rows, ReadOnlySpan<double> scores, Span<double> slopes);

    /// <param name="label">The task.</param>
    /// <param name="train">The examples, with the weights that count.</param>
    /// <param name="head">How scores become predictions.</param>
    /// <exception cref="InvalidDataException">There is nothing to tell apart.</exception>
    public static LinearLoss For(LabelSpec label, FeatureSet train, LinearHead head) => label.Task switch
    {
        LearningTask.Binary => new Logistic(RequireBoth(train), 1),
        LearningTask.Multilabel => new Logistic(train, label.Classes.Count),
        LearningTask.Multiclass => new Softmax(train, LabelMeans.Of(label, train)),
        LearningTask.Regression => new Squares(train, head),
        _ => new Pairs(train),
    };

    static FeatureSet RequireBoth(FeatureSet train)
    {
        var positive = train.Labels.Count(label => label > 0.5f);
        return positive > 0 && positive < train.Rows ? train
            : throw new InvalidDataException($"Of the {train.Rows} training examples {positive} are positive. Expected examples of both classes.");
    }

    static double SumOfWeights(FeatureSet train) => train.Weights is { } weights ? weights.Sum(weight => (double)weight) : train.Rows;

    /// <summary>Each output says yes or no by itself.</summary>
    sealed class Logistic(FeatureSet train, int outputs) : LinearLoss
    {
        public override double Total { get; } = SumOfWeights(train);

        public override double[] StartingBiases => [.. Enumerable.Range(0, outputs).Select(LogOdds)];

        public override double Of(ReadOnlySpan<int> rows, ReadOnlySpan<double> scores, Span<double> slopes)
        {
            double weight = train.WeightOf(rows[0]);
            var labels = train.LabelOf(rows[0]);
            var loss = 0.0;
            for (var i = 0; i < scores.Length; i++)
            {
                loss += TrainingMetrics.LogLoss(scores[i], labels[i]);
                slopes[i] = weight * (LinearModel.Sigmoid(scores[i]) - labels[i]);
            }

            return weight * loss;
        }

        double LogOdds(int output)
        {
            var yes = 0.0;
            for (var row = 0; row < train.Rows; row++)
                yes += train.LabelOf(row)[output] > 0.5f ? train.WeightOf(row) : 0;

            // A class of all examples or of none has no finite log-odds; half an example more or less gives it some.
            var no = Total - yes;
            return yes > 0 && no > 0 ? Math.Log(yes / no) : Math.Log((yes + 0.5) / (no + 0.5));
        }
    }

    /// <summary>One of the outputs is right: the cross-entropy of the softmax.</summary>
    sealed class Softmax(FeatureSet train, double[] shares) : LinearLoss
    {
        public override double Total { get; } = SumOfWeights(train);

        public override double[] StartingBiases => Array.ConvertAll(shares, share => Math.Log(Math.Max(share, 0.5 / Total)));

        public override double Of(ReadOnlySpan<int> rows, ReadOnlySpan<double> scores, Span<double> slopes)
        {
            double weight = train.WeightOf(rows[0]);
            var label = (int)train.Labels[rows[0]];
            var logOfSum = LinearHead.LogOfSum(scores);
            for (var i = 0; i < scores.Length; i++)
                slopes[i] = weight * (Math.Exp(scores[i] - logOfSum) - (i == label ? 1 : 0));
            return weight * (logOfSum - scores[label]);
        }
    }

    /// <summary>Half the squared error, in deviations of the labels.</summary>
    sealed class Squares(FeatureSet train, LinearHead head) : LinearLoss
    {
        public override double Total { get; } = SumOfWeights(train);

        public override double[] StartingBiases => [0];

        public override double Of(ReadOnlySpan<int> rows, ReadOnlySpan<double> scores, Span<double> slopes)
        {
            double weight = train.WeightOf(rows[0]);
            var error = scores[0] - ((train.Labels[rows[0]] - head.Mean) / head.Deviation);
            slopes[0] = weight * error;
            return weight * error * error / 2;
        }
    }

    /// <summary>Of each pair of a group of different relevance the log-loss of their order (RankNet; Burges et al., 2005).</summary>
    sealed class Pairs : LinearLoss
    {
        /// <summary>The pairs of a group grow with its square.</summary>
        const int LargestGroup = 20_000;

        readonly FeatureSet _train;

        public Pairs(FeatureSet train)
        {
            _train = train;
            Units = train.RowsByGroup();
            if (Units.FirstOrDefault(group => group.Length > LargestGroup) is { } large)
                throw new InvalidDataException($"A group has {large.Length} examples. Expected at most {LargestGroup}, since each is compared with each: choose a column that makes smaller groups.");
            foreach (var group in Units)
            {
                foreach (var above in group)
                {
                    foreach (var below in group)
                        Total += train.Labels[above] > train.Labels[below] ? Weight(above, below) : 0;
                }
            }

            if (Total == 0)
                throw new InvalidDataException($"In none of the {Units.Count} groups does the relevance differ. Expected groups with more and less relevant examples.");
        }

        public override double Total { get; }

        public override double[] StartingBiases => [0];

        public override IReadOnlyList<int[]> Units { get; }

        public override double Of(ReadOnlySpan<int> rows, ReadOnlySpan<double> scores, Span<double> slopes)
        {
            slopes.Clear();
            var loss = 0.0;
            for (var above = 0; above < rows.Length; above++)
            {
                for (var below = 0; below < rows.Length; below++)
                {
                    if (_train.Labels[rows[above]] <= _train.Labels[rows[below]])
                        continue;
                    var weight = Weight(rows[above], rows[below]);
                    var lead = scores[above] - scores[below];
                    loss += weight * TrainingMetrics.LogLoss(lead, 1);
                    var slope = weight * (LinearModel.Sigmoid(lead) - 1);
                    slopes[above] += slope;
                    slopes[below] -= slope;
                }
            }

            return loss;
        }

        double Weight(int above, int below) => Math.Sqrt((double)_train.WeightOf(above) * _train.WeightOf(below));
    }
}
