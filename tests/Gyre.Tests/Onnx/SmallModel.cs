using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Tests.Onnx;

/// <summary>
/// A model that fits on a page: sigmoid(weight × amount + bias + 1 where kind is "special"); a missing amount counts as 0.
/// </summary>
static class SmallModel
{
    public const string NumberColumn = "amount";
    public const string TextColumn = "kind";

    public static LabelSpec Label { get; } = new("churned", ["yes"]);

    public static OnnxGraph Graph(float weight, float bias = 0, string numberColumn = NumberColumn)
    {
        var graph = new OnnxGraph();
        var amount = graph.Cast(graph.Input(numberColumn, OnnxType.Double, null, 1), OnnxType.Float);
        var kind = graph.Input(TextColumn, OnnxType.String, null, 1);
        var known = graph.Node("Where", [graph.Node("IsNaN", [amount]), graph.Scalar(0f), amount]);
        var special = graph.Cast(graph.Node("Equal", [kind, graph.Constant(["special"], 1, 1)]), OnnxType.Float);
        var sum = graph.Node("Add", [graph.Node("Add", [graph.Node("Mul", [known, graph.Scalar(weight)]), graph.Scalar(bias)]), special]);
        graph.Output(OnnxModel.Probability, graph.Node("Reshape", [graph.Node("Sigmoid", [sum]), graph.Constant([-1L])]), OnnxType.Float, [null]);
        return graph;
    }

    /// <summary>The same by other arithmetic.</summary>
    public static float Predict(float weight, float bias, double amount, string? kind) =>
        (float)(1 / (1 + Math.Exp(-((double.IsNaN(amount) ? 0 : amount * weight) + bias + (kind == "special" ? 1 : 0)))));

    /// <summary>Writes what a directory of a model needs to be evaluated and served.</summary>
    public static void Save(string directory, float weight, float bias = 0, string numberColumn = NumberColumn, LabelSpec? label = null)
    {
        Directory.CreateDirectory(directory);
        var graph = Graph(weight, bias, numberColumn);
        graph.Save(Path.Combine(directory, "model.onnx"));
        ModelSignature.Of(graph, label ?? Label).Save(Path.Combine(directory, ModelSignature.FileName));
    }
}
