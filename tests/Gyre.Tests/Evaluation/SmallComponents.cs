using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Tests.Onnx;
using Gyre.Training;

namespace Gyre.Tests.Evaluation;

/// <summary>Puts out a <see cref="SmallModel"/>.</summary>
sealed class WriteModel(float weight) : Component<Output<Model>>
{
    public string NumberColumn { get; init; } = SmallModel.NumberColumn;

    public string LabelColumn { get; init; } = SmallModel.Label.Column;

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        SmallModel.Save(execution.DirectoryOf(Outputs), weight, 0, NumberColumn, SmallModel.Label with { Column = LabelColumn });
        return Task.CompletedTask;
    }
}

/// <summary>An example for a <see cref="SmallModel"/>, with a column to slice by.</summary>
sealed record SmallExample(double Amount, string? Kind, string? Region, string? Churned);

/// <summary>Puts out examples in one split.</summary>
sealed class WriteExamples(params SmallExample[] rows) : Component<Output<Examples>>
{
    public string Split { get; init; } = "eval";

    protected internal override IReadOnlyCollection<string>? KnownColumns(DefinitionCheck check, Output output) => ["amount", "kind", "region", "churned", "other"];

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        using (var writer = new ParquetWriter(
            Examples.FileFor(execution, Outputs, Split),
            [
                new ParquetColumn("amount", ParquetType.Double), new ParquetColumn("kind", ParquetType.Text),
                new ParquetColumn("region", ParquetType.Text), new ParquetColumn("churned", ParquetType.Text), new ParquetColumn("other", ParquetType.Text),
            ]))
        {
            writer.Write(
                new DoubleValues([.. rows.Select(row => row.Amount)]),
                new TextValues([.. rows.Select(row => row.Kind)]),
                new TextValues([.. rows.Select(row => row.Region)]),
                new TextValues([.. rows.Select(row => row.Churned)]),
                new TextValues([.. rows.Select(row => row.Churned is null ? null : "x")]));
            writer.Complete();
        }

        Examples.Describe(execution, Outputs, [new(Split, rows.Length)]);
        return Task.CompletedTask;
    }
}

static class SmallExamples
{
    /// <summary>
    /// Examples in which a larger amount makes «yes» likelier, one in eight against the rule; a model with a positive
    /// weight has an AUC far above one half, one with a negative weight far below.
    /// </summary>
    public static SmallExample[] Rising(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var amount = ((i * 37 % 101) - 50) / 26.3;
            var isPositive = (amount > 0) != (i % 8 == 0);
            return new SmallExample(amount, i % 3 == 0 ? "special" : "plain", i % 5 == 0 ? null : i % 2 == 0 ? "north" : "south", isPositive ? "yes" : "no");
        }),
    ];
}
