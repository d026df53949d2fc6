using System.Diagnostics;
using System.Globalization;
using Gyre.Pipelines;
using Gyre.Training;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace Gyre.Torch;

/// <summary>One training of a <see cref="WideAndDeep"/> network.</summary>
sealed class NetworkTraining(WideAndDeep options, TrainingInput input)
{
    static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(200);

    readonly NetworkPlan _plan = new(input.Features, input.Train, options);
    readonly List<EpochSummary> _epochs = [];
    readonly Random _order = new(options.Seed);
    long _lastReport = Stopwatch.GetTimestamp();

    public NetworkModel Run(CancellationToken cancellationToken)
    {
        if (options.EarlyStopping > 0 && input.Eval.Rows == 0)
        {
            throw new InvalidDataException(
                "EarlyStopping watches the loss on the eval split, and that has no examples. Give the split a larger share, or set EarlyStopping = 0.");
        }

        var network = new Network(_plan, options.Seed, BaseRate());
        try
        {
            Learn(network, cancellationToken);
            return new NetworkModel(network, _epochs);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    void Learn(Network network, CancellationToken cancellationToken)
    {
        var adam = new Adam(options.LearningRate, options.WeightDecay);
        using var dropout = new HiddenDropout(options.Dropout, options.Seed);
        var best = new BestWeights(network);
        var train = new ExampleGatherer(_plan, input.Train);
        var order = Enumerable.Range(0, input.Train.Rows).ToArray();
        for (var epoch = 1; epoch <= options.Epochs; epoch++)
        {
            _order.Shuffle(order);
            var loss = Pass(network, adam, dropout, train, order, epoch, cancellationToken);
            var summary = Evaluate(network, epoch, loss, cancellationToken);
            _epochs.Add(summary);
            input.Log.LogInformation(
                "epoch {Epoch} of {Epochs}: train loss {TrainLoss:F5}, eval loss {EvalLoss:F5}, eval AUC {EvalAuc:F4}",
                epoch, options.Epochs, summary.TrainLoss, summary.EvalLoss, summary.EvalAuc);
            if (options.EarlyStopping > 0 && !best.Offer(epoch, summary.EvalLoss) && epoch - best.Epoch >= options.EarlyStopping)
                break;
            if (!input.GoOn(summary))
                break;
        }

        if (options.EarlyStopping > 0 && best.Epoch < _epochs.Count)
        {
            best.Restore();
            input.Log.LogInformation("kept the weights of epoch {Epoch}, the best on the eval split", best.Epoch);
        }
    }

    /// <returns>The mean loss over the steps.</returns>
    double Pass(
        Network network, Adam adam, HiddenDropout dropout, ExampleGatherer examples, int[] order, int epoch,
        CancellationToken cancellationToken)
    {
        var total = 0.0;
        var sinceReport = 0.0;
        var reported = 0;
        for (var start = 0; start < order.Length; start += options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = order.AsSpan(start, Math.Min(options.BatchSize, order.Length - start));
            var loss = Step(network, adam, dropout, examples, rows);
            var done = start + rows.Length;
            if (!double.IsFinite(loss))
                throw new InvalidDataException(Diverged(loss, epoch, done));
            total += loss * rows.Length;
            sinceReport += loss * rows.Length;
            if (done == order.Length || Stopwatch.GetElapsedTime(_lastReport) >= ReportEvery)
            {
                Report(epoch, done, sinceReport / (done - reported));
                (sinceReport, reported) = (0, done);
            }
        }

        return total / order.Length;
    }

    static double Step(Network network, Adam adam, HiddenDropout dropout, ExampleGatherer gatherer, ReadOnlySpan<int> rows)
    {
        using var scope = NewDisposeScope();
        var examples = gatherer.Gather(rows);
        var loss = nn.functional.binary_cross_entropy_with_logits(network.LogOdds(examples, dropout.Apply), examples.Labels!);
        loss.backward();
        network.Learn(adam);
        return loss.item<float>();
    }

    EpochSummary Evaluate(Network network, int epoch, double trainLoss, CancellationToken cancellationToken)
    {
        if (input.Eval.Rows == 0)
            return new EpochSummary(epoch, trainLoss, double.NaN, double.NaN);
        var logOdds = NetworkModel.LogOdds(network, input.Eval, cancellationToken);
        return new EpochSummary(epoch, trainLoss, TrainingMetrics.LogLoss(logOdds, input.Eval.Labels), TrainingMetrics.Auc(logOdds, input.Eval.Labels));
    }

    void Report(int epoch, int done, double loss)
    {
        _lastReport = Stopwatch.GetTimestamp();
        input.Report(new Progress { Epoch = epoch, Epochs = options.Epochs, Rows = done, TotalRows = input.Train.Rows, Loss = loss });
    }

    double BaseRate()
    {
        var positive = input.Train.Labels.Count(label => label > 0.5f);
        return positive > 0 && positive < input.Train.Rows
            ? (double)positive / input.Train.Rows
            : throw new InvalidDataException($"Of the {input.Train.Rows} training examples {positive} are positive. Expected examples of both classes.");
    }

    string Diverged(double loss, int epoch, int rows) => string.Create(
        CultureInfo.InvariantCulture,
        $"The loss became {loss} in epoch {epoch}, after {rows} of {input.Train.Rows} examples. Lower the learning rate (it is {options.LearningRate}), or clip extreme numbers in the transform.");
}

/// <summary>Leaves out a share of a layer's outputs at random and scales the rest up, from a generator of its own.</summary>
sealed class HiddenDropout(double share, int seed) : IDisposable
{
    readonly Generator _generator = new((ulong)seed, CPU);

    public Tensor Apply(Tensor values) => share == 0
        ? values
        : values * rand(values.shape, generator: _generator).ge(share).to_type(ScalarType.Float32).div(1 - share);

    public void Dispose() => _generator.Dispose();
}

/// <summary>Remembers the weights of the epoch with the lowest loss.</summary>
sealed class BestWeights(Network network)
{
    IReadOnlyList<float[]> _weights = [];
    double _loss = double.PositiveInfinity;

    public int Epoch { get; private set; }

    /// <returns>Whether these are the best weights so far.</returns>
    public bool Offer(int epoch, double loss)
    {
        if (!(loss < _loss))
            return false;
        (_loss, Epoch, _weights) = (loss, epoch, network.Save());
        return true;
    }

    public void Restore() => network.Restore(_weights);
}
