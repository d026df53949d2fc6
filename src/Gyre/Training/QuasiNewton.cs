using System.Numerics.Tensors;

namespace Gyre.Training;

/// <summary>A point on the way to a minimum.</summary>
/// <param name="Weights">Where it is.</param>
/// <param name="Value">The value there, penalty included.</param>
/// <param name="LargestSlope">The largest slope in any direction that is free; 0 at the minimum.</param>
sealed record DescentPoint(double[] Weights, double Value, double LargestSlope);

/// <summary>
/// Minimises a convex function by limited-memory BFGS; with a penalty on the sizes of the weights by its orthant-wise form
/// (Andrew and Gao, 2007), which keeps weights at exactly zero.
/// </summary>
/// <param name="evaluate">Gives the value at a point and writes its slopes.</param>
/// <param name="sizePenalty">The factor of the sum of the sizes of penalised weights, not part of <paramref name="evaluate"/>.</param>
/// <param name="isPenalised">Which weights that penalty counts.</param>
sealed class QuasiNewton(Func<double[], double[], double> evaluate, double sizePenalty, Func<int, bool> isPenalised)
{
    const int Memory = 10;
    const double EnoughDescent = 1e-4;

    /// <summary>Halved so often, a step no longer changes a double: the minimum is reached as closely as numbers allow.</summary>
    const int MostHalvings = 40;

    readonly LinkedList<(double[] Step, double[] Change, double Curvature)> _history = new();

    /// <summary>The points after each iteration. Ends when no step leads lower.</summary>
    public IEnumerable<DescentPoint> Minimise(double[] start)
    {
        var weights = (double[])start.Clone();
        var slopes = new double[weights.Length];
        var value = evaluate(weights, slopes) + Penalty(weights);
        while (true)
        {
            var free = FreeSlopes(weights, slopes);
            var direction = Direction(free);
            var next = new double[weights.Length];
            var nextSlopes = new double[weights.Length];
            if (Search(weights, free, direction, value, next, nextSlopes) is not { } nextValue)
            {
                // At the very start this says that the start is the minimum; it is still a point.
                yield return new DescentPoint(weights, value, Largest(free));
                yield break;
            }

            Remember(weights, slopes, next, nextSlopes);
            (weights, slopes, value) = (next, nextSlopes, nextValue);
            yield return new DescentPoint(weights, value, Largest(FreeSlopes(weights, slopes)));
        }
    }

    /// <returns>The value at the point found; null when no step leads lower.</returns>
    double? Search(double[] weights, double[] free, double[] direction, double value, double[] next, double[] nextSlopes)
    {
        var length = _history.Count == 0 ? Math.Min(1, 1 / TensorPrimitives.Norm<double>(free)) : 1.0;
        for (var halving = 0; halving < MostHalvings; halving++, length /= 2)
        {
            var predicted = 0.0;
            for (var i = 0; i < next.Length; i++)
            {
                next[i] = weights[i] + (length * direction[i]);
                if (sizePenalty > 0 && isPenalised(i) && next[i] * Orthant(weights[i], free[i]) <= 0)
                    next[i] = 0;
                predicted += free[i] * (next[i] - weights[i]);
            }

            var reached = evaluate(next, nextSlopes) + Penalty(next);
            if (predicted < 0 && reached <= value + (EnoughDescent * predicted) && reached < value)
                return reached;
        }

        return null;
    }

    /// <summary>The way down: the slopes, bent by what earlier steps have shown of the curvature.</summary>
    double[] Direction(double[] free)
    {
        var direction = Array.ConvertAll(free, slope => -slope);
        var shares = new double[_history.Count];
        var at = 0;
        foreach (var (step, change, curvature) in _history)
        {
            shares[at] = TensorPrimitives.Dot<double>(step, direction) / curvature;
            TensorPrimitives.MultiplyAdd(change, -shares[at++], direction, direction);
        }

        if (_history.First?.Value is var (_, newest, newestCurvature) && newest is not null)
            TensorPrimitives.Multiply(direction, newestCurvature / TensorPrimitives.SumOfSquares<double>(newest), direction);
        for (var entry = _history.Last; entry is not null; entry = entry.Previous)
        {
            var (step, change, curvature) = entry.Value;
            var share = TensorPrimitives.Dot<double>(change, direction) / curvature;
            TensorPrimitives.MultiplyAdd(step, shares[--at] - share, direction, direction);
        }

        for (var i = 0; sizePenalty > 0 && i < direction.Length; i++)
        {
            // A step that leads up along its own axis would leave the orthant in which the model of the curvature holds.
            if (isPenalised(i) && direction[i] * free[i] >= 0)
                direction[i] = 0;
        }

        return direction;
    }

    void Remember(double[] weights, double[] slopes, double[] next, double[] nextSlopes)
    {
        var step = new double[weights.Length];
        var change = new double[weights.Length];
        TensorPrimitives.Subtract<double>(next, weights, step);
        TensorPrimitives.Subtract<double>(nextSlopes, slopes, change);
        var curvature = TensorPrimitives.Dot<double>(step, change);
        if (curvature <= 1e-12 * TensorPrimitives.SumOfSquares<double>(change))
            return;
        _history.AddFirst((step, change, curvature));
        if (_history.Count > Memory)
            _history.RemoveLast();
    }

    /// <summary>The slopes with the size penalty; at zero the side that leads down, or 0 when none does.</summary>
    double[] FreeSlopes(double[] weights, double[] slopes)
    {
        var free = (double[])slopes.Clone();
        for (var i = 0; sizePenalty > 0 && i < free.Length; i++)
        {
            if (!isPenalised(i))
                continue;
            free[i] = weights[i] != 0 ? slopes[i] + (Math.Sign(weights[i]) * sizePenalty)
                : slopes[i] > sizePenalty ? slopes[i] - sizePenalty
                : slopes[i] < -sizePenalty ? slopes[i] + sizePenalty
                : 0;
        }

        return free;
    }

    /// <summary>The part of a point's value that the function itself does not give.</summary>
    public double Penalty(double[] weights)
    {
        var sum = 0.0;
        for (var i = 0; sizePenalty > 0 && i < weights.Length; i++)
            sum += isPenalised(i) ? Math.Abs(weights[i]) : 0;
        return sum * sizePenalty;
    }

    static int Orthant(double weight, double slope) => weight != 0 ? Math.Sign(weight) : -Math.Sign(slope);

    static double Largest(double[] slopes) => slopes.Max(Math.Abs);
}
