using Gyre.Data;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.LightGbm;

/// <summary>
/// Examples on which progress is measured. The sums of their trees are kept here and grow by each round's: LightGBM's own ways of
/// watching cost several times as much.
/// </summary>
sealed class WatchedExamples(TreeColumns columns, TreeObjective objective, LabelSpec label, FeatureSet examples)
{
    /// <summary>So many examples are one piece of work.</summary>
    const int Block = 4096;

    readonly ExampleMatrix _matrix = ExampleMatrix.Of(columns, examples, 0, examples.Rows);
    readonly double[] _sums = new double[examples.Rows * objective.Outputs];
    readonly float[] _predictions = new float[examples.Rows * objective.Outputs];

    public int Rows => examples.Rows;

    /// <summary>Adds what trees say, which take turns with the outputs.</summary>
    public void Add(IReadOnlyList<Tree> trees, int threads) => Parallel.For(
        0, (examples.Rows + Block - 1) / Block, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) }, block =>
        {
            var first = block * Block;
            var rows = Math.Min(Block, examples.Rows - first);
            var width = objective.Outputs;
            _matrix.ForEach(first, rows, (row, values) =>
            {
                for (var i = 0; i < trees.Count; i++)
                    _sums[(row * width) + (i % width)] += trees[i].Value(values);
            });
            objective.Predict(_sums.AsSpan(first * width, rows * width), _predictions.AsSpan(first * width, rows * width));
        });

    /// <summary>A metric of the predictions; NaN without examples.</summary>
    public double Measure(TreeMetric metric) => examples.Rows == 0 ? double.NaN : metric switch
    {
        TreeMetric.Loss => TrainingLoss.Of(label, examples, _predictions),
        TreeMetric.Auc => TrainingMetrics.Auc(_predictions, examples.Labels),
        TreeMetric.Accuracy => Mean(IsRight),
        TreeMetric.RootMeanSquaredError => Math.Sqrt(Mean(row => Math.Pow((double)_predictions[row] - examples.Labels[row], 2))),
        TreeMetric.MeanAbsoluteError => Mean(row => Math.Abs((double)_predictions[row] - examples.Labels[row])),
        _ => Ndcg(),
    };

    double Mean(Func<int, double> of)
    {
        var (sum, total) = (0.0, 0.0);
        for (var row = 0; row < examples.Rows; row++)
        {
            var weight = examples.WeightOf(row);
            sum += weight * of(row);
            total += weight;
        }

        return sum / total;
    }

    double IsRight(int row)
    {
        if (objective.Outputs == 1)
            return (_predictions[row] > 0.5f) == (examples.Labels[row] > 0.5f) ? 1 : 0;
        var own = _predictions.AsSpan(row * objective.Outputs, objective.Outputs);
        var best = 0;
        for (var i = 1; i < own.Length; i++)
            best = own[i] > own[best] ? i : best;
        return best == (int)examples.Labels[row] ? 1 : 0;
    }

    /// <summary>The mean over the groups; a group in which all are irrelevant counts 1, as in LightGBM.</summary>
    double Ndcg()
    {
        var groups = examples.RowsByGroup();
        var sum = 0.0;
        foreach (var rows in groups)
        {
            var best = Gain(rows.OrderByDescending(row => examples.Labels[row]));
            sum += best == 0 ? 1 : Gain(rows.OrderByDescending(row => _predictions[row])) / best;
        }

        return sum / groups.Count;
    }

    double Gain(IEnumerable<int> ordered) => ordered.Select((row, place) => (Math.Pow(2, examples.Labels[row]) - 1) / Math.Log2(place + 2)).Sum();
}

/// <summary>Remembers the round with the best metric.</summary>
sealed class BestRound(TreeMetric metric)
{
    double _best = double.NaN;

    public int Round { get; private set; }

    /// <returns>Whether this is the best round so far.</returns>
    public bool Offer(int round, double value)
    {
        if (Round > 0 && !(IsBetterHigher ? value > _best : value < _best))
            return false;
        (_best, Round) = (value, round);
        return true;
    }

    bool IsBetterHigher => metric is TreeMetric.Auc or TreeMetric.Accuracy or TreeMetric.Ndcg;
}
