using System.CommandLine;
using Gyre.Cli.History;

namespace Gyre.Cli.Verbs;

/// <summary>Shows one thing whole.</summary>
sealed class ShowVerb : Verb
{
    readonly Argument<string> _id = new("id") { HelpName = "ID", Description = "A run (r3), an execution (e12), an artifact (a45), or a model (NAME or NAME/VERSION)." };

    public ShowVerb()
        : base("show", "Show a run, an execution, an artifact or a model whole.") => Arguments.Add(_id);

    public override IReadOnlyList<Example> Examples =>
    [
        new("show r3", "a run: its options, what became of each node"),
        new("show e12", "an execution: why it ran, parameters, inputs, outputs, environment"),
        new("show a45", "an artifact: where it is, its files, properties and decisions"),
        new("show churn/2", "version 2 of a model"),
    ];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var name = session.Value(_id)!;
        var page = new ShowPage(session.Screen, home);
        home.Store.Read(transaction =>
        {
            var reader = new HistoryReader(transaction);
            if (HistoryReader.Number(name, 'r') is not null)
                page.Run(reader, reader.FindRun(name));
            else if (HistoryReader.Number(name, 'e') is not null)
                page.Execution(reader.Describe(reader.FindExecution(name)));
            else
                page.Artifact(reader.Describe(reader.FindArtifact(name)));
            return 0;
        });
        return Task.FromResult(ExitCodes.Done);
    }
}
