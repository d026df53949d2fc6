using System.Text;
using System.Text.RegularExpressions;
using Gyre.Schemas;
using Gyre.Schemas.TextFormat;

namespace Gyre.Tests.Schemas;

/// <summary>Files that are no schemas: no crash, no silent acceptance; the message names the place and the cure.</summary>
public sealed class MalformedSchemasTests
{
    const int FuzzedFiles = 5_000;

    [Theory]
    [InlineData("feature { nam: 'x' }", 1, 11, "has no field 'nam'. It has: name")]
    [InlineData("features { name: 'x' }", 1, 1, "has no field 'features'. It has: feature")]
    [InlineData("feature {\n  name: 'x'\n", 3, 1, "Expected '}'")]
    [InlineData("feature { name: 'x' } }", 1, 23, "expected the name of a field")]
    [InlineData("feature { name 'x' }", 1, 16, "expected ':' after 'name'")]
    [InlineData("feature { name: x }", 1, 17, "expected a quoted string for 'name'")]
    [InlineData("feature { name: 'x }", 1, 17, "no closing '")]
    [InlineData("feature { name: 'x\ny' }", 1, 17, "Write line breaks as \\n")]
    [InlineData("feature { name: 'a\\qb' }", 1, 19, "is no escape")]
    [InlineData("feature { name: '\\400' }", 1, 18, "greatest byte")]
    [InlineData("feature { name: '\\u12' }", 1, 18, "4 hexadecimal digits")]
    [InlineData("feature { name: '\\377' }", 1, 17, "not UTF-8")]
    [InlineData("feature { type: STRING }", 1, 17, "one of TYPE_UNKNOWN, BYTES, INT, FLOAT, STRUCT")]
    [InlineData("feature { type: 99 }", 1, 17, "one of TYPE_UNKNOWN")]
    [InlineData("feature { type: INT type: INT }", 1, 21, "stands twice")]
    [InlineData("feature { int_domain { } float_domain { } }", 1, 26, "only one is allowed")]
    [InlineData("feature { presence { min_count: 1.5 } }", 1, 33, "a whole number of 64 bits")]
    [InlineData("feature { presence { min_count: 99999999999999999999 } }", 1, 33, "a whole number of 64 bits")]
    [InlineData("feature { presence { min_fraction: lots } }", 1, 36, "a number")]
    [InlineData("feature { presence: 0.9 }", 1, 21, "expected '{'")]
    [InlineData("feature { presence { min_fraction: [0.9] } }", 1, 36, "has one value, not a list")]
    [InlineData("feature { deprecated: yes }", 1, 23, "true or false")]
    [InlineData("feature: [ { name: 'x' }", 1, 25, "expected ']'")]
    [InlineData("string_domain { value: ['a' 'b', ] }", 1, 34, "expected a quoted string")]
    [InlineData("string_domain { value: \"a\"\n  value: 3 }", 2, 10, "expected a quoted string for 'value'")]
    [InlineData("feature { name: 'x' }\nfeature { name: 'y' }\nfeature { name: 'x' }", 3, 1, "more than once")]
    [InlineData("feature { annotation { extra_metadata { [type.googleapis.com/x] { } } } }", 1, 41, "Remove the bracketed name")]
    [InlineData("name,type\nx,INT\n", 1, 1, "has no field 'name'")]
    [InlineData("{ \"feature\": [] }", 1, 1, "expected the name of a field")]
    [InlineData("feature = 3", 1, 9, "has no meaning here")]
    [InlineData("feature { 33: { a: 1 ", 1, 22, "Expected '}'")]
    [InlineData("feature { 33: }", 1, 15, "expected a value")]
    [InlineData("\u0000\u0001\u0002", 1, 1, "U+0000")]
    public void The_message_names_place_and_cure(string text, int line, int column, string cure)
    {
        var fault = Should.Throw<TextFormatException>(() => SchemaDefinition.Parse(text, "my.pbtxt"));

        (fault.Line, fault.Column).ShouldBe((line, column), fault.Message);
        fault.Message.ShouldStartWith(FormattableString.Invariant($"my.pbtxt({line},{column}): "));
        fault.Message.ShouldContain(cure);
    }

    [Fact]
    public void Messages_that_nest_too_deeply_are_refused() =>
        Should.Throw<TextFormatException>(() => SchemaDefinition.Parse(string.Concat(Enumerable.Repeat("feature { struct_domain { ", 200)))).Message.ShouldContain("nest deeper");

    [Fact]
    public void Fields_that_no_published_schema_has_are_passed_over_and_told()
    {
        var schema = SchemaDefinition.Parse("generate_legacy_feature_spec: false\nfeature { name: 'x' 33: { a: [1, 'b'] } type: INT 7777: -5 }", "my.pbtxt");

        schema.Features.ShouldHaveSingleItem().Type.ShouldBe("INT");
        schema.Ignored.Count.ShouldBe(3);
        schema.Ignored[0].ShouldStartWith("my.pbtxt(1,1): 'generate_legacy_feature_spec' is no published field of Schema");
        schema.Ignored[1].ShouldStartWith("my.pbtxt(2,21): '33'");
    }

    /// <summary>Every end is an exception with a place, or a schema that can be written and read again.</summary>
    [Fact]
    public void Random_damage_never_crashes_and_is_never_accepted_in_part()
    {
        const string Sound = """
            feature { name: "company" type: BYTES domain: "d" presence { min_fraction: 0.5 min_count: 1 } value_count { min: 1 max: 2 } }
            feature { name: "fare" type: FLOAT float_domain { min: -1.5 max: 1e3 disallow_nan: true } not_in_environment: "S" }
            string_domain { name: "d" value: "a\n\"b\"" value: 'ü' } # comment
            default_environment: ["T", "S"] dataset_constraints { min_examples_count: 0x10 }
            """;
        const string Pieces = "{}<>[]:,;\"'\\#-.0x9 \n\tfeaturename";
        var random = new Random(20261127);
        var accepted = 0;
        for (var file = 0; file < FuzzedFiles; file++)
        {
            var text = new StringBuilder(Sound);
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(text.Length);
                switch (random.Next(4))
                {
                    case 0: text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)); break;
                    case 1: text.Insert(at, Pieces[random.Next(Pieces.Length)]); break;
                    case 2: text[at] = (char)random.Next(0, 0x3000); break;
                    default: text.Insert(at, text.ToString(random.Next(text.Length / 2), random.Next(1, 40))); break;
                }
            }

            try
            {
                var schema = SchemaDefinition.Parse(text.ToString(), "fuzzed");
                accepted++;
                SchemaDefinition.Parse(schema.Text).Text.ShouldBe(schema.Text);
                if (schema.Ignored.Count == 0)
                    SchemaDefinition.Parse(SchemaFileText.Update(text.ToString(), SchemaEdit.AddEnvironment(schema, "added"))).Text.ShouldBe(SchemaEdit.AddEnvironment(schema, "added").Text);
            }
            catch (TextFormatException fault)
            {
                Regex.IsMatch(fault.Message, @"^fuzzed\(\d+,\d+\): .+", RegexOptions.Singleline, TimeSpan.FromSeconds(1)).ShouldBeTrue(fault.Message);
            }
        }

        accepted.ShouldBeInRange(1, FuzzedFiles - 1);
    }
}
