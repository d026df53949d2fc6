using System.Text.Json;
using Gyre.Tests;

namespace Gyre.Samples.Tests.ConsumerComplaints;

public sealed class ComplaintPipelineTests : IDisposable
{
    readonly SampleProgram _sample = new("ConsumerComplaints");

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task Made_up_complaints_end_in_a_pushed_model_that_learnt_most_of_what_can_be_learnt()
    {
        var (exitCode, output, error) = await _sample.RunAsync("run", "--rows", "6000");
        exitCode.ShouldBe(0, output + error);
        error.ShouldContain("SYNTHETIC DATA: 6,000 complaints that nobody made");

        var evaluation = _sample.Evaluation;
        var attainable = evaluation.References.ShouldHaveSingleItem();
        (attainable.Name, attainable.Metric).ShouldBe(("attainable", "auc"));
        ((evaluation.Overall.Model.Auc!.Value - 0.5) / (attainable.Value - 0.5)).ShouldBeGreaterThan(0.85);
        evaluation.Slices.Select(slice => slice.Name).ShouldContain("product = Mortgage");
        _sample.PushedInputs().ShouldBe(
            ["company_response", "consumer_complaint_narrative", "issue", "product", "state", "sub_product", "zip_code"]);

        var (again, json, _) = await _sample.RunAsync("run", "--rows", "6000", "--json");
        again.ShouldBe(0);
        using var summary = JsonDocument.Parse(json);
        json.ShouldContain("cached");
        _sample.Find("model.onnx", "serving").ShouldEndWith(Path.Combine("complaints", "1", "model.onnx"));
    }

    [Fact]
    public async Task Real_complaints_go_through_the_same_pipeline_to_a_pushed_model()
    {
        var (exitCode, output, error) = await _sample.RunAsync("run", "--data", SharedData.File("data/complaints/book11_narrative_labelled.csv"));
        exitCode.ShouldBe(0, output + error);
        error.ShouldNotContain("SYNTHETIC");
        _sample.Evaluation.References.ShouldBeEmpty();
        _sample.Find("model.onnx", "serving").ShouldEndWith(Path.Combine("complaints", "1", "model.onnx"));
        Directory.Exists(Path.Combine(_sample.Home, "data")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_demand_that_is_not_met_stops_the_run_before_anything_is_pushed()
    {
        var (exitCode, output, _) = await _sample.RunAsync("run", "--rows", "1000", "--min-auc", "0.99");
        exitCode.ShouldBe(3, output);
        Directory.Exists(Path.Combine(_sample.Home, "serving")).ShouldBeFalse();
    }

    [Fact]
    public async Task No_rows_are_a_usage_error()
    {
        var (exitCode, output, error) = await _sample.RunAsync("run", "--rows", "0");
        exitCode.ShouldBe(2);
        (output + error).ShouldContain("--rows is 0. Expected at least 1.");
    }

    [Fact]
    public async Task Help_makes_no_data()
    {
        var (exitCode, output, _) = await _sample.RunAsync("--help");
        exitCode.ShouldBe(0);
        output.ShouldContain("--rows");
        Directory.Exists(Path.Combine(_sample.Home, "data")).ShouldBeFalse();
    }
}
