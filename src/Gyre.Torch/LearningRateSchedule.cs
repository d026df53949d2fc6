using System.Globalization;

namespace Gyre.Torch;

/// <summary>How the learning rate changes in the course of the training, as a factor of the trainer's own.</summary>
public sealed record LearningRateSchedule
{
    /// <summary>How it changes after the warm-up.</summary>
    public RateShape Shape { get; init; } = RateShape.Constant;

    /// <summary>For so many epochs, also parts of one, the rate rises evenly from 0 to its full size.</summary>
    public double WarmUpEpochs { get; init; }

    /// <summary>For <see cref="RateShape.Step"/>: after so many epochs the rate is multiplied with <see cref="StepFactor"/>, and again after as many more.</summary>
    public int StepEpochs { get; init; } = 1;

    public double StepFactor { get; init; } = 0.5;

    /// <summary>For <see cref="RateShape.Cosine"/>: the factor at the end of the last epoch.</summary>
    public double Floor { get; init; }

    /// <summary>The same rate throughout.</summary>
    public static LearningRateSchedule Constant { get; } = new();

    /// <summary>Falls along half a wave of the cosine, to the floor at the end of the last epoch.</summary>
    public static LearningRateSchedule Cosine(double floor = 0, double warmUpEpochs = 0) => new() { Shape = RateShape.Cosine, Floor = floor, WarmUpEpochs = warmUpEpochs };

    /// <summary>Falls by a factor every so many epochs.</summary>
    public static LearningRateSchedule Step(int epochs, double factor, double warmUpEpochs = 0) =>
        new() { Shape = RateShape.Step, StepEpochs = epochs, StepFactor = factor, WarmUpEpochs = warmUpEpochs };

    /// <summary>The factor at a moment of the training.</summary>
    /// <param name="epochs">How much is done, in epochs: 0 before the first step.</param>
    /// <param name="allEpochs">How many epochs there are to be.</param>
    /// <param name="stepLength">What a step adds to <paramref name="epochs"/>: the first step of a warm-up is not in vain.</param>
    public double Factor(double epochs, double allEpochs, double stepLength)
    {
        if (epochs < WarmUpEpochs)
            return Math.Min(1, (epochs + stepLength) / WarmUpEpochs);
        return Shape switch
        {
            RateShape.Step => Math.Pow(StepFactor, Math.Floor(epochs / StepEpochs)),
            RateShape.Cosine => Floor + ((1 - Floor) * (1 + Math.Cos(Math.PI * (epochs - WarmUpEpochs) / Math.Max(stepLength, allEpochs - WarmUpEpochs))) / 2),
            _ => 1,
        };
    }

    internal IEnumerable<string> Problems()
    {
        if (!(WarmUpEpochs >= 0) || double.IsInfinity(WarmUpEpochs))
            yield return Problem(nameof(WarmUpEpochs), WarmUpEpochs, "0 or more");
        if (StepEpochs < 1)
            yield return Problem(nameof(StepEpochs), StepEpochs, "at least 1");
        if (StepFactor is not (> 0 and <= 1))
            yield return Problem(nameof(StepFactor), StepFactor, "a factor above 0, at most 1");
        if (Floor is not (>= 0 and <= 1))
            yield return Problem(nameof(Floor), Floor, "a factor from 0 to 1");
    }

    static string Problem(string option, object value, string expected) =>
        string.Create(CultureInfo.InvariantCulture, $"LearningRateSchedule.{option} is {value}. Expected {expected}.");
}

/// <summary>How a learning rate changes.</summary>
public enum RateShape
{
    Constant,
    Step,
    Cosine,
}
