using System.CommandLine;
using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Cli.Tracking;
using Gyre.Cli.Watching;
using Gyre.Runners;

namespace Gyre.Cli.Verbs;

/// <summary>Writes the curves of runs for other programs.</summary>
sealed class RunsExportVerb : Verb
{
    readonly Argument<string[]> _runs = new("runs") { HelpName = "RUN", Arity = ArgumentArity.ZeroOrMore, Description = "The runs, for example r1 r2; by default all of them." };

    readonly Option<string> _tensorBoard = new("--tensorboard") { HelpName = "DIR", Required = true, Description = "The directory for TensorBoard: DIR/<run>/<node>, and a directory to each trial of a search." };

    public RunsExportVerb()
        : base("export", "Write the curves of runs as event files of TensorBoard.")
    {
        Arguments.Add(_runs);
        Options.Add(_tensorBoard);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("runs export --tensorboard logs", "all runs; then: tensorboard --logdir logs"),
        new("runs export r1 r2 --tensorboard logs", "two of them"),
    ];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var names = session.Value(_runs) ?? [];
        var directory = session.Value(_tensorBoard)!;
        var curves = home.Store.Read(transaction =>
        {
            var reader = new HistoryReader(transaction);
            var runs = names.Length > 0 ? [.. names.Select(reader.FindRun)] : transaction.ContextsOfType(Run.ContextType);
            return runs.SelectMany(run => LoggedCurve.Of(home, transaction, run)).ToList();
        });
        if (names.Length > 0 && curves.Count == 0)
            throw new UsageException($"There is no training in {string.Join(", ", names)}. Name runs that trained a model; 'runs' lists them.");
        var files = curves.ConvertAll(curve => curve.Write(directory));
        if (session.Screen.IsJson)
            session.Screen.Json(new { directory = Path.GetFullPath(directory), files });
        session.Screen.Line($"{ProgressText.Count(files.Count, "curve")} written below {directory}. To look at them: tensorboard --logdir {directory}");
        return Task.FromResult(ExitCodes.Done);
    }
}
