using System.Text.Json.Nodes;
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

        var unknown = _given.Where(pair => !classes.Contains(pair.Class, StringComparer.Ordinal)).Select(pair => $"'{pair.Class}'").ToList();
        if (unknown.Count > 0)
            throw new InvalidDataException($"ClassWeights names {string.Join(", ", unknown)}. Expected classes of the label: {string.Join(", ", classes)}.");
        return [.. classes.Select(name => _given.Where(pair => pair.Class == name).Select(pair => pair.Weight).DefaultIfEmpty(1).First())];
    }

    public bool Equals(ClassWeights? other) => other is not null && _given.SequenceEqual(other._given);

    public override int GetHashCode() => _given.Aggregate(0, HashCode.Combine);

    JsonNode IParameter.ToParameter() => _given.Count == 0
        ? JsonValue.Create("balanced")
        : new JsonObject(_given.Select(pair => KeyValuePair.Create(pair.Class, (JsonNode?)JsonValue.Create(pair.Weight))));
}
