using System.Globalization;
using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>What must hold of examples before a trainer sees them, and picking some of them.</summary>
static class TrainingData
{
    /// <exception cref="InvalidDataException">Nothing can be learnt; the message says what was found and what to do.</exception>
    public static void RequireLearnable(IReadOnlyList<FeatureSpec> features, FeatureSet train, string split)
    {
        if (features.Count == 0)
            throw new InvalidDataException("The transform gives no features. Define at least one: f.Output(\"name\", …).");
        if (train.Rows < 2)
            throw new InvalidDataException($"The split '{split}' has {train.Rows} labelled examples. Expected at least 2, one of each class: give more data.");
        RequireLabels(train, split);
        foreach (var feature in features)
        {
            if (feature.Kind == FeatureKind.Number)
                RequireFinite(train.Numbers[feature.Name], feature, split);
            else
                RequireIds(feature.Kind == FeatureKind.Tokens ? train.Tokens[feature.Name].Values : train.Ids[feature.Name], feature, split);
        }
    }

    /// <summary>The examples that have a label.</summary>
    public static FeatureSet Labelled(this FeatureSet examples) => examples.Labels.Any(float.IsNaN)
        ? examples.Take([.. Enumerable.Range(0, examples.Rows).Where(row => !float.IsNaN(examples.Labels[row]))])
        : examples;

    /// <summary>Some examples, in the order given.</summary>
    public static FeatureSet Take(this FeatureSet examples, int[] rows) => new()
    {
        Rows = rows.Length,
        Labels = examples.Labels.Length == 0 ? [] : Array.ConvertAll(rows, row => examples.Labels[row]),
        Numbers = examples.Numbers.ToDictionary(number => number.Key, number => TakeNumbers(number.Value, examples.Rows, rows), StringComparer.Ordinal),
        Ids = examples.Ids.ToDictionary(ids => ids.Key, ids => Array.ConvertAll(rows, row => ids.Value[row]), StringComparer.Ordinal),
        Tokens = examples.Tokens.ToDictionary(tokens => tokens.Key, tokens => TakeTokens(tokens.Value, rows), StringComparer.Ordinal),
    };

    static float[] TakeNumbers(float[] values, int count, int[] rows)
    {
        var width = count == 0 ? 0 : values.Length / count;
        return [.. rows.SelectMany(row => values.AsSpan(row * width, width).ToArray())];
    }

    static TokenLists TakeTokens(TokenLists tokens, int[] rows)
    {
        var offsets = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
            offsets[i + 1] = offsets[i] + tokens.Offsets[rows[i] + 1] - tokens.Offsets[rows[i]];
        var values = new int[offsets[^1]];
        for (var i = 0; i < rows.Length; i++)
            tokens.Values.AsSpan(tokens.Offsets[rows[i]]..tokens.Offsets[rows[i] + 1]).CopyTo(values.AsSpan(offsets[i]));
        return new TokenLists(values, offsets);
    }

    static void RequireLabels(FeatureSet train, string split)
    {
        var odd = Array.FindIndex(train.Labels, label => label is not (0f or 1f));
        if (odd >= 0)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The label of example {odd + 1} of the transformed split '{split}' is {train.Labels[odd]}. Expected 0 or 1: run the transform again."));
        var positive = train.Labels.Count(label => label == 1);
        if (positive == 0 || positive == train.Rows)
        {
            throw new InvalidDataException(
                $"All {train.Rows} labelled examples of the split '{split}' are {(positive == 0 ? "negative" : "positive")}. "
                + "Expected examples of both classes: check in f.Label which values mean yes, or give more data.");
        }
    }

    static void RequireFinite(float[] values, FeatureSpec feature, string split)
    {
        var odd = Array.FindIndex(values, value => !float.IsFinite(value));
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
