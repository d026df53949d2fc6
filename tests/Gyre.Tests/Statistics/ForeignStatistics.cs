using Gyre.Statistics;
using Gyre.Statistics.Protos;

namespace Gyre.Tests.Statistics;

/// <summary>Statistics that TensorFlow Data Validation wrote, of several versions.</summary>
public sealed class ForeignStatistics
{
    [Fact]
    public void Files_of_others_are_read_without_loss()
    {
        var files = Directory.GetFiles(SharedData.File("data/complaints/book_tfdv_stats"), "*.pb");
        files.Length.ShouldBeGreaterThan(4);
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            var message = DatasetFeatureStatisticsList.Parser.ParseFrom(bytes);
            message.CalculateSize().ShouldBe(bytes.Length, file);
            DatasetStatistics.LoadAll(file).Count.ShouldBe(message.Datasets.Count);
        }
    }

    [Fact]
    public void A_summary_shows_what_they_counted()
    {
        var statistics = DatasetStatistics.Load(SharedData.File("data/complaints/book_tfdv_stats/data_validation__full_66799.pb"));

        statistics.Examples.ShouldBe(66_799);
        var product = statistics.Features.Single(feature => feature.Name == "product");
        product.Type.ShouldBe(FeatureValues.Text);
        product.Unique.ShouldBe(11);
        product.TopValues[0].ShouldBe(new ValueFrequency("Debt collection", 17_552));
        statistics.Features.Single(feature => feature.Name == "sub_product").Missing.ShouldBe(20_452);
    }

    [Fact]
    public void Several_data_sets_in_one_file_are_not_taken_for_one()
    {
        var file = Directory.GetFiles(SharedData.File("data/complaints/book_tfdv_stats"), "*_vs_*.pb").ShouldHaveSingleItem();

        DatasetStatistics.LoadAll(file).Count.ShouldBe(2);
        Should.Throw<InvalidDataException>(() => DatasetStatistics.Load(file)).Message.ShouldContain("2 data sets");
    }
}
