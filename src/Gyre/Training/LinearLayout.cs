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

    public static LinearLayout Of(IReadOnlyList<FeatureSpec> features, FeatureSet train, TokenScale tokenScale, int outputs = 1)
    {
        var parts = new List<LinearPart>();
        var first = 0;
        foreach (var feature in features)
        {
            var scale = feature.Kind == FeatureKind.Number ? NumberScale.Of(train.Numbers[feature.Name], feature.Size) : null;
            parts.Add(new LinearPart(feature, first, scale));
            first += feature.Size * outputs;
        }

        return new LinearLayout(parts, tokenScale, outputs);
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
sealed record LinearPart(FeatureSpec Feature, int First, NumberScale? Scale);

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
