using System.Text.Json.Nodes;

namespace Gyre.Tuning;

/// <summary>How long a trial may train.</summary>
/// <param name="Epochs">At most so many epochs; null for no limit but the trainer's own.</param>
/// <param name="Rows">The share of the training examples, from above 0 to 1.</param>
sealed record TrialBudget(int? Epochs, double Rows)
{
    public static TrialBudget Whole { get; } = new(null, 1);
}

/// <summary>One training of a trial: a trial that goes on to a further rung is trained again, with the greater budget, from its checkpoint where the trainer keeps one.</summary>
/// <param name="Trial">The number of the trial, from 1.</param>
/// <param name="Point">Its place in each dimension of the space; NaN where its condition is not met.</param>
/// <param name="Options">The options that the point stands for.</param>
/// <param name="Bracket">The bracket to which it belongs.</param>
/// <param name="Rung">The rung to which it is trained.</param>
/// <param name="Budget">How long it may train.</param>
/// <param name="Before">To how many epochs it was trained at the rung before; 0 when this is its first.</param>
sealed record TrialJob(int Trial, double[] Point, JsonObject Options, int Bracket, int Rung, TrialBudget Budget, int Before = 0);

/// <summary>A training that has ended.</summary>
/// <param name="Job">What was asked for.</param>
/// <param name="Outcome">What came of it.</param>
sealed record TrialResult(TrialJob Job, TrialOutcome Outcome)
{
    /// <summary>By what trials are ordered, the least first; failed ones come last.</summary>
    public double Loss => Outcome.Loss is { } loss && double.IsFinite(loss) ? loss : double.PositiveInfinity;
}

/// <summary>Says which training comes next. Its answers depend on the results that it is shown and on nothing else.</summary>
interface ITrialPlanner
{
    /// <summary>Whether results change what comes next.</summary>
    bool LooksAtResults { get; }

    /// <summary>The next training; null when there is none as long as no other result comes in.</summary>
    /// <param name="seen">Results in the order in which their trainings were asked for.</param>
    TrialJob? Next(IReadOnlyList<TrialResult> seen);
}

/// <summary>Says where in the space the next trial lies.</summary>
interface IPoints
{
    bool LooksAtResults { get; }

    /// <summary>A place in each dimension.</summary>
    double[] Next(int trial, IReadOnlyList<TrialResult> seen);
}

/// <summary>Trials that all train to their end.</summary>
sealed class WholeTrials(SearchSpace space, int trials, IPoints points) : ITrialPlanner
{
    int _issued;

    public bool LooksAtResults => points.LooksAtResults;

    public TrialJob? Next(IReadOnlyList<TrialResult> seen)
    {
        if (_issued == trials)
            return null;
        var point = points.Next(++_issued, seen);
        return space.Job(_issued, point, bracket: 0, rung: 0, TrialBudget.Whole);
    }
}

static class TrialJobs
{
    /// <summary>The training of a new trial; places whose condition is not met become NaN.</summary>
    public static TrialJob Job(this SearchSpace space, int trial, double[] point, int bracket, int rung, TrialBudget budget)
    {
        var options = space.At(point);
        var active = point.Select((place, i) => options.ContainsKey(space.Dimensions[i].Name) ? place : double.NaN);
        return new TrialJob(trial, [.. active], options, bracket, rung, budget);
    }
}
