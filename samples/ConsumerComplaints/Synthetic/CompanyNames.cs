using Synthesis;

namespace ConsumerComplaints.Synthetic;

/// <summary>
/// The companies complained of. As nobody complained, none of them is real: their names are coined from syllables, and
/// likeness to a real one is chance. How many complaints the first, second, third … of them gets is as published, and what
/// trade a company is in fits the products that are complained of.
/// </summary>
sealed class CompanyNames
{
    static readonly string[] Starts =
        ["Ambra", "Bre", "Cal", "Dor", "Eskel", "Fen", "Gil", "Hal", "Ister", "Jor", "Kel", "Lor", "Mar", "Nor", "Oster", "Pel", "Quil", "Ros", "Sel", "Tor", "Ulver", "Ven", "Wes", "Yar", "Zel"];

    static readonly string[] Ends =
        ["avane", "bridan", "corrin", "dimar", "elveth", "fonel", "garran", "holm", "imbury", "javin", "kestan", "lomere", "mandel", "novar", "orwin", "pendra", "quessa", "randow", "solane", "tavish", "umbral", "vantor", "wendle", "zoria"];

    static readonly Dictionary<string, string[]> Trades = new(StringComparer.Ordinal)
    {
        ["bureau"] = ["Credit Information Services, Inc.", "Credit Bureau, LLC", "Consumer Data Corp."],
        ["bank"] = ["Bank, N.A.", "Financial Corporation", "Bancorp, Inc.", "Savings Bank", "Federal Credit Union", "Bankshares"],
        ["servicer"] = ["Home Loans, LLC", "Mortgage Servicing, LLC", "Mortgage Company", "Home Lending, Inc."],
        ["collector"] = ["Recovery Group, Inc.", "Receivables Management, LLC", "Collection Bureau", "Credit Control, LLC", "Asset Recovery L.P.", "Collections & Associates"],
        ["lender"] = ["Auto Finance, Inc.", "Acceptance Corporation", "Cash Advance, LLC", "Installment Loans"],
        ["student lender"] = ["Student Loan Servicing, Inc.", "Education Finance Corp."],
        ["payments"] = ["Payments, Inc.", "Prepaid Services, LLC", "Money Transfer, Inc."],
    };

    /// <summary>For each product, the share of each trade among the companies complained of: our own guess.</summary>
    static readonly Dictionary<string, (string Trade, double Share)[]> TradesOf = new(StringComparer.Ordinal)
    {
        ["Debt collection"] = [("collector", 0.88), ("bank", 0.09), ("lender", 0.03)],
        ["Mortgage"] = [("servicer", 0.55), ("bank", 0.45)],
        ["Credit reporting"] = [("bureau", 1)],
        ["Credit card"] = [("bank", 1)],
        ["Bank account or service"] = [("bank", 1)],
        ["Consumer Loan"] = [("lender", 0.75), ("bank", 0.25)],
        ["Student loan"] = [("student lender", 0.75), ("collector", 0.15), ("bank", 0.1)],
        ["Prepaid card"] = [("payments", 1)],
        ["Payday loan"] = [("lender", 0.8), ("collector", 0.2)],
        ["Money transfers"] = [("payments", 1)],
        ["Other financial service"] = [("payments", 0.6), ("lender", 0.4)],
    };

    readonly Dictionary<string, Weighted<string>> _trades;
    readonly Dictionary<string, Weighted<string>> _companies;

    public CompanyNames(PublishedCounts counts)
    {
        _trades = TradesOf.ToDictionary(entry => entry.Key, entry => new Weighted<string>(entry.Value), StringComparer.Ordinal);
        _companies = Found(counts).ToDictionary(entry => entry.Key, entry => new Weighted<string>(entry.Value), StringComparer.Ordinal);
    }

    public IEnumerable<string> All => _companies.Values.SelectMany(trade => trade.Items);

    public string Draw(Product product, Dice dice) => _companies[_trades[product.Name].Draw(dice)].Draw(dice);

    /// <summary>
    /// Founds a company for each rank, in the trade that still lacks most complaints; the three largest are the credit
    /// bureaus, as one sees by the counts. So the companies of a trade together get just the complaints of the trade.
    /// </summary>
    static Dictionary<string, List<(string Name, double Count)>> Found(PublishedCounts counts)
    {
        var lacking = Trades.Keys.ToDictionary(
            trade => trade,
            trade => TradesOf.Sum(entry => counts.ProductCounts[entry.Key] * entry.Value.Where(share => share.Trade == trade).Sum(share => share.Share)),
            StringComparer.Ordinal);
        var companies = Trades.Keys.ToDictionary(trade => trade, _ => new List<(string, double)>(), StringComparer.Ordinal);
        for (var rank = 0; rank < counts.Companies.Count; rank++)
        {
            var trade = rank < 3 ? "bureau" : lacking.MaxBy(entry => entry.Value).Key;
            lacking[trade] -= counts.Companies[rank];
            companies[trade].Add((Coin(trade, companies[trade].Count), counts.Companies[rank]));
        }

        return companies;
    }

    /// <summary>The n-th name of a trade. The steps have no divisor in common with the lists' lengths, so names repeat late.</summary>
    static string Coin(string trade, int number)
    {
        var forms = Trades[trade];
        var salt = forms[0].Length;
        var start = Starts[((number * 7) + salt) % Starts.Length];
        var end = Ends[((number * 11) + (number / (Starts.Length * Ends.Length)) + (salt * 5)) % Ends.Length];
        return $"{start}{end} {forms[number % forms.Length]}";
    }
}
