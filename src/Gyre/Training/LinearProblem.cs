using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>
/// The smooth part of what a linear model minimises: the mean log-loss of the examples plus the squared penalty, also
/// divided by the number of examples. Rows are cut into blocks whose number is fixed, and the blocks' sums are added in
/// order, so threads do not change a bit of the result.
/// </summary>
sealed class LinearProblem
{
    const int Blocks = 16;

    readonly LinearLayout _layout;
    readonly LinearScorer _scorer;
    readonly double _l2;
    readonly ParallelOptions _parallel;
    readonly double[][] _blockSlopes;
    readonly double[] _blockLosses = new double[Blocks];

    public LinearProblem(LinearLayout layout, FeatureSet train, double l2, int threads)
    {
        _layout = layout;
        _scorer = new LinearScorer(layout, train);
        _l2 = l2 / train.Rows;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) };
        _blockSlopes = [.. Enumerable.Range(0, Blocks).Select(_ => new double[layout.Weights])];
        var positive = train.Labels.Count(label => label > 0.5f);
        if (positive == 0 || positive == train.Rows)
            throw new InvalidDataException($"Of the {train.Rows} training examples {positive} are positive. Expected examples of both classes.");
        BaseLogOdds = Math.Log((double)positive / (train.Rows - positive));
    }

    /// <summary>The log-odds of the positive class when nothing else is known.</summary>
    public double BaseLogOdds { get; }

    /// <summary>The value at <paramref name="weights"/>; its slopes are written to <paramref name="slopes"/>.</summary>
    public double Evaluate(double[] weights, double[] slopes)
    {
        Parallel.For(0, Blocks, _parallel, block => EvaluateBlock(weights, block));
        Array.Clear(slopes);
        foreach (var block in _blockSlopes)
        {
            for (var i = 0; i < slopes.Length; i++)
                slopes[i] += block[i];
        }

        for (var i = 0; i < weights.Length; i++)
            slopes[i] = (slopes[i] / _scorer.Rows) + (_layout.IsPenalised(i) ? _l2 * weights[i] : 0);
        return (_blockLosses.Sum() / _scorer.Rows) + Penalty(weights);
    }

    /// <summary>The part of the value that is no loss.</summary>
    public double Penalty(double[] weights)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
            sum += _layout.IsPenalised(i) ? weights[i] * weights[i] : 0;
        return _l2 * sum / 2;
    }

    void EvaluateBlock(double[] weights, int block)
    {
        var slopes = _blockSlopes[block];
        Array.Clear(slopes);
        var loss = 0.0;
        var (start, end) = Range(block);
        for (var row = start; row < end; row++)
        {
            var logOdds = _scorer.LogOdds(weights, row);
            var label = _scorer.Labels[row];
            loss += TrainingMetrics.LogLoss(logOdds, label);
            _scorer.AddSlopes(slopes, row, LinearModel.Sigmoid(logOdds) - label);
        }

        _blockLosses[block] = loss;
    }

    (int Start, int End) Range(int block) => ((int)((long)_scorer.Rows * block / Blocks), (int)((long)_scorer.Rows * (block + 1) / Blocks));
}
