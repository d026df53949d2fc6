using Synthesis;

namespace ConsumerComplaints.Synthetic;

/// <summary>
/// Complaints that nobody made: columns by the published counts, narratives by our own grammar, the label by
/// <see cref="DisputeFormula"/>. Not thread-safe.
/// </summary>
sealed class SyntheticComplaints : SyntheticTable
{
    // Read for the first complaint: mostly the file is there already, and none is made.
    PublishedCounts Counts => field ??= PublishedCounts.Read();

    CompanyNames Companies => field ??= new CompanyNames(Counts);

    NarrativeWriter Narratives => field ??= new NarrativeWriter();

    public override string Name => "complaints";

    public override int Version => 1;

    public override IReadOnlyList<string> Columns { get; } =
    [
        "product", "sub_product", "issue", "sub_issue", "consumer_complaint_narrative", "company", "state", "zip_code",
        "company_response", "timely_response", "consumer_disputed",
    ];

    public override Outcome Fill(CsvRow row, Dice dice)
    {
        var product = Counts.Products.Draw(dice);
        var subProduct = product.DrawSubProduct(dice);
        var issue = product.DrawIssue(dice);
        var company = Companies.Draw(product, dice);
        var place = Counts.Places.Draw(dice);
        var state = IsMissing("state", dice) ? "" : place.State;
        var zipCode = IsMissing("zip_code", dice) ? "" : place.ZipCode;
        var response = Counts.Responses.Draw(dice);
        var timely = response != "Untimely response" && !dice.Chance(LateShare);
        var narrative = Narratives.Write(product.Name, issue.Name, company, dice);
        var outcome = Outcome.Draw(DisputeFormula.Logit(issue.Name, response, narrative), dice);

        row.Add(product.Name).Add(subProduct).Add(issue.Name).Add(issue.SubIssue).Add(narrative).Add(company).Add(state)
            .Add(zipCode).Add(response).Add(timely ? "Yes" : "No").Add(outcome.Positive ? "Yes" : "No");
        return outcome;
    }

    /// <summary>How many of the responses that are not called untimely were late all the same.</summary>
    double LateShare => (Counts.Untimely - UntimelyResponses) / (Counts.Rows - UntimelyResponses);

    double UntimelyResponses => Counts.Rows * Counts.Responses.ShareOf("Untimely response");

    bool IsMissing(string column, Dice dice) => dice.Chance(Counts.Missing[column] / (double)Counts.Rows);
}
