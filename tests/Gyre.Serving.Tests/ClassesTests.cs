using System.Net;
using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Serving.Tests;

/// <summary>Models of other tasks than yes or no.</summary>
public sealed class ClassesTests
{
    const string Body = """{"instances": [{"x": 1}, {"x": -2}]}""";

    [Fact]
    public async Task A_class_is_answered_beside_the_probabilities()
    {
        await using var server = await StartAsync(new LabelSpec("kind") { Task = LearningTask.Multiclass, Classes = ["a", "b"] });

        (await AnswerAsync(server, Body)).ShouldStartWith("""{"predictions":[{"probabilities":[0.25,0.75],"class":"b"},{"probabilities":[1,0],"class":"a"}],"model_spec":""");
        (await AnswerAsync(server, """{"inputs": {"x": [1, -2]}}""")).ShouldStartWith("""{"outputs":{"probabilities":[[0.25,0.75],[1,0]],"class":["b","a"]},"model_spec":""");
        (await AnswerAsync(server, """{"instances": []}""")).ShouldStartWith("""{"predictions":[],"model_spec":""");
    }

    [Fact]
    public async Task Several_classes_are_answered_as_a_list()
    {
        await using var server = await StartAsync(new LabelSpec("tags") { Task = LearningTask.Multilabel, Classes = ["new", "red"] });

        (await AnswerAsync(server, """{"instances": [{"x": 1}, {"x": 0}]}""")).ShouldStartWith("""{"predictions":[{"probabilities":[0.25,0.75],"classes":["red"]},{"probabilities":[0.5,0.5],"classes":[]}],""");
    }

    [Theory]
    [InlineData(LearningTask.Regression)]
    [InlineData(LearningTask.Ranking)]
    public async Task Numbers_and_scores_are_answered_plainly(LearningTask task)
    {
        await using var server = await StartAsync(new LabelSpec("y") { Task = task, Unit = task == LearningTask.Regression ? "EUR" : null });

        (await AnswerAsync(server, Body)).ShouldStartWith("""{"predictions":[1,-2],"model_spec":""");
    }

    [Fact]
    public async Task The_metadata_say_what_the_numbers_mean()
    {
        await using var server = await StartAsync(new LabelSpec("kind") { Task = LearningTask.Multiclass, Classes = ["a", "b"] });

        var (status, answer) = await server.AskAsync("/v1/models/small/metadata");
        status.ShouldBe(HttpStatusCode.OK);
        var metadata = answer.RootElement.GetProperty("metadata");
        metadata.GetProperty("task").GetString().ShouldBe("multiclass");
        metadata.GetProperty("classes").EnumerateArray().Select(name => name.GetString()).ShouldBe(["a", "b"]);
        var outputs = metadata.GetProperty("signature_def").GetProperty("signature_def").GetProperty("serving_default").GetProperty("outputs");
        outputs.GetProperty("probabilities").GetProperty("tensor_shape").GetProperty("dim").EnumerateArray().Select(size => size.GetProperty("size").GetString()).ShouldBe(["-1", "2"]);
        outputs.GetProperty("class").GetProperty("dtype").GetString().ShouldBe("DT_STRING");
    }

    static async Task<string> AnswerAsync(RunningServer server, string body)
    {
        var (status, answer) = await server.AskAsync("/v1/models/small:predict", body);
        status.ShouldBe(HttpStatusCode.OK);
        return answer.RootElement.GetRawText().Replace(" ", "", StringComparison.Ordinal);
    }

    /// <summary>A model of one number x: the number itself, or for two classes the probabilities of (2 − x)/4 and (2 + x)/4.</summary>
    static Task<RunningServer> StartAsync(LabelSpec label) => RunningServer.StartAsync(directory =>
    {
        var graph = new OnnxGraph();
        var x = graph.Cast(graph.Input("x", OnnxType.Double, null, 1), OnnxType.Float);
        var output = label.HasClasses
            ? graph.Node("Add", [graph.Node("MatMul", [x, graph.Constant([-0.25f, 0.25f], 1, 2)]), graph.Scalar(0.5f)])
            : graph.Node("Reshape", [x, graph.Constant([-1L])]);
        graph.Output(ModelSignature.OutputOf(label.Task), output, OnnxType.Float, label.HasClasses ? [null, 2] : [null]);
        var path = Path.Combine(directory, "small", "1");
        Directory.CreateDirectory(path);
        graph.Save(Path.Combine(path, "model.onnx"));
        ModelSignature.Of(graph, label).Save(Path.Combine(path, ModelSignature.FileName));
    });
}
