using Gyre.Onnx;
using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>A learnt linear model. Computes in double precision, in the graph too: the numbers may be of any size.</summary>
sealed class LinearModel(LinearLayout layout, LinearHead head, double[] weights, IReadOnlyList<EpochSummary> epochs) : ITrainedModel
{
    public IReadOnlyList<EpochSummary> Epochs { get; } = epochs;

    /// <summary>
    /// By how much the score varies over the training examples because of each feature: the deviation of the feature's part of it. Of a single number
    /// that is the size of its weight times its deviation.
    /// </summary>
    public ImportanceRecord? Importance { get; init; }

    public LinearLayout Layout { get; } = layout;

    /// <summary>See <see cref="LinearLayout"/>; those of numbers are for numbers scaled by <see cref="NumberScale"/>.</summary>
    public IReadOnlyList<double> Weights => weights;

    public float[] Predict(FeatureSet features)
    {
        var scores = new LinearScorer(Layout, features).Scores(weights);
        var result = new float[scores.Length];
        for (var start = 0; start < result.Length; start += Layout.Outputs)
            head.Predict(scores.AsSpan(start, Layout.Outputs), result.AsSpan(start, Layout.Outputs));
        return result;
    }

    public string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope("linear");
        var sum = graph.Constant(weights.AsSpan(Layout.Bias, Layout.Outputs).ToArray(), 1, Layout.Outputs);
        foreach (var part in Layout.Parts)
        {
            using var inner = graph.Scope(part.Feature.Name);
            var tensor = features[part.Feature.Name];
            var own = weights.AsSpan(part.First, part.Feature.Size * Layout.Outputs).ToArray();
            sum = graph.Node("Add", [sum, part.Scale is { } scale ? WeighNumbers(graph, tensor, own, scale) : WeighIds(graph, tensor, own, part.Feature.Kind)]);
        }

        return head.Append(graph, sum);
    }

    public void Dispose()
    {
    }

    public static double Sigmoid(double logOdds) => 1 / (1 + Math.Exp(-logOdds));

    string WeighNumbers(OnnxGraph graph, string tensor, double[] own, NumberScale scale)
    {
        var width = scale.Means.Count;
        var centred = graph.Node("Sub", [graph.Cast(tensor, OnnxType.Double), graph.Constant([.. scale.Means], 1, width)]);
        var scaled = graph.Node("Mul", [centred, graph.Constant([.. scale.Factors], 1, width)]);
        return graph.Node("MatMul", [scaled, graph.Constant(own, width, Layout.Outputs)]);
    }

    /// <summary>The summed weights of ids int64 [N, T], as double [N, outputs]; −1, shifted by one like all others, finds weights of zero.</summary>
    string WeighIds(OnnxGraph graph, string ids, double[] own, FeatureKind kind)
    {
        var single = Layout.Outputs == 1;
        var none = new double[Layout.Outputs];
        var rows = (own.Length / Layout.Outputs) + 1;
        var table = single ? graph.Constant([.. none, .. own], rows) : graph.Constant([.. none, .. own], rows, Layout.Outputs);
        var gathered = graph.Node("Gather", [table, graph.Node("Add", [ids, graph.Scalar(1L)])]);
        if (kind != FeatureKind.Tokens)
            return single ? gathered : graph.Node("Squeeze", [gathered, graph.Constant([1L])]);
        var sum = graph.Node("ReduceSum", [gathered, graph.Constant([1L])], ("keepdims", single ? 1 : 0));
        if (Layout.TokenScale == TokenScale.Count)
            return sum;
        var present = graph.Cast(graph.Node("GreaterOrEqual", [ids, graph.Scalar(0L)]), OnnxType.Double);
        var count = graph.Node("Max", [graph.Node("ReduceSum", [present, graph.Constant([1L])], ("keepdims", 1)), graph.Scalar(1.0)]);
        return graph.Node("Div", [sum, Layout.TokenScale == TokenScale.Mean ? count : graph.Node("Sqrt", [count])]);
    }
}
