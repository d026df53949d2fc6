using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>Weighs examples with the weights of a linear model, and the way back: from each example's slope to each weight's.</summary>
sealed class LinearScorer(LinearLayout layout, FeatureSet examples)
{
    readonly Column[] _columns = [.. layout.Parts.Select(part => new Column(layout, part, examples))];

    public int Rows => examples.Rows;

    public float[] Labels => examples.Labels;

    public float[] LogOdds(double[] weights)
    {
        var result = new float[Rows];
        for (var row = 0; row < result.Length; row++)
            result[row] = (float)LogOdds(weights, row);
        return result;
    }

    public double LogOdds(double[] weights, int row)
    {
        var sum = weights[layout.Bias];
        foreach (var column in _columns)
            sum += column.Weigh(weights, row);
        return sum;
    }

    /// <summary>Adds to <paramref name="slopes"/> what the example contributes when the loss rises by <paramref name="slope"/> with its log-odds.</summary>
    public void AddSlopes(double[] slopes, int row, double slope)
    {
        slopes[layout.Bias] += slope;
        foreach (var column in _columns)
            column.AddSlopes(slopes, row, slope);
    }

    /// <summary>One feature of all examples; of the three arrays one is there.</summary>
    sealed class Column(LinearLayout layout, LinearPart part, FeatureSet examples)
    {
        readonly int _first = part.First;
        readonly int _width = part.Feature.Size;
        readonly double[]? _numbers = part.Scale is { } scale ? Scaled(examples.Numbers[part.Feature.Name], scale) : null;
        readonly TokenLists? _tokens = part.Feature.Kind == FeatureKind.Tokens ? examples.Tokens[part.Feature.Name] : null;
        readonly int[]? _ids = part.Feature.Kind is FeatureKind.OneHot or FeatureKind.Category ? examples.Ids[part.Feature.Name] : null;

        public double Weigh(double[] weights, int row)
        {
            var own = weights.AsSpan(_first, _width);
            if (_ids is { } ids)
                return ids[row] < 0 ? 0 : own[ids[row]];
            var sum = 0.0;
            if (_tokens is { } tokens)
            {
                var list = List(tokens, row);
                foreach (var token in list)
                    sum += own[token];
                return sum * layout.TokenWeight(list.Length);
            }

            var numbers = _numbers.AsSpan(row * _width, _width);
            for (var i = 0; i < numbers.Length; i++)
                sum += own[i] * numbers[i];
            return sum;
        }

        public void AddSlopes(double[] slopes, int row, double slope)
        {
            var own = slopes.AsSpan(_first, _width);
            if (_ids is { } ids)
            {
                if (ids[row] >= 0)
                    own[ids[row]] += slope;
            }
            else if (_tokens is { } tokens)
            {
                var list = List(tokens, row);
                var share = slope * layout.TokenWeight(list.Length);
                foreach (var token in list)
                    own[token] += share;
            }
            else
            {
                var numbers = _numbers.AsSpan(row * _width, _width);
                for (var i = 0; i < numbers.Length; i++)
                    own[i] += slope * numbers[i];
            }
        }

        static ReadOnlySpan<int> List(TokenLists tokens, int row) => tokens.Values.AsSpan(tokens.Offsets[row]..tokens.Offsets[row + 1]);

        static double[] Scaled(float[] values, NumberScale scale)
        {
            var result = new double[values.Length];
            var width = scale.Means.Count;
            for (var i = 0; i < values.Length; i++)
                result[i] = (values[i] - scale.Means[i % width]) * scale.Factors[i % width];
            return result;
        }
    }
}
