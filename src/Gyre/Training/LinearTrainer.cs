using System.Globalization;
using Gyre.Pipelines;
using Microsoft.Extensions.Logging;

namespace Gyre.Training;

/// <summary>How the tokens of an example weigh in a linear model: each counts one, divided by a power of their number.</summary>
public enum TokenScale
{
    /// <summary>1 divided by the number of tokens: the length of a text does not matter.</summary>
    Mean,

    /// <summary>1 divided by the root of the number of tokens, about what scaling to unit length does.</summary>
    SquareRoot,

    /// <summary>1: a longer text says more.</summary>
    Count,
}

/// <summary>
/// Logistic regression: the log-odds are a weighted sum of numbers, one-hot vectors, categories and tokens. Finds the
/// best weights there are, to the given tolerance, so nothing needs tuning but the penalty. A strong base line for texts and
/// tables, and the model to choose where one must be able to say what counts for how much.
/// </summary>
[CodeVersion(1)]
public sealed record LinearTrainer : Trainer
{
    /// <summary>How strongly weights are pulled towards zero: the factor of half their squared sum, added to the summed loss of all examples.</summary>
    public double L2 { get; init; } = 1;

    /// <summary>How strongly weights are pushed to exactly zero: the factor of the sum of their sizes, added to the summed loss of all examples.</summary>
    public double L1 { get; init; }

    public TokenScale TokenScale { get; init; } = TokenScale.SquareRoot;

    /// <summary>Ends when no weight's slope of the mean loss is larger than this.</summary>
    public double Tolerance { get; init; } = 1e-5;

    public int MaxIterations { get; init; } = 300;

    public override IEnumerable<string> Problems()
    {
        if (!(L2 >= 0) || double.IsInfinity(L2))
            yield return Problem(nameof(L2), L2, "0 or more");
        if (!(L1 >= 0) || double.IsInfinity(L1))
            yield return Problem(nameof(L1), L1, "0 or more");
        if (!(Tolerance > 0) || double.IsInfinity(Tolerance))
            yield return Problem(nameof(Tolerance), Tolerance, "a number above 0, such as 1e-5");
        if (MaxIterations < 1)
            yield return Problem(nameof(MaxIterations), MaxIterations, "at least 1");
    }

    public override ITrainedModel Train(TrainingInput input, CancellationToken cancellationToken)
    {
        var layout = LinearLayout.Of(input.Features, input.Train, TokenScale);
        var problem = new LinearProblem(layout, input.Train, L2, input.Threads);
        var watched = new LinearScorer(layout, input.Eval);
        var epochs = new List<EpochSummary>();
        var minimiser = new QuasiNewton(problem.Evaluate, L1 / input.Train.Rows, layout.IsPenalised);

        var weights = new double[layout.Weights];
        weights[layout.Bias] = problem.BaseLogOdds;
        foreach (var point in minimiser.Minimise(weights).TakeWhile((_, i) => i < MaxIterations))
        {
            cancellationToken.ThrowIfCancellationRequested();
            weights = point.Weights;
            epochs.Add(Summarise(epochs.Count + 1, point.Value - problem.Penalty(weights) - minimiser.Penalty(weights), watched, weights));
            input.Report(new Progress { Epoch = epochs.Count, Epochs = MaxIterations, Rows = input.Train.Rows, TotalRows = input.Train.Rows, Loss = epochs[^1].TrainLoss });
            if (point.LargestSlope <= Tolerance || !input.GoOn(epochs[^1]))
                break;
        }

        input.Log.LogInformation(
            "{Iterations} iterations, train loss {TrainLoss:F5}, eval loss {EvalLoss:F5}, eval AUC {EvalAuc:F4}",
            epochs.Count, epochs[^1].TrainLoss, epochs[^1].EvalLoss, epochs[^1].EvalAuc);
        return new LinearModel(layout, weights, epochs);
    }

    static EpochSummary Summarise(int epoch, double trainLoss, LinearScorer eval, double[] weights)
    {
        var scores = eval.LogOdds(weights);
        return new EpochSummary(epoch, trainLoss, TrainingMetrics.LogLoss(scores, eval.Labels), TrainingMetrics.Auc(scores, eval.Labels));
    }

    static string Problem(string option, object value, string expected) =>
        string.Create(CultureInfo.InvariantCulture, $"LinearTrainer.{option} is {value}. Expected {expected}.");
}
