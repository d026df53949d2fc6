using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Tests.Onnx;

public sealed class OnnxGraphTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("gyre-onnx-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_graph_runs_from_a_file()
    {
        var path = Path.Combine(_directory, "model.onnx");
        Double().Save(path);

        using var model = new OnnxModel(path);

        model.Inputs.ShouldBe([new OnnxInput("number", IsText: false)]);
        model.Outputs.ShouldBe(["probability"]);
        model.Predict(Numbers(1, 2.5, -3)).ShouldBe([2f, 5f, -6f]);
    }

    [Fact]
    public void Equal_graphs_have_equal_bytes() => Double().ToBytes().ShouldBe(Double().ToBytes());

    [Fact]
    public void A_saved_graph_can_be_added_to()
    {
        var path = Path.Combine(_directory, "first.onnx");
        var first = new OnnxGraph();
        first.Input("number", OnnxType.Double, null, 1);
        first.Output("/features/x", first.Node("Mul", ["number", first.Scalar(2.0)]), OnnxType.Double, null, 1);
        first.Save(path);

        var graph = OnnxGraph.Load(path);
        graph.Outputs.Single().Name.ShouldBe("/features/x");
        graph.RemoveOutputs();
        var sum = graph.Node("Mul", ["/features/x", graph.Scalar(2.0)]);
        graph.Output("probability", graph.Cast(graph.Node("Reshape", [sum, graph.Constant([-1L])]), OnnxType.Float), OnnxType.Float, [null]);

        using var model = new OnnxModel(graph);
        model.Outputs.ShouldBe(["probability"]);
        model.Predict(Numbers(3)).ShouldBe([12f]);
    }

    [Fact]
    public void Names_made_up_are_unique_and_begin_with_a_slash()
    {
        var graph = new OnnxGraph();
        graph.Input("number", OnnxType.Double, null, 1);
        var names = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using (graph.Scope("layer"))
                names.Add(graph.Node("Neg", ["number"]));
            names.Add(graph.Node("Neg", ["number"]));
        }

        names.ShouldBe(["/layer/Neg", "/Neg", "/layer/Neg_1", "/Neg_1", "/layer/Neg_2", "/Neg_2"]);
    }

    [Fact]
    public void A_node_that_reads_an_unknown_tensor_is_refused()
    {
        var error = Should.Throw<ArgumentException>(() => new OnnxGraph().Node("Neg", ["nothing"]));

        error.Message.ShouldContain("'nothing'");
        error.Message.ShouldContain("Neg");
    }

    [Fact]
    public void An_output_cannot_take_the_name_of_an_input()
    {
        var graph = new OnnxGraph();
        graph.Input("number", OnnxType.Double, null, 1);

        Should.Throw<ArgumentException>(() => graph.Output("number", graph.Node("Neg", ["number"]), OnnxType.Double, null, 1))
            .Message.ShouldContain("'number' already");
    }

    [Fact]
    public void A_file_that_is_no_model_is_named()
    {
        var path = Path.Combine(_directory, "broken.onnx");
        File.WriteAllText(path, "this is not a model");

        Should.Throw<InvalidDataException>(() => OnnxGraph.Load(path)).Message.ShouldContain(path);
        Should.Throw<InvalidDataException>(() => new OnnxModel(path)).Message.ShouldContain(path);
    }

    [Fact]
    public void Operators_of_other_domains_are_listed_once()
    {
        var graph = new OnnxGraph();
        graph.Input("text", OnnxType.String, null, 1);
        graph.Node(OnnxGraph.Microsoft, "MurmurHash3", ["text"], 1, ("positive", 1L));
        graph.Node(OnnxGraph.Microsoft, "MurmurHash3", ["text"], 1, ("positive", 1L), ("seed", 7L));
        graph.Node("Shape", ["text"]);

        graph.ForeignOperators.ShouldBe(["com.microsoft.MurmurHash3"]);
    }

    [Theory]
    [InlineData(-1, new[] { 0f, 0f, 0f })]
    [InlineData(0, new[] { 1f, 0f, 0f })]
    [InlineData(2, new[] { 0f, 0f, 1f })]
    [InlineData(3, new[] { 0f, 0f, 0f })]
    [InlineData(-2, new[] { 0f, 0f, 0f })]
    public void One_hot_vectors_of_ids_outside_are_zeros(int id, float[] expected)
    {
        var graph = new OnnxGraph();
        graph.Input("id", OnnxType.Double, null, 1);
        graph.Output("vector", graph.OneHot(graph.Cast("id", OnnxType.Int64), 3), OnnxType.Float, null, 3);
        using var model = new OnnxModel(graph);

        model.Run(Numbers("id", id), ["vector"], chunk => chunk.Floats("vector").ToArray().ShouldBe(expected));
    }

    static OnnxGraph Double()
    {
        var graph = new OnnxGraph();
        graph.Input("number", OnnxType.Double, null, 1);
        var twice = graph.Node("Mul", ["number", graph.Scalar(2.0)]);
        graph.Output("probability", graph.Cast(graph.Node("Reshape", [twice, graph.Constant([-1L])]), OnnxType.Float), OnnxType.Float, [null]);
        return graph;
    }

    static ExampleBatch Numbers(params double[] values) => Numbers("number", values);

    static ExampleBatch Numbers(string column, params double[] values) =>
        new(values.Length, new Dictionary<string, Array>(StringComparer.Ordinal) { [column] = values });
}
