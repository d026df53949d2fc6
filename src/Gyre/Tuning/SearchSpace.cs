using System.Text.Json.Nodes;
using Gyre.Pipelines;
using Gyre.Training;

namespace Gyre.Tuning;

/// <summary>A trainer, and which of its options may be what. Made by <see cref="Search.Over"/>.</summary>
public sealed class SearchSpace : IParameter
{
    readonly IReadOnlyList<string> _mistakes;

    internal SearchSpace(Trainer trainer, IReadOnlyList<SearchDimension> dimensions, IReadOnlyList<string> mistakes) =>
        (Trainer, Dimensions, _mistakes) = (trainer, dimensions, mistakes);

    /// <summary>The trainer with the options from which the search starts.</summary>
    public Trainer Trainer { get; }

    /// <summary>The names of the options that are searched over, such as <c>l2</c>.</summary>
    public IReadOnlyList<string> Options => [.. Dimensions.Select(dimension => dimension.Name)];

    internal IReadOnlyList<SearchDimension> Dimensions { get; }

    /// <summary>Everything that is wrong with the space. The trainer is asked what it says to both ends of every range and to every choice.</summary>
    internal IEnumerable<string> Problems()
    {
        if (_mistakes.Count > 0)
            return _mistakes;
        if (Dimensions.Count == 0)
            return [$"Nothing is searched over. Name at least one option of {Trainer.GetType().Name}: Search.Over(trainer, s => s.Choice(t => t.Seed, 1, 2, 3))."];
        return Trainer.Problems().Concat(
            from dimension in Dimensions
            from place in dimension.Grid(points: 2)
            from problem in With([KeyValuePair.Create(dimension.Name, dimension.At(place))]).Problems()
            select problem).Distinct(StringComparer.Ordinal);
    }

    /// <summary>The trainer with some options in place of its own.</summary>
    internal Trainer With(IEnumerable<KeyValuePair<string, JsonNode?>> options) => TrainerOptions.With(Trainer, options);

    /// <summary>The values at a point; of options whose condition is not met there are none.</summary>
    /// <param name="point">A place in each dimension.</param>
    internal JsonObject At(IReadOnlyList<double> point)
    {
        var options = new JsonObject();
        for (var i = 0; i < Dimensions.Count; i++)
        {
            if (IsActive(Dimensions[i], options))
                options[Dimensions[i].Name] = Dimensions[i].At(point[i]);
        }

        return options;
    }

    JsonNode IParameter.ToParameter() => new JsonObject(Dimensions.Select(dimension => KeyValuePair.Create(dimension.Name, (JsonNode?)dimension.Describe())));

    static bool IsActive(SearchDimension dimension, JsonObject options) => dimension.Condition is not { } condition
        || (options.TryGetPropertyValue(condition.Option, out var value) && condition.Values.Any(allowed => JsonNode.DeepEquals(allowed, value)));
}
