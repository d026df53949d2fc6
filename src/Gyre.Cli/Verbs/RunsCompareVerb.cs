using System.CommandLine;
using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Cli.Tracking;
using Gyre.Pages;

namespace Gyre.Cli.Verbs;

/// <summary>Sets runs side by side.</summary>
sealed class RunsCompareVerb : Verb
{
    readonly Argument<string[]> _runs = new("runs") { HelpName = "RUN", Arity = ArgumentArity.OneOrMore, Description = "The runs, for example r1 r2 r3." };

    readonly Option<bool> _all = new("--all") { Description = "Also show what is the same in all of them." };

    readonly Option<string?> _page = new("--html") { HelpName = "FILE", Description = "Write a page for browsers with the curves, one file that needs no network." };

    public RunsCompareVerb()
        : base("compare", "Compare runs: metrics, and what differs of parameters, data and environment.")
    {
        Arguments.Add(_runs);
        Options.Add(_all);
        Options.Add(_page);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("runs compare r1 r2 r3", "as a table"),
        new("runs compare r1 r2 --html page.html", "with the curves of training"),
        new("runs compare r1 r2 --json", "for a program"),
    ];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var names = session.Value(_runs)!;
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UsageException($"The run '{twice.Key}' is named twice. Name each run once.");
        using var home = session.OpenHome();
        var runs = home.Store.Read(transaction =>
        {
            var reader = new HistoryReader(transaction);
            return names.Select(name => RunFacts.Of(home, transaction, reader.FindRun(name))).ToList();
        });
        var comparison = new RunComparison(runs, session.Value(_all));
        if (session.Value(_page) is { } file)
            PageOutput.Save(session.Screen, string.Join(", ", names), file, WebPage.OfReport(comparison.Page()), names);
        else if (session.Screen.IsJson)
            session.Screen.Json(new { runs });
        else
            comparison.Write(session.Screen);
        return Task.FromResult(ExitCodes.Done);
    }
}
