using Gyre.Onnx;
using Gyre.Transforms;

namespace Gyre.LightGbm;

/// <summary>
/// Says in ONNX what trees compute. Thresholds and leaves stay in double precision and are added up in it, as LightGBM does, so
/// that every example ends in the same leaves. Only columns that some tree looks at become part of the table that the trees read.
/// </summary>
static class TreeGraph
{
    /// <summary>Adds the trees: the summed leaves, float [N, outputs].</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="columns">The columns of the trees.</param>
    /// <param name="trees">The trees, each with the output that it adds to.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="features">For each feature the name of its tensor.</param>
    public static string Append(
        OnnxGraph graph, TreeColumns columns, IReadOnlyList<(Tree Tree, int Output)> trees, int outputs, IReadOnlyDictionary<string, string> features)
    {
        var used = trees.SelectMany(tree => tree.Tree.Columns).Distinct().Order().ToList();
        var positions = new int[columns.Count];
        var tensors = new List<string>();
        var width = 0;
        foreach (var part in columns.Parts)
        {
            var own = used.Where(column => column >= part.First && column < part.First + part.Width).Select(column => column - part.First).ToArray();
            if (own.Length == 0)
                continue;
            using var scope = graph.Scope(part.Feature.Name);
            var (tensor, wide) = Part(graph, part, own, features[part.Feature.Name]);
            tensors.Add(tensor);
            var isWhole = part.Feature.Kind == FeatureKind.Number && wide == part.Width;
            for (var i = 0; i < own.Length; i++)
                positions[part.First + own[i]] = width + (isWhole ? own[i] : i);
            width += wide;
        }

        // Trees that ask nothing still need examples to count.
        if (tensors.Count == 0)
            tensors.Add(Any(graph, columns.Parts[0].Feature, features));
        var table = tensors.Count == 1 ? tensors[0] : graph.Node("Concat", tensors, ("axis", 1));
        return new TreeNodes(trees, positions).Append(graph, graph.Cast(table, OnnxType.Double), outputs);
    }

    /// <summary>The columns of a feature that are in use, in order; of numbers all when most are.</summary>
    /// <returns>A tensor float [N, wide] and its width.</returns>
    static (string Tensor, int Width) Part(OnnxGraph graph, TreeColumn part, int[] own, string tensor) => part.Feature.Kind switch
    {
        FeatureKind.Number when own.Length * 2 > part.Width => (tensor, part.Width),
        FeatureKind.Number => (graph.Node("Gather", [tensor, graph.Constant(Array.ConvertAll(own, column => (long)column))], ("axis", 1)), own.Length),
        FeatureKind.Tokens => (Counts(graph, part.Feature.Size, own, tensor), own.Length + 1),
        _ => (graph.Node("Where", [graph.Node("Less", [tensor, graph.Scalar(0L)]), graph.Scalar(float.NaN), graph.Cast(tensor, OnnxType.Float)]), 1),
    };

    /// <summary>
    /// How often each token in use occurs in ids int64 [N, T]: float [N, tokens + 1]. The last column takes all others, and −1,
    /// which finds the last place of the table of positions.
    /// </summary>
    static string Counts(OnnxGraph graph, int size, int[] tokens, string ids)
    {
        var positions = new long[size + 1];
        Array.Fill(positions, tokens.Length);
        for (var i = 0; i < tokens.Length; i++)
            positions[tokens[i]] = i;
        var targets = graph.Node("Gather", [graph.Constant(positions), ids]);
        var shape = graph.Node("Shape", [ids]);
        var rows = graph.Node("Shape", [ids], ("start", 0), ("end", 1));
        var zeros = graph.Node("Expand", [graph.Scalar(0f), graph.Node("Concat", [rows, graph.Constant([tokens.Length + 1L])], ("axis", 0))]);
        return graph.Node(
            "ScatterElements", [zeros, targets, graph.Node("Expand", [graph.Scalar(1f), shape])], ("axis", 1), ("reduction", "add"));
    }

    static string Any(OnnxGraph graph, FeatureSpec feature, IReadOnlyDictionary<string, string> features)
    {
        var first = graph.Node("Gather", [features[feature.Name], graph.Constant([0L])], ("axis", 1));
        return feature.Kind == FeatureKind.Number ? first : graph.Cast(first, OnnxType.Float);
    }
}

/// <summary>The inner nodes and leaves of trees as the lists of ONNX's tree ensemble.</summary>
sealed class TreeNodes
{
    readonly List<long> _trees = [];
    readonly List<long> _ids = [];
    readonly List<string> _modes = [];
    readonly List<long> _columns = [];
    readonly List<double> _thresholds = [];
    readonly List<long> _lefts = [];
    readonly List<long> _rights = [];
    readonly List<long> _missing = [];
    readonly List<(long Tree, long Node, long Output, double Value)> _leaves = [];

    /// <param name="trees">The trees, each with the output that it adds to.</param>
    /// <param name="positions">For each column of the trees its place in the table that they read.</param>
    public TreeNodes(IReadOnlyList<(Tree Tree, int Output)> trees, int[] positions)
    {
        for (var i = 0; i < trees.Count; i++)
            Add(i, trees[i].Tree, trees[i].Output, positions);
    }

    public string Append(OnnxGraph graph, string table, int outputs) => graph.Node(
        OnnxGraph.Ml, "TreeEnsembleRegressor", [table], 1,
        ("n_targets", outputs),
        ("aggregate_function", "SUM"),
        ("post_transform", "NONE"),
        ("nodes_treeids", _trees.ToArray()),
        ("nodes_nodeids", _ids.ToArray()),
        ("nodes_modes", _modes.ToArray()),
        ("nodes_featureids", _columns.ToArray()),
        ("nodes_values_as_tensor", _thresholds.ToArray()),
        ("nodes_truenodeids", _lefts.ToArray()),
        ("nodes_falsenodeids", _rights.ToArray()),
        ("nodes_missing_value_tracks_true", _missing.ToArray()),
        ("target_treeids", _leaves.Select(leaf => leaf.Tree).ToArray()),
        ("target_nodeids", _leaves.Select(leaf => leaf.Node).ToArray()),
        ("target_ids", _leaves.Select(leaf => leaf.Output).ToArray()),
        ("target_weights_as_tensor", _leaves.Select(leaf => leaf.Value).ToArray()))[0];

    void Add(int index, Tree tree, int output, int[] positions)
    {
        // Inner nodes keep their numbers, leaves follow them.
        var inner = tree.Columns.Length;
        for (var node = 0; node < inner; node++)
        {
            Add(index, node, "BRANCH_LEQ", positions[tree.Columns[node]], tree.Thresholds[node]);
            _lefts.Add(Id(tree.Left[node], inner));
            _rights.Add(Id(tree.Right[node], inner));
            _missing.Add(tree.SendsMissingLeft(node) ? 1 : 0);
        }

        for (var leaf = 0; leaf < tree.Leaves.Length; leaf++)
        {
            Add(index, inner + leaf, "LEAF", 0, 0);
            _lefts.Add(0);
            _rights.Add(0);
            _missing.Add(0);
            _leaves.Add((index, inner + leaf, output, tree.Leaves[leaf]));
        }
    }

    void Add(int tree, int node, string mode, int column, double threshold)
    {
        _trees.Add(tree);
        _ids.Add(node);
        _modes.Add(mode);
        _columns.Add(column);
        _thresholds.Add(threshold);
    }

    static int Id(int child, int inner) => child >= 0 ? child : inner - child - 1;
}
