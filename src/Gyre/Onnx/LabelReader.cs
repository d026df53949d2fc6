using System.Globalization;
using Gyre.Data;

namespace Gyre.Onnx;

/// <summary>The labels of some consecutive examples.</summary>
/// <param name="Values">
/// <see cref="LabelSpec.LabelWidth"/> numbers to an example: 1 or 0 for binary and, class by class, for multilabel; the
/// position of the class for multiclass; the number itself otherwise. NaN where an example has no label.
/// </param>
/// <param name="Weights">The weight of each example; null where all weigh the same.</param>
/// <param name="Groups">The group of each example, as text; null where there are none.</param>
/// <param name="Unknown">How many examples have no label because theirs is none of the classes.</param>
sealed record LabelBatch(float[] Values, float[]? Weights, string?[]? Groups, int Unknown)
{
    /// <summary>Whether an example has a label.</summary>
    public bool Has(int row, int width) => !float.IsNaN(Values[row * width]);
}

/// <summary>Reads labels, weights and groups out of raw examples. Any number of threads may use it at the same time.</summary>
/// <param name="spec">What the label is.</param>
/// <param name="rule">Computes the label from its sources; null where it is a column.</param>
sealed class LabelReader(LabelSpec spec, OnnxModel? rule = null) : IDisposable
{
    /// <summary>The file beside a transform or a model with the graph that computes the label, where a rule does.</summary>
    public const string RuleFile = "label.onnx";

    /// <summary>The tensor of that graph with the label, double [N, 1].</summary>
    public const string RuleTensor = "/label";

    readonly Dictionary<string, int> _classes = spec.Classes.Select((name, i) => KeyValuePair.Create(name, i)).ToDictionary(StringComparer.Ordinal);

    public LabelSpec Spec => spec;

    /// <summary>For the label of a transform or a model.</summary>
    /// <param name="spec">What the label is.</param>
    /// <param name="rulePath">Where the rule lies, if there is one.</param>
    public static LabelReader Open(LabelSpec spec, string rulePath) => new(spec, spec.Sources is null ? null : new OnnxModel(rulePath));

    /// <summary>The examples with the label as a column, also where a rule computes it.</summary>
    public ExampleBatch Complete(ExampleBatch batch)
    {
        if (rule is null)
            return batch;
        var values = new double[batch.Rows];
        rule.Run(batch, [RuleTensor], chunk =>
        {
            var numbers = chunk.Doubles(RuleTensor);
            for (var i = 0; i < numbers.Length; i++)
                values[chunk.Rows[i]] = numbers[i];
        });
        return batch.With(spec.Column, values);
    }

    /// <exception cref="InvalidDataException">A weight is missing, negative or infinite.</exception>
    public LabelBatch Read(ExampleBatch examples)
    {
        var batch = Complete(examples);
        var unknown = 0;
        var values = spec.Task switch
        {
            LearningTask.Binary => Array.ConvertAll(
                batch.Text(spec.Column), text => string.IsNullOrEmpty(text) ? float.NaN : spec.Positive.Contains(text, StringComparer.Ordinal) ? 1f : 0f),
            LearningTask.Multiclass => Array.ConvertAll(batch.Text(spec.Column), text => Position(text, ref unknown)),
            LearningTask.Multilabel => Flags(batch, ref unknown),
            _ => Array.ConvertAll(batch.Number(spec.Column), Finite),
        };
        var groups = spec.Group is null ? null : batch.Text(spec.Group);
        for (var row = 0; groups is not null && row < groups.Length; row++)
        {
            if (string.IsNullOrEmpty(groups[row]))
                values[row] = float.NaN;
        }

        return new LabelBatch(values, spec.Weight is null ? null : Weights(batch, spec.Weight), groups, unknown);
    }

    public void Dispose() => rule?.Dispose();

    /// <summary>The values of a column of lists as texts, numbers by their shortest form; null where missing.</summary>
    public static string[]?[] Lists(ExampleBatch batch, string column)
    {
        try
        {
            return batch.TextLists(column);
        }
        catch (InvalidOperationException)
        {
            return Array.ConvertAll(
                batch.NumberLists(column),
                list => list is null ? null : Array.ConvertAll(list, number => number.ToString("R", CultureInfo.InvariantCulture)));
        }
    }

    float Position(string? text, ref int unknown)
    {
        if (string.IsNullOrEmpty(text))
            return float.NaN;
        if (_classes.TryGetValue(text, out var position))
            return position;
        unknown++;
        return float.NaN;
    }

    /// <summary>An example is known by the classes that it has; one of them that is unknown makes the whole answer unknown.</summary>
    float[] Flags(ExampleBatch batch, ref int unknown)
    {
        var width = spec.LabelWidth;
        var values = new float[batch.Rows * width];
        var lists = Lists(batch, spec.Column);
        for (var row = 0; row < lists.Length; row++)
        {
            var own = values.AsSpan(row * width, width);
            if (lists[row] is not { } list)
            {
                own.Fill(float.NaN);
                continue;
            }

            foreach (var text in list.Where(text => text.Length > 0))
            {
                if (_classes.TryGetValue(text, out var position))
                {
                    own[position] = 1;
                    continue;
                }

                unknown++;
                own.Fill(float.NaN);
                break;
            }
        }

        return values;
    }

    /// <summary>What is infinite in single precision is no label to learn from.</summary>
    static float Finite(double number) => float.IsFinite((float)number) ? (float)number : float.NaN;

    static float[] Weights(ExampleBatch batch, string column) => Array.ConvertAll(batch.Number(column), weight =>
        weight >= 0 && float.IsFinite((float)weight)
            ? (float)weight
            : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"A weight in the column '{column}' is {(double.IsNaN(weight) ? "missing" : weight)}. Expected a number of 0 or more in every example: fill the column, or leave such examples out.")));
}
