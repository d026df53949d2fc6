using System.Text.Json.Nodes;
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
}
