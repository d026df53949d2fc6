using Gyre.Data;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.LightGbm;

/// <summary>
/// Examples on which progress is measured. The sums of their trees are kept here and grow by each round's: LightGBM's own way of
/// watching walks the trees over binned values, which costs more than twice as much.
/// </summary>
sealed class WatchedExamples(TreeColumns columns, TreeObjective objective, LabelSpec label, FeatureSet examples)
{
    readonly ExampleMatrix _matrix = ExampleMatrix.Of(columns, examples, 0, examples.Rows);
    readonly double[] _sums = new double[examples.Rows * objective.Outputs];
    readonly float[] _predictions = new float[examples.Rows * objective.Outputs];

    public int Rows => examples.Rows;

    /// <summary>Adds what some rounds of trees say.</summary>
    public void Add(Booster booster, int firstRound, int rounds, int threads)
    {
        if (examples.Rows == 0)
            return;
        var more = booster.Predict(_matrix, objective.Outputs, PredictionKind.Raw, threads, firstRound, rounds);
        for (var i = 0; i < more.Length; i++)
            _sums[i] += more[i];
        objective.Predict(_sums, _predictions);
    }

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
