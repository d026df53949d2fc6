namespace Gyre.Training;

/// <summary>
/// The smooth part of what a linear model minimises: the mean loss of the examples plus the squared penalty, also
/// divided by what makes the mean. Examples are cut into blocks whose number is fixed, and the blocks' sums are added in
/// order, so threads do not change a bit of the result.
/// </summary>
sealed class LinearProblem
{
    const int Blocks = 16;

    readonly LinearLayout _layout;
    readonly LinearScorer _scorer;
    readonly LinearLoss _loss;
    readonly double _l2;
    readonly ParallelOptions _parallel;
    readonly double[][] _blockSlopes;
    readonly double[] _blockLosses = new double[Blocks];

    public LinearProblem(LinearScorer scorer, LinearLayout layout, LinearLoss loss, double l2, int threads)
    {
        (_layout, _scorer, _loss, _l2) = (layout, scorer, loss, l2 / loss.Total);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) };
        _blockSlopes = [.. Enumerable.Range(0, Blocks).Select(_ => new double[layout.Weights])];
    }

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
            slopes[i] = (slopes[i] / _loss.Total) + (_layout.IsPenalised(i) ? _l2 * weights[i] : 0);
        return (_blockLosses.Sum() / _loss.Total) + Penalty(weights);
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
        var units = _loss.Units;
        var count = units?.Count ?? _scorer.Rows;
        var (start, end) = ((int)((long)count * block / Blocks), (int)((long)count * (block + 1) / Blocks));
        var loss = 0.0;
        int[] single = [0];
        var (scores, rises) = (new double[_layout.Outputs], new double[_layout.Outputs]);
        for (var unit = start; unit < end; unit++)
        {
            single[0] = unit;
            var rows = units is null ? single : units[unit];
            var size = rows.Length * _layout.Outputs;
            if (scores.Length < size)
                (scores, rises) = (new double[size], new double[size]);
            for (var i = 0; i < rows.Length; i++)
                _scorer.Score(weights, rows[i], scores.AsSpan(i * _layout.Outputs, _layout.Outputs));
            loss += _loss.Of(rows, scores.AsSpan(0, size), rises.AsSpan(0, size));
            for (var i = 0; i < rows.Length; i++)
                _scorer.AddSlopes(slopes, rows[i], rises.AsSpan(i * _layout.Outputs, _layout.Outputs));
        }

        _blockLosses[block] = loss;
    }
}
