using Gyre.Data;

namespace Gyre.Transforms;

/// <summary>Counts the labels of the training split, and says what is wrong when a model cannot learn from them.</summary>
sealed class LabelCensus(LabelSpec label)
{
    const int Shown = 5;

    readonly Dictionary<string, long> _values = new(StringComparer.Ordinal);

    public long Positive { get; private set; }

    public long Negative { get; private set; }

    public long Missing { get; private set; }

    public void See(ExampleBatch batch)
    {
        foreach (var text in batch.Text(label.Column))
        {
            if (string.IsNullOrEmpty(text))
            {
                Missing++;
                continue;
            }

            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_values, text, out _)++;
            if (label.Positive.Contains(text, StringComparer.Ordinal))
                Positive++;
            else
                Negative++;
        }
    }

    /// <exception cref="InvalidDataException">There are no labels, or only one class.</exception>
    public void RequireBothClasses(string split)
    {
        var positive = string.Join(", ", label.Positive.Select(value => $"'{value}'"));
        if (Positive + Negative == 0)
        {
            throw new InvalidDataException(
                $"None of the {Missing} examples of the split '{split}' has a label: the column '{label.Column}' is always missing. "
                + "Give examples whose outcome is known, or name another column as label.");
        }

        if (Positive == 0 || Negative == 0)
        {
            throw new InvalidDataException(
                $"All {Positive + Negative} labelled examples of the split '{split}' are of one class: {Positive} positive ({positive}), {Negative} negative, {Missing} without a label. "
                + $"The column '{label.Column}' holds {Found()}. Correct which values mean yes in f.Label, or give examples of both classes.");
        }
    }

    string Found()
    {
        var most = _values.OrderByDescending(value => value.Value).ThenBy(value => value.Key, StringComparer.Ordinal).Take(Shown).Select(value => $"'{value.Key}' ({value.Value})");
        return string.Join(", ", most) + (_values.Count > Shown ? $" and {_values.Count - Shown} other values" : "");
    }
}
