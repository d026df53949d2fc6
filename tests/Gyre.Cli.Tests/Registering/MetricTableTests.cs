using Gyre.Cli.Registering;
using Gyre.Cli.Terminal;
using Gyre.Evaluation;

namespace Gyre.Cli.Tests.Registering;

public sealed class MetricTableTests
{
    [Fact]
    public void Compared_models_stand_in_the_order_in_which_they_were_named_and_the_difference_is_the_way_to_the_second()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var screen = new Screen(new Streams { Output = output, IsTerminal = false }, json: false, quiet: false, noColor: true, verbose: false);

        MetricTable.Compare(screen, "churn/1", Values(1200, 0.7), "churn/2", Values(1300, 0.8));

        var lines = output.ToString().Split('\n').Select(line => string.Join(' ', line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))).ToList();
        lines[0].ShouldBe("metric churn/1 churn/2 difference");
        lines[1].ShouldBe("auc 0.7000 0.8000 +0.1000");
        lines.ShouldContain("example_count 1 200 1 300");
    }

    static MetricValues Values(int examples, double auc) => new()
    {
        ExampleCount = examples,
        PositiveCount = 1,
        PositiveShare = null,
        MeanPrediction = null,
        Auc = auc,
        AucPr = null,
        LogLoss = null,
        Accuracy = null,
        Precision = null,
        Recall = null,
        F1 = null,
        Calibration = null,
        Brier = null,
        Confusion = new ConfusionCounts(0, 0, 0, 0),
    };
}
