using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>
/// Which weight of a linear model belongs to what: those of each feature one after the other, the bias last. A model with
/// several outputs has as many weights in each place, side by side: weight w of output k is number w × outputs + k.
/// </summary>
sealed record LinearLayout(IReadOnlyList<LinearPart> Parts, TokenScale TokenScale, int Outputs)
{
    /// <summary>The place of the bias, or of the first of several.</summary>
    public int Bias { get; } = Parts.Sum(part => part.Feature.Size) * Outputs;

    public int Weights => Bias + Outputs;

    public bool IsPenalised(int weight) => weight < Bias;

    public static LinearLayout Of(
        IReadOnlyList<FeatureSpec> features, FeatureSet train, TokenScale tokenScale, int outputs = 1, bool inverseDocumentFrequency = false)
    {
        var parts = new List<LinearPart>();
        var first = 0;
        foreach (var feature in features)
        {
            var scale = feature.Kind == FeatureKind.Number ? NumberScale.Of(train.Numbers[feature.Name], feature.Size) : null;
            var rarity = inverseDocumentFrequency && feature.Kind == FeatureKind.Tokens ? TokenRarity.Of(train.Tokens[feature.Name], feature.Size) : null;
            parts.Add(new LinearPart(feature, first, scale, rarity));
            first += feature.Size * outputs;
        }

        return new LinearLayout(parts, tokenScale, outputs);
    }

    /// <summary>The layout and weights that say the same where every token counts alike.</summary>
    public (LinearLayout Layout, double[] Weights) WithRarityInWeights(double[] weights)
    {
        var result = (double[])weights.Clone();
        foreach (var part in Parts)
        {
            for (var at = 0; at < part.Rarity?.Length * Outputs; at++)
                result[part.First + at] *= part.Rarity![at / Outputs];
        }

        return (this with { Parts = [.. Parts.Select(part => part with { Rarity = null })] }, result);
    }

    /// <summary>What each token of an example counts that has so many.</summary>
    public double TokenWeight(int count) => TokenScale switch
    {
        TokenScale.Mean => 1.0 / Math.Max(count, 1),
        TokenScale.SquareRoot => 1.0 / Math.Sqrt(Math.Max(count, 1)),
        _ => 1.0,
    };
}

/// <summary>A feature's share of the weights.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="First">Its first weight.</param>
/// <param name="Scale">How its numbers are scaled; null for others.</param>
/// <param name="Rarity">What each of its tokens counts while learning; null where all count alike.</param>
sealed record LinearPart(FeatureSpec Feature, int First, NumberScale? Scale, double[]? Rarity = null);

/// <summary>How much each token counts by the number of examples that have it.</summary>
static class TokenRarity
{
    /// <summary>
    /// ln((1 + N) ÷ (1 + n)) + 1 for a token that n of N examples have (the smooth inverse document frequency, as in scikit-learn's
    /// TfidfTransformer), divided by its root mean square over all tokens of all examples: so the penalty keeps its strength.
    /// </summary>
    public static double[] Of(TokenLists tokens, int size)
    {
        var rows = tokens.Offsets.Length - 1;
        var (last, examples) = (new int[size], new int[size]);
        Array.Fill(last, -1);
        for (var row = 0; row < rows; row++)
        {
            foreach (var token in tokens.Values.AsSpan(tokens.Offsets[row]..tokens.Offsets[row + 1]))
            {
                examples[token] += last[token] == row ? 0 : 1;
                last[token] = row;
            }
        }

        var rarity = Array.ConvertAll(examples, count => Math.Log((1.0 + rows) / (1 + count)) + 1);
        var squares = 0.0;
        foreach (var token in tokens.Values)
            squares += rarity[token] * rarity[token];
        var typical = tokens.Values.Length == 0 ? 1 : Math.Sqrt(squares / tokens.Values.Length);
        return Array.ConvertAll(rarity, value => value / typical);
    }
}

/// <summary>
/// How numbers are brought to mean 0 and deviation 1 before they are weighed, so that a penalty or a step size means the
/// same for all of them, whatever their unit. A number that never varies becomes 0.
/// </summary>
public sealed record NumberScale(IReadOnlyList<double> Means, IReadOnlyList<double> Factors)
{
    /// <summary>Measures numbers that stand row by row, <paramref name="width"/> to a row.</summary>
    public static NumberScale Of(ReadOnlySpan<float> values, int width)
    {
        var rows = values.Length / width;
        var means = new double[width];
        var factors = new double[width];
        for (var i = 0; i < values.Length; i++)
            means[i % width] += values[i] / (double)rows;
        for (var i = 0; i < values.Length; i++)
            factors[i % width] += (values[i] - means[i % width]) * (values[i] - means[i % width]) / rows;
        for (var i = 0; i < width; i++)
        {
            // Rounding leaves a constant with a deviation that is tiny beside its size.
            var deviation = Math.Sqrt(factors[i]);
            factors[i] = deviation > Math.Abs(means[i]) * 1e-6 ? 1 / deviation : 0;
        }

        return new NumberScale(means, factors);
    }
}
