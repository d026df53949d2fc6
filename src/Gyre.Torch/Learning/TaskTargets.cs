using Gyre.Data;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Torch.Learning;

/// <summary>What the training examples teach, and how much each counts.</summary>
sealed class TaskTargets
{
    readonly int _width;

    /// <exception cref="InvalidDataException">An option does not fit the task, or there is nothing to learn.</exception>
    public TaskTargets(NeuralTrainer options, TrainingInput input)
    {
        var (label, train) = (input.Label, input.Train);
        (Labels, Groups, _width) = (train.Labels, train.Groups, train.LabelWidth);
        if (label.Task is LearningTask.Binary or LearningTask.Multiclass)
            Classes = Array.ConvertAll(Labels, value => (int)value);
        if (label.Task == LearningTask.Binary && Classes.AsSpan().IndexOfAnyExcept(Classes![0]) < 0)
            throw new InvalidDataException($"All {train.Rows} training examples are {(Labels[0] == 1 ? "positive" : "negative")}. Expected examples of both classes.");
        YesWeights = label.Task == LearningTask.Multilabel && options.ClassWeights is { } weights ? YesWeightsOf(weights, label) : null;
        Weights = WeightsOf(options.ClassWeights, label, train.Weights);
        (Mean, Deviation) = label.Task == LearningTask.Regression ? Scale() : (0, 1);
    }

    /// <summary>As <see cref="FeatureSet.Labels"/>.</summary>
    public float[] Labels { get; }

    /// <summary>The class of each example; null where they do not exclude each other.</summary>
    public int[]? Classes { get; }

    public int[]? Groups { get; }

    /// <summary>How much each example counts, 1 on average; null for all the same.</summary>
    public float[]? Weights { get; }

    /// <summary>Of several labels how much the yes of each counts against its no; null for as much.</summary>
    public float[]? YesWeights { get; }

    public float Mean { get; }

    public float Deviation { get; }

    /// <summary>The log-odds of yes over all examples, where both occur; else about what half an example more would give.</summary>
    public float LogOdds(int column)
    {
        var (yes, all) = (0.0, 0.0);
        for (var row = 0; row * _width < Labels.Length; row++)
        {
            yes += WeightOf(row) * Labels[(row * _width) + column];
            all += WeightOf(row);
        }

        return (float)Math.Log(Math.Max(yes, 0.5) / Math.Max(all - yes, 0.5));
    }

    /// <summary>The logarithms of the shares of the classes.</summary>
    public IReadOnlyList<float> LogShares(int classes)
    {
        var amounts = new double[classes];
        for (var row = 0; row < Classes!.Length; row++)
            amounts[Classes[row]] += WeightOf(row);
        var total = amounts.Sum();
        return [.. amounts.Select(amount => (float)Math.Log(Math.Max(amount, 0.5) / total))];
    }

    double WeightOf(int row) => Weights?[row] ?? 1;

    (float Mean, float Deviation) Scale()
    {
        var (sum, total) = (0.0, 0.0);
        for (var row = 0; row < Labels.Length; row++)
            (sum, total) = (sum + (WeightOf(row) * Labels[row]), total + WeightOf(row));
        var (mean, squares) = (sum / total, 0.0);
        for (var row = 0; row < Labels.Length; row++)
            squares += WeightOf(row) * (Labels[row] - mean) * (Labels[row] - mean);
        var deviation = (float)Math.Sqrt(squares / total);
        return ((float)mean, deviation > 0 ? deviation : 1);
    }

    float[]? WeightsOf(ClassWeights? given, LabelSpec label, float[]? samples)
    {
        if (samples is null && (given is null || Classes is null))
            return null;
        var weights = new double[Labels.Length / _width];
        for (var row = 0; row < weights.Length; row++)
            weights[row] = samples?[row] ?? 1;
        if (given is not null && Classes is not null)
        {
            IReadOnlyList<string> names = label.HasClasses ? label.Classes : ["no", "yes"];
            var amounts = new double[names.Count];
            for (var row = 0; row < weights.Length; row++)
                amounts[Classes[row]] += weights[row];
            var factors = given.Resolve(names, amounts);
            for (var row = 0; row < weights.Length; row++)
                weights[row] *= factors[Classes[row]];
        }

        var mean = weights.Average();
        return Array.ConvertAll(weights, weight => (float)(weight / mean));
    }

    float[] YesWeightsOf(ClassWeights given, LabelSpec label)
    {
        if (given != ClassWeights.Balanced)
            return [.. given.Resolve(label.Classes, [.. label.Classes.Select(_ => 1.0)]).Select(weight => (float)weight)];
        var result = new float[_width];
        for (var column = 0; column < _width; column++)
        {
            var yes = 0;
            for (var row = 0; row * _width < Labels.Length; row++)
                yes += Labels[(row * _width) + column] > 0.5f ? 1 : 0;
            result[column] = yes == 0 ? 1 : (float)((Labels.Length / _width) - yes) / yes;
        }

        return result;
    }
}
