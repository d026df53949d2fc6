namespace ConsumerComplaints.Synthetic;

/// <summary>
/// When a made-up consumer disputes the company's answer. The odds follow from the row alone:
/// <c>logit p = Base + OfIssue[issue] + OfResponse[company_response] + the weights of all telling words in the narrative</c>,
/// each word counted once, and the label is thrown with probability p. So the best that any model can do is known.
/// The formula is invented: it says nothing about real consumers.
/// </summary>
static class DisputeFormula
{
    /// <summary>Chosen so that 23.3 % of complaints are disputed, as among the real ones.</summary>
    public const double Base = -2.46;

    public static readonly IReadOnlyDictionary<string, double> OfIssue = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["Loan modification,collection,foreclosure"] = 0.8,
        ["Loan servicing, payments, escrow account"] = 0.4,
        ["Cont'd attempts collect debt not owed"] = 0.3,
        ["Credit reporting company's investigation"] = 1.0,
        ["Incorrect information on credit report"] = -0.6,
        ["Account opening, closing, or management"] = 0.5,
        ["Communication tactics"] = -0.7,
        ["Billing disputes"] = 0.8,
        ["Deposits and withdrawals"] = 0.5,
        ["Unable to get credit report/credit score"] = -1.0,
        ["Rewards"] = -0.8,
        ["Late fee"] = -0.6,
    };

    public static readonly IReadOnlyDictionary<string, double> OfResponse = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["Closed with monetary relief"] = -1.6,
        ["Closed with non-monetary relief"] = -1.0,
        ["Closed"] = 0.4,
        ["Untimely response"] = 0.6,
    };

    /// <summary>The words that weigh. A positive weight makes a dispute likelier.</summary>
    public static readonly IReadOnlyList<TellingWord> Words =
    [
        new("never", +1.0, 0.28),
        new("refused", +1.3, 0.20),
        new("attorney", +1.4, 0.11, ["Mortgage", "Debt collection"]),
        new("ignored", +1.3, 0.15),
        new("lied", +1.5, 0.11),
        new("threatened", +1.2, 0.06, ["Debt collection", "Payday loan", "Consumer Loan"]),
        new("unacceptable", +1.5, 0.11),
        new("illegal", +1.3, 0.10),
        new("deceptive", +1.5, 0.07, ["Credit card", "Consumer Loan", "Other financial service"]),
        new("evidence", +1.0, 0.11, ["Credit reporting"]),
        new("fraudulent", +1.0, 0.09, ["Credit card", "Bank account or service", "Credit reporting"]),
        new("lawsuit", +1.6, 0.05, ["Mortgage", "Debt collection"]),
        new("repeatedly", +0.9, 0.16),
        new("resolved", -1.5, 0.15),
        new("apologized", -1.6, 0.11),
        new("refunded", -1.7, 0.06, ["Credit card", "Bank account or service", "Prepaid card"]),
        new("corrected", -1.5, 0.08, ["Credit reporting", "Mortgage"]),
        new("helpful", -1.4, 0.09),
        new("confirmed", -0.9, 0.16),
        new("credited", -1.4, 0.06, ["Credit card", "Bank account or service", "Student loan"]),
        new("explained", -1.1, 0.16),
        new("promptly", -1.3, 0.09),
        new("agreed", -1.1, 0.13),
    ];

    static readonly Dictionary<string, int> Positions =
        Words.Select((word, position) => (word.Text, position)).ToDictionary(StringComparer.Ordinal);

    static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Find = Positions.GetAlternateLookup<ReadOnlySpan<char>>();

    static readonly int LongestWord = Words.Max(word => word.Text.Length);

    /// <summary>The logarithm of the odds that a complaint is disputed.</summary>
    public static double Logit(string issue, string response, ReadOnlySpan<char> narrative)
    {
        var logit = Base + OfIssue.GetValueOrDefault(issue) + OfResponse.GetValueOrDefault(response);
        var present = WordsIn(narrative);
        for (var i = 0; i < Words.Count; i++)
        {
            if ((present & (1L << i)) != 0)
                logit += Words[i].Weight;
        }

        return logit;
    }

    /// <summary>One bit for each of <see cref="Words"/> that occurs, whatever its case.</summary>
    static long WordsIn(ReadOnlySpan<char> narrative)
    {
        Span<char> lower = stackalloc char[LongestWord];
        var present = 0L;
        while (!narrative.IsEmpty)
        {
            var length = 0;
            while (length < narrative.Length && (char.IsAsciiLetterOrDigit(narrative[length]) || narrative[length] == '\''))
                length++;
            if (length > 0 && length <= lower.Length)
            {
                narrative[..length].ToLowerInvariant(lower);
                if (Find.TryGetValue(lower[..length], out var position))
                    present |= 1L << position;
            }

            narrative = narrative[Math.Min(length + 1, narrative.Length)..];
        }

        return present;
    }
}

/// <summary>A word by which the made-up narratives betray how the story ends.</summary>
/// <param name="Text">The word in lower case.</param>
/// <param name="Weight">What it adds to the logit.</param>
/// <param name="Use">In what share of narratives it is to stand, where they are long enough.</param>
/// <param name="TwiceIn">The products in whose complaints it is used twice as often.</param>
sealed record TellingWord(string Text, double Weight, double Use, string[]? TwiceIn = null)
{
    public double UseIn(string product) => TwiceIn?.Contains(product, StringComparer.Ordinal) == true ? 2 * Use : Use;
}
