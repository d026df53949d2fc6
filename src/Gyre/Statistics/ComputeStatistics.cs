using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Statistics.Sketches;
using Microsoft.Extensions.Logging;

namespace Gyre.Statistics;

/// <summary>
/// Counts what stands in each split of examples, column by column and exactly: presence, distribution of numbers,
/// frequent texts. Examples of several spans are counted span by span and added up; what was counted of a span once is
/// used again by every later window that holds it. Look at the result with <c>stats</c>. Of transformed examples it counts what
/// became of them: ids by the texts that they stand for, numbers and vectors as they are.
/// </summary>
/// <example>
/// <code>
/// var statistics = pipeline.Add(new ComputeStatistics(examples));
/// var after = pipeline.Add(new ComputeStatistics(transform.Examples) { Id = "statistics-after-transform" });
/// </code>
/// </example>
[CodeVersion(2)]
public sealed class ComputeStatistics(Output<Examples> examples) : Component<Output<ExampleStatistics>>
{
    /// <summary>Part of the key of what was counted of a span: raised when counting changes, whatever becomes of the description.</summary>
    const int CountingVersion = 2;

    const string PartialFile = "partial";

    /// <summary>What tells the meaning of columns: a wire of its own only where the examples came from a transform.</summary>
    readonly Output? _meanings = (examples.Producer as IColumnMeanings)?.MeaningOf(examples);

    /// <summary>What is counted; those who find something odd in the counts look there for the rows.</summary>
    internal Output<Examples> Counted => examples;

    /// <summary>How to count.</summary>
    public StatisticsOptions Options { get; init; } = new();

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        var input = execution.Read(examples);
        var options = Options with { Meanings = _meanings is null ? Options.Meanings : ((IColumnMeanings)examples.Producer!).ReadMeanings(execution) };
        var computed = new List<string>();
        foreach (var split in input.Splits)
        {
            var files = input.SpanFilesOf(split);
            var target = execution.PathOf(Outputs, ExampleStatistics.RelativeFileOf(split));
            if (Options.Sketch is not null)
            {
                new DatasetStatistics(SketchEngine.Compute([.. files.Select(file => file.File)], split, Options, execution.Threads, cancellationToken)).Save(target);
                computed.AddRange(files.Select(file => NameOf(split, file)));
                continue;
            }

            var parts = new List<PartialStatistics>();
            try
            {
                foreach (var file in files)
                    parts.Add(Count(execution, split, file, input.Rows, computed, cancellationToken));
                DatasetStatistics.SaveAll(
                    target,
                    StatisticsEngine.Describe(
                        parts[0].Merge([.. parts.Skip(1)]), split, [.. files.Select(file => file.File)], options, execution.Threads, execution.TemporaryDirectory, cancellationToken));
            }
            finally
            {
                parts.ForEach(part => part.Dispose());
            }
        }

        foreach (var property in new[] { Examples.SpanProperty, Examples.VersionProperty })
        {
            if (input.Properties.TryGetValue(property, out var number))
                execution.SetProperty(Outputs, property, number);
        }

        execution.SetProperty(Outputs, ExampleStatistics.SplitNamesProperty, JsonSerializer.Serialize(input.Splits));
        execution.SetProperty(Outputs, ExampleStatistics.SpansComputedProperty, JsonSerializer.Serialize(computed));
        return Task.CompletedTask;
    }

    protected internal override void Check(DefinitionCheck check)
    {
        if (Options.Sketch is not null && (Options.WeightColumn is not null || Options.Slices.Count > 0 || Options.Cross is not null))
            check.Error("Sketch is set together with WeightColumn, Slices or Cross. Expected one or the other: sketches count neither weights nor slices nor columns together; leave out Sketch, or these.");
    }

    protected internal override IReadOnlyCollection<string>? KnownColumns(DefinitionCheck check, Output output) =>
        check.ColumnsOf(examples);

    static string NameOf(string split, SpanFile span) => string.Create(CultureInfo.InvariantCulture, $"{split}:{span.Span}");

    PartialStatistics Count(Execution execution, string split, SpanFile span, long rows, List<string> computed, CancellationToken cancellationToken)
    {
        var isNew = false;
        var directory = execution.Memo(Key(span.File), target =>
        {
            isNew = true;
            PartialStatistics.Of(
                span.File, Path.Join(target, PartialFile), Options, execution.Threads, execution.TemporaryDirectory,
                columns => execution.Report(new Progress { Message = $"{split}: {columns}", TotalRows = rows }), cancellationToken).Dispose();
        });
        if (isNew)
            computed.Add(NameOf(split, span));
        execution.Log.LogInformation("Split {Split}, span {Span}: {What}.", split, span.Span, isNew ? "counted" : "taken from what was counted before");
        return PartialStatistics.Load(Path.Join(directory, PartialFile));
    }

    /// <summary>All that counting depends on; how it is described afterwards does not matter.</summary>
    string Key(string file)
    {
        using var content = File.OpenRead(file);
        var counting = Options.Counting;
        return JsonSerializer.Serialize(new
        {
            what = "partial statistics",
            version = CountingVersion,
            weight = counting.Weight,
            slices = PartialStatistics.SlicedBy(counting),
            examples = Convert.ToHexStringLower(SHA256.HashData(content)),
        });
    }
}
