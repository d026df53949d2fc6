using System.Text.Json;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Statistics;
using Gyre.Testing;

namespace Gyre.Tests.Statistics;

/// <summary>A window that rolls over spans counts only the new one.</summary>
public sealed class SpansOfStatistics : IDisposable
{
    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_rolling_window_counts_the_new_span_only()
    {
        var first = await Run("1,2,3,4,5");
        var second = await Run("2,3,4,5,6");

        first.SpansComputed.ShouldBe(["train:1", "train:2", "train:3", "train:4", "train:5"]);
        second.SpansComputed.ShouldBe(["train:6"]);
        second.Of("train").Examples.ShouldBe(20 + 30 + 40 + 50 + 60);
        var all = System.IO.Path.Combine(_home.Root, "all.parquet");
        WriteSpans(all, 2, 3, 4, 5, 6);
        second.Of("train").Message.ShouldBe(StatisticsEngine.Compute(all, "train", cancellationToken: TestContext.Current.CancellationToken).Message);
    }

    [Fact]
    public async Task Other_ways_to_describe_what_was_counted_need_no_new_count()
    {
        await Run("1,2");
        (await Run("1,2", new StatisticsOptions { TopValues = 2 })).SpansComputed.ShouldBeEmpty();
        (await Run("1,2", new StatisticsOptions { Slices = [SliceSpec.By("name")] })).SpansComputed.Count.ShouldBe(2);
    }

    async Task<ExampleStatistics> Run(string spans, StatisticsOptions? options = null)
    {
        var pipeline = new Pipeline("spans");
        var examples = pipeline.Add(new MakeSpans(spans));
        var statistics = pipeline.Add(new ComputeStatistics(examples) { Options = options ?? new StatisticsOptions() });
        var result = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        result.ExitCode.ShouldBe(0, string.Join('\n', result.Nodes));
        return _home.Artifact(result, statistics);
    }

    static void WriteSpans(string path, params long[] spans) => ExampleFile.Write(
        path,
        ("name", spans.SelectMany(span => Enumerable.Range(0, (int)span * 10).Select(i => $"name {i % 7}")).ToArray()),
        ("number", spans.SelectMany(span => Enumerable.Range(0, (int)span * 10).Select(i => (span * 0.1) + i)).ToArray()));

    [CodeVersion(1)]
    sealed class MakeSpans(string spans) : Component<Output<Examples>>
    {
        protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
        {
            var numbers = spans.Split(',').Select(long.Parse).ToList();
            foreach (var number in numbers)
                WriteSpans(execution.PathOf(Outputs, $"Span-{number}/Split-train/examples.parquet"), number);
            Examples.Describe(execution, Outputs, [new("train", numbers.Sum() * 10)]);
            execution.SetProperty(Outputs, "spans", JsonSerializer.Serialize(numbers.Select(number => new ExampleSpan(number, 0)), JsonSerializerOptions.Web));
            return Task.CompletedTask;
        }
    }
}
