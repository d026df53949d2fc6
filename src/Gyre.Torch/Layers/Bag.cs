using Gyre.Transforms;

namespace Gyre.Torch.Layers;

/// <summary>Features that share one table of vectors: row <c>FirstRow + id</c> stands for the id of a feature.</summary>
/// <param name="Name">The name under which its weights are known.</param>
/// <param name="Parts">The features, each with its first row.</param>
/// <param name="Width">The length of the vectors.</param>
/// <param name="IsMean">True to average the vectors of an example, false to add them. None at all give zeros either way.</param>
sealed record Bag(string Name, IReadOnlyList<BagPart> Parts, int Width, bool IsMean)
{
    /// <summary>How much further than other weights the vectors move in a step, since each is but a small part of a mean.</summary>
    public double Stretch { get; init; } = 1;

    /// <summary>Whether rows that are seen rarely move less, see <see cref="VectorTable"/>.</summary>
    public bool IsGentle { get; init; } = IsMean;

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

/// <summary>A feature's share of a <see cref="Bag"/>.</summary>
sealed record BagPart(FeatureSpec Feature, int FirstRow);
