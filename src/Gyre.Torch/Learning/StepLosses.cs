using Gyre.Training;

namespace Gyre.Torch.Learning;

/// <summary>Gathers the losses of steps, so many to a point. Part of a checkpoint, so that the curve does not depend on kills.</summary>
sealed class StepLosses(int stepsPerPoint)
{
    readonly List<double> _points = [];
    double _sum;
    int _rows;
    int _steps;

    /// <summary>The points so far, the last one perhaps of fewer steps.</summary>
    public StepCurve Curve => new(stepsPerPoint, _steps == 0 ? [.. _points] : [.. _points, _sum / _rows]);

    public void Add(double loss, int rows)
    {
        _sum += loss * rows;
        _rows += rows;
        if (++_steps < stepsPerPoint)
            return;
        _points.Add(_sum / _rows);
        (_sum, _rows, _steps) = (0, 0, 0);
    }

    public void Pass(StateStream state)
    {
        state.Same(stepsPerPoint, "the number of steps to a point of the curve");
        state.Pass(ref _sum);
        state.Pass(ref _rows);
        state.Pass(ref _steps);
        var count = _points.Count;
        state.Pass(ref count);
        for (var i = 0; i < count; i++)
        {
            var point = i < _points.Count ? _points[i] : 0;
            state.Pass(ref point);
            if (i == _points.Count)
                _points.Add(point);
        }
    }
}
