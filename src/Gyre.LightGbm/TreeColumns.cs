using System.Globalization;
using Gyre.Transforms;

namespace Gyre.LightGbm;

/// <summary>
/// Which columns of LightGBM's table belong to which feature: a number has as many as it is wide, a one-hot vector or a category
/// one that holds the id (a tree reaches any id by two splits; with indicators it would need one split for each), tokens one for
/// each id, which holds how often it occurs.
/// </summary>
sealed record TreeColumns(IReadOnlyList<TreeColumn> Parts)
{
    public int Count => Parts.Sum(part => part.Width);

    /// <summary>Whether most values are zeros that are better left out.</summary>
    public bool IsSparse => Parts.Any(part => part.Feature.Kind == FeatureKind.Tokens);

    /// <summary>The names under which LightGBM knows the columns.</summary>
    public IReadOnlyList<string> Names =>
    [
        .. Parts.SelectMany(part => part.Width == 1
            ? [part.Feature.Name]
            : Enumerable.Range(0, part.Width).Select(i => string.Create(CultureInfo.InvariantCulture, $"{part.Feature.Name}/{i}"))),
    ];

    /// <exception cref="InvalidDataException">There are more columns than allowed.</exception>
    public static TreeColumns Of(IReadOnlyList<FeatureSpec> features, int most)
    {
        var parts = new List<TreeColumn>();
        var first = 0L;
        foreach (var feature in features)
        {
            var width = feature.Kind is FeatureKind.Number or FeatureKind.Tokens ? feature.Size : 1;
            parts.Add(new TreeColumn(feature, (int)Math.Min(first, int.MaxValue), width));
            first += width;
        }

        if (first <= most)
            return new TreeColumns(parts);
        var widest = parts.MaxBy(part => part.Width)!;
        throw new InvalidDataException(string.Create(
            CultureInfo.InvariantCulture,
            $"The features make {first} columns, of which '{widest.Feature.Name}' alone makes {widest.Width}. Trees are given one column per number and per token; expected at most {most} "
            + $"(LightGbmTrainer.MaxColumns). Keep fewer tokens in the transform, for example by the top of its vocabulary, or raise MaxColumns: memory and time grow with it."));
    }
}

/// <summary>A feature's share of the columns.</summary>
sealed record TreeColumn(FeatureSpec Feature, int First, int Width);
