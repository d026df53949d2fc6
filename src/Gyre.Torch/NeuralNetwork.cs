using Gyre.Pipelines;
using Gyre.Torch.Layers;
using Gyre.Torch.Learning;
using Gyre.Training;

namespace Gyre.Torch;

/// <summary>
/// A network of your own design from a small vocabulary of layers: <see cref="Tower"/>s beside each other, each of which sees
/// some features and sends them through its layers, and a head of layers over all of them. The last layer, one sum for
/// each output, is added by itself.
/// </summary>
/// <example>
/// <code>
/// new NeuralNetwork
/// {
///     Towers =
///     [
///         new Tower { Kinds = [FeatureKind.Tokens], Text = new TokenConvolution(32, 64) { Windows = [2, 3] }, Layers = [new Dropout(0.3)] },
///         new Tower { Kinds = [FeatureKind.OneHot, FeatureKind.Number], Layers = [new Dense(16)] },
///     ],
///     Head = [new Dense(32)],
/// }
/// </code>
/// </example>
[CodeVersion(2)]
public sealed record NeuralNetwork : NeuralTrainer
{
    /// <summary>The towers; one that sees all features and has one layer unless others are given.</summary>
    public IReadOnlyList<Tower> Towers { get; init; } = [new Tower { Layers = [new Dense(64)] }];

    /// <summary>The layers that all towers go into, in order.</summary>
    public IReadOnlyList<Layer> Head { get; init; } = [];

    internal override IEnumerable<string> DesignProblems() =>
        (Towers.Count == 0 ? [Problem(nameof(Towers), "[]", "at least one tower, such as new Tower()")] : Array.Empty<string>())
            .Concat(Towers.SelectMany(tower => tower.Problems()))
            .Concat(Head.SelectMany(layer => layer.Problems()));

    internal override Network Build(TrainingInput input, TaskHead head, EarlierNetwork? earlier)
    {
        var unknown = Towers.SelectMany(tower => tower.Features).Where(name => input.Features.All(feature => feature.Name != name)).Distinct(StringComparer.Ordinal).ToList();
        return unknown.Count == 0
            ? new LayeredNetwork(new NetworkDesign(Towers, Head), input, head, Seed, earlier)
            : throw new InvalidDataException($"A tower asks for the features {string.Join(", ", unknown)}. The transform gives {string.Join(", ", input.Features.Select(feature => feature.Name))}.");
    }
}
