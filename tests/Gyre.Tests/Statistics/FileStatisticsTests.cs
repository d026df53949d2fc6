using Gyre.Statistics;

namespace Gyre.Tests.Statistics;

public sealed class FileStatisticsTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-files-");

    public void Dispose() => _directory.Delete(recursive: true);

    string File(string name) => Path.Combine(_directory.FullName, name);

    static IReadOnlyList<DatasetStatistics> Of(string path) => FileStatistics.Of(path, cancellationToken: TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("rows.csv", "zip,price\n00501,1.5\n,2\n")]
    [InlineData("rows.TSV", "zip\tprice\n00501\t1.5\n\t2\n")]
    public void A_text_file_is_counted(string name, string content)
    {
        System.IO.File.WriteAllText(File(name), content);

        var statistics = Of(File(name)).ShouldHaveSingleItem();

        statistics.Name.ShouldBe(name);
        statistics.Features.Select(feature => (feature.Name, feature.Type, feature.Present, feature.MissingShare))
            .ShouldBe([("zip", FeatureValues.Text, 1, 0.5), ("price", FeatureValues.Real, 2, 0)]);
        statistics.Features[0].TopValues.ShouldBe([new ValueFrequency("00501", 1)]);
        statistics.Features[1].Mean.ShouldBe(1.75);
    }

    [Fact]
    public void Statistics_and_examples_are_taken_as_they_are_alone_and_in_directories_of_splits()
    {
        Directory.CreateDirectory(File("artifact/Split-train"));
        Directory.CreateDirectory(File("artifact/Split-eval"));
        var examples = ExampleFile.Write(File("artifact/Split-train/examples.parquet"), ("x", new long[] { 1, 2 }));
        var statistics = Of(examples).ShouldHaveSingleItem();
        statistics.Name.ShouldBe("examples");
        statistics.Save(File("artifact/Split-eval/FeatureStats.pb"));

        Of(File("artifact/Split-eval/FeatureStats.pb")).ShouldHaveSingleItem().Message.ShouldBe(statistics.Message);
        Of(File("artifact")).Select(split => (split.Name, split.Examples)).ShouldBe([("examples", 2), ("train", 2)]);
    }

    [Fact]
    public void What_cannot_be_read_is_told()
    {
        System.IO.File.WriteAllText(File("ragged.csv"), "a,b\n1,2\n1,2,3\n");
        Directory.CreateDirectory(File("empty"));

        Should.Throw<InvalidDataException>(() => Of(File("ragged.csv"))).Message.ShouldContain("ragged.csv");
        Should.Throw<FileNotFoundException>(() => Of(File("none.csv"))).Message.ShouldContain("There is no file");
        Should.Throw<FileNotFoundException>(() => Of(File("empty"))).Message.ShouldContain("Expected an artifact of examples or statistics");
    }
}
