using System.Text.Json.Nodes;
using Gyre.Data;
using Gyre.Pipelines;

namespace Gyre.Training;

/// <summary>
/// How much the examples of each class count while learning, against imbalance: a rare class that counts more is found more
/// often, and probabilities rise with it, so they no longer are the shares that are to be expected.
/// </summary>
public sealed record ClassWeights : IParameter
{
    readonly IReadOnlyList<(string Class, double Weight)> _given;

    ClassWeights(IReadOnlyList<(string Class, double Weight)> given) => _given = given;

    /// <summary>Every class counts as much as any other, however many examples it has: n / (classes × examples of the class).</summary>
    public static ClassWeights Balanced { get; } = new([]);

    /// <summary>Weights by name of class, 1 for those not named; of a label that is yes or no the classes are <c>yes</c> and <c>no</c>.</summary>
    public static ClassWeights Of(params (string Class, double Weight)[] weights) => new([.. weights.OrderBy(pair => pair.Class, StringComparer.Ordinal)]);

    /// <summary>What is wrong with the weights.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var (name, weight) in _given.Where(pair => !(pair.Weight > 0) || double.IsInfinity(pair.Weight)))
            yield return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The class weight of '{name}' is {weight}. Expected a number above 0.");
        foreach (var twice in _given.GroupBy(pair => pair.Class, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return $"The class '{twice.Key}' is given {twice.Count()} weights. Expected one.";
    }

    /// <summary>Why the weights do not go with a label, of which the classes may not be known yet; nothing where they do.</summary>
    public IEnumerable<string> ProblemsWith(LabelSpec label)
    {
        if (label.Task is not (LearningTask.Binary or LearningTask.Multiclass))
        {
            yield return $"ClassWeights weigh examples by their one class, and the label '{label.Column}' is a {label.Task.ToString().ToLowerInvariant()} one. "
                + "Leave ClassWeights out, or weigh examples by f.Weight.";
        }
        else if (ClassesOf(label) is { Count: > 0 } classes && Unknown(classes) is { Count: > 0 } unknown)
        {
            yield return NotAmong(unknown, classes);
        }
    }

    /// <summary>The names by which weights are given: of a label that is yes or no <c>no</c> and <c>yes</c>.</summary>
    internal static IReadOnlyList<string> ClassesOf(LabelSpec label) => label.Task == LearningTask.Binary ? ["no", "yes"] : label.Classes;

    /// <summary>The weight of each class.</summary>
    /// <param name="classes">The names of the classes.</param>
    /// <param name="amounts">How many examples each has, or what these weigh together.</param>
    /// <exception cref="InvalidDataException">A weight is given for a class that there is not.</exception>
    public IReadOnlyList<double> Resolve(IReadOnlyList<string> classes, IReadOnlyList<double> amounts)
    {
        if (ReferenceEquals(this, Balanced) || _given.Count == 0)
        {
            var present = amounts.Count(amount => amount > 0);
            var total = amounts.Sum();
            return [.. amounts.Select(amount => amount > 0 ? total / (present * amount) : 1)];
        }

        if (Unknown(classes) is { Count: > 0 } unknown)
            throw new InvalidDataException(NotAmong(unknown, classes));
        return [.. classes.Select(name => _given.Where(pair => pair.Class == name).Select(pair => pair.Weight).DefaultIfEmpty(1).First())];
    }

    List<string> Unknown(IReadOnlyList<string> classes) => [.. _given.Select(pair => pair.Class).Where(name => !classes.Contains(name, StringComparer.Ordinal)).Select(name => $"'{name}'")];

    static string NotAmong(List<string> unknown, IReadOnlyList<string> classes) =>
        $"ClassWeights names {string.Join(", ", unknown)}. Expected classes of the label: {string.Join(", ", classes)}.";

    public bool Equals(ClassWeights? other) => other is not null && _given.SequenceEqual(other._given);

    public override int GetHashCode() => _given.Aggregate(0, HashCode.Combine);

    JsonNode IParameter.ToParameter() => _given.Count == 0
        ? JsonValue.Create("balanced")
        : new JsonObject(_given.Select(pair => KeyValuePair.Create(pair.Class, (JsonNode?)JsonValue.Create(pair.Weight))));
}
