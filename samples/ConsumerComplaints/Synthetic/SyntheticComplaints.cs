using Synthesis;

namespace ConsumerComplaints.Synthetic;

/// <summary>
/// Complaints that nobody made: columns by the published counts, narratives by our own grammar, the label by
/// <see cref="DisputeFormula"/>. Not thread-safe.
/// </summary>
sealed class SyntheticComplaints : SyntheticTable
{
    readonly PublishedCounts _counts;
    readonly CompanyNames _companies;
    readonly NarrativeWriter _narratives = new();

    public SyntheticComplaints()
    {
        _counts = PublishedCounts.Read();
        _companies = new CompanyNames(_counts);
    }

    public override string Name => "complaints";

    public override int Version => 1;

    public override IReadOnlyList<string> Columns { get; } =
    [
        "product", "sub_product", "issue", "sub_issue", "consumer_complaint_narrative", "company", "state", "zip_code",
        "company_response", "timely_response", "consumer_disputed",
    ];

    public override Outcome Fill(CsvRow row, Dice dice)
    {
        var product = _counts.Products.Draw(dice);
        var subProduct = product.DrawSubProduct(dice);
        var issue = product.DrawIssue(dice);
        var company = _companies.Draw(product, dice);
        var place = _counts.Places.Draw(dice);
        var state = IsMissing("state", dice) ? "" : place.State;
        var zipCode = IsMissing("zip_code", dice) ? "" : place.ZipCode;
        var response = _counts.Responses.Draw(dice);
        var timely = response != "Untimely response" && !dice.Chance(LateShare);
        var narrative = _narratives.Write(product.Name, issue.Name, company, dice);
        var outcome = Outcome.Draw(DisputeFormula.Logit(issue.Name, response, narrative), dice);

        row.Add(product.Name).Add(subProduct).Add(issue.Name).Add(issue.SubIssue).Add(narrative).Add(company).Add(state)
            .Add(zipCode).Add(response).Add(timely ? "Yes" : "No").Add(outcome.Positive ? "Yes" : "No");
        return outcome;
    }

    /// <summary>How many of the responses that are not called untimely were late all the same.</summary>
    double LateShare => (_counts.Untimely - UntimelyResponses) / (_counts.Rows - UntimelyResponses);

    double UntimelyResponses => _counts.Rows * _counts.Responses.ShareOf("Untimely response");

    bool IsMissing(string column, Dice dice) => dice.Chance(_counts.Missing[column] / (double)_counts.Rows);
}
