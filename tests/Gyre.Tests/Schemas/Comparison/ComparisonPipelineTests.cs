using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Schemas;
using Gyre.Schemas.Comparison;
using Gyre.Schemas.Protos;
using Gyre.Statistics;
using Gyre.Testing;

namespace Gyre.Tests.Schemas.Comparison;

/// <summary>Drift, skew and the label's balance, as pipelines use them.</summary>
public sealed class ComparisonPipelineTests : IDisposable
{
    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    string Write(string name, int rows, double yes, double cash) => _home.Write(name, "id,pay,y\n" + string.Concat(Enumerable.Range(0, rows)
        .Select(i => $"{i},{(i * 7919 % 1000 < cash * 1000 ? "cash" : "card")},{(i * 104729 % 1000 < yes * 1000 ? "Yes" : "No")}\n")));

    (Pipeline Pipeline, Output<Gyre.Schemas.Anomalies> Anomalies) Build(
        string csv, ValidationOptions? options = null, string? serving = null, string? schema = null, bool withExamples = false)
    {
        var pipeline = new Pipeline("compare");
        var examples = pipeline.Add(new IngestCsv(csv) { Splits = Split.ByHash(("train", 2), ("eval", 1)) });
        var statistics = pipeline.Add(new ComputeStatistics(examples));
        var served = serving is null ? null : pipeline.Add(new ComputeStatistics(pipeline.Add(new IngestCsv(serving) { Id = "serving", Splits = Split.ByHash(("all", 1)) })) { Id = "serving-statistics" });
        var expected = schema is null ? pipeline.Add(new InferSchema(statistics)) : pipeline.Add(new ImportSchema(_home.Write("schema.pbtxt", schema)));
        return (pipeline, pipeline.Add(new ValidateExamples(statistics, expected) { Options = options ?? new(), Serving = served, Examples = withExamples ? examples : null }));
    }

    async Task<(RunResult Result, Gyre.Schemas.Anomalies Anomalies)> Run((Pipeline Pipeline, Output<Gyre.Schemas.Anomalies> Anomalies) built)
    {
        var result = await _home.RunAsync(built.Pipeline, cancellationToken: TestContext.Current.CancellationToken);
        result.Nodes.ShouldAllBe(node => node.EndedWell, string.Join('\n', result.Nodes));
        return (result, _home.Artifact(result, built.Anomalies));
    }

    const string Columns = "feature { name: 'id' type: INT } feature { name: 'y' type: BYTES } feature { name: 'pay' type: BYTES ";

    [Fact]
    public async Task A_first_run_says_that_there_is_nothing_to_compare_with()
    {
        var (_, anomalies) = await Run(Build(Write("a.csv", 600, yes: 0.5, cash: 0.5)));

        var comparison = anomalies.ComparisonOf("train").Comparisons.ShouldHaveSingleItem();
        comparison.With.ShouldBe(ComparedWith.PreviousSpan);
        comparison.NotCompared!.ShouldContain("first data");
    }

    [Fact]
    public async Task Data_that_drifts_from_the_data_before_is_a_warning_that_says_how_far()
    {
        await Run(Build(Write("a.csv", 3000, yes: 0.5, cash: 0.5)));

        var (result, anomalies) = await Run(Build(Write("a.csv", 3000, yes: 0.5, cash: 0.7)));

        result.ExitCode.ShouldBe(0);
        var comparison = anomalies.ComparisonOf("train").Comparisons.ShouldHaveSingleItem();
        comparison.Features.Select(feature => (feature.Feature, feature.IsAlarm)).ShouldBe([("id", false), ("pay", true), ("y", false)]);
        comparison.Features[1].Of(DistanceNames.LInfinity)!.Value.ShouldBe(0.2, 0.05);
        var warning = anomalies.Of("train").Found.ShouldHaveSingleItem();
        warning.ShouldBe(warning with { Feature = "pay", Severity = AnomalySeverity.Warning, ShortDescription = "Distribution differs" });
        warning.Description.ShouldContain("the previous span");
        anomalies.Of("train").Message.DriftSkewInfo.Single(info => info.Path.Step[0] == "y").DriftMeasurements.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_second_run_on_the_same_data_computes_nothing_and_one_on_new_data_keeps_its_baseline()
    {
        await Run(Build(Write("a.csv", 600, yes: 0.5, cash: 0.5)));
        await Run(Build(Write("a.csv", 600, yes: 0.5, cash: 0.6)));

        var (again, _) = await Run(Build(Write("a.csv", 600, yes: 0.5, cash: 0.6)));

        again.Nodes.ShouldAllBe(node => node.State == NodeState.Cached);
    }

    [Fact]
    public async Task A_threshold_of_the_schema_that_is_passed_closes_the_gate_and_the_fixed_schema_allows_it()
    {
        const string schema = Columns + "drift_comparator { infinity_norm { threshold: 0.1 } } }";
        await Run(Build(Write("a.csv", 3000, yes: 0.5, cash: 0.5), schema: schema));

        var (result, anomalies) = await Run(Build(Write("a.csv", 3000, yes: 0.5, cash: 0.7), schema: schema));

        result.ExitCode.ShouldBe(3);
        var error = anomalies.Of("train").Errors.ShouldHaveSingleItem();
        error.Types.ShouldBe(["COMPARATOR_L_INFTY_HIGH", "CUSTOM_VALIDATION"]);
        error.Description.ShouldContain("Expected at most 0.1; 'ca");
    }

    [Fact]
    public async Task The_same_threshold_passed_by_chance_is_a_warning()
    {
        const string schema = Columns + "drift_comparator { infinity_norm { threshold: 0.001 } } }";
        await Run(Build(Write("a.csv", 60, yes: 0.5, cash: 0.5), schema: schema));

        var (result, anomalies) = await Run(Build(Write("a.csv", 63, yes: 0.5, cash: 0.52), schema: schema));

        result.ExitCode.ShouldBe(0);
        anomalies.Of("train").Warnings.ShouldHaveSingleItem().Description.ShouldContain("may be chance");
    }

    [Fact]
    public async Task Skew_to_the_serving_data_is_found_and_a_column_it_lacks_is_named_where_the_schema_compares_it()
    {
        const string schema = Columns + "skew_comparator { jensen_shannon_divergence { threshold: 0.01 } } }";
        var train = Write("a.csv", 3000, yes: 0.5, cash: 0.5);

        var (skewed, anomalies) = await Run(Build(train, serving: Write("s.csv", 3000, yes: 0.5, cash: 0.8), schema: schema));
        var (lacking, without) = await Run(Build(train, serving: _home.Write("t.csv", "id,y\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"{i},Yes\n"))), schema: schema));

        skewed.ExitCode.ShouldBe(3);
        anomalies.Of("eval").Errors.ShouldHaveSingleItem().Types[0].ShouldBe("COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH");
        anomalies.Of("eval").Message.DriftSkewInfo.Single(info => info.Path.Step[0] == "pay").SkewMeasurements
            .Single(measurement => measurement.Type == DriftSkewInfo.Types.Measurement.Types.Type.JensenShannonDivergence).Threshold.ShouldBe(0.01);
        lacking.ExitCode.ShouldBe(3);
        without.Of("train").Errors.Single(error => error.Feature == "pay").Types.ShouldContain("COMPARATOR_CONTROL_DATA_MISSING");
    }

    [Fact]
    public async Task Counts_far_from_those_before_are_an_error_where_the_schema_says_so()
    {
        const string schema = Columns + "} dataset_constraints { num_examples_drift_comparator { min_fraction_threshold: 0.5 max_fraction_threshold: 2 } }";
        await Run(Build(Write("a.csv", 1000, yes: 0.5, cash: 0.5), schema: schema));

        var (few, anomalies) = await Run(Build(Write("a.csv", 100, yes: 0.5, cash: 0.5), schema: schema));
        var (_, many) = await Run(Build(Write("a.csv", 900, yes: 0.5, cash: 0.5), schema: schema));

        few.ExitCode.ShouldBe(3);
        anomalies.Of("train").Errors.ShouldHaveSingleItem().Types.ShouldBe(["COMPARATOR_LOW_NUM_EXAMPLES"]);
        many.Of("train").Errors.ShouldHaveSingleItem().Types.ShouldBe(["COMPARATOR_HIGH_NUM_EXAMPLES"]);
    }

    [Fact]
    public async Task Labels_out_of_balance_raise_an_alarm_with_weights_and_stop_the_run_on_request()
    {
        var options = new ValidationOptions
        {
            Label = "y",
            ExpectedLabel = new Dictionary<string, double>(StringComparer.Ordinal) { ["Yes"] = 0.5, ["No"] = 0.5 },
            Balance = new BalanceOptions { Severity = AnomalySeverity.Error },
        };
        (await Run(Build(Write("a.csv", 2000, yes: 0.5, cash: 0.5), options))).Result.ExitCode.ShouldBe(0);

        var (result, anomalies) = await Run(Build(Write("a.csv", 2000, yes: 0.7, cash: 0.5), options));

        result.ExitCode.ShouldBe(3);
        anomalies.Of("train").Errors.ShouldHaveSingleItem().Description.ShouldContain("weights make up for it in training: 'Yes' 0.7");
        anomalies.ComparisonOf("train").Label!.Checks.Select(check => (check.Against, check.IsAlarm)).ShouldBe([("expected", true), ("the previous span", true)]);
        anomalies.ComparisonOf("eval").Label!.Checks.Select(check => check.Against).ShouldBe(["expected", "split 'train'", "the previous span"]);
    }

    [Fact]
    public async Task A_feature_that_gives_the_label_away_and_rows_of_both_splits_are_warnings()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 900).Select(_ => random.Next(3) == 0).Select(yes => $"{(yes ? "disputed" : random.Next(2) == 0 ? "closed" : "open")},{random.Next(40)},{(yes != (random.Next(50) == 0) ? "Yes" : "No")}\n");
        var file = _home.Write("leak.csv", "state,amount,y\n" + string.Concat(rows));

        var (result, anomalies) = await Run(Build(file, new ValidationOptions { Label = "y" }, withExamples: true));

        result.ExitCode.ShouldBe(0);
        var found = anomalies.Of("eval").Found;
        found.Single(anomaly => anomaly.Feature == "state").Description.ShouldContain("tells the label");
        found.Single(anomaly => anomaly.Feature.Length == 0).Description.ShouldContain("stand in the split 'train' too");
        anomalies.ComparisonOf("eval").Leakage!.Duplicates!.Samples.Count.ShouldBe(5);
        anomalies.ComparisonOf("eval").Leakage!.Duplicates!.Samples.ShouldAllBe(pair => pair.Row.StartsWith("leak.csv:", StringComparison.Ordinal) && pair.Other.StartsWith("leak.csv:", StringComparison.Ordinal));
        anomalies.ComparisonOf("train").Leakage!.Duplicates.ShouldBeNull();
    }

    [Fact]
    public void Options_that_mean_nothing_are_errors_of_the_definition()
    {
        Build(Write("a.csv", 10, 0.5, 0.5), new ValidationOptions { Comparison = new ComparisonOptions { Significance = 0, Wasserstein = -1 } }).Pipeline.Check().Count.ShouldBe(2);
        Build(Write("a.csv", 10, 0.5, 0.5), new ValidationOptions { ExpectedLabel = new Dictionary<string, double>(StringComparer.Ordinal) { ["Yes"] = 1 } }).Pipeline.Check()
            .ShouldHaveSingleItem().Message.ShouldContain("Label");
    }
}
