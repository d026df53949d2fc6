using System.Text.Json.Nodes;
using Gyre.Pipelines;
using Gyre.Tests.Runners;

namespace Gyre.Tests.Pipelines;

public sealed class PipelineSpecTests
{
    static readonly Gen<string> Id = Gen.Char["abcdefghijklmnopqrstuvwxyz-"].Array[1, 12].Select(letters => "n" + new string(letters));

    static readonly Gen<JsonNode?> Value = Gen.OneOf(
        Gen.String.Select(text => (JsonNode?)JsonValue.Create(text)),
        Gen.Long.Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Double[-1e6, 1e6].Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)));

    static readonly Gen<NodeSpec> Node = Gen.Select(Id, Gen.Dictionary(Id, Value)[0, 4], Gen.Dictionary(Id, Id)[0, 3], Id.Array[0, 3], Gen.Int[1, 5]).Select(
        (id, parameters, wires, after, attempts) => new NodeSpec
        {
            Id = id,
            Component = "Component",
            Code = "Component v1",
            Parameters = new JsonObject(parameters.Select(parameter => KeyValuePair.Create(parameter.Key, parameter.Value?.DeepClone()))),
            Inputs = wires.ToDictionary(wire => wire.Key, wire => (IReadOnlyList<InputSpec>)[new InputSpec(wire.Value, "out", attempts > 3 ? "latest_blessed" : null)]),
            Outputs = new Dictionary<string, string> { ["out"] = "Examples" },
            After = after,
            Attempts = attempts,
        });

    [Fact]
    public void Writing_and_reading_a_pipeline_gives_the_same_pipeline() => Node.Array[0, 6].Sample(nodes =>
    {
        var spec = new PipelineSpec { Name = "p", Nodes = nodes };
        var read = PipelineSpec.FromJson(spec.ToJson());
        read.ToJson().ShouldBe(spec.ToJson());
        read.Fingerprint.ShouldBe(spec.Fingerprint);
    });

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"name\":\"p\",\"nodes\":[{\"id\":\"a\"}]}")]
    [InlineData("{\"name\":\"p\",\"nodes\":7}")]
    public void A_text_that_is_no_pipeline_is_refused_in_words(string json) =>
        Should.Throw<InvalidDataException>(() => PipelineSpec.FromJson(json)).Message.ShouldStartWith("The pipeline is");

    [Fact]
    public void A_pipeline_as_data_holds_wires_parameters_outputs_and_code()
    {
        var pipeline = new Pipeline("data");
        var start = pipeline.Add(new WriteText("hello"));
        pipeline.Add(new JoinTexts(start, start) { Id = "join", After = [start], Retry = Retry.UpTo(3) });

        var node = pipeline.ToSpec().Node("join");

        node.Inputs["texts"].ShouldBe([new InputSpec("write-text", "text_file"), new InputSpec("write-text", "text_file")]);
        node.Parameters.ToJsonString().ShouldBe("""{"separator":"\u002B"}""");
        node.Outputs.ShouldBe(new Dictionary<string, string> { ["text_file"] = "TextFile" });
        node.After.ShouldBe(["write-text"]);
        node.Attempts.ShouldBe(3);
        node.Code.ShouldStartWith("Gyre.Tests.Runners.JoinTexts ");
    }

    [Fact]
    public void Nodes_stand_in_an_order_in_which_they_can_run()
    {
        var pipeline = new Pipeline("order");
        var late = new WriteText("late") { Id = "late" };
        pipeline.Add(late);
        late.After.Add(pipeline.Add(new WriteText("early") { Id = "early" }));

        pipeline.ToSpec().Nodes.Select(node => node.Id).ShouldBe(["early", "late"]);
    }
}
