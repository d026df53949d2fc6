using System.Globalization;
using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Transforms;

/// <summary>Counts the labels of the training split, finds its classes, and says what is wrong when a model cannot learn from them.</summary>
/// <param name="label">The label as it was defined.</param>
sealed class LabelCensus(LabelSpec label)
{
    /// <summary>A model has an output for each class; so many are nearly always a number or an identifier taken for a class.</summary>
    const int MostClasses = 1000;

    const int Shown = 5;

    readonly Dictionary<string, long> _values = new(StringComparer.Ordinal);
    readonly Dictionary<string, (double Least, double Most, long Count)> _groups = new(StringComparer.Ordinal);
    double _least = double.PositiveInfinity;
    double _most = double.NegativeInfinity;
    long _odd;

    /// <summary>The examples that have a label.</summary>
    public long Labelled { get; private set; }

    /// <summary>Of a binary label the examples with yes.</summary>
    public long Positive => label.Positive.Distinct(StringComparer.Ordinal).Sum(value => _values.GetValueOrDefault(value));

    /// <summary>The examples without a label that are so because they have none.</summary>
    public long Missing { get; private set; }

    /// <summary>The examples without a label that are so because theirs is none of the classes that were given.</summary>
    public long Unknown { get; private set; }

    public void See(ExampleBatch batch)
    {
        switch (label.Task)
        {
            case LearningTask.Binary:
            case LearningTask.Multiclass:
                foreach (var text in batch.Text(label.Column))
                    See(string.IsNullOrEmpty(text) ? null : [text]);
                break;
            case LearningTask.Multilabel:
                foreach (var list in LabelReader.Lists(batch, label.Column))
                    See(list);
                break;
            default:
                SeeNumbers(batch);
                break;
        }
    }

    /// <summary>The label with its classes known.</summary>
    /// <exception cref="InvalidDataException">There are no labels, or they are all the same, so that there is nothing to learn.</exception>
    public LabelSpec Resolve(string split)
    {
        if (_odd > 0)
        {
            throw new InvalidDataException(
                $"{_odd} examples of the split '{split}' have a label in the column '{label.Column}' that is infinite"
                + (label.Task == LearningTask.Ranking ? " or below 0. Expected numbers of 0 or more" : ", or too large for single precision. Expected numbers up to 3.4e38")
                + ": correct them, or leave such examples out.");
        }

        if (Labelled == 0)
        {
            throw new InvalidDataException(
                $"None of the {Missing + Unknown} examples of the split '{split}' has a label: the column '{label.Column}' "
                + (Unknown > 0 ? $"holds none of the classes given, but {Found()}. Correct the classes." : "is always missing. Give examples whose outcome is known, or name another column as label."));
        }

        switch (label.Task)
        {
            case LearningTask.Binary:
                RequireBoth(split);
                return label;
            case LearningTask.Regression:
                RequireSpread(split);
                return label;
            case LearningTask.Ranking:
                RequireOrder(split);
                return label;
            default:
                return label with { Classes = ClassesOf(split) };
        }
    }

    /// <summary>What is odd about the labels, without keeping a model from being learnt.</summary>
    public IEnumerable<string> Warnings(string split)
    {
        if (Unknown > 0)
            yield return $"{Unknown} examples of the split '{split}' have a label that is none of the classes given, and are left out: the column '{label.Column}' holds {Found()}";
        var absent = label.Classes.Where(name => !_values.ContainsKey(name)).ToList();
        if (absent.Count > 0)
            yield return $"no example of the split '{split}' is of the class {string.Join(", ", absent.Select(name => $"'{name}'"))}, so nothing can be learnt of it";
    }

    void See(string[]? values)
    {
        if (values is null)
        {
            Missing++;
            return;
        }

        var known = true;
        foreach (var value in values.Where(value => value.Length > 0).Distinct(StringComparer.Ordinal))
        {
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_values, value, out _)++;
            known &= label.Classes.Count == 0 || label.Classes.Contains(value, StringComparer.Ordinal);
        }

        if (known)
            Labelled++;
        else
            Unknown++;
    }

    void SeeNumbers(ExampleBatch batch)
    {
        var numbers = batch.Number(label.Column);
        var groups = label.Group is null ? null : batch.Text(label.Group);
        for (var row = 0; row < numbers.Length; row++)
        {
            var number = numbers[row];
            if (double.IsNaN(number) || groups is not null && string.IsNullOrEmpty(groups[row]))
            {
                Missing++;
                continue;
            }

            if (!float.IsFinite((float)number) || (label.Task == LearningTask.Ranking && number < 0))
                _odd++;
            Labelled++;
            (_least, _most) = (Math.Min(_least, number), Math.Max(_most, number));
            if (groups is null)
                continue;
            var group = _groups.GetValueOrDefault(groups[row]!, (Least: number, Most: number, Count: 0));
            _groups[groups[row]!] = (Math.Min(group.Least, number), Math.Max(group.Most, number), group.Count + 1);
        }
    }

    void RequireBoth(string split)
    {
        var (positive, negative) = (Positive, Labelled - Positive);
        if (positive > 0 && negative > 0)
            return;
        throw new InvalidDataException(
            $"All {Labelled} labelled examples of the split '{split}' are of one class: {positive} positive ({string.Join(", ", label.Positive.Select(value => $"'{value}'"))}), {negative} negative, {Missing} without a label. "
            + $"The column '{label.Column}' holds {Found()}. Correct which values mean yes in f.Label, or give examples of both classes.");
    }

    IReadOnlyList<string> ClassesOf(string split)
    {
        string[] present = [.. _values.Keys.Order(StringComparer.Ordinal)];
        var least = label.Task == LearningTask.Multiclass ? 2 : 1;
        var usable = label.Classes.Count == 0 ? present.Length : label.Classes.Count(name => _values.ContainsKey(name));
        if (usable < least)
        {
            throw new InvalidDataException(usable == 0
                ? $"None of the {Labelled} labelled examples of the split '{split}' has any class: the lists of the column '{label.Column}' are empty. Give examples of every class."
                : $"All {Labelled} labelled examples of the split '{split}' are of one class. The column '{label.Column}' holds {Found()}. Give examples of every class, or name another column as label.");
        }

        if (present.Length > MostClasses && label.Classes.Count == 0)
        {
            throw new InvalidDataException(
                $"The label '{label.Column}' has {present.Length} different values in the split '{split}', among them {Found()}. Expected at most {MostClasses} classes: "
                + "a number is predicted by f.LabelNumber; an identifier cannot be predicted; of many classes name the ones that matter.");
        }

        return label.Classes.Count > 0 ? label.Classes : present;
    }

    void RequireSpread(string split)
    {
        if (_least == _most)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"All {Labelled} labelled examples of the split '{split}' have the label {_least} in the column '{label.Column}'. Expected different numbers: there is nothing to learn."));
    }

    void RequireOrder(string split)
    {
        if (_groups.Values.Any(group => group.Least < group.Most))
            return;
        throw new InvalidDataException(
            $"The {_groups.Count} groups by '{label.Group}' of the split '{split}' have {_groups.Values.Max(group => group.Count)} examples at most, and in none of them does the relevance '{label.Column}' differ, so there is no order to learn. "
            + "Check which column makes the groups, and that the examples of one group come into the same split.");
    }

    string Found()
    {
        var most = _values.OrderByDescending(value => value.Value).ThenBy(value => value.Key, StringComparer.Ordinal).Take(Shown).Select(value => $"'{value.Key}' ({value.Value})");
        return string.Join(", ", most) + (_values.Count > Shown ? $" and {_values.Count - Shown} other values" : "");
    }
}
