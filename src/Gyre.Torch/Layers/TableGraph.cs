using Gyre.Onnx;

namespace Gyre.Torch.Layers;

/// <summary>
/// Says in ONNX what tables of vectors compute. Every table gets a row of zeros before the rows of each feature, so that id
/// −1, shifted by one like all others, finds it.
/// </summary>
static class TableGraph
{
    /// <summary>The vectors of ids int64 [N, T], those of −1 zero: float [N, T, Width]. Column i belongs to feature i if there are several.</summary>
    public static string Rows(OnnxGraph graph, VectorTable table, string ids, Arithmetic arithmetic)
    {
        var parts = table.Bag.Parts;
        var width = table.Bag.Width;
        var padded = new float[table.Weights.Length + (parts.Count * width)];
        var firsts = new long[parts.Count];
        for (var i = 0; i < parts.Count; i++)
        {
            var first = parts[i].FirstRow;
            table.Weights.AsSpan(first * width, parts[i].Feature.Size * width).CopyTo(padded.AsSpan((first + i + 1) * width));
            firsts[i] = first + i + 1;
        }

        return graph.Node("Gather", [arithmetic.Constant(graph, padded, padded.Length / width, width), graph.Node("Add", [ids, graph.Constant(firsts, 1, firsts.Length)])]);
    }

    public static string Sum(OnnxGraph graph, string vectors) => graph.Node("ReduceSum", [vectors, graph.Constant([1L])], ("keepdims", 0));

    public static string Mean(OnnxGraph graph, string vectors, string ids, Arithmetic arithmetic)
    {
        var count = graph.Node("ReduceSum", [Present(graph, ids, arithmetic), graph.Constant([1L])], ("keepdims", 1));
        return graph.Node("Div", [Sum(graph, vectors), graph.Node("Max", [count, arithmetic.Scalar(graph, 1)])]);
    }

    /// <summary>1 where there is an id, 0 where there is −1, shaped as the ids.</summary>
    public static string Present(OnnxGraph graph, string ids, Arithmetic arithmetic) =>
        graph.Cast(graph.Node("GreaterOrEqual", [ids, graph.Scalar(0L)]), arithmetic.IsDouble ? OnnxType.Double : OnnxType.Float);

    /// <summary>
    /// The first ids of each example, without those of −1 between them, which training never sees: int64 [N, K], K at most
    /// <paramref name="most"/>; −1 at the end.
    /// </summary>
    public static string First(OnnxGraph graph, string ids, int most)
    {
        var width = graph.Node("Slice", [graph.Node("Shape", [ids]), graph.Constant([1L]), graph.Constant([2L])]);
        var positions = graph.Node("Range", [graph.Scalar(0L), graph.Node("Squeeze", [width]), graph.Scalar(1L)]);
        var present = graph.Node("GreaterOrEqual", [ids, graph.Scalar(0L)]);
        var order = graph.Node("Where", [present, positions, graph.Node("Add", [positions, width])]);
        var count = graph.Node("Min", [width, graph.Constant([(long)most])]);
        var sorted = graph.Node("", "TopK", [order, count], 2, ("axis", 1), ("largest", 0), ("sorted", 1));
        return graph.Node("GatherElements", [ids, sorted[1]], ("axis", 1));
    }

    public static string? Join(OnnxGraph graph, IEnumerable<string> tensors) => tensors.ToList() switch
    {
        [] => null,
        [var only] => only,
        var several => graph.Node("Concat", several, ("axis", 1)),
    };
}
