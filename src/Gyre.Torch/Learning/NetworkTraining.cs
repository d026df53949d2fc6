using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gyre.Pipelines;
using Gyre.Torch.Layers;
using Gyre.Training;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace Gyre.Torch.Learning;

/// <summary>
/// The loop of steps: which examples (<see cref="EpochOrder"/>), their gradients (<see cref="Backward"/>), what becomes of
/// gradients before they count (<see cref="Exchange"/>), and the step itself. Nothing random outlives a step, see
/// <see cref="Chance"/>.
/// </summary>
sealed class NetworkTraining
{
    static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(200);

    readonly NeuralTrainer _options;
    readonly TrainingInput _input;
    readonly TaskHead _head;
    readonly Network _network;
    readonly IReadOnlyList<ILearnt> _learnt;
    readonly NetworkInput _train;
    readonly EpochOrder _order;
    readonly Adam _adam;
    readonly TrainingState _state;
    readonly Checkpoint _checkpoint;
    long _lastReport = Stopwatch.GetTimestamp();

    NetworkTraining(NeuralTrainer options, TrainingInput input, TaskHead head, TaskTargets targets, Network network)
    {
        (_options, _input, _head, _network) = (options, input, head, network);
        _learnt = [.. network.Kept.OfType<ILearnt>()];
        _train = network.Open(input.Train);
        _order = new EpochOrder(options, input.Train.Rows, targets.Classes, targets.Groups is null ? null : input.Train.RowsByGroup());
        _adam = new Adam(options.WeightDecay);
        _state = new TrainingState(head.Metrics.Count, StepCurve.EveryOf((long)options.Epochs * _order.Steps(epoch: 1).Count));
        _checkpoint = new Checkpoint(input.ResumeDirectory, options, network, _adam, _state, input.Log);
    }

    public static NetworkModel Run(NeuralTrainer options, TrainingInput input, CancellationToken cancellationToken)
    {
        if (options.EarlyStopping > 0 && input.Eval.Rows == 0)
        {
            throw new InvalidDataException(
                $"EarlyStopping watches {options.Watch} on the eval split, and that has no examples. Give the split a larger share, or set EarlyStopping = 0.");
        }

        if (options.ProblemsWith(input.Label).FirstOrDefault() is { } problem)
            throw new InvalidDataException(problem);
        var targets = new TaskTargets(options, input);
        var head = TaskHead.Of(input.Label, targets);
        var training = new NetworkTraining(options, input, head, targets, Begin(options, input, head));
        try
        {
            if (!training._checkpoint.Load())
            {
                training._network.Dispose();
                training = new NetworkTraining(options, input, head, targets, Begin(options, input, head));
            }

            training.Learn(cancellationToken);
            var state = training._state;
            return new NetworkModel(training._network, head, new NetworkTerms(input), [.. state.Epochs.Select((figures, i) => Summary(head, i + 1, figures))])
            {
                KeptEpoch = options.EarlyStopping > 0 && state.BestEpoch > 0 ? state.BestEpoch : null,
                Steps = state.Losses.Curve,
            };
        }
        catch
        {
            training._network.Dispose();
            throw;
        }
    }

    /// <summary>The network before the first step: with its first weights, or those of the earlier model.</summary>
    internal static Network Begin(NeuralTrainer options, TrainingInput input, TaskHead head)
    {
        var earlier = input.WarmStart is null ? null : EarlierNetwork.Load(input.WarmStart);
        var network = options.Build(input, head, earlier);
        try
        {
            earlier?.TakeOver(network, new NetworkTerms(input), input.Log);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    void Learn(CancellationToken cancellationToken)
    {
        // A checkpoint may have been left by a training that was told to end there, and now is told otherwise or again.
        var isStopped = _state.Epochs.Count > 0 && !_state.IsEnded && _state.StepInEpoch == 0 && !_input.GoOn(Summary(_head, _state.Epochs.Count, _state.Epochs[^1]));
        while (_state.Epoch <= _options.Epochs && !_state.IsEnded && !isStopped)
        {
            Pass(cancellationToken);
            isStopped = !EndEpoch(cancellationToken);
            if (isStopped)
                _checkpoint.Keep();
            else
                _checkpoint.Offer();
        }

        if (_options.EarlyStopping > 0 && _state.BestEpoch > 0 && _state.BestEpoch < _state.Epochs.Count)
        {
            _network.Restore(_state.Best);
            _input.Log.LogInformation("kept the weights of epoch {Epoch}, the best on the eval split", _state.BestEpoch);
        }
    }

    /// <summary>Makes the steps of the epoch that are left.</summary>
    void Pass(CancellationToken cancellationToken)
    {
        var steps = _order.Steps(_state.Epoch);
        var all = steps.Sum(step => step.Count);
        var sinceReport = 0.0;
        var reported = _state.RowsInEpoch;
        while (_state.StepInEpoch < steps.Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = steps[_state.StepInEpoch];
            var loss = Step(rows, RateFactor(_state.StepInEpoch, steps.Count));
            _state.AddStep(loss, rows.Count);
            if (!double.IsFinite(loss))
                throw new InvalidDataException(Diverged(loss, all));
            sinceReport += loss * rows.Count;
            if (_state.StepInEpoch == steps.Count || Stopwatch.GetElapsedTime(_lastReport) >= ReportEvery)
            {
                Report(all, sinceReport / (_state.RowsInEpoch - reported));
                (sinceReport, reported) = (0, _state.RowsInEpoch);
            }

            if (_state.StepInEpoch < steps.Count)
                _checkpoint.Offer();
        }
    }

    double RateFactor(int step, int steps) => _options.Schedule.Factor(_state.Epoch - 1 + ((double)step / steps), _options.Epochs, 1.0 / steps);

    double Step(ReadOnlySpan<int> rows, double rateFactor)
    {
        using var scope = NewDisposeScope();
        var loss = Backward(rows);
        Exchange();
        var scale = ClipScale();
        _adam.NextStep(_options.LearningRate * rateFactor);
        foreach (var weights in _learnt)
            weights.Step(_adam, scale);
        return loss;
    }

    /// <summary>Leaves the gradients of some examples in the weights.</summary>
    /// <returns>The mean loss of the examples.</returns>
    double Backward(ReadOnlySpan<int> rows)
    {
        var loss = _head.Loss(_network.Forward(_train, rows, new TrainingStep(_options.Seed, _state.Step)), rows);
        loss.backward();
        foreach (var weights in _learnt)
            weights.Collect();
        return loss.item<float>();
    }

    /// <summary>Where several machines would add up their gradients, in a fixed order. One machine has nothing to exchange.</summary>
    static void Exchange()
    {
    }

    /// <summary>What all gradients are multiplied with, so that together they are no longer than the options allow.</summary>
    float ClipScale()
    {
        if (_options.ClipNorm == 0)
            return 1;
        var sum = 0.0;
        foreach (var weights in _learnt)
            sum += weights.SquaredGradient;
        var norm = Math.Sqrt(sum);
        return norm > _options.ClipNorm ? (float)(_options.ClipNorm / norm) : 1;
    }

    /// <returns>Whether the training may go on.</returns>
    bool EndEpoch(CancellationToken cancellationToken)
    {
        var epoch = _state.Epoch;
        var figures = new double[2 + _head.Metrics.Count];
        Array.Fill(figures, double.NaN);
        figures[0] = _state.MeanLoss;
        if (_input.Eval.Rows > 0)
        {
            var predictions = NetworkModel.Predict(_network, _head, _input.Eval, cancellationToken);
            figures[1] = TrainingLoss.Of(_input.Label, _input.Eval, predictions);
            _head.Measure(predictions, _input.Eval).ToArray().CopyTo(figures, 2);
        }

        _state.EndEpoch(figures);
        var summary = Summary(_head, epoch, figures);
        _input.Log.LogInformation("epoch {Epoch} of {Epochs}: {Figures}", epoch, _options.Epochs, Words(summary));
        if (_options.EarlyStopping > 0 && !_state.OfferBest(epoch, _options.Watch, Watched(figures), _network.Copy))
            _state.IsEnded = epoch - _state.BestEpoch >= _options.EarlyStopping;
        return _state.IsEnded || _input.GoOn(summary);
    }

    double Watched(double[] figures) => _options.Watch == WatchedMetric.Loss ? figures[1] : figures[2 + _head.Metrics.ToList().IndexOf(_options.Watch)];

    static EpochSummary Summary(TaskHead head, int epoch, double[] figures)
    {
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (i, metric) in head.Metrics.Index())
        {
            if (metric != WatchedMetric.Auc)
                metrics[JsonNamingPolicy.SnakeCaseLower.ConvertName(metric.ToString())] = figures[2 + i];
        }

        var auc = head.Metrics.ToList().IndexOf(WatchedMetric.Auc);
        return new EpochSummary(epoch, figures[0], figures[1], auc < 0 ? double.NaN : figures[2 + auc]) { Metrics = metrics };
    }

    static string Words(EpochSummary summary) => string.Create(
        CultureInfo.InvariantCulture,
        $"train loss {summary.TrainLoss:F5}, eval loss {summary.EvalLoss:F5}{(double.IsNaN(summary.EvalAuc) ? "" : string.Create(CultureInfo.InvariantCulture, $", eval AUC {summary.EvalAuc:F4}"))}{string.Concat(summary.Metrics!.Select(metric => string.Create(CultureInfo.InvariantCulture, $", eval {metric.Key} {metric.Value:F4}")))}");

    void Report(int all, double loss)
    {
        _lastReport = Stopwatch.GetTimestamp();
        _input.Report(new Progress { Epoch = _state.Epoch, Epochs = _options.Epochs, Rows = _state.RowsInEpoch, TotalRows = all, Loss = loss });
    }

    string Diverged(double loss, int all) => string.Create(
        CultureInfo.InvariantCulture,
        $"The loss became {loss} in epoch {_state.Epoch}, after {_state.RowsInEpoch} of {all} examples. Lower the learning rate (it is {_options.LearningRate}), clip gradients (ClipNorm = 1), or clip extreme numbers in the transform.");
}
