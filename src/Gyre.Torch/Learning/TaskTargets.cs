using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Torch.Learning;

/// <summary>What the training examples teach, and how much each counts.</summary>
/// <param name="Labels">As <see cref="FeatureSet.Labels"/>.</param>
/// <param name="Classes">The class of each example; null where the label has none.</param>
/// <param name="Weights">How much each example counts, 1 on average; null for all the same.</param>
sealed record TaskTargets(float[] Labels, int[]? Classes, float[]? Weights)
{
    public static TaskTargets Of(NeuralTrainer options, TrainingInput input)
    {
        var train = input.Train;
        var classes = Array.ConvertAll(train.Labels, label => label > 0.5f ? 1 : 0);
        var positive = classes.Sum();
        if (positive == 0 || positive == train.Rows)
            throw new InvalidDataException($"Of the {train.Rows} training examples {positive} are positive. Expected examples of both classes.");
        return new TaskTargets(train.Labels, classes, WeightsOf(options, classes, ["no", "yes"], null));
    }

    /// <summary>The log-odds of yes over all examples.</summary>
    public float StartingLogOdds()
    {
        var (yes, all) = (0.0, 0.0);
        for (var i = 0; i < Labels.Length; i++)
        {
            var weight = Weights?[i] ?? 1;
            yes += weight * Labels[i];
            all += weight;
        }

        return (float)Math.Log(yes / (all - yes));
    }

    static float[]? WeightsOf(NeuralTrainer options, int[]? classes, IReadOnlyList<string> names, float[]? samples)
    {
        if (samples is null && options.ClassWeights is null)
            return null;
        var weights = samples is null ? [.. Enumerable.Repeat(1.0, classes!.Length)] : Array.ConvertAll(samples, weight => (double)weight);
        if (options.ClassWeights is { } given && classes is not null)
        {
            var amounts = new double[names.Count];
            for (var i = 0; i < classes.Length; i++)
                amounts[classes[i]] += weights[i];
            var factors = given.Resolve(names, amounts);
            for (var i = 0; i < classes.Length; i++)
                weights[i] *= factors[classes[i]];
        }

        var mean = weights.Average();
        return Array.ConvertAll(weights, weight => (float)(weight / mean));
    }
}
