using Gyre.Training;

namespace Gyre.Tests.Training;

/// <summary>What the trainers of the library itself must achieve on real data; the floors are what they reach, less what another split may cost.</summary>
public sealed class RealTaskTests
{
    static readonly Dictionary<string, Trainer> Trainers = new(StringComparer.Ordinal) { ["linear"] = new LinearTrainer(), ["majority"] = new MajorityTrainer() };

    [Theory]
    [InlineData("penguins", "linear", 0.95, 1)]
    [InlineData("penguins", "majority", 0.40, 0.47)]
    [InlineData("iris", "linear", 0.92, 1)]
    [InlineData("iris", "majority", 0.32, 0.35)]
    public async Task Classes_are_predicted_as_well_as_stated(string data, string trainer, double leastAccuracy, double mostAccuracy)
    {
        var result = await RealTasks.RunAsync(data, Trainers[trainer], TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper!.WriteLine($"{data} by {trainer}: accuracy {result.Metrics.Accuracy}, macro F1 {result.Metrics.MacroF1}, log loss {result.Metrics.LogLoss}, parity {result.Training.Parity.LargestDifference}");
        result.Metrics.Accuracy!.Value.ShouldBeInRange(leastAccuracy, mostAccuracy);
        result.Metrics.Classes!.Count.ShouldBe(3);
        result.Training.Parity.LargestDifference.ShouldBeLessThan(1e-5);
        if (trainer == "linear")
        {
            result.Metrics.MacroF1!.Value.ShouldBeGreaterThan(leastAccuracy - 0.02);
            result.Metrics.Classes!.ShouldAllBe(one => one.Recall > 0.85);
        }
    }

    [Theory]
    [InlineData("linear", 0.65, 0.75)]
    [InlineData("majority", -0.01, 0)]
    public async Task Numbers_are_predicted_as_well_as_stated(string trainer, double leastR2, double mostR2)
    {
        var result = await RealTasks.RunAsync("bikes", Trainers[trainer], TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper!.WriteLine($"bikes by {trainer}: R² {result.Metrics.R2}, RMSE {result.Metrics.Rmse}, parity {result.Training.Parity.LargestDifference}");
        result.Metrics.R2!.Value.ShouldBeInRange(leastR2, mostR2);
        result.Metrics.MeanLabel!.Value.ShouldBeInRange(180, 200);
        result.Training.Parity.LargestDifference.ShouldBeLessThan(1e-5);
    }

    /// <summary>On a split of the same shares tf-idf and logistic regression of scikit-learn 1.2.1, with their default options, reach a macro F1 of 0.365.</summary>
    [Fact]
    public async Task Texts_are_told_apart_by_their_words()
    {
        var result = await RealTasks.RunAsync("narratives", new LinearTrainer { L2 = 0.1, Tolerance = 1e-4 }, TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper!.WriteLine($"narratives: macro F1 {result.Metrics.MacroF1}, accuracy {result.Metrics.Accuracy}, {result.Training.Epochs.Count} iterations, parity {result.Training.Parity.LargestDifference}");
        result.Metrics.MacroF1!.Value.ShouldBeGreaterThan(0.38);
        result.Metrics.Accuracy!.Value.ShouldBeGreaterThan(0.70);
        result.Training.Parity.LargestDifference.ShouldBeLessThan(1e-5);
    }
}
