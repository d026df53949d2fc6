using Gyre.Tests;

namespace Gyre.Samples.Tests.ChicagoTaxi;

public sealed class TripPipelineTests : IDisposable
{
    readonly SampleProgram _sample = new("ChicagoTaxi");

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task Big_tips_of_real_trips_are_told_without_looking_at_the_tip()
    {
        var (exitCode, output, error) = await _sample.RunAsync("run", "--data", SharedData.File("data/other/chicago_taxi_big_tipper_label.csv"));
        exitCode.ShouldBe(0, output + error);
        _sample.Evaluation.Overall.Model.Auc!.Value.ShouldBeGreaterThanOrEqualTo(0.90);
        _sample.PushedInputs().ShouldContain("payment_type");
        _sample.PushedInputs().ShouldNotContain(column => column.Contains("tip", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_made_up_trips_give_the_same_model_in_another_home()
    {
        using var other = new SampleProgram("ChicagoTaxi");
        foreach (var sample in new[] { _sample, other })
        {
            var (exitCode, output, error) = await sample.RunAsync("run", "--rows", "3000");
            exitCode.ShouldBe(0, output + error);
            error.ShouldContain("SYNTHETIC DATA: 3,000 trips that nobody took");
            sample.Evaluation.References.ShouldHaveSingleItem().Value.ShouldBeInRange(0.93, 0.97);
        }

        File.ReadAllBytes(_sample.Find("model.onnx", "serving")).ShouldBe(File.ReadAllBytes(other.Find("model.onnx", "serving")));
    }
}
