using System.Globalization;
using Gyre.Data;
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
/// A linear model: what is predicted depends on a weighted sum of numbers, one-hot vectors, categories and tokens. Logistic
/// regression for yes or no and for each of several labels, softmax regression for classes, least squares for a number, and the
/// log-loss of pairs for an order within groups. Finds the best weights there are, to the given tolerance, so nothing needs
/// tuning but the penalty. A strong base line for texts and tables, and the model to choose where one must be able to say what
/// counts for how much.
/// </summary>
[CodeVersion(1)]
public sealed record LinearTrainer : Trainer
{
    /// <summary>
    /// How strongly weights are pulled towards zero: the factor of half their squared sum, added to the summed loss of all examples (of
    /// a ranking, of all pairs). A regression's loss is half the squared error in deviations of the label, so that its unit does not matter.
    /// </summary>
    public double L2 { get; init; } = 1;

    /// <summary>How strongly weights are pushed to exactly zero: the factor of the sum of their sizes, added to the summed loss of all examples.</summary>
    public double L1 { get; init; }

    /// <summary>How much the examples of each class count, for binary and multiclass labels; null for as much as their number says.</summary>
    public ClassWeights? ClassWeights { get; init; }

    public TokenScale TokenScale { get; init; } = TokenScale.SquareRoot;

    /// <summary>
    /// Whether a token counts the more while learning the fewer examples have it, by its inverse document frequency (tf-idf): what rare
    /// words say is then learnt sooner than what common ones happen to say. The finished model holds it in its weights.
    /// </summary>
    public bool InverseDocumentFrequency { get; init; }

    /// <summary>Ends when no weight's slope of the mean loss is larger than this.</summary>
    public double Tolerance { get; init; } = 1e-5;

    public int MaxIterations { get; init; } = 300;

    [NotAParameter]
    public override IReadOnlyList<LearningTask> Tasks => Enum.GetValues<LearningTask>();

    public override IEnumerable<string> Problems()
    {
        foreach (var problem in ClassWeights?.Problems() ?? [])
            yield return $"LinearTrainer: {problem}";
        if (!(L2 >= 0) || double.IsInfinity(L2))
            yield return Problem(nameof(L2), L2, "0 or more");
        if (!(L1 >= 0) || double.IsInfinity(L1))
            yield return Problem(nameof(L1), L1, "0 or more");
        if (!(Tolerance > 0) || double.IsInfinity(Tolerance))
            yield return Problem(nameof(Tolerance), Tolerance, "a number above 0, such as 1e-5");
        if (MaxIterations < 1)
            yield return Problem(nameof(MaxIterations), MaxIterations, "at least 1");
    }

    public override IEnumerable<string> ProblemsWith(LabelSpec label) => ClassWeights?.ProblemsWith(label).Select(problem => $"LinearTrainer: {problem}") ?? [];

    public override ITrainedModel Train(TrainingInput input, CancellationToken cancellationToken)
    {
        var train = input.Train with { Weights = ExampleWeights.Of(input.Label, input.Train, ClassWeights) };
        var layout = LinearLayout.Of(input.Features, train, TokenScale, input.OutputWidth, InverseDocumentFrequency);
        var head = LinearHead.Of(input.Label, train);
        var loss = LinearLoss.For(input.Label, train, head);
        var problem = new LinearProblem(new LinearScorer(layout, train), layout, loss, L2, input.Threads);
        var watched = new LinearWatch(input.Label, head, new LinearScorer(layout, input.Eval));
        var epochs = new List<EpochSummary>();
        var minimiser = new QuasiNewton(problem.Evaluate, L1 / loss.Total, layout.IsPenalised);

        var weights = new double[layout.Weights];
        loss.StartingBiases.CopyTo(weights, layout.Bias);
        foreach (var point in minimiser.Minimise(weights).TakeWhile((_, i) => i < MaxIterations))
        {
            cancellationToken.ThrowIfCancellationRequested();
            weights = point.Weights;
            epochs.Add(watched.Summarise(epochs.Count + 1, point.Value - problem.Penalty(weights) - minimiser.Penalty(weights), weights));
            input.Report(new Progress { Epoch = epochs.Count, Epochs = MaxIterations, Rows = input.Train.Rows, TotalRows = input.Train.Rows, Loss = epochs[^1].TrainLoss });
            if (point.LargestSlope <= Tolerance || !input.GoOn(epochs[^1]))
                break;
        }

        input.Log.LogInformation(
            "{Iterations} iterations, train loss {TrainLoss:F5}, eval loss {EvalLoss:F5}, eval AUC {EvalAuc:F4}",
            epochs.Count, epochs[^1].TrainLoss, epochs[^1].EvalLoss, epochs[^1].EvalAuc);
        (layout, weights) = layout.WithRarityInWeights(weights);
        return new LinearModel(layout, head, weights, epochs)
        {
            Importance = ImportanceRecord.Ranked(
                "deviation of the score", layout.Parts.Zip(new LinearScorer(layout, input.Train).Deviations(weights), (part, deviation) => new FeatureImportance(part.Feature.Name, deviation))),
        };
    }

    static string Problem(string option, object value, string expected) =>
        string.Create(CultureInfo.InvariantCulture, $"LinearTrainer.{option} is {value}. Expected {expected}.");
}
