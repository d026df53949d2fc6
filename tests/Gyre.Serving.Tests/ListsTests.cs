using System.Net;
using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Serving.Tests;

/// <summary>A model of lists: the number of texts and the number of numbers, added up.</summary>
public sealed class ListsTests
{
    static Task<RunningServer> StartAsync() => RunningServer.StartAsync(directory =>
    {
        var graph = new OnnxGraph();
        graph.Input("tags", OnnxType.String, null, null);
        graph.Input("prices", OnnxType.Double, null, null);
        var texts = graph.Node("Not", [graph.Node("Equal", ["tags", graph.Scalar("")])]);
        var numbers = graph.Node("Not", [graph.Node("IsNaN", ["prices"])]);
        var sum = graph.Node("Add", [Count(texts), Count(numbers)]);
        graph.Output(ModelSignature.OutputOf(LearningTask.Regression), sum, OnnxType.Float, [null]);
        var path = Path.Combine(directory, "small", "1");
        Directory.CreateDirectory(path);
        graph.Save(Path.Combine(path, "model.onnx"));
        ModelSignature.Of(graph, new LabelSpec("y") { Task = LearningTask.Regression }).Save(Path.Combine(path, ModelSignature.FileName));

        string Count(string flags) => graph.Node("ReduceSum", [graph.Cast(flags, OnnxType.Float), graph.Constant([1L])], ("keepdims", 0L));
    });

    [Theory]
    [InlineData("""{"instances": [{"tags": ["a", "b"], "prices": [1, 2.5, -3]}, {"tags": [], "prices": null}, {}]}""", "[5,0,0]")]
    [InlineData("""{"instances": [{"tags": "a", "prices": 1}, {"tags": ["a", null, ""]}]}""", "[2,1]")]
    public async Task Lists_are_taken_row_by_row(string body, string expected)
    {
        await using var server = await StartAsync();
        var (status, answer) = await server.AskAsync("/v1/models/small:predict", body);

        status.ShouldBe(HttpStatusCode.OK);
        answer.RootElement.GetProperty("predictions").ToString().Replace(" ", "", StringComparison.Ordinal).ShouldBe(expected);
    }

    [Fact]
    public async Task Lists_are_taken_column_by_column()
    {
        await using var server = await StartAsync();
        var (status, answer) = await server.AskAsync("/v1/models/small:predict", """{"inputs": {"tags": [["a", "b"], []], "prices": [[], [1]]}}""");

        status.ShouldBe(HttpStatusCode.OK);
        answer.RootElement.GetProperty("outputs").ToString().Replace(" ", "", StringComparison.Ordinal).ShouldBe("[2,1]");
    }

    [Fact]
    public async Task A_wrong_value_in_a_list_is_named()
    {
        await using var server = await StartAsync();
        var (status, answer) = await server.AskAsync("/v1/models/small:predict", """{"instances": [{"prices": [1, "two"]}]}""");

        status.ShouldBe(HttpStatusCode.BadRequest);
        answer.RootElement.GetProperty("error").GetString()!.ShouldContain("instances[0].prices");
    }
}
