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
        if (classes.ProblemsWith(label).FirstOrDefault() is { } problem)
            throw new InvalidDataException(problem);
        var names = ClassWeights.ClassesOf(label);
        var amounts = new double[names.Count];
        for (var row = 0; row < train.Rows; row++)
            amounts[(int)train.Labels[row]] += train.WeightOf(row);
        var factors = classes.Resolve(names, amounts);
        return [.. Enumerable.Range(0, train.Rows).Select(row => (float)(train.WeightOf(row) * factors[(int)train.Labels[row]]))];
    }
}
