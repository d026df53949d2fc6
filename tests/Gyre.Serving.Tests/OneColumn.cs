using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Serving.Tests;

/// <summary>A model with one text column: 1 where it is "special", else 0.</summary>
static class OneColumn
{
    public static void Push(string directory, string output = OnnxModel.Probability)
    {
        var graph = new OnnxGraph();
        var kind = graph.Input("kind", OnnxType.String, null, 1);
        var special = graph.Cast(graph.Node("Equal", [kind, graph.Constant(["special"], 1, 1)]), OnnxType.Float);
        graph.Output(output, graph.Node("Reshape", [special, graph.Constant([-1L])]), OnnxType.Float, [null]);
        var path = Path.Combine(directory, "small", "1");
        Directory.CreateDirectory(path);
        graph.Save(Path.Combine(path, "model.onnx"));
        ModelSignature.Of(graph, new LabelSpec("churned", ["yes"])).Save(Path.Combine(path, ModelSignature.FileName));
    }
}
