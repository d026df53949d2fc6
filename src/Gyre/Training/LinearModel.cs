using Gyre.Onnx;
using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>A learnt logistic regression. Computes in double precision, in the graph too: the numbers may be of any size.</summary>
sealed class LinearModel(LinearLayout layout, double[] weights, IReadOnlyList<EpochSummary> epochs) : ITrainedModel
{
    public IReadOnlyList<EpochSummary> Epochs { get; } = epochs;

    public LinearLayout Layout { get; } = layout;

    /// <summary>See <see cref="LinearLayout"/>; those of numbers are for numbers scaled by <see cref="NumberScale"/>.</summary>
    public IReadOnlyList<double> Weights => weights;

    public float[] Predict(FeatureSet features)
    {
        var scorer = new LinearScorer(Layout, features);
        var result = new float[features.Rows];
        for (var row = 0; row < result.Length; row++)
            result[row] = (float)Sigmoid(scorer.LogOdds(weights, row));
        return result;
    }

    public string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope("linear");
        var sum = graph.Constant([weights[Layout.Bias]], 1, 1);
        foreach (var part in Layout.Parts)
        {
            using var inner = graph.Scope(part.Feature.Name);
            var tensor = features[part.Feature.Name];
            var own = weights.AsSpan(part.First, part.Feature.Size).ToArray();
            sum = graph.Node("Add", [sum, part.Scale is { } scale ? WeighNumbers(graph, tensor, own, scale) : WeighIds(graph, tensor, own, part.Feature.Kind)]);
        }

        return graph.Node("Squeeze", [graph.Cast(graph.Node("Sigmoid", [sum]), OnnxType.Float), graph.Constant([1L])]);
    }

    public void Dispose()
    {
    }

    public static double Sigmoid(double logOdds) => 1 / (1 + Math.Exp(-logOdds));

    static string WeighNumbers(OnnxGraph graph, string tensor, double[] own, NumberScale scale)
    {
        var centred = graph.Node("Sub", [graph.Cast(tensor, OnnxType.Double), graph.Constant([.. scale.Means], 1, own.Length)]);
        var scaled = graph.Node("Mul", [centred, graph.Constant([.. scale.Factors], 1, own.Length)]);
        return graph.Node("MatMul", [scaled, graph.Constant(own, own.Length, 1)]);
    }

    /// <summary>The summed weights of ids int64 [N, T]; −1, shifted by one like all others, finds a weight of zero.</summary>
    string WeighIds(OnnxGraph graph, string ids, double[] own, FeatureKind kind)
    {
        var gathered = graph.Node("Gather", [graph.Constant([0.0, .. own], own.Length + 1), graph.Node("Add", [ids, graph.Scalar(1L)])]);
        if (kind != FeatureKind.Tokens)
            return gathered;
        var sum = graph.Node("ReduceSum", [gathered, graph.Constant([1L])], ("keepdims", 1));
        if (Layout.TokenScale == TokenScale.Count)
            return sum;
        var present = graph.Cast(graph.Node("GreaterOrEqual", [ids, graph.Scalar(0L)]), OnnxType.Double);
        var count = graph.Node("Max", [graph.Node("ReduceSum", [present, graph.Constant([1L])], ("keepdims", 1)), graph.Scalar(1.0)]);
        return graph.Node("Div", [sum, Layout.TokenScale == TokenScale.Mean ? count : graph.Node("Sqrt", [count])]);
    }
}
