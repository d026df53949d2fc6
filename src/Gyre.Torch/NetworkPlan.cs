using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Torch;

/// <summary>Features that share one table of vectors: row <c>FirstRow + id</c> stands for the id of a feature.</summary>
/// <param name="Name">The name under which its weights are known.</param>
/// <param name="Parts">The features, each with its first row.</param>
/// <param name="Width">The length of the vectors.</param>
/// <param name="IsMean">True to average the vectors of an example, false to add them. None at all give zeros either way.</param>
sealed record Bag(string Name, IReadOnlyList<BagPart> Parts, int Width, bool IsMean)
{
    /// <summary>How much further than other weights the vectors move in a step, since each is but a small part of a mean.</summary>
    public double Stretch { get; init; } = 1;

    public int Rows => Parts.Sum(part => part.Feature.Size);

    public static Bag Of(string name, IEnumerable<FeatureSpec> features, int width, bool isMean)
    {
        var parts = new List<BagPart>();
        var rows = 0;
        foreach (var feature in features)
        {
            parts.Add(new BagPart(feature, rows));
            rows += feature.Size;
        }

        return new Bag(name, parts, width, isMean);
    }
}

/// <summary>Numbers, and how they are brought to mean 0 and deviation 1.</summary>
sealed record ScaledNumber(FeatureSpec Feature, NumberScale Scale)
{
    public float[] Means { get; } = [.. Scale.Means.Select(mean => (float)mean)];

    public float[] Factors { get; } = [.. Scale.Factors.Select(factor => (float)factor)];
}

/// <summary>A feature's share of a <see cref="Bag"/>.</summary>
sealed record BagPart(FeatureSpec Feature, int FirstRow);

/// <summary>
/// Which feature goes where. Tokens become the mean of their vectors, categories one vector; both go through the hidden
/// layers, and numbers with them. One-hot vectors and numbers make the wide part. Without tokens and categories the
/// one-hot vectors go through the hidden layers too, or no two of them could be weighed together.
/// </summary>
sealed record NetworkPlan
{
    public NetworkPlan(IReadOnlyList<FeatureSpec> features, FeatureSet train, WideAndDeep options)
    {
        Embeddings =
        [
            .. Of(features, FeatureKind.Tokens).Select(feature => Bag.Of(feature.Name, [feature], options.EmbeddingSize, isMean: true) with
            {
                Stretch = Math.Sqrt(Math.Max(1, (double)train.Tokens[feature.Name].Values.Length / train.Rows)),
            }),
            .. Of(features, FeatureKind.Category).Select(feature => Bag.Of(feature.Name, [feature], CategoryWidth(feature, options), isMean: false)),
        ];
        OneHots = Of(features, FeatureKind.OneHot);
        Numbers = [.. Of(features, FeatureKind.Number).Select(feature => new ScaledNumber(feature, NumberScale.Of(train.Numbers[feature.Name], feature.Size)))];
        HiddenLayers = [.. options.HiddenLayers];
        WideSize = OneHots.Count + Numbers.Count == 0 ? 0 : options.WideSize;
        DeepOneHots = Embeddings.Count == 0 && HiddenLayers.Count > 0 ? OneHots : [];
    }

    public IReadOnlyList<Bag> Embeddings { get; }

    public IReadOnlyList<FeatureSpec> OneHots { get; }

    /// <summary>The one-hot features that the first hidden layer sees: all or none.</summary>
    public IReadOnlyList<FeatureSpec> DeepOneHots { get; }

    public IReadOnlyList<ScaledNumber> Numbers { get; }

    public IReadOnlyList<int> HiddenLayers { get; }

    /// <summary>The width of the wide layer; 0 when nothing would go into it.</summary>
    public int WideSize { get; }

    public int NumberWidth => Numbers.Sum(number => number.Feature.Size);

    /// <summary>The width of what enters the first hidden layer, apart from one-hot vectors.</summary>
    public int DeepWidth => Embeddings.Sum(bag => bag.Width) + NumberWidth;

    static IReadOnlyList<FeatureSpec> Of(IReadOnlyList<FeatureSpec> features, FeatureKind kind) => [.. features.Where(feature => feature.Kind == kind)];

    /// <summary>A vector longer than half the number of ids only adds ways to learn by heart.</summary>
    static int CategoryWidth(FeatureSpec feature, WideAndDeep options) => Math.Clamp((feature.Size + 1) / 2, 1, options.EmbeddingSize);
}
