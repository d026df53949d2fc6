using Gyre.Evaluation;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Testing;
using Gyre.Tests.Onnx;
using Gyre.Training;

namespace Gyre.Tests.Evaluation;

public sealed class EvaluateModelTests : IDisposable
{
    readonly TemporaryHome _home = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task The_report_holds_the_metrics_of_the_models_own_predictions()
    {
        var rows = SmallExamples.Rising(3000);

        var (report, _) = await EvaluateAsync(1f, rows);

        var expected = new BinaryScores();
        foreach (var row in rows)
            expected.Add(SmallModel.Predict(1f, 0, row.Amount, row.Kind), row.Churned == "yes");
        var values = BinaryMetrics.Of(expected, 0.5);
        report.Overall.Model.ExampleCount.ShouldBe(3000);
        report.Overall.Model.Auc!.Value.ShouldBe(values.Auc!.Value, 1e-6);
        report.Overall.Model.LogLoss!.Value.ShouldBe(values.LogLoss!.Value, 1e-6);
        report.Overall.Model.Confusion.ShouldBe(values.Confusion);
        report.Overall.Model.Auc.Value.ShouldBeGreaterThan(0.7);
        report.CalibrationTable.Sum(bin => bin.ExampleCount).ShouldBe(3000);
        report.Label.Positive.ShouldBe(["yes"]);
    }

    [Fact]
    public async Task Slices_are_the_metrics_of_their_own_examples_and_missing_is_one()
    {
        var rows = SmallExamples.Rising(400);

        var (report, _) = await EvaluateAsync(1f, rows, (model, examples) => new EvaluateModel(model, examples) { Slices = ["region", "kind"] });

        report.Slices.Select(slice => slice.Name).ShouldBe(["region = north", "region = south", "region is missing", "kind = plain", "kind = special"]);
        var (north, _) = await EvaluateAsync(1f, [.. rows.Where(row => row.Region == "north")]);
        report.Slices[0].Model.ShouldBe(north.Overall.Model);
        report.Slices.Take(3).Sum(slice => slice.Model.ExampleCount).ShouldBe(400);
    }

    [Fact]
    public async Task Small_slices_are_counted_and_not_shown()
    {
        SmallExample[] rows = [.. SmallExamples.Rising(100).Select((row, i) => row with { Region = i < 90 ? "big" : $"r{i}" })];

        var (report, _) = await EvaluateAsync(1f, rows, (model, examples) => new EvaluateModel(model, examples) { Slices = ["region"], MinSliceExamples = 20 });

        report.Slices.Single().Slice.ShouldBe([new SliceTerm("region", "big")]);
        report.SmallSlices.ShouldBe([new SmallSlices("region", 10, 10)]);
    }

    [Fact]
    public async Task Examples_without_a_label_are_left_out_and_counted()
    {
        SmallExample[] rows = [.. SmallExamples.Rising(100).Select((row, i) => i % 10 == 0 ? row with { Churned = null } : row)];

        var (report, _) = await EvaluateAsync(1f, rows);

        report.UnlabelledExamples.ShouldBe(10);
        report.Overall.Model.ExampleCount.ShouldBe(90);
    }

    [Fact]
    public async Task A_model_that_keeps_its_thresholds_is_blessed_and_listed_with_its_metrics()
    {
        var (pipeline, outputs) = Build(1f, SmallExamples.Rising(200), [Metric.Auc.AtLeast(0.6), Metric.LogLoss.AtMost(0.7)]);

        var result = await _home.RunAsync(pipeline, cancellationToken: Cancel);

        result.ExitCode.ShouldBe(0, string.Join('\n', result.Nodes));
        var blessing = _home.Artifact(result, outputs.Blessing);
        blessing.IsBlessed.ShouldBeTrue();
        File.ReadAllText(blessing.PathOf("BLESSED")).ShouldContain("Passed: auc is 0.8");
        blessing.Properties["blessed"].Value.ShouldBe(1L);
        blessing.Properties.Keys.ShouldNotContain("baseline_model_id");
        var evaluation = _home.Artifact(result, outputs.Evaluation);
        evaluation.Properties["auc"].AsReal().ShouldBe(evaluation.ReadReport().Overall.Model.Auc!.Value);
        evaluation.Properties["example_count"].Value.ShouldBe(200L);
    }

    [Fact]
    public async Task A_missed_threshold_closes_the_gate_and_says_which_by_how_much_and_what_to_do()
    {
        var (pipeline, outputs) = Build(-1f, SmallExamples.Rising(200), [Metric.Auc.AtLeast(0.6), Metric.ExampleCount.AtLeast(100)]);
        pipeline.Add(new WriteExamples { Id = "behind", After = [outputs.Blessing] });

        var result = await _home.RunAsync(pipeline, cancellationToken: Cancel);

        result.ExitCode.ShouldBe(3);
        var blessing = _home.Artifact(result, outputs.Blessing);
        blessing.IsBlessed.ShouldBeFalse();
        File.ReadAllText(blessing.PathOf("NOT_BLESSED")).ShouldContain("Passed: example_count is 200");
        var message = result.Nodes.Single(node => node.NodeId == "behind").Message!;
        message.ShouldMatch(@"auc is 0\.\d+ on all examples: 0\.\d+ below the bound, at least 0\.6");
        message.ShouldContain("'evaluate-model'");
        message.ShouldNotContain("example_count");
    }

    [Fact]
    public async Task A_threshold_on_slices_names_the_slice_that_missed_it()
    {
        // In the south the rule is turned round.
        SmallExample[] rows = [.. SmallExamples.Rising(400).Select(row => row.Region == "south" ? row with { Churned = row.Churned == "yes" ? "no" : "yes" } : row)];

        var (report, _) = await EvaluateAsync(1f, rows, (model, examples) => new EvaluateModel(model, examples)
        {
            Slices = ["region"],
            Thresholds = [Metric.Auc.AtLeast(0.5).OnSlices("region")],
        });

        report.Blessed.ShouldBeFalse();
        report.Thresholds.Select(verdict => (verdict.Slice[0].Value, verdict.Verdict)).ShouldBe(
            [("north", Verdict.Passed), ("south", Verdict.Failed), (null, Verdict.Passed)]);
        report.Thresholds[1].Message.ShouldContain("region = south");
    }

    [Fact]
    public async Task The_first_model_has_no_baseline_and_change_thresholds_are_skipped_with_the_reason()
    {
        var (report, _) = await EvaluateAsync(1f, SmallExamples.Rising(200), (model, examples) => new EvaluateModel(model, examples) { Thresholds = [Metric.Auc.ChangeAtLeast(0.5)] });

        report.Blessed.ShouldBeTrue();
        report.NoBaseline.ShouldBe("no other model has been blessed yet");
        report.Thresholds.Single().Verdict.ShouldBe(Verdict.Skipped);
        report.Thresholds.Single().Message.ShouldContain("no other model has been blessed yet");
    }

    [Fact]
    public async Task The_second_model_is_compared_with_the_one_blessed_last()
    {
        var rows = SmallExamples.Rising(200);
        MetricThreshold[] thresholds = [Metric.Auc.ChangeAtLeast(-0.01), Metric.LogLoss.ChangeAtLeast(-0.01)];
        var first = await _home.RunAsync(Build(1f, rows, thresholds).Pipeline, cancellationToken: Cancel);
        var (pipeline, outputs) = Build(-1f, rows, thresholds);

        var second = await _home.RunAsync(pipeline, cancellationToken: Cancel);

        first.ExitCode.ShouldBe(0);
        var report = _home.Artifact(second, outputs.Evaluation).ReadReport();
        report.NoBaseline.ShouldBeNull();
        report.Blessed.ShouldBeFalse();
        report.Overall.Baseline!.Auc!.Value.ShouldBeGreaterThan(report.Overall.Model.Auc!.Value);
        report.Thresholds.ShouldAllBe(verdict => verdict.Verdict == Verdict.Failed && verdict.Value < 0);
        report.Thresholds[0].Value!.Value.ShouldBe(report.Overall.Model.Auc.Value - report.Overall.Baseline.Auc.Value, 1e-12);
        report.Thresholds[1].Value!.Value.ShouldBe(report.Overall.Baseline.LogLoss!.Value - report.Overall.Model.LogLoss!.Value, 1e-12);
        _home.Artifact(second, outputs.Blessing).Properties.Keys.ShouldContain("baseline_model_id");
        _home.Artifact(second, outputs.Evaluation).Properties.Keys.ShouldContain("baseline.auc");

        // The one that was refused is nobody's baseline.
        var (third, thirdOutputs) = Build(0.99f, rows, thresholds);
        var last = _home.Artifact(await _home.RunAsync(third, cancellationToken: Cancel), thirdOutputs.Evaluation).ReadReport();
        last.BaselineFingerprint.ShouldBe(report.BaselineFingerprint);
        last.Blessed.ShouldBeTrue();
    }

    [Fact]
    public async Task Running_again_evaluates_nothing_again()
    {
        var rows = SmallExamples.Rising(100);
        await _home.RunAsync(Build(1f, rows, []).Pipeline, cancellationToken: Cancel);
        await _home.RunAsync(Build(2f, rows, []).Pipeline, cancellationToken: Cancel);

        var again = await _home.RunAsync(Build(2f, rows, []).Pipeline, cancellationToken: Cancel);

        again.Nodes.ShouldAllBe(node => node.State == NodeState.Cached);
    }

    [Fact]
    public async Task Models_side_by_side_are_nobody_s_baselines_and_a_second_run_does_nothing()
    {
        Pipeline Make()
        {
            var pipeline = new Pipeline("small");
            var examples = pipeline.Add(new WriteExamples(SmallExamples.Rising(100)));
            foreach (var weight in new[] { 1f, 2f, 3f })
            {
                var model = pipeline.Add(new WriteModel(weight) { Id = $"model-{weight:F0}" });
                pipeline.Add(new EvaluateModel(model, examples) { Id = $"evaluate-{weight:F0}" });
            }

            return pipeline;
        }

        (await _home.RunAsync(Make(), cancellationToken: Cancel)).ExitCode.ShouldBe(0);
        (await _home.RunAsync(Make(), cancellationToken: Cancel)).Nodes.ShouldAllBe(node => node.State == NodeState.Cached);
    }

    [Fact]
    public async Task A_baseline_that_does_not_fit_the_examples_counts_as_none_and_is_named()
    {
        var rows = SmallExamples.Rising(100);
        var stranger = new WriteModel(1f) { LabelColumn = "other" };
        (await _home.RunAsync(Build(1f, rows, [], stranger).Pipeline, cancellationToken: Cancel)).ExitCode.ShouldBe(0);
        var (pipeline, outputs) = Build(2f, rows, [Metric.Auc.ChangeAtLeast(0)]);

        var result = await _home.RunAsync(pipeline, cancellationToken: Cancel);

        var report = _home.Artifact(result, outputs.Evaluation).ReadReport();
        report.NoBaseline.ShouldBe("the model blessed last predicts 'other', not 'churned'");
        report.Overall.Baseline.ShouldBeNull();
        report.Blessed.ShouldBeTrue();
    }

    [Theory]
    [InlineData("signature.json")]
    [InlineData("model.onnx")]
    public async Task A_baseline_whose_content_is_damaged_counts_as_none(string file)
    {
        var rows = SmallExamples.Rising(100);
        var (first, outputs) = Build(1f, rows, []);
        var blessing = _home.Artifact(await _home.RunAsync(first, cancellationToken: Cancel), outputs.Blessing);
        var model = _home.Home.Store.Read(transaction => transaction.Artifact(blessing.Properties["current_model_id"].AsInteger()))!;
        File.WriteAllText(Path.Combine(_home.Home.Artifacts.PathOf(model.Uri), file), "damaged");

        var (report, _) = await EvaluateAsync(2f, rows);

        report.NoBaseline.ShouldBe("the content of the model blessed last is damaged or gone");
    }

    [Fact]
    public async Task Without_a_baseline_none_is_looked_for()
    {
        var rows = SmallExamples.Rising(100);
        await _home.RunAsync(Build(1f, rows, []).Pipeline, cancellationToken: Cancel);

        var (report, _) = await EvaluateAsync(2f, rows, (model, examples) => new EvaluateModel(model, examples) { Baseline = Baseline.None });

        report.NoBaseline.ShouldBe("none was asked for");
    }

    [Fact]
    public async Task An_undefined_metric_fails_its_threshold_on_all_examples()
    {
        SmallExample[] rows = [.. SmallExamples.Rising(50).Select(row => row with { Churned = "no" })];

        var (report, _) = await EvaluateAsync(1f, rows, (model, examples) => new EvaluateModel(model, examples) { Thresholds = [Metric.Auc.AtLeast(0.1)] });

        report.Blessed.ShouldBeFalse();
        report.Overall.Model.Auc.ShouldBeNull();
        report.Thresholds.Single().Message.ShouldContain("0 of 50 are positive");
    }

    [Theory]
    [InlineData("test", "no split 'test'", "Splits: eval")]
    public async Task A_split_that_is_not_there_is_named_with_those_that_are(string split, params string[] fragments)
    {
        var message = await FailureAsync(SmallExamples.Rising(20), (model, examples) => new EvaluateModel(model, examples) { Split = split });

        fragments.ShouldAllBe(fragment => message.Contains(fragment));
    }

    [Fact]
    public async Task Examples_without_any_label_fail_with_the_columns_name() =>
        (await FailureAsync([new SmallExample(1, "plain", null, null)], (model, examples) => new EvaluateModel(model, examples))).ShouldContain("'churned'");

    [Fact]
    public async Task A_model_that_reads_what_the_examples_lack_fails_with_the_columns_name()
    {
        var (pipeline, _) = Build(1f, SmallExamples.Rising(20), [], new WriteModel(1f) { NumberColumn = "age" });

        var result = await _home.RunAsync(pipeline, cancellationToken: Cancel);

        result.Nodes.Single(node => node.State == NodeState.Failed).Message!.ShouldContain("it reads the column 'age', which is not among amount");
    }

    [Fact]
    public async Task A_prediction_that_is_no_probability_fails_with_the_examples_number()
    {
        var message = await FailureAsync(
            [new SmallExample(1, "plain", null, "yes"), new SmallExample(0, "plain", null, "yes")], (model, examples) => new EvaluateModel(model, examples), weight: float.NaN);

        message.ShouldContain("predicts NaN for example 1 of the split 'eval'");
    }

    [Fact]
    public async Task The_report_does_not_depend_on_the_number_of_threads_or_the_home()
    {
        var (_, bytes) = await EvaluateAsync(1f, SmallExamples.Rising(5000));
        using var elsewhere = new TemporaryHome();
        var (pipeline, outputs) = Build(1f, SmallExamples.Rising(5000), []);
        var result = await elsewhere.RunAsync(pipeline, workers: 1, cancellationToken: Cancel);

        File.ReadAllBytes(elsewhere.Artifact(result, outputs.Evaluation).PathOf("evaluation.json")).ShouldBe(bytes);
    }

    [Fact]
    public async Task The_report_can_be_read_back_as_it_was_written()
    {
        var (report, bytes) = await EvaluateAsync(1f, SmallExamples.Rising(100), (model, examples) => new EvaluateModel(model, examples)
        {
            Slices = ["region"],
            Thresholds = [Metric.Auc.AtLeast(0.6), Metric.Auc.ChangeAtLeast(0)],
            References = [new MetricReference("attainable", "auc", 0.875)],
        });
        var path = Path.Combine(_home.Root, "again.json");
        report.Save(path);

        File.ReadAllBytes(path).ShouldBe(bytes);
        var text = File.ReadAllText(path);
        text.ShouldContain("\"auc_pr\":");
        text.ShouldContain("\"name\": \"attainable\"");
        text.ShouldContain("\"rule\": \"change_at_least\"");
    }

    [Fact]
    public void Every_mistake_in_the_options_is_reported_at_once()
    {
        var pipeline = new Pipeline("test");
        var examples = pipeline.Add(new WriteExamples());
        pipeline.Add(new EvaluateModel(pipeline.Add(new WriteModel(1f)), examples)
        {
            Split = " ",
            Slices = ["region", "region", "regoin"],
            MinSliceExamples = 0,
            DecisionThreshold = 2,
            Baseline = Baseline.None,
            Thresholds =
            [
                Metric.Auc.AtLeast(1.2), Metric.Brier.AtMost(-1), Metric.Auc.ChangeAtLeast(0), Metric.Calibration.ChangeAtLeast(0.1),
                Metric.F1.AtLeast(0.1).OnSlices("kind"), Metric.Recall.AtLeast(0.8), Metric.Recall.AtMost(0.2), Metric.Accuracy.AtLeast(double.NaN),
            ],
            References = [new MetricReference("attainable", "area", 0.9)],
        });

        var errors = pipeline.Check().Select(error => error.Message).ToList();

        string[] fragments =
        [
            "Split is empty", "'region' is named 2 times", "'regoin', used as a slice", "MinSliceExamples is 0", "DecisionThreshold is 2",
            "'auc ≥ 1.2' can never be met", "'brier ≤ -1' can never be met", "needs a baseline", "neither more nor less of calibration",
            "Add 'kind' to Slices", "'recall ≥ 0.8' and 'recall ≤ 0.2' exclude each other", "bound NaN", "the metric 'area'",
        ];
        foreach (var fragment in fragments)
            errors.ShouldContain(error => error.Contains(fragment), fragment);
    }

    static (Pipeline Pipeline, EvaluationOutputs Outputs) Build(
        float weight, SmallExample[] rows, MetricThreshold[] thresholds, WriteModel? writer = null)
    {
        var pipeline = new Pipeline("small");
        var examples = pipeline.Add(new WriteExamples(rows));
        var model = pipeline.Add(writer ?? new WriteModel(weight));
        return (pipeline, pipeline.Add(new EvaluateModel(model, examples) { Thresholds = thresholds }));
    }

    async Task<(EvaluationReport Report, byte[] Bytes)> EvaluateAsync(
        float weight, SmallExample[] rows, Func<Output<Model>, Output<Examples>, EvaluateModel>? make = null)
    {
        var pipeline = new Pipeline("small");
        var examples = pipeline.Add(new WriteExamples(rows));
        var outputs = pipeline.Add((make ?? ((model, wire) => new EvaluateModel(model, wire)))(pipeline.Add(new WriteModel(weight)), examples));
        var result = await _home.RunAsync(pipeline, cancellationToken: Cancel);
        var artifact = _home.Artifact(result, outputs.Evaluation);
        return (artifact.ReadReport(), await File.ReadAllBytesAsync(artifact.PathOf(EvaluationReport.FileName), Cancel));
    }

    async Task<string> FailureAsync(SmallExample[] rows, Func<Output<Model>, Output<Examples>, EvaluateModel> make, float weight = 1f)
    {
        var pipeline = new Pipeline("small");
        var examples = pipeline.Add(new WriteExamples(rows));
        pipeline.Add(make(pipeline.Add(new WriteModel(weight)), examples));
        var result = await _home.RunAsync(pipeline, cancellationToken: Cancel);
        return result.Nodes.Single(node => node.State == NodeState.Failed).Message!;
    }
}
