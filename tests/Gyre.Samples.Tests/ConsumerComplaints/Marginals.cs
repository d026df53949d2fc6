using ConsumerComplaints.Synthetic;

namespace Gyre.Samples.Tests.ConsumerComplaints;

/// <summary>The share of each value of a column, by the counts that are part of the sample; missing values are empty texts.</summary>
static class Marginals
{
    static readonly PublishedCounts Counts = PublishedCounts.Read();

    public static Dictionary<string, double> Of(string column)
    {
        var counts = column switch
        {
            "product" => Counts.Products.Items.Select(product => (product.Name, Counts.ProductCounts[product.Name])),
            "sub_product" => Counts.Products.Items.SelectMany(product => product.SubProducts),
            "issue" => Counts.Products.Items.SelectMany(product => product.Issues).Select(issue => (issue.Item1.Name, issue.Item2)),
            "sub_issue" => Counts.Products.Items.SelectMany(product => product.Issues).Select(issue => (issue.Item1.SubIssue, issue.Item2)),
            "state" => WithMissing(column, Counts.Places.Items.Select(place => (place.State, Counts.Places.ShareOf(place)))),
            "zip_code" => WithMissing(column, Counts.Places.Items.Select(place => (place.ZipCode, Counts.Places.ShareOf(place)))),
            "company_response" => Counts.Responses.Items.Select(response => (response, Counts.Responses.ShareOf(response) * Counts.Rows)),
            "timely_response" => [("Yes", Counts.Rows - Counts.Untimely), ("No", Counts.Untimely)],
            _ => throw new ArgumentException($"No counts are known of the column '{column}'.", nameof(column)),
        };
        return counts.GroupBy(entry => entry.Item1, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(entry => entry.Item2) / Counts.Rows, StringComparer.Ordinal);
    }

    static IEnumerable<(string, double)> WithMissing(string column, IEnumerable<(string Value, double Share)> shares) =>
        shares.Select(entry => (entry.Value, entry.Share * (Counts.Rows - Counts.Missing[column]))).Append(("", Counts.Missing[column]));
}
