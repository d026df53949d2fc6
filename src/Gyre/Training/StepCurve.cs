namespace Gyre.Training;

/// <summary>The training loss within epochs, for trainers that learn by steps.</summary>
/// <param name="Every">How many steps each point stands for; the last may stand for fewer.</param>
/// <param name="TrainLoss">The mean loss of the examples of these steps, point after point.</param>
public sealed record StepCurve(int Every, IReadOnlyList<double> TrainLoss)
{
    /// <summary>About as many points as a curve has at most: more cannot be told apart in a plot.</summary>
    public const int Points = 200;

    /// <summary>How many steps one point is to stand for.</summary>
    /// <param name="steps">How many steps are to be made in all.</param>
    public static int EveryOf(long steps) => (int)Math.Max(1, (steps + Points - 1) / Points);
}
