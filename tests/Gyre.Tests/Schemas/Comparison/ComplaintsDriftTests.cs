using System.Globalization;
using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Schemas;
using Gyre.Schemas.Comparison;
using Gyre.Statistics;
using Gyre.Testing;

namespace Gyre.Tests.Schemas.Comparison;

/// <summary>The real drift of the rate at which consumers dispute: 22.7 % in 2012, 13.8 % in 2017.</summary>
public sealed class ComplaintsDriftTests : IDisposable
{
    const string Label = "Consumer disputed?";
    const string Received = "Date received";

    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    /// <summary>Writes the complaints that meet a condition, one of SQL, as Parquet or CSV.</summary>
    string Write(string name, string condition)
    {
        var path = Path.Combine(_home.Root, name);
        using var engine = new DataEngine(threads: 2, _home.Root);
        engine.Execute(
            $"COPY (SELECT * EXCLUDE (place) FROM (SELECT *, row_number() OVER () AS place FROM read_csv({SqlText.Literal(SharedData.File("data/complaints/cfpb_slim7_labelled_767656.csv.gz"))}, header = true, all_varchar = true)) WHERE {condition}) "
            + $"TO {SqlText.Literal(path)} ({(name.EndsWith(".parquet", StringComparison.Ordinal) ? "FORMAT parquet" : "FORMAT csv, HEADER")})");
        return path;
    }

    DatasetStatistics Statistics(string name, string condition) =>
        StatisticsEngine.Compute(Write($"{name}.parquet", condition), name, cancellationToken: TestContext.Current.CancellationToken);

    static string Begins(string date) => $"\"{Received}\" LIKE '{date}%'";

    [Fact]
    public void Between_distant_years_the_drift_is_found_and_named()
    {
        var (first, last) = (Statistics("2012", Begins("2012")), Statistics("2017", Begins("2017")));

        var comparison = DataComparer.Compare(last, new ReferenceData(ComparedWith.PreviousSpan, "2012", first));
        var balance = ClassBalance.Of(last, Label).Against("2012", ClassBalance.Of(first, Label).Counts, isSample: true, new BalanceOptions());

        var feature = comparison.Features.Single(each => each.Feature == Label);
        feature.IsAlarm.ShouldBeTrue();
        feature.Of(DistanceNames.LInfinity)!.Value.ShouldBe(0.089, 0.001);
        feature.Probability!.Value.ShouldBeLessThan(1e-10);
        balance.Classes.Single(each => each.Class == "Yes").Share.ShouldBe(0.138, 0.001);
        balance.Checks.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            check => check.IsAlarm.ShouldBeTrue(), check => check.Expected["Yes"].ShouldBe(0.227, 0.001));
    }

    [Theory]
    [InlineData("2012-06")]
    [InlineData("2014-03")]
    [InlineData("2015-11")]
    [InlineData("2017-02")]
    public void Between_two_random_halves_of_a_month_nothing_is_found(string month)
    {
        const string half = "md5_number(place::VARCHAR) % 2 = ";
        var comparison = DataComparer.Compare(
            Statistics("one", $"{Begins(month)} AND {half}0"), new ReferenceData(ComparedWith.PreviousSpan, "other", Statistics("other", $"{Begins(month)} AND {half}1")));

        comparison.Features.Count.ShouldBe(7);
        comparison.Features.Where(feature => feature.IsAlarm).Select(feature => feature.Feature).ShouldBeEmpty(comparison.Other);
        comparison.Features.Where(feature => feature.Distances.Any(distance => distance.Value > 0)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_pipeline_that_sees_month_after_month_warns_of_it()
    {
        Pipeline Build(string file, out Output<Gyre.Schemas.Anomalies> anomalies)
        {
            var pipeline = new Pipeline("complaints");
            var statistics = pipeline.Add(new ComputeStatistics(pipeline.Add(new IngestCsv(file) { Splits = Split.ByHash(("train", 1)) })));
            anomalies = pipeline.Add(new ValidateExamples(statistics, pipeline.Add(new InferSchema(statistics))) { Options = new ValidationOptions { Label = Label } });
            return pipeline;
        }

        foreach (var (month, isFirst) in new[] { ("2012-05", true), ("2017-03", false) })
        {
            var result = await _home.RunAsync(Build(Write(string.Create(CultureInfo.InvariantCulture, $"{month}.csv"), Begins(month)), out var anomalies), cancellationToken: TestContext.Current.CancellationToken);

            result.ExitCode.ShouldBe(0, string.Join('\n', result.Nodes));
            var found = _home.Artifact(result, anomalies).Of("train").Warnings.Where(warning => warning.Feature.Contains(Label, StringComparison.Ordinal)).ToList();
            found.Count.ShouldBe(isFirst ? 0 : 1);
            if (!isFirst)
                found[0].Description.ShouldContain("The class");
        }
    }
}
