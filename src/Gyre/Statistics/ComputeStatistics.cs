using System.Text.Json;
using Gyre.Ingestion;
using Gyre.Pipelines;

namespace Gyre.Statistics;

/// <summary>
/// Counts what stands in each split of examples, column by column and exactly: presence, distribution of numbers,
/// frequent texts. Look at the result with <c>stats</c>.
/// </summary>
/// <example><code>var statistics = pipeline.Add(new ComputeStatistics(examples));</code></example>
[CodeVersion(1)]
public sealed class ComputeStatistics(Output<Examples> examples) : Component<Output<ExampleStatistics>>
{
    /// <summary>How to count.</summary>
    public StatisticsOptions Options { get; init; } = new();

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        var input = execution.Read(examples);
        foreach (var split in input.Splits)
        {
            StatisticsEngine.Compute(
                input.FileOf(split), split, Options, execution.Threads, execution.TemporaryDirectory,
                column => execution.Report(new Progress { Message = $"{split}: {column}", TotalRows = input.Rows }), cancellationToken)
                .Save(execution.PathOf(Outputs, ExampleStatistics.RelativeFileOf(split)));
        }

        foreach (var property in new[] { Examples.SpanProperty, Examples.VersionProperty })
        {
            if (input.Properties.TryGetValue(property, out var number))
                execution.SetProperty(Outputs, property, number);
        }

        execution.SetProperty(Outputs, ExampleStatistics.SplitNamesProperty, JsonSerializer.Serialize(input.Splits));
        return Task.CompletedTask;
    }

    protected internal override IReadOnlyCollection<string>? KnownColumns(DefinitionCheck check, Output output) =>
        check.ColumnsOf(examples);
}
