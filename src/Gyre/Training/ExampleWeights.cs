using Gyre.Data;
using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>How much each example counts while learning.</summary>
public static class ExampleWeights
{
    /// <summary>The examples' own weights times the weight of their class.</summary>
    /// <param name="label">What is learnt.</param>
    /// <param name="train">The examples.</param>
    /// <param name="classes">The weights of classes; null for none.</param>
    /// <returns>A weight to each example; null where all count 1.</returns>
    /// <exception cref="InvalidDataException">Classes are weighed where an example has not exactly one, or one is named that there is not.</exception>
    public static float[]? Of(LabelSpec label, FeatureSet train, ClassWeights? classes)
    {
        if (classes is null)
            return train.Weights;
        if (label.Task is not (LearningTask.Binary or LearningTask.Multiclass))
            throw new InvalidDataException($"ClassWeights weigh examples by their one class, and the label '{label.Column}' is a {label.Task.ToString().ToLowerInvariant()} one. Leave ClassWeights out, or weigh examples by f.Weight.");
        IReadOnlyList<string> names = label.Task == LearningTask.Binary ? ["no", "yes"] : label.Classes;
        var amounts = new double[names.Count];
        for (var row = 0; row < train.Rows; row++)
            amounts[(int)train.Labels[row]] += train.WeightOf(row);
        var factors = classes.Resolve(names, amounts);
        return [.. Enumerable.Range(0, train.Rows).Select(row => (float)(train.WeightOf(row) * factors[(int)train.Labels[row]]))];
    }
}
