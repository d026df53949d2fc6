using System.Globalization;
using System.Text.Json.Nodes;
using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Schemas;
using Gyre.Statistics;
using Gyre.Testing;
using Gyre.Tests.Statistics;
using Gyre.Transforms;

namespace Gyre.Tests.Transforms;

/// <summary>Statistics, schema and anomalies of what came out of a transform, by the same components as before it.</summary>
public sealed class StatisticsAfterTransform : IDisposable
{
    const string Header = "product,city,amount,note,answer\n";

    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    static string Rows(int count) => string.Concat(Enumerable.Range(0, count).Select(i => string.Create(
        CultureInfo.InvariantCulture, $"product {i % 13 % 7},city {i * 31 % 997},{i * 17 % 100}.5,\"good {(i % 3 == 0 ? "morning" : "night")}\",{(i % 4 == 0 ? "Yes" : "No")}\n")));

    static void Define(FeatureBuilder f)
    {
        f.Label("answer", "Yes");
        f.Output("amount", f.Number("amount").FillMissing(0).ScaleToZScore());
        f.Output("city", f.Text("city").Vocabulary(top: 1000, minCount: 1, oovBuckets: 1).AsCategory());
        f.Output("hashed", f.Text("city").HashBuckets(8).AsCategory());
        f.Output("pair", f.Text("product").Vocabulary(top: 2, oovBuckets: 2).Cross(f.Number("amount").Bucketize(3)).OneHot());
        f.Output("product", f.Text("product").Vocabulary(top: 5).OneHot());
        f.Output("vector", f.Vector(f.Number("amount").FillMissing(0), f.Number("amount").IsMissing()));
        f.Output("words", f.Text("note").Words().Vocabulary(top: 10));
    }

    sealed record Wires(
        Pipeline Pipeline, TransformOutputs Transform, Output<ExampleStatistics> Before, Output<ExampleStatistics> After, Output<DataSchema> Schema, Output<Gyre.Schemas.Anomalies> Anomalies);

    static Wires Build(string csv, Action<FeatureBuilder>? define = null)
    {
        var pipeline = new Pipeline("after");
        var examples = pipeline.Add(new IngestCsv(csv) { Splits = Split.ByHash(("train", 2), ("eval", 1)) });
        var before = pipeline.Add(new ComputeStatistics(examples));
        var transform = pipeline.Add(new FitTransform(examples, pipeline.Add(new InferSchema(before)), define ?? Define));
        var after = pipeline.Add(new ComputeStatistics(transform.Examples) { Id = "statistics-after" });
        var schema = pipeline.Add(new InferSchema(after) { Id = "schema-after" });
        var anomalies = pipeline.Add(new ValidateExamples(after, schema) { Id = "anomalies-after" });
        return new Wires(pipeline, transform, before, after, schema, anomalies);
    }

    Task<RunResult> Run(Wires wires) => _home.RunAsync(wires.Pipeline, cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public async Task Ids_are_counted_by_what_they_stand_for_and_both_splits_pass_the_gate()
    {
        var wires = Build(_home.Write("rows.csv", Header + Rows(1500)));
        var result = await Run(wires);

        result.ExitCode.ShouldBe(0, string.Join('\n', result.Nodes));
        var raw = _home.Artifact(result, wires.Before).Of("train").Features.ToDictionary(feature => feature.Name, StringComparer.Ordinal);
        var after = _home.Artifact(result, wires.After).Of("train").Features.ToDictionary(feature => feature.Name, StringComparer.Ordinal);
        after.Keys.ShouldBe(["amount", "city", "hashed", "pair", "product", "vector", "words", "label"], ignoreOrder: true);

        // The vocabulary keeps five of seven products; the others share an id.
        var products = raw["product"].TopValues.ToDictionary(top => top.Value, top => top.Count, StringComparer.Ordinal);
        var kept = after["product"].TopValues.Where(top => top.Value != "‹other›").ToList();
        kept.Count.ShouldBe(5);
        kept.ShouldAllBe(top => products[top.Value] == top.Count);
        after["product"].TopValues.Single(top => top.Value == "‹other›").Count.ShouldBe(products.Values.Sum() - kept.Sum(top => top.Count));

        after["words"].TopValues.Select(top => top.Value).ShouldBe(["good", "night", "morning"]);
        after["pair"].TopValues.ShouldContain(top => top.Value.StartsWith("‹product ", StringComparison.Ordinal) && top.Value.Contains(" × bucket ", StringComparison.Ordinal));
        after["pair"].TopValues.ShouldContain(top => top.Value.StartsWith("‹other 1 × bucket ", StringComparison.Ordinal));
        after["hashed"].TopValues.ShouldAllBe(top => top.Value.StartsWith("‹bucket ", StringComparison.Ordinal));
        after["amount"].Mean!.Value.ShouldBe(0, 1e-6);
        after["city"].Type.ShouldBe(FeatureValues.Text);

        // Cities that only the eval split has are one id, which the training split never has: that is no anomaly.
        var eval = _home.Artifact(result, wires.After).Of("eval").Message.Features.Single(feature => feature.Path.Step[0] == "city");
        eval.CustomStats.Single(custom => custom.Name == "ids_other").Num.ShouldBeGreaterThan(20);
        eval.CustomStats.Single(custom => custom.Name == "ids_outside").Num.ShouldBe(0);
        foreach (var split in new[] { "train", "eval" })
            _home.Artifact(result, wires.Anomalies).Of(split).Found.ShouldBeEmpty(split);

        var schema = _home.Artifact(result, wires.Schema).Load().Message;
        schema.Feature.Single(feature => feature.Name == "vector").ValueCount.Min.ShouldBe(2);
        schema.Feature.Single(feature => feature.Name == "vector").ValueCount.Max.ShouldBe(2);
        schema.Feature.Single(feature => feature.Name == "amount").FloatDomain.DisallowNan.ShouldBeTrue();
        schema.Feature.Single(feature => feature.Name == "city").DomainInfoCase.ShouldBe(Gyre.Schemas.Protos.Feature.DomainInfoOneofCase.None);
        (await Run(Build(Path.Combine(_home.Root, "rows.csv")))).Nodes.ShouldAllBe(node => node.State == NodeState.Cached);
    }

    [Fact]
    public async Task Numbers_that_leave_the_range_and_a_constant_close_the_gate()
    {
        var wires = Build(_home.Write("rows.csv", Header + Rows(1500)), f =>
        {
            f.Label("answer", "Yes");
            f.Output("constant", f.If(f.Number("amount") > 1e6, 1, 0).FillMissing(0));
            f.Output("exploding", (f.Number("amount") * 3).Exp().FillMissing(0));
            f.Output("sound", f.Number("amount").FillMissing(0));
            f.Output("unknown", f.Text("note").Extract("[0-9]+").Vocabulary(top: 10).OneHot());
        });
        var result = await Run(wires);

        result.ExitCode.ShouldBe(3);
        foreach (var split in new[] { "train", "eval" })
        {
            var found = _home.Artifact(result, wires.Anomalies).Of(split);
            found.Errors.Select(error => $"{error.Feature} {string.Join(",", error.Types)}").ShouldBe(
                ["constant FEATURE_TYPE_LOW_UNIQUE", "exploding FLOAT_TYPE_BIG_FLOAT", "unknown FEATURE_TYPE_LOW_UNIQUE"], ignoreOrder: true, split);
            found.Offenders.ShouldContain(offenders => offenders.Feature == "exploding" && offenders.Examples.Count > 0);
        }

        var reason = _home.Artifact(result, wires.Anomalies).Properties[GateProperties.Reason].ToString();
        reason.ShouldContain("constant");
        reason.ShouldContain("leave the feature out");
    }

    [Fact]
    public void No_number_and_infinity_and_ids_that_do_not_exist_are_anomalies()
    {
        var meanings = new Dictionary<string, ColumnMeaning>(StringComparer.Ordinal)
        {
            ["x"] = new("number", 1),
            ["y"] = new("number", 1),
            ["v"] = new("vector", 2),
            ["id"] = new("category", 3) { NameOf = id => id is >= 0 and < 3 ? $"term {id}" : $"‹id {id}›" },
        };
        DatasetStatistics Count(string name, float odd, float infinite, int width, long id)
        {
            var path = Path.Combine(_home.Root, name);
            using (var writer = new ParquetWriter(path, [new ParquetColumn("x", ParquetType.Float), new ParquetColumn("y", ParquetType.Float), new ParquetColumn("v", ParquetType.Float, width), new ParquetColumn("id", ParquetType.Integer)]))
            {
                float[] numbers = [.. Enumerable.Range(0, 400).Select(i => i % 9 / 3f)];
                writer.Write([
                    new FloatValues([.. numbers[..^1], odd]), new FloatValues([.. numbers[..^1], infinite]),
                    new FloatValues([.. Enumerable.Range(0, 400 * width).Select(i => (float)i)], width), new IntegerValues([.. Enumerable.Range(0, 399).Select(i => (long)(i % 3)), id])]);
                writer.Complete();
            }

            return StatisticsEngine.Compute(path, name, new StatisticsOptions { Meanings = meanings }, cancellationToken: TestContext.Current.CancellationToken);
        }

        var sound = Count("sound", 0, 0, 2, 2);
        var schema = SchemaInference.Infer(sound);
        SchemaValidation.Validate(sound, schema).Found.ShouldBeEmpty();

        var odd = Count("odd", float.NaN, float.PositiveInfinity, 3, 7);
        foreach (var expected in new[] { schema, SchemaInference.Infer(odd) })
        {
            var found = SchemaValidation.Validate(odd, expected).Errors.ToDictionary(error => error.Feature, error => string.Join(",", error.Types), StringComparer.Ordinal);
            found["x"].ShouldContain("FEATURE_TYPE_LOW_FRACTION_PRESENT", customMessage: "a file of transformed examples holds no NaN, but nothing");
            found["y"].ShouldContain("FLOAT_TYPE_HAS_INF");
            found["id"].ShouldContain("INT_TYPE_BIG_INT");
        }

        SchemaValidation.Validate(odd, schema).Errors.ShouldContain(error => error.Feature == "v", "three numbers instead of two");

        var file = ExampleFile.Write(Path.Combine(_home.Root, "nan"), ("x", (double[])[.. Enumerable.Range(0, 399).Select(i => i % 9 / 3.0), double.NaN]));
        var nan = StatisticsEngine.Compute(file, "nan", new StatisticsOptions { Meanings = meanings }, cancellationToken: TestContext.Current.CancellationToken);
        foreach (var expected in new[] { schema, SchemaInference.Infer(nan) })
            SchemaValidation.Validate(nan, expected).Errors.ShouldContain(error => error.Feature == "x" && error.Types.Contains("FLOAT_TYPE_HAS_NAN"));
    }

    [Fact]
    public async Task Drift_is_seen_by_terms_whatever_their_ids_have_become()
    {
        static string Span(int percent, string one, string other) => "product,amount,answer\n" + string.Concat(Enumerable.Range(0, 2000).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{(i % 100 < percent ? one : other)},{i * 17 % 100},{(i % 4 == 0 ? "Yes" : "No")}\n")));

        Wires Of(string folder)
        {
            var pipeline = new Pipeline("spans");
            var examples = pipeline.Add(new IngestCsv(Path.Combine(_home.Root, folder, "rows-{SPAN}.csv")) { Splits = Split.ByHash(("train", 1)) });
            var before = pipeline.Add(new ComputeStatistics(examples));
            var transform = pipeline.Add(new FitTransform(examples, pipeline.Add(new InferSchema(before)), f =>
            {
                f.Label("answer", "Yes");
                f.Output("product", f.Text("product").Vocabulary(top: 5).OneHot());
            }));
            var after = pipeline.Add(new ComputeStatistics(transform.Examples) { Id = "statistics-after" });
            var schema = pipeline.Add(new InferSchema(after) { Id = "schema-after" });
            return new Wires(pipeline, transform, before, after, schema, pipeline.Add(new ValidateExamples(after, schema) { Id = "anomalies-after" }));
        }

        _home.Write("s/rows-1.csv", Span(51, "card", "loan"));
        await Run(Of("s"));

        // Nearly the same data, but another product is the most frequent by a hair, so both change ids.
        _home.Write("s/rows-2.csv", Span(49, "card", "loan"));
        var second = Of("s");
        var result = await Run(second);
        _home.Artifact(result, second.After).Span.ShouldBe(2);
        var comparison = _home.Artifact(result, second.Anomalies).ComparisonOf("train");
        var product = comparison.Comparisons.ShouldHaveSingleItem().Features.Single(feature => feature.Feature == "product");
        product.IsAlarm.ShouldBeFalse();

        // Another product takes the place of the most frequent one, and its id.
        _home.Write("s/rows-3.csv", Span(49, "card", "mortgage"));
        var third = Of("s");
        var changed = _home.Artifact(await Run(third), third.Anomalies).ComparisonOf("train");
        changed.Comparisons.ShouldHaveSingleItem().Features.Single(feature => feature.Feature == "product").IsAlarm.ShouldBeTrue();
    }

    [Fact]
    public void Statistics_of_raw_examples_are_the_same_node_as_ever()
    {
        var wires = Build(_home.Write("rows.csv", Header + Rows(10)));
        var spec = wires.Pipeline.ToSpec();
        var before = spec.Node("compute-statistics");
        before.Inputs.Keys.ShouldBe(["examples"]);
        JsonNode.DeepEquals(JsonNode.Parse(before.Parameters.ToJsonString()), JsonNode.Parse(
            """
            {"options":{"bytesColumns":[],"categoricalColumns":[],"emptyCells":"missing","frequencyThreshold":1,"histogramBuckets":10,"rankBuckets":1000,
             "semanticDomains":false,"slices":[],"topValues":20,"weightedFrequencyThreshold":1}}
            """)).ShouldBeTrue(before.Parameters.ToJsonString());
        spec.Node("statistics-after").Inputs.Keys.ShouldBe(["examples", "meanings"]);
    }
}
