using Gyre.Schemas;
using Gyre.Schemas.Protos;
using Gyre.Statistics;
using Gyre.Statistics.Protos;
using Gyre.Tests.Statistics;

namespace Gyre.Tests.Schemas;

public sealed class SchemaInferenceTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-infer-");

    public void Dispose() => _directory.Delete(recursive: true);

    (Feature Feature, SchemaDefinition Schema) Infer(Array values, InferenceOptions? options = null)
    {
        var file = ExampleFile.Write(System.IO.Path.Combine(_directory.FullName, "examples.parquet"), ("column", values));
        var schema = SchemaInference.Infer(StatisticsEngine.Compute(file, cancellationToken: TestContext.Current.CancellationToken), options);
        return (schema.Message.Feature.ShouldHaveSingleItem(), schema);
    }

    static string[] Texts(int count, int distinct) => [.. Enumerable.Range(0, count).Select(i => $"value {i % distinct:000}")];

    [Fact]
    public void Types_are_those_of_the_columns()
    {
        Infer(new long[] { 3, 5 }).Feature.Type.ShouldBe(FeatureType.Int);
        Infer(new double[] { 3, 5 }).Feature.Type.ShouldBe(FeatureType.Float);
        Infer(new[] { "a" }).Feature.Type.ShouldBe(FeatureType.Bytes);
    }

    [Fact]
    public void A_column_missing_nowhere_is_demanded_nearly_everywhere()
    {
        var feature = Infer(new long[] { 3, 5, 7 }).Feature;

        feature.Presence.ShouldBe(new FeaturePresence { MinFraction = 0.99, MinCount = 1 });
        feature.ValueCount.ShouldBe(new ValueCount { Min = 1, Max = 1 });
        feature.ShapeTypeCase.ShouldBe(Feature.ShapeTypeOneofCase.ValueCount);
    }

    [Fact]
    public void A_column_missing_in_places_must_keep_half_of_its_share()
    {
        Infer(new long?[] { 3, null, null, 7, 9 }).Feature.Presence.ShouldBe(new FeaturePresence { MinFraction = 0.3 });
        Infer(Enumerable.Range(0, 10_002).Select(i => i == 5 ? 1 : (long?)null).ToArray()).Feature.Presence.MinFraction.ShouldBe(0);
    }

    [Fact]
    public void A_column_missing_everywhere_is_not_demanded()
    {
        var feature = Infer(new string?[] { null, null }).Feature;

        feature.Presence.ShouldBe(new FeaturePresence { MinCount = 0 });
        feature.DomainInfoCase.ShouldBe(Feature.DomainInfoOneofCase.None);
        feature.ShapeTypeCase.ShouldBe(Feature.ShapeTypeOneofCase.None);
    }

    [Fact]
    public void Strict_rules_are_those_of_TensorFlow_Data_Validation()
    {
        var (whole, _) = Infer(new[] { "a", "b" }, InferenceOptions.Strict);
        whole.Presence.ShouldBe(new FeaturePresence { MinFraction = 1, MinCount = 1 });
        whole.Shape.Dim.ShouldHaveSingleItem().Size.ShouldBe(1);
        whole.Domain.ShouldBe("column");
        whole.DistributionConstraints.ShouldBeNull();

        var (holed, _) = Infer(new[] { "a", null, "b" }, InferenceOptions.Strict);
        holed.Presence.ShouldBe(new FeaturePresence { MinCount = 1 });
        holed.ValueCount.ShouldBe(new ValueCount { Min = 1, Max = 1 });
    }

    [Fact]
    public void A_column_of_few_distinct_texts_gets_them_as_its_set()
    {
        var (feature, schema) = Infer(Texts(300, distinct: 100));

        feature.Domain.ShouldBe("column");
        feature.DistributionConstraints.MinDomainMass.ShouldBe(0.95);
        schema.Message.StringDomain.ShouldHaveSingleItem().Value.ShouldBe(Enumerable.Range(0, 100).Select(i => $"value {i:000}"));
        Infer(Texts(303, distinct: 101)).Feature.DomainInfoCase.ShouldBe(Feature.DomainInfoOneofCase.None);
        Infer(Texts(303, distinct: 101), new InferenceOptions { MaxDomainSize = 101 }).Feature.Domain.ShouldBe("column");
    }

    [Fact]
    public void A_column_whose_values_are_mostly_rare_gets_no_set()
    {
        string[] values = [.. Enumerable.Repeat("frequent", 97), "rare 1", "rare 2", "rare 3"];

        Infer(values).Feature.DomainInfoCase.ShouldBe(Feature.DomainInfoOneofCase.None);
        Infer(values.Concat(Enumerable.Repeat("frequent", 20)).ToArray()).Feature.Domain.ShouldBe("column");
        Infer(values, InferenceOptions.Strict).Feature.Domain.ShouldBe("column");
    }

    [Fact]
    public void Long_texts_get_no_set() =>
        Infer(Enumerable.Repeat(new string('x', 2000), 100).ToArray()).Feature.DomainInfoCase.ShouldBe(Feature.DomainInfoOneofCase.None);

    [Fact]
    public void Zeros_and_ones_are_truth_values()
    {
        Infer(new long[] { 0, 1, 1 }).Feature.DomainInfoCase.ShouldBe(Feature.DomainInfoOneofCase.BoolDomain);
        Infer(new long[] { 0, 1, 2 }).Feature.DomainInfoCase.ShouldBe(Feature.DomainInfoOneofCase.None);
        Infer(new long[] { 0, 0 }).Feature.DomainInfoCase.ShouldBe(Feature.DomainInfoOneofCase.None);
        Infer(new double[] { 0, 1 }).Feature.DomainInfoCase.ShouldBe(Feature.DomainInfoOneofCase.None);
        Infer(new[] { "true", "false", "true" }).Feature.BoolDomain.ShouldBe(new BoolDomain { TrueValue = "true", FalseValue = "false" });
        Infer(Enumerable.Repeat("true", 5).ToArray()).Feature.Domain.ShouldBe("column");
    }

    [Fact]
    public void The_schema_of_TFX_follows_from_the_statistics_of_TFX()
    {
        var schema = SchemaInference.Infer(
            DatasetStatistics.Load(SharedData.File("conformance/tfx/testdata/statistics_gen/Split-train/FeatureStats.pb")), InferenceOptions.Strict).Message;
        var golden = SchemaDefinition.Load(SharedData.File("conformance/tfx/testdata/schema_gen/schema.pbtxt")).Message;

        schema.Feature.Count.ShouldBe(golden.Feature.Count);
        foreach (var expected in golden.Feature)
        {
            var found = schema.Feature.Single(feature => feature.Name == expected.Name);
            (found.Type, found.Domain).ShouldBe((expected.Type, expected.Domain), expected.Name);
            found.Presence.ShouldBe(expected.Presence, expected.Name);

            // That golden file was made without shapes.
            (found.Shape is null).ShouldBe(expected.ValueCount is null, expected.Name);
        }

        // It was also made from more data than the train split: there are more companies in it.
        foreach (var (found, expected) in schema.StringDomain.OrderBy(domain => domain.Name, StringComparer.Ordinal).Zip(golden.StringDomain))
        {
            found.Name.ShouldBe(expected.Name);
            found.Value.ShouldBeSubsetOf(expected.Value);
        }
    }

    [Fact]
    public void Features_within_structures_are_described_within_them()
    {
        static FeatureNameStatistics Of(FeatureNameStatistics.Types.Type type, params string[] path)
        {
            var common = new CommonStatistics { NumNonMissing = 3, MinNumValues = 1, MaxNumValues = 2, TotNumValues = 5 };
            var feature = new FeatureNameStatistics { Path = new Gyre.Statistics.Protos.Path { Step = { path } }, Type = type };
            if (type == FeatureNameStatistics.Types.Type.Struct)
                feature.StructStats = new StructStatistics { CommonStats = common };
            else
                feature.NumStats = new NumericStatistics { CommonStats = common, Max = 7 };
            return feature;
        }

        var statistics = new DatasetStatistics(new DatasetFeatureStatistics
        {
            NumExamples = 3,
            Features = { Of(FeatureNameStatistics.Types.Type.Struct, "parent"), Of(FeatureNameStatistics.Types.Type.Int, "parent", "child") },
        });

        var schema = SchemaInference.Infer(statistics, InferenceOptions.Strict);

        schema.Columns.ShouldBe(["parent"]);
        var child = schema.Message.Feature[0].StructDomain.Feature.ShouldHaveSingleItem();
        (child.Name, child.Type, child.ValueCount.Min).ShouldBe(("child", FeatureType.Int, 1));
        SchemaValidation.Validate(statistics, schema).Found.ShouldBeEmpty();
    }

    [Fact]
    public void Columns_with_alike_sets_share_one()
    {
        string[] Letters(int from, int count) => [.. Enumerable.Range(from, count).Select(i => $"v{i:00}")];
        var schema = SharedOf(
            "domain_of_departure", Letters(0, 20), "arrival", Letters(5, 20), "small", Letters(0, 3), "same", Letters(0, 3), "other", Letters(0, 4));

        schema.StringDomain.Select(domain => (domain.Name, domain.Value.Count)).ShouldBe([("arrival", 25), ("same", 3), ("other", 4)]);
        schema.Feature.Select(feature => feature.Domain).ShouldBe(["arrival", "arrival", "same", "same", "other"]);

        static Schema SharedOf(params object[] sets)
        {
            var schema = new Schema();
            for (var i = 0; i < sets.Length; i += 2)
            {
                schema.StringDomain.Add(new StringDomain { Name = (string)sets[i], Value = { (string[])sets[i + 1] } });
                schema.Feature.Add(new Feature { Name = (string)sets[i], Domain = (string)sets[i] });
            }

            SharedDomains.Merge(schema);
            return schema;
        }
    }
}
