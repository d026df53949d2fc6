using System.Globalization;

namespace Gyre.LightGbm;

/// <summary>Reads the trees out of LightGBM's text.</summary>
static class TreeText
{
    /// <exception cref="InvalidDataException">The text is not understood.</exception>
    public static IReadOnlyList<Tree> Read(string text)
    {
        var trees = new List<Tree>();
        Dictionary<string, string>? fields = null;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan()[range].TrimEnd('\r');
            var equals = line.IndexOf('=');
            if (line.StartsWith("Tree=") || line.StartsWith("end of trees"))
            {
                if (fields is not null)
                    trees.Add(TreeOf(fields, trees.Count));
                fields = line.StartsWith("Tree=") ? new Dictionary<string, string>(StringComparer.Ordinal) : null;
            }
            else if (fields is not null && equals > 0)
            {
                fields[line[..equals].ToString()] = line[(equals + 1)..].ToString();
            }
        }

        return trees;
    }

    /// <summary>The names of the columns that the trees split on.</summary>
    public static IReadOnlyList<string> ColumnNames(string text) => Header(text, "feature_names")?.Split(' ') ?? [];

    /// <summary>What the text says of the whole model under a key; null when nothing.</summary>
    public static string? Header(string text, string key)
    {
        var end = text.IndexOf("\nTree=", StringComparison.Ordinal);
        var line = (end < 0 ? text : text[..end]).Split('\n').FirstOrDefault(line => line.StartsWith(key + "=", StringComparison.Ordinal));
        return line?[(key.Length + 1)..].TrimEnd('\r');
    }

    static Tree TreeOf(Dictionary<string, string> fields, int index)
    {
        if (Field("num_cat") != "0" || fields.GetValueOrDefault("is_linear", "0") != "0")
            throw new InvalidDataException($"Tree {index} of the LightGBM model has categorical splits or linear leaves. Expected trees as LightGbmTrainer learns them.");
        var leaves = int.Parse(Field("num_leaves"), CultureInfo.InvariantCulture);
        var tree = new Tree(
            leaves == 1 ? [] : Integers("split_feature"), leaves == 1 ? [] : Numbers("threshold"), leaves == 1 ? [] : Integers("decision_type"),
            leaves == 1 ? [] : Integers("left_child"), leaves == 1 ? [] : Integers("right_child"), Numbers("leaf_value"))
        {
            Gains = leaves == 1 ? [] : Numbers("split_gain"),
        };
        return tree.Leaves.Length == leaves && new[] { tree.Columns.Length, tree.Thresholds.Length, tree.Decisions.Length, tree.Left.Length, tree.Right.Length }.All(count => count == leaves - 1)
            ? tree
            : throw new InvalidDataException($"Tree {index} of the LightGBM model has {leaves} leaves, but lists of other lengths.");

        string Field(string name) => fields.GetValueOrDefault(name) ?? throw new InvalidDataException($"Tree {index} of the LightGBM model has no '{name}'.");

        int[] Integers(string name) => [.. Field(name).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => int.Parse(part, CultureInfo.InvariantCulture))];

        double[] Numbers(string name) => [.. Field(name).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number)];
    }

    /// <summary>Infinity, in the spelling of C, is the threshold of a split between missing values and all others.</summary>
    static double Number(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}

/// <summary>
/// A tree of yes-no questions. Children of 0 or more are inner nodes, a child of −1 − i is leaf i; node 0 is the root. Without inner
/// nodes all examples end in leaf 0.
/// </summary>
/// <param name="Columns">For each inner node the column that it looks at.</param>
/// <param name="Thresholds">Values up to this go left.</param>
/// <param name="Decisions">LightGBM's flags, which say where missing values go.</param>
/// <param name="Left">The left child of each inner node.</param>
/// <param name="Right">The right child of each inner node.</param>
/// <param name="Leaves">The value of each leaf.</param>
sealed record Tree(int[] Columns, double[] Thresholds, int[] Decisions, int[] Left, int[] Right, double[] Leaves)
{
    const int DefaultLeft = 2;
    const int MissingNan = 2;
    const int MissingZero = 1;

    /// <summary>How much each inner node lowered the training loss.</summary>
    public double[] Gains { get; init; } = [];

    readonly bool[] _missingLeft = [.. Enumerable.Range(0, Decisions.Length).Select(node => SendsMissingLeft(Decisions[node], Thresholds[node]))];

    /// <summary>Whether a missing value goes left at an inner node.</summary>
    public bool SendsMissingLeft(int node) => _missingLeft[node];

    /// <summary>What the tree says of an example.</summary>
    public double Value(ReadOnlySpan<float> example)
    {
        var node = Columns.Length == 0 ? -1 : 0;
        while (node >= 0)
        {
            var value = example[Columns[node]];
            node = value <= Thresholds[node] || (float.IsNaN(value) && _missingLeft[node]) ? Left[node] : Right[node];
        }

        return Leaves[-1 - node];
    }

    /// <summary>As learnt, or where no missing value was seen in training, as zero does.</summary>
    static bool SendsMissingLeft(int decision, double threshold) => ((decision >> 2) & 3) switch
    {
        MissingNan => (decision & DefaultLeft) != 0,
        MissingZero => throw new InvalidDataException("The LightGBM model takes zeros for missing values, which LightGbmTrainer never asks for."),
        _ => threshold >= 0,
    };
}
