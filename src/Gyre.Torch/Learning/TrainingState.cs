namespace Gyre.Torch.Learning;

/// <summary>How far a training is: all that the next step depends on besides the options, the data and the weights.</summary>
/// <param name="metrics">How many metrics are measured after each epoch.</param>
/// <param name="stepsPerPoint">How many steps one point of the curve within epochs stands for.</param>
sealed class TrainingState(int metrics, int stepsPerPoint)
{
    long _step;
    int _epoch = 1;
    int _stepInEpoch;
    double _lossSum;
    int _rowsInEpoch;
    bool _isEnded;
    int _bestEpoch;
    double _bestValue = double.NaN;
    IReadOnlyList<byte[]> _best = [];

    /// <summary>Steps made so far, in all epochs.</summary>
    public long Step => _step;

    /// <summary>The epoch that goes on, counted from 1.</summary>
    public int Epoch => _epoch;

    /// <summary>How many of its steps are made.</summary>
    public int StepInEpoch => _stepInEpoch;

    /// <summary>The mean loss of the epoch's steps so far.</summary>
    public double MeanLoss => _lossSum / _rowsInEpoch;

    public int RowsInEpoch => _rowsInEpoch;

    /// <summary>Whether there is no further epoch to come, though the options would allow one.</summary>
    public bool IsEnded
    {
        get => _isEnded;
        set => _isEnded = value;
    }

    /// <summary>Of each epoch that has ended the loss in training, the loss on the eval split and the metrics there.</summary>
    public List<double[]> Epochs { get; } = [];

    /// <summary>The loss within epochs.</summary>
    public StepLosses Losses { get; } = new(stepsPerPoint);

    public int BestEpoch => _bestEpoch;

    /// <summary>The weights of the best epoch; empty while none is kept.</summary>
    public IReadOnlyList<byte[]> Best => _best;

    public void AddStep(double loss, int rows)
    {
        _step++;
        _stepInEpoch++;
        _lossSum += loss * rows;
        _rowsInEpoch += rows;
        Losses.Add(loss, rows);
    }

    public void EndEpoch(double[] figures)
    {
        Epochs.Add(figures);
        (_epoch, _stepInEpoch, _lossSum, _rowsInEpoch) = (_epoch + 1, 0, 0, 0);
    }

    /// <returns>Whether the value is better than any before.</returns>
    public bool OfferBest(int epoch, WatchedMetric metric, double value, Func<IReadOnlyList<byte[]>> copy)
    {
        if (double.IsNaN(value) || (_bestEpoch > 0 && !TaskHead.IsBetter(metric, value, _bestValue)))
            return false;
        (_bestEpoch, _bestValue, _best) = (epoch, value, copy());
        return true;
    }

    public void Pass(StateStream state)
    {
        state.Pass(ref _step);
        state.Pass(ref _epoch);
        state.Pass(ref _stepInEpoch);
        state.Pass(ref _lossSum);
        state.Pass(ref _rowsInEpoch);
        state.Pass(ref _isEnded);
        state.Pass(ref _bestEpoch);
        state.Pass(ref _bestValue);
        state.Pass(ref _best);
        var count = Epochs.Count;
        state.Pass(ref count);
        for (var i = 0; i < count; i++)
        {
            if (i == Epochs.Count)
                Epochs.Add(new double[2 + metrics]);
            state.Pass(Epochs[i].AsSpan());
        }

        Losses.Pass(state);
    }
}
