using System.Text.Json.Nodes;
using Gyre.Transforms;
using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

public sealed class TransformDefinitionTests
{
    [Fact]
    public void A_definition_is_recorded_operator_by_operator()
    {
        var definition = TransformDefinition.From(f =>
        {
            f.Label("disputed", "Yes", "1");
            f.Output("zip", f.Text("zip_code").Extract("[0-9]+").ToNumber().Bucketize(10).OneHot());
            f.Output("rate", (f.Number("tips").FillMissing(0) / (f.Number("fare") + 1)).ScaleToZScore());
        });

        var expected = JsonNode.Parse("""
            {
              "label": { "column": "disputed", "positive": ["Yes", "1"] },
              "outputs": {
                "rate": [
                  { "number": { "column": "tips" } },
                  { "fill_missing": { "value": 0 } },
                  { "div": { "with": [{ "number": { "column": "fare" } }, { "add": { "with": [{ "constant": { "value": 1 } }] } }] } },
                  { "scale_to_z_score": {} }
                ],
                "zip": [
                  { "text": { "column": "zip_code" } },
                  { "extract": { "pattern": "[0-9]+" } },
                  { "to_number": {} },
                  { "bucketize": { "buckets": 10 } },
                  { "one_hot": {} }
                ]
              }
            }
            """)!;
        definition.ToParameter().ToJsonString().ShouldBe(expected.ToJsonString());
    }

    [Fact]
    public void The_order_of_lines_and_common_parts_change_nothing()
    {
        var one = Define(f =>
        {
            f.Output("a", f.Text("c").Lower().Vocabulary(top: 3).OneHot());
            f.Output("b", f.Text("c").Lower().Length());
        });
        var other = Define(f =>
        {
            var lower = f.Text("c").Lower();
            f.Number("never used").Log1p();
            f.Output("b", lower.Length());
            f.Output("a", lower.Vocabulary(top: 3).OneHot());
        });

        other.ToParameter().ToJsonString().ShouldBe(one.ToParameter().ToJsonString());
        other.Columns.Select(column => column.Name).ShouldBe(["c"]);
    }

    [Fact]
    public void Equal_steps_are_computed_once()
    {
        var definition = Define(f =>
        {
            f.Output("a", f.Number("c").FillMissingWithMean());
            f.Output("b", f.Number("c").FillMissingWithMean().Log1p().FillMissing(0));
        });

        definition.Features["a"].Step.ShouldBeSameAs(definition.Features["b"].Step.Inputs[0].Inputs[0]);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once_each_with_its_line()
    {
        var definition = TransformDefinition.From(f =>
        {
            f.Output("twice", f.Text("a").Length());
            f.Output("TWICE", f.Text("a").Length());
            f.Output("no pattern", f.Text("a").Extract("(").Length());
            f.Output("top", f.Text("a").Vocabulary(top: 0).OneHot());
            f.Output("missing", f.Number("n"));
        });

        definition.Errors.Count.ShouldBe(6);
        definition.Errors[0].ShouldContain("There is a feature 'twice' already");
        definition.Errors[1].ShouldContain("The pattern '(' is no regular expression");
        definition.Errors[2].ShouldContain("'no pattern' cannot name a feature");
        definition.Errors[3].ShouldContain("Vocabulary was given 0 as top. Expected at least 1.");
        definition.Errors[4].ShouldContain("The feature 'missing' may be missing");
        definition.Errors[5].ShouldContain("no label");
        definition.Errors.Take(5).ShouldAllBe(error => error.StartsWith("TransformDefinitionTests.cs:", StringComparison.Ordinal));
    }

    public static TheoryData<string, Action<FeatureBuilder>> Mistakes() => new()
    {
        { "There are no features", _ => { } },
        { "The label is 'y' already", f => f.Output("x", Twice(f).Length()) },
        { "the model would see the answer", f => f.Output("x", f.Text("y").Length()) },
        { "'x' is made of the label's column 'y'", f => f.Output("x", (f.Number("a") > f.Number("y")).FillMissing(0)) },
        { "read both as text and as numbers", f => f.Output("x", (f.Number("a") + f.Text("a").Length()).FillMissing(0)) },
        { "A feature cannot be named 'Label'", f => f.Output("Label", f.Text("a").Length()) },
        { "'' cannot be a column", f => f.Output("x", f.Text("").Length()) },
        { "'/a' cannot be a column", f => f.Output("x", f.Text("/a").Length()) },
        { "A column 'probability' cannot be read", f => f.Output("x", f.Text("probability").Length()) },
        { "matches the empty text", f => f.Output("x", f.Text("a").Tokens("[a-z]*").Count()) },
        { "no regular expression of the kind in use", f => f.Output("x", f.Text("a").Tokens("(?=a)b").Count()) },
        { "no regular expression of the kind in use", f => f.Output("x", f.Text("a").Matches(@"(a)\1")) },
        { "changes nothing", f => f.Output("x", f.Text("a").FillMissing("").Length()) },
        { "HashBuckets was given 0 buckets", f => f.Output("x", f.Text("a").HashBuckets(0).OneHot()) },
        { "Bucketize was given 1 buckets", f => f.Output("x", f.Number("a").Bucketize(1).OneHot()) },
        { "each above the one before", f => f.Output("x", f.Number("a").BucketizeAt(2, 1).OneHot()) },
        { "each above the one before", f => f.Output("x", f.Number("a").BucketizeAt(1, 1).OneHot()) },
        { "Clip(2, 1) has its least value above", f => f.Output("x", f.Number("a").FillMissing(0).Clip(2, 1)) },
        { "Give a finite number", f => f.Output("x", f.Number("a").FillMissing(double.NaN)) },
        { "Give a finite number", f => f.Output("x", (f.Number("a") * double.PositiveInfinity).FillMissing(0)) },
        { "as minCount. Expected at least 1", f => f.Output("x", f.Text("a").Tokens("a").Vocabulary(top: 1, minCount: 0)) },
        { "as oovBuckets. Expected at least 0", f => f.Output("x", f.Text("a").Vocabulary(top: 1, oovBuckets: -1).AsCategory()) },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void A_mistake_is_named(string expected, Action<FeatureBuilder> define) =>
        Define(define).Errors.ShouldHaveSingleItem().ShouldContain(expected);

    static TextValue Twice(FeatureBuilder f)
    {
        f.Label("other", "1");
        return f.Text("a");
    }

    [Fact]
    public void What_cannot_be_missing_needs_no_filling()
    {
        var definition = Define(f =>
        {
            f.Output("a", f.Number("n").ScaleToZScore());
            f.Output("b", f.Number("n").FillMissing(0).Clip(0, 1));
            f.Output("c", f.Number("n").FillMissing(0) > 3);
            f.Output("d", f.Text("t").Matches("a"));
            f.Output("e", f.Number("n").IsMissing());
            f.Output("f", f.Number("n").FillMissingWithMedian().ScaleToUnit());
        });

        definition.Errors.ShouldBeEmpty();
    }
}
