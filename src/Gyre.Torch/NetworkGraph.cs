using Gyre.Onnx;

namespace Gyre.Torch;

/// <summary>
/// Says in ONNX what a <see cref="Network"/> computes. Every table of vectors gets a row of zeros before the rows of each
/// feature, so that id −1, shifted by one like all others, finds it.
/// </summary>
static class NetworkGraph
{
    public static string Append(OnnxGraph graph, Network network, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope("network");
        var inputs = new List<string>();
        foreach (var embedding in network.Embeddings)
        {
            var bag = embedding.Table.Bag;
            using var inner = graph.Scope(bag.Name);
            var ids = features[bag.Parts[0].Feature.Name];
            var vectors = Rows(graph, embedding.Table, ids);
            inputs.Add(bag.IsMean ? Mean(graph, vectors, ids) : Sum(graph, vectors));
        }

        var numbers = Join(graph, network.Plan.Numbers.Select(number => Scale(graph, number, features[number.Feature.Name])));
        var deep = Join(graph, numbers is null ? inputs : [.. inputs, numbers]);
        foreach (var layer in network.Hidden)
            deep = graph.Node("Relu", [Layer(graph, layer, deep, features)]);
        var wide = network.Wide is { } layerOfWide ? graph.Node("Relu", [Layer(graph, layerOfWide, numbers, features)]) : null;
        var logOdds = Layer(graph, network.Head, Join(graph, new[] { deep, wide }.OfType<string>()), features);
        return graph.Node("Squeeze", [graph.Node("Sigmoid", [logOdds]), graph.Constant([1L])]);
    }

    static string Scale(OnnxGraph graph, ScaledNumber number, string tensor)
    {
        using var scope = graph.Scope(number.Feature.Name);
        var width = number.Means.Length;
        return graph.Node("Mul", [graph.Node("Sub", [tensor, graph.Constant(number.Means, 1, width)]), graph.Constant(number.Factors, 1, width)]);
    }

    static string Layer(OnnxGraph graph, MixedLayer layer, string? dense, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope(layer.Name);
        var bias = graph.Constant(layer.Bias.ToArray(), layer.Outputs);
        var sum = layer.Dense is { } weights
            ? graph.Node("Gemm", [dense!, graph.Constant(weights.ToArray(), weights.Tensor.shape), bias], ("transB", 1))
            : null;
        if (layer.OneHots is not { Table: var table })
            return sum!;
        var ids = Join(graph, table.Bag.Parts.Select(part => features[part.Feature.Name]))!;
        return graph.Node("Add", [Sum(graph, Rows(graph, table, ids)), sum ?? bias]);
    }

    /// <summary>The vectors of ids int64 [N, T], those of −1 zero: float [N, T, Width]. Column i belongs to feature i if there are several.</summary>
    static string Rows(OnnxGraph graph, VectorTable table, string ids)
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

        return graph.Node("Gather", [graph.Constant(padded, padded.Length / width, width), graph.Node("Add", [ids, graph.Constant(firsts, 1, firsts.Length)])]);
    }

    static string Sum(OnnxGraph graph, string vectors) => graph.Node("ReduceSum", [vectors, graph.Constant([1L])], ("keepdims", 0));

    static string Mean(OnnxGraph graph, string vectors, string ids)
    {
        var present = graph.Cast(graph.Node("GreaterOrEqual", [ids, graph.Scalar(0L)]), OnnxType.Float);
        var count = graph.Node("ReduceSum", [present, graph.Constant([1L])], ("keepdims", 1));
        return graph.Node("Div", [Sum(graph, vectors), graph.Node("Max", [count, graph.Scalar(1f)])]);
    }

    static string? Join(OnnxGraph graph, IEnumerable<string> tensors) => tensors.ToList() switch
    {
        [] => null,
        [var only] => only,
        var several => graph.Node("Concat", several, ("axis", 1)),
    };
}
