using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Operators;

/// <summary>
/// What a pretrained ONNX model makes of texts, ids or numbers: its nodes become part of the graph, frozen. The model is known by the digest of its
/// file, which is part of the definition.
/// </summary>
/// <param name="Digest">SHA-256 of the file.</param>
/// <param name="Input">The input that takes what is encoded.</param>
/// <param name="Mask">The input that tells ids from padding; null for none.</param>
/// <param name="TokenTypes">The input that takes zeros; null for none.</param>
/// <param name="Output">The output.</param>
/// <param name="Width">The width of the output.</param>
/// <param name="PadId">What stands in the place of padding.</param>
sealed record Encode(string Digest, string Input, string? Mask, string? TokenTypes, string Output, int Width, long PadId) : Operator
{
    [NotAParameter]
    public required string Path { get; init; }

    [NotAParameter]
    public required TensorKind Of { get; init; }

    /// <summary>The model, read when the features were defined, so that it cannot change before the graph is built.</summary>
    [NotAParameter]
    public required ForeignModel Model { get; init; }

    public override TensorKind Kind => TensorKind.Vector;

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => Width;

    public override string Emit(Lowering at)
    {
        var (graph, value) = (at.Graph, at.Inputs[0]);
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        var isId = "";
        if (Of == TensorKind.TokenIds)
        {
            isId = graph.Node("GreaterOrEqual", [value, graph.Scalar(0L)]);
            Give(Input, graph.Where(isId, value, graph.Scalar(PadId)));
            if (Mask is not null)
                Give(Mask, graph.Cast(isId, OnnxType.Int64));
            if (TokenTypes is not null)
                Give(TokenTypes, graph.Node("Sub", [value, value]));
        }
        else
        {
            given.Add(Input, Fit(graph, value, Model.Input(Input)));
        }

        var encoded = graph.Splice(Model, given, [Output])[0];
        if (Model.Output(Output).Shape is [_, _, _])
            encoded = Mean(graph, encoded, isId);
        encoded = graph.Cast(graph.Node("Reshape", [encoded, graph.RowsBy(value, Width)]), OnnxType.Double);
        var isFinite = graph.Node("Not", [graph.Node("Or", [graph.Node("IsNaN", [encoded]), graph.Node("IsInf", [encoded])])]);
        return graph.Where(isFinite, encoded, graph.Scalar(0.0));

        void Give(string name, string tensor) => given.Add(name, graph.Cast(tensor, Model.Input(name).Type));
    }

    /// <summary>A text or number in the shape that the model wants.</summary>
    static string Fit(OnnxGraph graph, string value, OnnxValue input)
    {
        if (input.Type == OnnxType.String)
            return input.Shape.Count == 1 ? graph.Flat(value) : value;
        return graph.Cast(value, input.Type);
    }

    /// <summary>The mean over the ids that are no padding.</summary>
    static string Mean(OnnxGraph graph, string vectors, string isId)
    {
        var weight = graph.Node("Unsqueeze", [graph.Cast(isId, OnnxType.Float), graph.Constant([2L])]);
        var sum = graph.Node("ReduceSum", [graph.Node("Mul", [vectors, weight]), graph.Constant([1L])], ("keepdims", 0L));
        var count = graph.Node("ReduceSum", [weight, graph.Constant([1L])], ("keepdims", 0L));
        return graph.Node("Div", [sum, graph.Node("Max", [count, graph.Scalar(1f)])]);
    }
}
