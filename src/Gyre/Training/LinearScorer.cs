using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>Weighs examples with the weights of a linear model, and the way back: from each example's slopes to each weight's.</summary>
sealed class LinearScorer(LinearLayout layout, FeatureSet examples)
{
    readonly Column[] _columns = [.. layout.Parts.Select(part => new Column(layout, part, examples))];

    public int Rows => examples.Rows;

    public int Outputs => layout.Outputs;

    public FeatureSet Examples => examples;

    /// <summary>The score of each example of a model with one output.</summary>
    public float[] LogOdds(double[] weights) => Array.ConvertAll(Scores(weights), score => (float)score);

    /// <summary>All scores of all examples, row by row.</summary>
    public double[] Scores(double[] weights)
    {
        var result = new double[Rows * Outputs];
        for (var row = 0; row < Rows; row++)
            Score(weights, row, result.AsSpan(row * Outputs, Outputs));
        return result;
    }

    /// <summary>The scores of an example, one to an output.</summary>
    public void Score(double[] weights, int row, Span<double> scores)
    {
        weights.AsSpan(layout.Bias, layout.Outputs).CopyTo(scores);
        Span<double> share = stackalloc double[Math.Min(layout.Outputs, Column.MostOnStack)];
        if (share.Length < layout.Outputs)
            share = new double[layout.Outputs];
        foreach (var column in _columns)
        {
            column.Weigh(weights, row, share);
            for (var i = 0; i < scores.Length; i++)
                scores[i] += share[i];
        }
    }

    /// <summary>The deviation over the examples of each feature's part of the score; with several outputs the root of the mean of their squares.</summary>
    public double[] Deviations(double[] weights) => Array.ConvertAll(_columns, column =>
    {
        var (means, squares, share) = (new double[Outputs], new double[Outputs], new double[Outputs]);
        for (var row = 0; row < Rows; row++)
        {
            column.Weigh(weights, row, share);
            for (var i = 0; i < Outputs; i++)
            {
                // Welford's way: sums of squares would lose small deviations beside large means.
                var distance = share[i] - means[i];
                means[i] += distance / (row + 1);
                squares[i] += distance * (share[i] - means[i]);
            }
        }

        return Math.Sqrt(squares.Sum() / Math.Max(1, Rows) / Outputs);
    });

    /// <summary>Adds to <paramref name="slopes"/> what the example contributes when the loss rises by <paramref name="slope"/> with its scores.</summary>
    public void AddSlopes(double[] slopes, int row, ReadOnlySpan<double> slope)
    {
        for (var i = 0; i < slope.Length; i++)
            slopes[layout.Bias + i] += slope[i];
        foreach (var column in _columns)
            column.AddSlopes(slopes, row, slope);
    }

    /// <summary>One feature of all examples; of the three arrays one is there.</summary>
    sealed class Column(LinearLayout layout, LinearPart part, FeatureSet examples)
    {
        public const int MostOnStack = 128;

        readonly int _first = part.First;
        readonly int _width = part.Feature.Size;
        readonly int _outputs = layout.Outputs;
        readonly double[]? _rarity = part.Rarity;
        readonly double[]? _numbers = part.Scale is { } scale ? Scaled(examples.Numbers[part.Feature.Name], scale) : null;
        readonly TokenLists? _tokens = part.Feature.Kind == FeatureKind.Tokens ? examples.Tokens[part.Feature.Name] : null;
        readonly int[]? _ids = part.Feature.Kind is FeatureKind.OneHot or FeatureKind.Category ? examples.Ids[part.Feature.Name] : null;

        public void Weigh(double[] weights, int row, Span<double> sums)
        {
            sums.Clear();
            if (_ids is { } ids)
            {
                if (ids[row] >= 0)
                    weights.AsSpan(At(ids[row]), _outputs).CopyTo(sums);
                return;
            }

            if (_tokens is { } tokens)
            {
                var list = List(tokens, row);
                foreach (var token in list)
                {
                    var own = weights.AsSpan(At(token), sums.Length);
                    var rarity = _rarity is null ? 1 : _rarity[token];
                    for (var i = 0; i < sums.Length; i++)
                        sums[i] += own[i] * rarity;
                }

                var weight = layout.TokenWeight(list.Length);
                for (var i = 0; i < sums.Length; i++)
                    sums[i] *= weight;
                return;
            }

            var numbers = _numbers.AsSpan(row * _width, _width);
            for (var at = 0; at < numbers.Length; at++)
            {
                var own = weights.AsSpan(At(at), sums.Length);
                for (var i = 0; i < sums.Length; i++)
                    sums[i] += own[i] * numbers[at];
            }
        }

        public void AddSlopes(double[] slopes, int row, ReadOnlySpan<double> slope)
        {
            if (_ids is { } ids)
            {
                if (ids[row] >= 0)
                    Add(slopes, ids[row], slope, 1);
            }
            else if (_tokens is { } tokens)
            {
                var list = List(tokens, row);
                var weight = layout.TokenWeight(list.Length);
                foreach (var token in list)
                    Add(slopes, token, slope, _rarity is null ? weight : weight * _rarity[token]);
            }
            else
            {
                var numbers = _numbers.AsSpan(row * _width, _width);
                for (var at = 0; at < numbers.Length; at++)
                    Add(slopes, at, slope, numbers[at]);
            }
        }

        int At(int position) => _first + (position * _outputs);

        void Add(double[] slopes, int position, ReadOnlySpan<double> slope, double factor)
        {
            var own = slopes.AsSpan(At(position), slope.Length);
            for (var i = 0; i < slope.Length; i++)
                own[i] += slope[i] * factor;
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
