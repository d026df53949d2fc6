using System.Globalization;
using Gyre.Data;
using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>What must hold of examples before a trainer sees them.</summary>
static class TrainingData
{
    /// <exception cref="InvalidDataException">Nothing can be learnt; the message says what was found and what to do.</exception>
    public static void RequireLearnable(IReadOnlyList<FeatureSpec> features, LabelSpec label, FeatureSet train, string split)
    {
        if (features.Count == 0)
            throw new InvalidDataException("The transform gives no features. Define at least one: f.Output(\"name\", …).");
        if (train.Rows < 2)
            throw new InvalidDataException($"The split '{split}' has {train.Rows} labelled examples. Expected at least 2, {(label.Task is LearningTask.Regression or LearningTask.Ranking ? "of different labels" : "one of each class")}: give more data.");
        RequireLabels(label, train, split);
        if (train.Weights is { } weights && !weights.Any(weight => weight > 0))
            throw new InvalidDataException($"All {train.Rows} labelled examples of the split '{split}' weigh 0 by the column '{label.Weight}'. Expected some that count.");
        foreach (var feature in features)
        {
            if (feature.Kind == FeatureKind.Number)
                RequireFinite(train.Numbers[feature.Name], feature, split);
            else
                RequireIds(feature.Kind == FeatureKind.Tokens ? train.Tokens[feature.Name].Values : train.Ids[feature.Name], feature, split);
        }
    }

    static void RequireLabels(LabelSpec label, FeatureSet train, string split)
    {
        var odd = Array.FindIndex(train.Labels, value => !IsLabel(label, value));
        if (odd >= 0)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The label of example {odd / train.LabelWidth + 1} of the transformed split '{split}' is {train.Labels[odd]}. Expected {Expected(label)}: run the transform again."));
        if (label.Task == LearningTask.Binary)
            RequireBothClasses(train, split);
        else if (label.Task != LearningTask.Multilabel && train.Labels.AsSpan().IndexOfAnyExcept(train.Labels[0]) < 0)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"All {train.Rows} labelled examples of the split '{split}' have the same label, {(label.HasClasses ? label.Classes[(int)train.Labels[0]] : train.Labels[0])}. Expected different ones: give more data."));
    }

    static void RequireBothClasses(FeatureSet train, string split)
    {
        var positive = train.Labels.Count(label => label == 1);
        if (positive == 0 || positive == train.Rows)
        {
            throw new InvalidDataException(
                $"All {train.Rows} labelled examples of the split '{split}' are {(positive == 0 ? "negative" : "positive")}. "
                + "Expected examples of both classes: check in f.Label which values mean yes, or give more data.");
        }
    }

    static bool IsLabel(LabelSpec label, float value) => label.Task switch
    {
        LearningTask.Binary or LearningTask.Multilabel => value is 0f or 1f,
        LearningTask.Multiclass => value >= 0 && value < label.Classes.Count && value == MathF.Floor(value),
        LearningTask.Regression => float.IsFinite(value),
        _ => value >= 0 && float.IsFinite(value),
    };

    static string Expected(LabelSpec label) => label.Task switch
    {
        LearningTask.Binary or LearningTask.Multilabel => "0 or 1",
        LearningTask.Multiclass => $"the position of a class, 0 to {label.Classes.Count - 1}",
        LearningTask.Regression => "a number",
        _ => "a number of 0 or more",
    };

    static void RequireFinite(float[] values, FeatureSpec feature, string split)
    {
        var odd = Array.FindIndex(values, value => !float.IsFinite(value) && !(feature.MayBeMissing && float.IsNaN(value)));
        if (odd >= 0)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"The feature '{feature.Name}' of example {odd / feature.Size + 1} of the transformed split '{split}' is {values[odd]}. Expected a number: fill missing values and guard logarithms and divisions in the transform, for example by FillMissing(0)."));
        }
    }

    static void RequireIds(int[] ids, FeatureSpec feature, string split)
    {
        var least = feature.Kind == FeatureKind.Tokens ? 0 : -1;
        var odd = Array.FindIndex(ids, id => id < least || id >= feature.Size);
        if (odd >= 0)
            throw new InvalidDataException($"The feature '{feature.Name}' holds the id {ids[odd]} in the transformed split '{split}'. Expected {least} to {feature.Size - 1}: run the transform again.");
    }
}
