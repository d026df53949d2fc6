using Gyre.Statistics;
using Gyre.Statistics.Protos;
using Gyre.Statistics.Sketches;

namespace Gyre.Tests.Statistics.Sketches;

/// <summary>Statistics by sketches beside exact ones of the same examples.</summary>
public sealed class SketchedStatistics : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-sketches-");

    public void Dispose() => _directory.Delete(recursive: true);

    (DatasetFeatureStatistics Exact, DatasetFeatureStatistics Sketched) Both(SketchOptions sketch, params (string Name, Array Values)[] columns)
    {
        var file = ExampleFile.Write(System.IO.Path.Combine(_directory.FullName, "examples.parquet"), columns);
        return (Compute(null), Compute(sketch));

        DatasetFeatureStatistics Compute(SketchOptions? options) => StatisticsEngine.Compute(
            file, "all", new StatisticsOptions { Sketch = options }, cancellationToken: TestContext.Current.CancellationToken).Message;
    }

    [Fact]
    public void Data_that_fits_into_the_sketches_is_described_exactly()
    {
        var random = new Random(3);
        var (exact, sketched) = Both(
            new SketchOptions(),
            ("number", Enumerable.Range(0, 2000).Select(row => row % 9 == 0 ? (double?)null : Math.Round(random.NextDouble(), 3)).ToArray()),
            ("odd", Enumerable.Range(0, 2000).Select(row => row % 3 == 0 ? double.NaN : row % 5 == 0 ? double.PositiveInfinity : row).ToArray()),
            ("whole", Enumerable.Range(0, 2000).Select(_ => random.Next(-5, 6)).ToArray()),
            ("text", Enumerable.Range(0, 2000).Select(row => row % 7 == 0 ? null : row % 11 == 0 ? "" : $"text {random.Next(300)}").ToArray()),
            ("long", Enumerable.Range(0, 2000).Select(row => row == 5 ? new string('x', 2000) : "short").ToArray()));

        sketched.NumExamples.ShouldBe(exact.NumExamples);
        foreach (var (one, other) in exact.Features.Zip(sketched.Features))
        {
            other.PathText().ShouldBe(one.PathText());
            other.Type.ShouldBe(one.Type);
            (other.Common()!.NumNonMissing, other.Common()!.NumMissing, other.Common()!.TotNumValues)
                .ShouldBe((one.Common()!.NumNonMissing, one.Common()!.NumMissing, one.Common()!.TotNumValues), one.PathText());
            if (one.NumStats is { } numbers)
            {
                other.NumStats.Mean.ShouldBe(numbers.Mean, 1e-12);
                other.NumStats.StdDev.ShouldBe(numbers.StdDev, 1e-9);
                (other.NumStats.Min, other.NumStats.Median, other.NumStats.Max, other.NumStats.NumZeros)
                    .ShouldBe((numbers.Min, numbers.Median, numbers.Max, numbers.NumZeros), one.PathText());
                other.NumStats.Histograms[1].ShouldBe(numbers.Histograms[1], one.PathText());
                other.NumStats.Histograms[0].Buckets.Sum(bucket => bucket.SampleCount).ShouldBe(numbers.Histograms[0].Buckets.Sum(bucket => bucket.SampleCount));
            }
            else
            {
                other.StringStats.Unique.ShouldBe(one.StringStats.Unique);
                other.StringStats.TopValues.ShouldBe(one.StringStats.TopValues);
                other.StringStats.RankHistogram.ShouldBe(one.StringStats.RankHistogram);
                other.StringStats.AvgLength.ShouldBe(one.StringStats.AvgLength);
            }
        }
    }

    [Fact]
    public void Estimates_stay_within_the_errors_that_stand_beside_them()
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, 20_000).Select(_ => Math.Exp(random.NextDouble() * 20)).ToArray();
        var texts = Enumerable.Range(0, 20_000).Select(_ => $"{(int)(5000 * Math.Pow(random.NextDouble(), 4))}").ToArray();
        var (exact, sketched) = Both(new SketchOptions { QuantileSize = 256, DistinctSize = 512, FrequentSize = 128 }, ("number", values), ("text", texts));

        var error = Custom(sketched.Features[0], "sketch:rank_error");
        error.ShouldBeInRange(1e-6, 8.0 / 256);
        var sorted = values.Order().ToArray();
        var rank = (double)Array.BinarySearch(sorted, sketched.Features[0].NumStats.Median) / sorted.Length;
        rank.ShouldBe(0.5, error + 1e-4);
        sketched.Features[0].NumStats.StdDev.ShouldBe(exact.Features[0].NumStats.StdDev, exact.Features[0].NumStats.StdDev * 1e-12);

        var unique = Custom(sketched.Features[1], "sketch:unique_standard_error");
        ((double)sketched.Features[1].StringStats.Unique / exact.Features[1].StringStats.Unique).ShouldBe(1, 4.5 * unique);
        var shortBy = Custom(sketched.Features[1], "sketch:frequency_error");
        shortBy.ShouldBeInRange(1, 20_000.0 / 128);
        var (top, found) = (exact.Features[1].StringStats.TopValues[0], sketched.Features[1].StringStats.TopValues[0]);
        found.Value.ShouldBe(top.Value);
        found.Frequency.ShouldBeInRange(top.Frequency - shortBy, top.Frequency);
    }

    [Fact]
    public void Sizes_that_make_no_sense_are_told() =>
        Should.Throw<InvalidDataException>(() => Both(new SketchOptions { QuantileSize = 1 }, ("x", new[] { 1 }))).Message.ShouldContain("QuantileSize is 1. Expected 16");

    static double Custom(FeatureNameStatistics feature, string name) => feature.CustomStats.Single(custom => custom.Name == name).Num;
}
