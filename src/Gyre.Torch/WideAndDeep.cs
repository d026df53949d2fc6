using Gyre.Pipelines;
using Gyre.Torch.Layers;
using Gyre.Torch.Learning;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Torch;

/// <summary>
/// A network of two parts. Deep: each text is the mean of the learnt vectors of its tokens, each category its vector;
/// these and the numbers go through hidden layers. Wide: one-hot vectors and numbers go through a single layer. Both
/// meet in the outputs. Works with any mix of features, and brings numbers to mean 0 and deviation 1 itself.
/// </summary>
/// <example>
/// <code>
/// new TrainModel(transform, new WideAndDeep { Epochs = 3, LearningRate = 0.001 })
/// </code>
/// </example>
[CodeVersion(3)]
public sealed record WideAndDeep : NeuralTrainer
{
    /// <summary>The length of the vector of a token; that of a category is at most half the number of its ids.</summary>
    public int EmbeddingSize { get; init; } = 64;

    /// <summary>The widths of the hidden layers of the deep part, in order; each ends in a ReLU.</summary>
    public IReadOnlyList<int> HiddenLayers { get; init; } = [256, 64, 16];

    /// <summary>The width of the wide part's layer.</summary>
    public int WideSize { get; init; } = 16;

    /// <summary>The share of each hidden layer's outputs that is left out at random in each step, against learning by heart.</summary>
    public double Dropout { get; init; }

    internal override IEnumerable<string> DesignProblems()
    {
        if (EmbeddingSize < 1)
            yield return Problem(nameof(EmbeddingSize), EmbeddingSize, "at least 1");
        if (HiddenLayers.Any(width => width < 1))
            yield return Problem(nameof(HiddenLayers), $"[{string.Join(", ", HiddenLayers)}]", "widths of at least 1; an empty list for no hidden layers");
        if (WideSize < 1)
            yield return Problem(nameof(WideSize), WideSize, "at least 1");
        if (Dropout is not (>= 0 and < 1))
            yield return Problem(nameof(Dropout), Dropout, "a share from 0 to less than 1");
    }

    internal override Network Build(TrainingInput input, TaskHead head, EarlierNetwork? earlier) =>
        new LayeredNetwork(Design(input.Features), input, head, Seed, earlier);

    /// <summary>
    /// Without tokens and categories the one-hot vectors go through the hidden layers too, or no two of them could be weighed
    /// together.
    /// </summary>
    internal NetworkDesign Design(IReadOnlyList<FeatureSpec> features)
    {
        var isVectors = features.Any(feature => feature.Kind is FeatureKind.Tokens or FeatureKind.Category);
        FeatureKind[] oneHots = isVectors || HiddenLayers.Count == 0 ? [] : [FeatureKind.OneHot];
        var deep = new Tower
        {
            Kinds = [FeatureKind.Tokens, FeatureKind.Category, FeatureKind.Number, .. oneHots],
            Text = new EmbeddingBag(EmbeddingSize),
            CategorySize = EmbeddingSize,
            Layers = [.. HiddenLayers.SelectMany(width => Dropout == 0 ? new Layer[] { new Dense(width) } : [new Dense(width), new Dropout(Dropout)])],
        };
        var wide = new Tower { Kinds = [FeatureKind.OneHot, FeatureKind.Number], Layers = [new Dense(WideSize)] };
        return new NetworkDesign([deep, wide], []);
    }
}
