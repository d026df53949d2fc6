using ConsumerComplaints.Synthetic;
using Gyre.Tests;

namespace Gyre.Samples.Tests.ConsumerComplaints;

public sealed class PublishedCountsTests
{
    readonly PublishedCounts _counts = PublishedCounts.Read();

    [Fact]
    public void Sub_products_and_issues_of_each_product_add_up_to_its_count()
    {
        _counts.Rows.ShouldBe(66_799);
        foreach (var product in _counts.Products.Items)
        {
            product.SubProducts.Sum(entry => entry.Item2).ShouldBe(_counts.ProductCounts[product.Name], product.Name);
            product.Issues.Sum(entry => entry.Item2).ShouldBe(_counts.ProductCounts[product.Name], product.Name);
        }

        _counts.Companies.Sum().ShouldBe(_counts.Rows);
    }

    [Theory]
    [InlineData("product", 0)]
    [InlineData("sub_product", 0)]
    [InlineData("issue", 0)]
    [InlineData("sub_issue", 0)]
    [InlineData("state", 12)]
    [InlineData("zip_code", 3)]
    [InlineData("company_response", 0)]
    [InlineData("timely_response", 0)]
    public void The_counts_are_those_of_the_published_statistics(string column, int tolerance)
    {
        var published = Published(column);
        var ours = Marginals.Of(column);
        ours.Keys.Except(published.Keys, StringComparer.Ordinal).ShouldBeEmpty();
        foreach (var (value, count) in published)
            (ours.GetValueOrDefault(value) * _counts.Rows).ShouldBe(count, tolerance + 1e-6, $"{column} «{value}»");
    }

    [Fact]
    public void No_company_bears_the_name_of_a_real_one()
    {
        var real = Published("company");
        new CompanyNames(_counts).All.Where(real.ContainsKey).ShouldBeEmpty();
        _counts.Companies.Take(1_000).ShouldBe(real.Values.OrderDescending());
    }

    static Dictionary<string, int> Published(string column) =>
        CsvText.Parse(File.ReadAllText(SharedData.File("data/complaints/book_tfdv_stats/marginals_full_66799.csv"))).Where(row => row[0] == column)
            .ToDictionary(
                row => row[1] == "<missing>" ? "" : row[1].StartsWith("Traveler", StringComparison.Ordinal) ? "Traveler’s/Cashier’s checks" : row[1],
                row => int.Parse(row[2], System.Globalization.CultureInfo.InvariantCulture),
                StringComparer.Ordinal);
}
