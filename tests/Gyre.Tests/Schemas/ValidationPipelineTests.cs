using System.Text.RegularExpressions;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Schemas;
using Gyre.Statistics;
using Gyre.Testing;

namespace Gyre.Tests.Schemas;

/// <summary>Ingestion, statistics, schema and validation together, as pipelines use them.</summary>
public sealed class ValidationPipelineTests : IDisposable
{
    const string Header = "product,price,note\n";

    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    static string Rows(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"product {i % 7},{i}.5,{(i % 3 == 0 ? "" : $"note {i}")}\n"));

    (Pipeline Pipeline, Output<ExampleStatistics> Statistics, Output<DataSchema> Schema, Output<Gyre.Schemas.Anomalies> Anomalies) Build(
        string csv, string? schemaFile = null, SplitPlan? splits = null)
    {
        var pipeline = new Pipeline("validation");
        var examples = pipeline.Add(new IngestCsv(csv) { Splits = splits ?? Split.ByHash(("train", 2), ("eval", 1)) });
        var statistics = pipeline.Add(new ComputeStatistics(examples));
        var schema = schemaFile is null ? pipeline.Add(new InferSchema(statistics)) : pipeline.Add(new ImportSchema(schemaFile));
        var anomalies = pipeline.Add(new ValidateExamples(statistics, schema) { Previous = PreviousData.None });
        pipeline.Add(new InferSchema(statistics) { Id = "behind-the-gate", After = [anomalies] });
        return (pipeline, statistics, schema, anomalies);
    }

    Task<RunResult> Run(Pipeline pipeline) => _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public async Task Sound_data_passes_the_gate_and_a_second_run_computes_nothing()
    {
        var file = _home.Write("rows.csv", Header + Rows(300));
        var (pipeline, statistics, schema, anomalies) = Build(file);

        var result = await Run(pipeline);

        result.ExitCode.ShouldBe(0, string.Join('\n', result.Nodes));
        _home.Artifact(result, statistics).Splits.ShouldBe(["train", "eval"]);
        (_home.Artifact(result, statistics).Of("train").Examples + _home.Artifact(result, statistics).Of("eval").Examples).ShouldBe(300);
        _home.Artifact(result, schema).Load().Columns.ShouldBe(["product", "price", "note"]);
        _home.Artifact(result, anomalies).Splits.ShouldBe(["train", "eval"]);
        _home.Artifact(result, anomalies).Of("eval").Found.ShouldBeEmpty();
        Artifact.TypeName(typeof(DataSchema)).ShouldBe("Schema");
        Artifact.TypeName(typeof(Gyre.Schemas.Anomalies)).ShouldBe("ExampleAnomalies");
        (await Run(Build(file).Pipeline)).Nodes.ShouldAllBe(node => node.State == NodeState.Cached);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_components_hold_to_the_contract_of_all_components(bool isImported)
    {
        var file = _home.Write("rows.csv", Header + Rows(300));
        var schema = isImported ? _home.Write("schema.pbtxt", "feature { name: 'product' type: BYTES } feature { name: 'price' type: FLOAT } feature { name: 'note' type: BYTES }") : null;

        (await ComponentContract.BreachesAsync(() => Build(file, schema).Pipeline, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Data_that_a_kept_schema_forbids_closes_the_gate_and_says_what_to_do()
    {
        var first = await Run(Build(_home.Write("rows.csv", Header + Rows(300))).Pipeline);
        first.ExitCode.ShouldBe(0);
        var schema = _home.Write("schema.pbtxt", "# reviewed\n" + SchemaInference.Infer(
            FileStatistics.Of(_home.Write("rows.csv", Header + Rows(300)), cancellationToken: TestContext.Current.CancellationToken)[0], InferenceOptions.Strict).Text);

        var (pipeline, _, imported, anomalies) = Build(_home.Write("new.csv", Header + Rows(300).Replace("product 3,", "produce 3,", StringComparison.Ordinal)), schema);
        var result = await Run(pipeline);

        result.ExitCode.ShouldBe(3);
        File.ReadAllText(_home.Artifact(result, imported).File).ShouldStartWith("# reviewed\nfeature {");
        var gate = _home.Artifact(result, anomalies).Properties;
        gate[GateProperties.State].ToString().ShouldBe("closed");
        gate[GateProperties.Reason].ToString().ShouldContain("train: product: ");
        gate[GateProperties.Reason].ToString().ShouldContain("not in the schema: 'produce 3' (");
        gate[GateProperties.Reason].ToString().ShouldContain(": 'produce 3'", customMessage: "it names rows");
        gate[GateProperties.Cure].ToString().ShouldContain("schema accept --reason");
        gate["errors"].AsInteger().ShouldBe(2);
        _home.Artifact(result, anomalies).Of("train").Errors.ShouldHaveSingleItem().Types.ShouldBe(["ENUM_TYPE_UNEXPECTED_STRING_VALUES"]);
    }

    [Theory]
    [InlineData("a renamed column", "item,price,note\n", "", "", "SCHEMA_NEW_COLUMN,SCHEMA_MISSING_COLUMN")]
    [InlineData("numbers turned text", Header, "[.]5,", " EUR,", "UNEXPECTED_DATA_TYPE")]
    [InlineData("a seventh of the values changed", Header, "product 1,", "article 1,", "ENUM_TYPE_UNEXPECTED_STRING_VALUES")]
    [InlineData("a seventh of the values lost", Header, "product 1,", ",", "FEATURE_TYPE_LOW_FRACTION_PRESENT")]
    [InlineData("a holed column emptied", Header, ",note [0-9]+", ",", "FEATURE_TYPE_NOT_PRESENT")]
    public async Task Broken_data_does_not_pass_a_schema_inferred_from_sound_data(string what, string header, string pattern, string replacement, string types)
    {
        var (pipeline, _, schema, _) = Build(_home.Write("rows.csv", Header + Rows(300)));
        var kept = _home.Write("schema.pbtxt", _home.Artifact(await Run(pipeline), schema).Load().Text);
        var broken = pattern.Length == 0 ? Rows(300) : Regex.Replace(Rows(300), pattern, replacement, RegexOptions.None, TimeSpan.FromSeconds(10));

        var (validation, _, _, anomalies) = Build(_home.Write("broken.csv", header + broken), kept);
        var result = await Run(validation);

        result.ExitCode.ShouldBe(3, what);
        _home.Artifact(result, anomalies).Of("train").Errors.SelectMany(anomaly => anomaly.Types).ShouldBe(types.Split(','), what);
    }

    [Fact]
    public async Task Real_complaints_pass_the_schema_inferred_from_them()
    {
        foreach (var (train, eval) in new[] { (9, 1), (2, 1), (1, 1) })
        {
            var (pipeline, _, schema, anomalies) = Build(
                SharedData.File("data/complaints/book11_narrative_labelled.csv"), splits: Split.ByHash(("train", train), ("eval", eval)));
            var result = await Run(pipeline);
            result.ExitCode.ShouldBe(0, string.Join('\n', result.Nodes));
            _home.Artifact(result, anomalies).Properties["errors"].AsInteger().ShouldBe(0);
            _home.Artifact(result, schema).Load().Features.Single(feature => feature.Name == "consumer_disputed").Domain.ShouldBe("0 or 1");
        }
    }

    [Fact]
    public async Task Real_taxi_trips_pass_the_schema_inferred_from_them()
    {
        foreach (var (train, eval) in new[] { (9, 1), (2, 1) })
        {
            var (pipeline, _, schema, _) = Build(
                SharedData.File("data/other/chicago_taxi_big_tipper_label.csv"), splits: Split.ByHash(("train", train), ("eval", eval)));
            var result = await Run(pipeline);
            result.ExitCode.ShouldBe(0, string.Join('\n', result.Nodes));
            _home.Artifact(result, schema).Load().Message.StringDomain.Select(domain => domain.Name).ShouldBe(["payment_type", "company"], ignoreOrder: true);
        }
    }

    [Fact]
    public void A_malformed_schema_is_a_definition_error_with_its_place()
    {
        var pipeline = Build(_home.Write("rows.csv", Header + Rows(30)), _home.Write("schema.pbtxt", "feature {\n  nam: \"product\"\n}\n")).Pipeline;

        var errors = Should.Throw<DefinitionException>(() => pipeline.ToSpec()).Errors;

        errors.ShouldHaveSingleItem().NodeId.ShouldBe("import-schema");
        errors[0].Message.ShouldContain("schema.pbtxt(2,3): Feature has no field 'nam'.");
    }

    [Fact]
    public void A_lost_schema_and_odd_options_are_definition_errors()
    {
        var pipeline = new Pipeline("odd");
        var examples = pipeline.Add(new IngestCsv(_home.Write("rows.csv", Header + Rows(30))));
        var statistics = pipeline.Add(new ComputeStatistics(examples));
        var inferred = pipeline.Add(new InferSchema(statistics) { Options = new InferenceOptions { MinDomainMass = 1.5, MinPresence = double.NaN } });
        var imported = pipeline.Add(new ImportSchema(Path.Combine(_home.Root, "none.pbtxt")));
        pipeline.Add(new ValidateExamples(statistics, inferred) { Options = new ValidationOptions { Significance = 0 } });
        pipeline.Add(new ValidateExamples(statistics, imported) { Id = "second" });

        var errors = Should.Throw<DefinitionException>(() => pipeline.ToSpec()).Errors;

        errors.Select(error => error.NodeId).ShouldBe(["infer-schema", "infer-schema", "import-schema", "validate-examples"], ignoreOrder: true);
        errors.ShouldContain(error => error.Message.StartsWith("MinDomainMass is 1.5."));
        errors.ShouldContain(error => error.Message.Contains("none.pbtxt"));
    }

    [Fact]
    public async Task A_split_to_infer_from_that_does_not_exist_is_named()
    {
        var pipeline = new Pipeline("splits");
        var examples = pipeline.Add(new IngestCsv(_home.Write("rows.csv", Header + Rows(60))) { Splits = Split.ByHash(("a", 1), ("b", 1)) });
        pipeline.Add(new InferSchema(pipeline.Add(new ComputeStatistics(examples))));

        var result = await Run(pipeline);

        result.ExitCode.ShouldBe(1);
        result.Nodes.Single(node => node.NodeId == "infer-schema").Message.ShouldBe("There is no split 'train' to infer a schema from. Splits: a, b. Set Split to one of them.");
    }
}
