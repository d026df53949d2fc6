namespace Gyre.Transforms;

/// <summary>Transformed examples in memory, as trainers want them.</summary>
public sealed record FeatureSet
{
    public required int Rows { get; init; }

    /// <summary>
    /// The labels, row by row: N × <see cref="LabelWidth"/>, empty where examples carry none. 1 or 0 for binary and, class by
    /// class, for multilabel; the position of the class for multiclass; the number for regression and ranking.
    /// </summary>
    public required float[] Labels { get; init; }

    /// <summary>How many numbers make up one label: one to a class for multilabel, otherwise 1.</summary>
    public int LabelWidth { get; init; } = 1;

    /// <summary>How much each example counts, 0 or more; null where all count 1.</summary>
    public float[]? Weights { get; init; }

    /// <summary>
    /// Of a ranking the group of each example: groups are numbered from 0 in the order in which they begin, and need not stand
    /// together, see <see cref="RowsByGroup"/>. Null for other tasks.
    /// </summary>
    public int[]? Groups { get; init; }

    /// <summary>For each <see cref="FeatureKind.Number"/> feature its values, row by row: N × Size.</summary>
    public required IReadOnlyDictionary<string, float[]> Numbers { get; init; }

    /// <summary>For each <see cref="FeatureKind.OneHot"/> and <see cref="FeatureKind.Category"/> feature its N ids, −1 for none.</summary>
    public required IReadOnlyDictionary<string, int[]> Ids { get; init; }

    /// <summary>For each <see cref="FeatureKind.Tokens"/> feature its ids.</summary>
    public required IReadOnlyDictionary<string, TokenLists> Tokens { get; init; }

    /// <summary>The weight of an example.</summary>
    public float WeightOf(int row) => Weights is { } weights ? weights[row] : 1;

    /// <summary>The label of an example, all its numbers.</summary>
    public ReadOnlySpan<float> LabelOf(int row) => Labels.AsSpan(row * LabelWidth, LabelWidth);

    /// <summary>The examples that have a label.</summary>
    public FeatureSet Labelled()
    {
        var rows = Enumerable.Range(0, Rows).Where(row => !float.IsNaN(Labels[row * LabelWidth])).ToArray();
        return rows.Length == Rows ? this : Take(rows);
    }

    /// <summary>For each group its examples, in order; for examples without groups all of them as one.</summary>
    public IReadOnlyList<int[]> RowsByGroup()
    {
        var rows = Enumerable.Range(0, Rows);
        return Groups is { } groups ? [.. rows.GroupBy(row => groups[row]).Select(group => group.ToArray())] : [[.. rows]];
    }

    /// <summary>Some examples, in the order given; one may be taken several times.</summary>
    public FeatureSet Take(ReadOnlySpan<int> rows)
    {
        var taken = rows.ToArray();
        return new FeatureSet
        {
            Rows = taken.Length,
            Labels = Labels.Length == 0 ? [] : TakeNumbers(Labels, LabelWidth, taken),
            LabelWidth = LabelWidth,
            Weights = Weights is { } weights ? TakeNumbers(weights, 1, taken) : null,
            Groups = Groups is { } groups ? Renumbered(Array.ConvertAll(taken, row => groups[row])) : null,
            Numbers = Numbers.ToDictionary(
                number => number.Key, number => TakeNumbers(number.Value, Rows == 0 ? 0 : number.Value.Length / Rows, taken), StringComparer.Ordinal),
            Ids = Ids.ToDictionary(ids => ids.Key, ids => Array.ConvertAll(taken, row => ids.Value[row]), StringComparer.Ordinal),
            Tokens = Tokens.ToDictionary(tokens => tokens.Key, tokens => TakeTokens(tokens.Value, taken), StringComparer.Ordinal),
        };
    }

    static float[] TakeNumbers(float[] values, int width, int[] rows)
    {
        var result = new float[rows.Length * width];
        for (var i = 0; i < rows.Length; i++)
            values.AsSpan(rows[i] * width, width).CopyTo(result.AsSpan(i * width));
        return result;
    }

    static TokenLists TakeTokens(TokenLists tokens, int[] rows)
    {
        var offsets = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
            offsets[i + 1] = offsets[i] + tokens.Offsets[rows[i] + 1] - tokens.Offsets[rows[i]];
        var values = new int[offsets[^1]];
        for (var i = 0; i < rows.Length; i++)
            tokens.Values.AsSpan(tokens.Offsets[rows[i]]..tokens.Offsets[rows[i] + 1]).CopyTo(values.AsSpan(offsets[i]));
        return new TokenLists(values, offsets);
    }

    static int[] Renumbered(int[] groups)
    {
        var numbers = new Dictionary<int, int>();
        return Array.ConvertAll(groups, group => numbers.TryGetValue(group, out var number) ? number : numbers[group] = numbers.Count);
    }
}
