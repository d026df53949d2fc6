using System.Globalization;
using Gyre.Data;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.LightGbm;

/// <summary>Examples as LightGBM's tasks want them.</summary>
static class TreeExamples
{
    /// <summary>LightGBM's limit of examples in a group.</summary>
    const int LargestGroup = 10_000;

    /// <summary>LightGBM's greatest relevance: the gain of one more would be twice as much as of it.</summary>
    const int GreatestRelevance = 30;

    /// <summary>The training loss is taken from so many examples, evenly spread, so that watching costs little beside learning.</summary>
    const int WatchedRows = 10_000;

    /// <summary>The same examples, those of a group together.</summary>
    public static FeatureSet ByGroup(FeatureSet examples) =>
        examples.Groups is null ? examples : examples.Take([.. examples.RowsByGroup().SelectMany(rows => rows)]);

    /// <summary>Some of the examples, evenly spread; of a ranking whole groups.</summary>
    public static FeatureSet Some(FeatureSet examples)
    {
        if (examples.Rows <= WatchedRows)
            return examples;
        if (examples.Groups is null)
            return examples.Take([.. Spread(examples.Rows, WatchedRows)]);
        var groups = examples.RowsByGroup();
        return examples.Take([.. Spread(groups.Count, (int)Math.Max(1, (long)groups.Count * WatchedRows / examples.Rows)).SelectMany(group => groups[group])]);
    }

    /// <summary>The examples with one of their labels.</summary>
    public static FeatureSet Of(FeatureSet examples, int output) =>
        examples.LabelWidth == 1 ? examples : examples with { Labels = LabelsOf(examples, output), LabelWidth = 1 };

    /// <summary>One label of every example.</summary>
    public static float[] LabelsOf(FeatureSet examples, int output)
    {
        if (examples.LabelWidth == 1)
            return examples.Labels;
        var labels = new float[examples.Rows];
        for (var row = 0; row < labels.Length; row++)
            labels[row] = examples.Labels[(row * examples.LabelWidth) + output];
        return labels;
    }

    /// <summary>How much each example counts, 1 on average; null when all count the same.</summary>
    /// <exception cref="InvalidDataException">There are class weights, but no classes of which each example has one.</exception>
    public static float[]? Weights(LabelSpec label, FeatureSet examples, ClassWeights? classWeights)
    {
        if (classWeights is null && examples.Weights is null)
            return null;
        var weights = examples.Weights is { } given ? Array.ConvertAll(given, weight => (double)weight) : [.. Enumerable.Repeat(1.0, examples.Rows)];
        if (classWeights is not null)
            WeighClasses(label, examples, classWeights, weights);
        var mean = weights.Average();
        return Array.ConvertAll(weights, weight => (float)(weight / mean));
    }

    static void WeighClasses(LabelSpec label, FeatureSet examples, ClassWeights classWeights, double[] weights)
    {
        IReadOnlyList<string> classes = label.Task switch
        {
            LearningTask.Binary => ["no", "yes"],
            LearningTask.Multiclass => label.Classes,
            _ => throw new InvalidDataException($"LightGbmTrainer.ClassWeights is set, but the label '{label.Column}' is no class that an example has one of. Set it for yes-or-no and for classes only."),
        };
        var amounts = new double[classes.Count];
        for (var row = 0; row < weights.Length; row++)
            amounts[(int)examples.Labels[row]] += weights[row];
        var factors = classWeights.Resolve(classes, amounts);
        for (var row = 0; row < weights.Length; row++)
            weights[row] *= factors[(int)examples.Labels[row]];
    }

    /// <exception cref="InvalidDataException">LightGBM cannot learn from the labels; the message says what to do.</exception>
    public static void RequireLearnable(LabelSpec label, RegressionLoss loss, FeatureSet train)
    {
        if (label.Task == LearningTask.Regression && loss == RegressionLoss.Poisson && train.Labels.FirstOrDefault(value => value < 0) is var below and < 0)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"A label is {below}. Expected 0 or more: RegressionLoss.Poisson is for counts; use another for this label."));
        if (label.Task != LearningTask.Ranking)
            return;
        if (Array.FindIndex(train.Labels, value => value is < 0 or > GreatestRelevance || value != MathF.Floor(value)) is var odd and >= 0)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"A relevance is {train.Labels[odd]}. Expected a whole number from 0 to {GreatestRelevance}, each one about twice as good as the one before: LightGBM ranks by such grades."));
        }

        if (train.RowsByGroup().Max(rows => rows.Length) is var largest and > LargestGroup)
            throw new InvalidDataException($"A group has {largest} examples. Expected at most {LargestGroup}: split large groups, or leave examples out.");
    }

    static IEnumerable<int> Spread(int all, int count) => Enumerable.Range(0, count).Select(i => (int)((long)i * all / count));
}
