using System.Text.Json.Nodes;
using Gyre.Pipelines;
using Gyre.Runners;

namespace Gyre.Tests.Runners;

public sealed class IdentityTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""", "a: 1 → 2")]
    [InlineData("""{"a":{"b":"x"}}""", """{"a":{"b":"y"}}""", "a.b: \"x\" → \"y\"")]
    [InlineData("""{"a":[1,2,3]}""", """{"a":[1,9,2,3]}""", "a[1] was added: 9")]
    [InlineData("""{"a":[1,2,3]}""", """{"a":[1,3]}""", "a[1] was removed: 2")]
    [InlineData("""{"a":[{"x":1},{"y":2}]}""", """{"a":[{"x":1},{"y":3}]}""", "a[1].y: 2 → 3")]
    [InlineData("""{"a":[1,1]}""", """{"a":[1,1,1]}""", "a[2] was added: 1")]
    [InlineData("""{"a":1}""", """{"a":1,"b":[]}""", "b was added: []")]
    public void A_difference_is_named_where_it_is(string before, string after, string difference) =>
        JsonDifference.Between(JsonNode.Parse(before), JsonNode.Parse(after)).ShouldBe([difference]);

    static readonly Gen<Dictionary<string, string>> Wires = Gen.Dictionary(Gen.String[Gen.Char.AlphaNumeric, 1, 6], Gen.String[Gen.Char.AlphaNumeric, 4, 8])[1, 4];

    [Fact]
    public void Equal_work_has_an_equal_cache_key_in_whatever_order_its_parts_were_named() =>
        Gen.Select(Wires, Wires, Wires).Sample((parameters, inputs, outputs) =>
            Key(parameters, inputs, outputs).ShouldBe(Key(Reversed(parameters), Reversed(inputs), Reversed(outputs))));

    [Fact]
    public void Work_that_differs_in_one_parameter_input_output_file_or_its_code_has_another_cache_key() =>
        Gen.Select(Wires, Wires, Wires).Sample((parameters, inputs, outputs) => new[]
        {
            Key(parameters, inputs, outputs),
            Key(Changed(parameters), inputs, outputs),
            Key(parameters, Changed(inputs), outputs),
            Key(parameters, inputs, Changed(outputs)),
            Key(parameters, inputs, outputs, code: "X v2"),
            Key(parameters, inputs, outputs, file: "other"),
        }.ShouldBeUnique());

    static Dictionary<string, string> Reversed(Dictionary<string, string> parts) => parts.Reverse().ToDictionary(StringComparer.Ordinal);

    static Dictionary<string, string> Changed(Dictionary<string, string> parts) =>
        parts.ToDictionary(part => part.Key, part => part.Key == parts.Keys.First() ? part.Value + "!" : part.Value, StringComparer.Ordinal);

    static string Key(
        Dictionary<string, string> parameters, Dictionary<string, string> inputs, Dictionary<string, string> outputs, string code = "X v1", string file = "file")
    {
        var node = new NodeSpec
        {
            Id = "x",
            Component = "X",
            Code = code,
            Parameters = new JsonObject(parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal).Select(parameter => KeyValuePair.Create(parameter.Key, (JsonNode?)parameter.Value))),
            Inputs = new Dictionary<string, IReadOnlyList<InputSpec>>(StringComparer.Ordinal),
            Outputs = outputs,
        };
        return Identity.Of(node, inputs.ToDictionary(input => input.Key, input => (IReadOnlyList<string>)[input.Value], StringComparer.Ordinal), [file]).CacheKey;
    }
}
