using Gyre.Pages.Markup;

namespace Gyre.Pages;

/// <summary>What stands on a page besides statistics.</summary>
public sealed record WebPageOptions
{
    /// <summary>The title of the page; by default what it shows.</summary>
    public string? Title { get; init; }

    /// <summary>Where the data comes from, in words.</summary>
    public string? Source { get; init; }

    /// <summary>What validation found, split by split; null when nothing was validated.</summary>
    public IReadOnlyList<ValidationView>? Anomalies { get; init; }
}

/// <summary>
/// Pages for browsers, each one file that needs nothing else: style, script and pictures are inside, nothing is fetched,
/// and it may be mailed, put beside a build, or opened in years. Without a script it is still a table to read.
/// </summary>
public static class WebPage
{
    /// <summary>As many sets can be told apart by colour.</summary>
    public const int MostSets = 4;

    /// <summary>How many lines of a plot have colours of their own; further ones begin again with the first.</summary>
    public const int MostColours = 8;

    /// <summary>Statistics of one or more data sets, one over the other.</summary>
    /// <param name="sets">The data sets, at least one and at most <see cref="MostSets"/>; distances are those of the first two.</param>
    /// <param name="options">What else stands on the page.</param>
    /// <returns>The text of the HTML file; equal statistics give equal texts.</returns>
    public static string OfStatistics(IReadOnlyList<DataSetView> sets, WebPageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Count is 0 or > MostSets)
            throw new ArgumentException(FormattableString.Invariant($"There are {sets.Count} data sets. Expected 1 to {MostSets} on one page."), nameof(sets));
        return new StatisticsDocument(sets, options ?? new WebPageOptions()).Write();
    }

    /// <summary>What validation found: anomalies with the rows to blame, distances to other data, classes of the label.</summary>
    /// <param name="splits">The splits that were validated, at least one.</param>
    /// <param name="options">What else stands on the page.</param>
    /// <returns>The text of the HTML file; equal findings give equal texts.</returns>
    public static string OfValidation(IReadOnlyList<ValidationView> splits, WebPageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(splits);
        if (splits.Count == 0)
            throw new ArgumentException("There are no splits. Expected at least one that was validated.", nameof(splits));
        return new ValidationDocument(splits, options ?? new WebPageOptions()).Write();
    }

    /// <summary>A report of plots and tables.</summary>
    /// <param name="report">What it says.</param>
    /// <returns>The text of the HTML file; equal reports give equal texts.</returns>
    public static string OfReport(ReportView report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new ReportDocument(report).Write();
    }
}
