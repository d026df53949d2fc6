using Gyre.Schemas;
using Gyre.Schemas.TextFormat;

namespace Gyre.Tests.Schemas;

public sealed class SchemaFilesTests
{
    [Fact]
    public void Schemas_of_TFX_are_read_and_printed_with_the_same_meaning()
    {
        var files = Directory.GetFiles(SharedData.File("conformance"), "schema.pbtxt", SearchOption.AllDirectories);
        files.Length.ShouldBeGreaterThan(6);
        foreach (var file in files)
        {
            var schema = SchemaDefinition.Load(file);
            (schema.Columns.Count + schema.Message.SparseFeature.Count).ShouldBeGreaterThan(0, file);
            SchemaDefinition.Parse(schema.Text).Message.ShouldBe(schema.Message, file);
        }
    }

    [Fact]
    public void The_printed_schema_of_TFX_itself_is_printed_letter_by_letter()
    {
        var file = SharedData.File("conformance/tfx/testdata/schema_gen/schema.pbtxt");
        var withoutComments = string.Concat(File.ReadLines(file).Where(line => !line.StartsWith('#')).Select(line => line + "\n"));

        SchemaDefinition.Load(file).Text.ShouldBe(withoutComments);
    }

    [Fact]
    public void A_schema_is_shown_in_short()
    {
        var schema = SchemaDefinition.Parse("""
            feature { name: "a" type: BYTES domain: "letters" presence { min_fraction: 1 min_count: 1 } }
            feature { name: "b" type: INT int_domain { min: 1 } presence { min_fraction: 0.25 } }
            feature { name: "c" type: FLOAT float_domain { min: 0 max: 1 } }
            feature { name: "d" type: INT bool_domain { } }
            string_domain { name: "letters" value: ["a", "b", "c", "d", "e", "f", "g", "h"] }
            """);

        schema.Features.ShouldBe(
        [
            new("a", "BYTES", "required", "'a', 'b', 'c', 'd', 'e', 'f' and 2 more"),
            new("b", "INT", "at least 25 %", "whole numbers from 1"),
            new("c", "FLOAT", "optional", "numbers from 0 to 1"),
            new("d", "INT", "optional", "0 or 1"),
        ]);
    }

    [Fact]
    public void A_column_described_twice_is_refused() =>
        Should.Throw<TextFormatException>(() => SchemaDefinition.Parse("feature { name: 'a' } feature { name: 'b' } feature { name: 'a' }", "my.pbtxt"))
            .Message.ShouldBe("my.pbtxt(1,45): the feature 'a' is described more than once. Expected one 'feature' for each column: remove the others.");

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a.b", "'a.b'")]
    [InlineData("it's", "'it''s'")]
    [InlineData("(ext.name)", "(ext.name)")]
    [InlineData("f(x)", "'f(x)'")]
    [InlineData("with space", "with space")]
    [InlineData("", "''")]
    public void Names_are_quoted_in_paths_where_they_must_be(string name, string written) =>
        SchemaFeatures.Serialize([name]).ShouldBe(written);
}
