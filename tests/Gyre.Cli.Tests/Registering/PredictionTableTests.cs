using System.Text.Json;
using Gyre.Cli.Registering;
using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Cli.Tests.Registering;

public sealed class PredictionTableTests : IDisposable
{
    readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_class_stands_before_the_probability_of_each()
    {
        var (header, lines, values) = Predict(new LabelSpec("kind") { Task = LearningTask.Multiclass, Classes = ["a, b", "c"] });

        header.ShouldBe("row,class,\"probability of a, b\",probability of c");
        lines.ShouldBe(["c,0.25,0.75", "\"a, b\",1,0"]);
        values.ShouldBe("""[{"probabilities":[0.25,0.75],"class":"c"},{"probabilities":[1,0],"class":"a, b"}]""");
    }

    [Fact]
    public void Several_classes_stand_side_by_side()
    {
        var (header, lines, values) = Predict(new LabelSpec("tags") { Task = LearningTask.Multilabel, Classes = ["new", "red"] });

        header.ShouldBe("row,classes,probability of new,probability of red");
        lines.ShouldBe(["red,0.25,0.75", "new,1,0"]);
        values.ShouldBe("""[{"probabilities":[0.25,0.75],"classes":["red"]},{"probabilities":[1,0],"classes":["new"]}]""");
    }

    [Theory]
    [InlineData(LearningTask.Binary, "row,probability")]
    [InlineData(LearningTask.Regression, "row,prediction")]
    [InlineData(LearningTask.Ranking, "row,score")]
    public void One_number_is_named_by_its_task(LearningTask task, string expected)
    {
        var (header, lines, values) = Predict(new LabelSpec("y", ["1"]) { Task = task });

        header.ShouldBe(expected);
        lines.ShouldBe(["1", "-2"]);
        values.ShouldBe("[1,-2]");
    }

    /// <summary>Predicts 1 and −2 of a number x: the number itself, or for two classes the probabilities of (2 − x)/4 and (2 + x)/4.</summary>
    (string Header, string[] Lines, string Values) Predict(LabelSpec label)
    {
        var graph = new OnnxGraph();
        var x = graph.Cast(graph.Input("x", OnnxType.Double, null, 1), OnnxType.Float);
        var output = label.HasClasses
            ? graph.Node("Add", [graph.Node("MatMul", [x, graph.Constant([-0.25f, 0.25f], 1, 2)]), graph.Scalar(0.5f)])
            : graph.Node("Reshape", [x, graph.Constant([-1L])]);
        graph.Output(ModelSignature.OutputOf(label.Task), output, OnnxType.Float, label.HasClasses ? [null, 2] : [null]);
        graph.Save(_path);
        using var model = new OnnxModel(_path);
        var table = new PredictionTable(ModelSignature.Of(graph, label), model);
        var batch = new ExampleBatch(2, new Dictionary<string, Array>(StringComparer.Ordinal) { ["x"] = new[] { 1.0, -2 } });
        return (table.Header, [.. table.Lines(batch)], JsonSerializer.Serialize(table.Values(batch)));
    }
}
