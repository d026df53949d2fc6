using ConsumerComplaints.Synthetic;
using Synthesis;

namespace Gyre.Samples.Tests.ConsumerComplaints;

public sealed class SyntheticComplaintsTests(ComplaintSample sample) : IClassFixture<ComplaintSample>
{
    static readonly char[] Unwanted = ['\r', '\n', '<', '>', '|'];

    [Fact]
    public void Every_row_has_the_eleven_columns()
    {
        sample.Header.ShouldBe(
        [
            "product", "sub_product", "issue", "sub_issue", "consumer_complaint_narrative", "company", "state", "zip_code",
            "company_response", "timely_response", "consumer_disputed",
        ]);
        sample.Complaints.Count.ShouldBe(ComplaintSample.Rows);
        sample.Complaints.ShouldAllBe(complaint => complaint.Length == 11);
    }

    [Fact]
    public void Commas_and_quotes_occur_and_are_quoted()
    {
        sample.Column("consumer_complaint_narrative").Count(text => text.Contains('"', StringComparison.Ordinal)).ShouldBeInRange(500, 6_000);
        sample.Column("company").Count(text => text.Contains(',', StringComparison.Ordinal)).ShouldBeGreaterThan(1_000);
        sample.Text.ShouldContain("\"\"");
    }

    [Theory]
    [InlineData("product")]
    [InlineData("sub_product")]
    [InlineData("issue")]
    [InlineData("sub_issue")]
    [InlineData("state")]
    [InlineData("zip_code")]
    [InlineData("company_response")]
    [InlineData("timely_response")]
    public void Values_occur_as_often_as_published(string column)
    {
        var published = Marginals.Of(column);
        var made = sample.Column(column).CountBy(value => value).ToDictionary();
        made.Keys.Except(published.Keys, StringComparer.Ordinal).ShouldBeEmpty();
        foreach (var (value, share) in published)
        {
            // Five deviations of a binomial count, and one more row where a count is small and skewed.
            var tolerance = (5 * Math.Sqrt(ComplaintSample.Rows * share * (1 - share))) + 1;
            ((double)made.GetValueOrDefault(value)).ShouldBe(ComplaintSample.Rows * share, tolerance, $"{column} «{value}»");
        }
    }

    [Fact]
    public void A_little_less_than_a_quarter_is_disputed()
    {
        sample.Facts.PositiveShare.ShouldBe(0.233, 0.01);
        sample.Column("consumer_disputed").Distinct().ShouldBe(["Yes", "No"], ignoreOrder: true);
    }

    [Fact]
    public void Narratives_are_as_long_as_real_ones_and_hardly_any_comes_twice()
    {
        var narratives = sample.Column("consumer_complaint_narrative").ToList();
        narratives.Average(text => text.Length).ShouldBe(1_000, 60);
        var logs = narratives.ConvertAll(text => Math.Log(text.Length));
        var mean = logs.Average();
        Math.Sqrt(logs.Average(log => Math.Pow(log - mean, 2))).ShouldBe(0.7, 0.1);
        narratives.Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThan(ComplaintSample.Rows * 99 / 100);
        narratives.ShouldAllBe(text => text.IndexOfAny(Unwanted) < 0);
    }

    [Fact]
    public void Companies_are_as_unequal_as_published_and_no_two_are_called_the_same()
    {
        var counts = PublishedCounts.Read();
        var names = new CompanyNames(counts).All.ToList();
        names.Count.ShouldBe(2_296);
        names.Distinct(StringComparer.Ordinal).Count().ShouldBe(names.Count);
        var made = sample.Column("company").CountBy(name => name).Select(entry => entry.Value).OrderDescending().Take(10).ToList();
        for (var rank = 0; rank < made.Count; rank++)
            ((double)made[rank]).ShouldBe(counts.Companies[rank] * (double)ComplaintSample.Rows / counts.Rows, 120);
    }

    [Fact]
    public void The_label_follows_the_formula_and_nothing_else()
    {
        var outcomes = sample.Complaints.Select(complaint => new Outcome(
            1 / (1 + Math.Exp(-DisputeFormula.Logit(complaint[2], complaint[8], complaint[4]))), complaint[10] == "Yes")).ToList();
        RankingQuality.Auc(outcomes).ShouldBe(sample.Facts.AttainableAuc!.Value, 1e-12);

        // Calibrated: in each tenth of the probabilities as many are disputed as the formula says.
        foreach (var tenth in outcomes.OrderBy(outcome => outcome.Probability).Chunk(ComplaintSample.Rows / 10))
        {
            var expected = tenth.Average(outcome => outcome.Probability);
            tenth.Average(outcome => outcome.Positive ? 1.0 : 0).ShouldBe(expected, 0.06);
        }
    }

    [Fact]
    public void The_best_attainable_area_under_the_curve_is_below_one_by_far_but_worth_the_effort() =>
        sample.Facts.AttainableAuc!.Value.ShouldBeInRange(0.82, 0.89);

    [Fact]
    public void Most_of_it_can_be_learnt_from_nine_tenths_of_the_rows()
    {
        var auc = WordRegression.EvaluateOn(sample.Complaints);
        var share = (auc - 0.5) / (sample.Facts.AttainableAuc!.Value - 0.5);
        share.ShouldBeGreaterThan(0.85);
    }
}
