using Gyre.Statistics.RowSkew;

namespace Gyre.Tests.Statistics.RowSkew;

public sealed class RowSkewDetectionTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-row-skew-");

    public void Dispose() => _directory.Delete(recursive: true);

    string Write(string name, params (string Name, Array Values)[] columns) => ExampleFile.Write(System.IO.Path.Combine(_directory.FullName, name), columns);

    RowSkewReport Detect(RowSkewOptions options) => RowSkewDetection.Detect(
        [Write("base", ("id", new[] { "a", "b", "c", "d", null }), ("fare", new[] { 1.0, 2.04, 3, 4, 5 }), ("city", new[] { "x", "y", null, "z", "z" }), ("old", new[] { 1, 1, 1, 1, 1 }))],
        [Write("test", ("id", new[] { "b", "a", "c", "e" }), ("fare", new[] { 2.01, 1, 3.5, 9 }), ("city", new[] { "y", "w", "q", "z" }))],
        options);

    [Fact]
    public void Pairs_are_compared_feature_by_feature()
    {
        var report = Detect(new RowSkewOptions { Identifiers = ["id"] });

        (report.Pairs, report.BaseOnly, report.TestOnly, report.WithoutIdentifier).ShouldBe((3, 1, 1, 1));
        report.Features.ShouldBe(
        [
            new FeatureSkew("fare", 3, 3, Match: 1, BaseOnly: 0, TestOnly: 0, Mismatch: 2),
            new FeatureSkew("city", 2, 3, Match: 1, BaseOnly: 0, TestOnly: 1, Mismatch: 1),
            new FeatureSkew("old", 3, 0, Match: 0, BaseOnly: 3, TestOnly: 0, Mismatch: 0),
        ]);
        report.Samples.Select(sample => sample.Identifier[0]).ShouldBe(["a", "b", "c"]);
        report.Samples[0].Differences.ShouldBe([new ValueDifference("city", "x", "w"), new ValueDifference("old", "1", Test: null)]);
        report.ToJson().ShouldContain("\"mismatch\": 2");
    }

    [Fact]
    public void Real_numbers_are_rounded_and_features_left_out_as_told()
    {
        var report = Detect(new RowSkewOptions { Identifiers = ["id"], RoundDigits = 1, Ignore = ["old"], Samples = 1 });

        report.Features.Select(feature => (feature.Feature, feature.Different)).ShouldBe([("fare", 1), ("city", 2)]);
        report.Samples.ShouldHaveSingleItem();
    }

    [Fact]
    public void An_identifier_that_stands_twice_is_told()
    {
        var file = Write("twice", ("id", new[] { 7, 7 }), ("x", new[] { 1, 2 }));
        Should.Throw<InvalidDataException>(() => RowSkewDetection.Detect([file], [file], new RowSkewOptions { Identifiers = ["id"] }))
            .Message.ShouldContain("id = 7 stands 2 times");
    }

    [Fact]
    public void An_identifier_that_is_not_there_is_told()
    {
        var file = Write("none", ("x", new[] { 1, 2 }));
        Should.Throw<InvalidDataException>(() => RowSkewDetection.Detect([file], [file], new RowSkewOptions { Identifiers = ["id"] }))
            .Message.ShouldContain("no column 'id'");
    }
}
