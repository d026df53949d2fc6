using System.Globalization;
using ConsumerComplaints.Synthetic;
using Synthesis;

namespace ConsumerComplaints;

/// <summary>Where complaints come from.</summary>
/// <param name="Path">The CSV file, or the zip archive of one.</param>
/// <param name="MinAuc">What a model should reach on it at least; null where nobody knows.</param>
/// <param name="AttainableAuc">The best that a model can reach on it; null where nobody knows.</param>
sealed record ComplaintData(string Path, double? MinAuc, double? AttainableAuc)
{
    /// <summary>The eleven columns, each with its header in the Bureau's download.</summary>
    public static IReadOnlyList<Column> Columns { get; } =
    [
        Text("product", "Product"),
        Text("sub_product", "Sub-product"),
        Text("issue", "Issue"),
        Text("sub_issue", "Sub-issue"),
        Text("consumer_complaint_narrative", "Consumer complaint narrative"),
        Text("company", "Company"),
        Text("state", "State"),
        Text("zip_code", "ZIP code", "zipcode"),
        Text("company_response", "Company response to consumer", "company_response_to_consumer"),
        Text("timely_response", "Timely response?"),
        Text("consumer_disputed", "Consumer disputed?", "consumer_disputed?").WithNullTokens("N/A"),
    ];

    // Of fewer made-up complaints a model learns too little to demand anything of it.
    const int FewestToLearnFrom = 2_000;

    public static ComplaintData Given(string path) => new(path, MinAuc: null, AttainableAuc: null);

    /// <summary>Makes complaints up, unless they are there from before, and says so on standard error.</summary>
    public static ComplaintData MadeUp(string home, int rows, int seed, bool quiet)
    {
        if (rows < 1)
            throw new DefinitionException([new DefinitionError("", string.Create(CultureInfo.InvariantCulture, $"--rows is {rows}. Expected at least 1."))]);
        var file = SyntheticFile.Ensure(new SyntheticComplaints(), System.IO.Path.Combine(home, "data"), rows, seed);
        if (!quiet)
        {
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"SYNTHETIC DATA: {rows:N0} complaints that nobody made, {(file.Made ? "written to" : "kept in")} {file.ShortPath}. Give real ones with --data FILE."));
        }

        return new ComplaintData(file.Path, MinAuc: rows >= FewestToLearnFrom ? 0.6 : null, file.Facts.AttainableAuc);
    }

    static Column Text(string name, params IEnumerable<string> headers) =>
        Column.Named(name).From([name, .. headers]).Of(ColumnType.Text);
}
