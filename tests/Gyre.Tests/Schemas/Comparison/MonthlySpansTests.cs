using System.Globalization;
using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Schemas;
using Gyre.Schemas.Comparison;
using Gyre.Statistics;
using Gyre.Testing;

namespace Gyre.Tests.Schemas.Comparison;

/// <summary>Real complaints that come in a file for each month, as a pipeline sees them.</summary>
public sealed class MonthlySpansTests : IDisposable
{
    const string Label = "Consumer disputed?";

    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    void Deliver(params IEnumerable<string> months)
    {
        var target = Directory.CreateDirectory(Path.Combine(_home.Root, "in")).FullName;
        using var engine = new DataEngine(threads: 2, _home.Root);
        foreach (var month in months)
        {
            engine.Execute(
                $"COPY (SELECT * FROM read_csv({SqlText.Literal(SharedData.File("data/complaints/cfpb_slim7_labelled_767656.csv.gz"))}, header = true, all_varchar = true) WHERE \"Date received\" LIKE '{month}-%') "
                + $"TO {SqlText.Literal(Path.Combine(target, $"{month}.csv"))} (FORMAT csv, HEADER)");
        }
    }

    [Fact]
    public async Task The_sixth_month_costs_one_months_statistics_and_its_drift_is_reported()
    {
        var pipeline = new Pipeline("months");
        var path = Path.Combine(_home.Root, "in/{YYYY}-{MM}.csv");
        var examples = pipeline.Add(new IngestCsv(path) { Id = "ingest-window", Spans = Span.Rolling(5) });
        var window = pipeline.Add(new ComputeStatistics(examples) { Id = "window-statistics" });
        var newest = pipeline.Add(new ComputeStatistics(pipeline.Add(new IngestCsv(path))) { After = [window] });
        var anomalies = pipeline.Add(new ValidateExamples(newest, pipeline.Add(new InferSchema(window))));
        Deliver("2012-02", "2012-03", "2012-04", "2012-05", "2012-06");
        var first = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);

        Deliver("2017-03");
        var second = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);

        first.Nodes.ShouldAllBe(node => node.EndedWell);
        var spans = new[] { Span.Month(2012, 3), Span.Month(2012, 4), Span.Month(2012, 5), Span.Month(2012, 6), Span.Month(2017, 3) };
        _home.Artifact(second, examples).Spans.Select(span => span.Span).ShouldBe(spans);
        _home.Artifact(first, window).SpansComputed.Count.ShouldBe(5 * 2, "five months, two splits");
        var computed = _home.Artifact(second, window).SpansComputed;
        computed.Count.ShouldBe(2);
        computed.ShouldAllBe(part => part.Contains(Span.Month(2017, 3).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        _home.Artifact(second, newest).SpansComputed.ShouldBeEmpty("they are those of the window");
        var report = _home.Artifact(second, anomalies).ComparisonOf("train");
        var drift = report.Comparisons.Single(each => each.With == ComparedWith.PreviousSpan).Features.Single(feature => feature.Feature == Label);
        _home.Artifact(second, anomalies).Of("train").Found.Select(anomaly => anomaly.ToString()).ShouldContain(anomaly => anomaly.Contains(Label));
        drift.IsAlarm.ShouldBeTrue();
        drift.Of(DistanceNames.LInfinity)!.Value.ShouldBeGreaterThan(0.05);
        drift.Probability!.Value.ShouldBeLessThan(0.001);
    }
}
