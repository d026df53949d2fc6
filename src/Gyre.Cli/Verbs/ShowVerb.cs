using System.CommandLine;
using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Cli.Inspection;

namespace Gyre.Cli.Verbs;

/// <summary>Shows one thing whole.</summary>
sealed class ShowVerb : Verb
{
    readonly Argument<string> _id = new("id") { HelpName = "ID", Description = "A run (r3), an execution (e12), an artifact (a45), or a model (NAME or NAME/VERSION)." };

    readonly Option<string?> _page = new("--html") { HelpName = "FILE", Description = "Of statistics, anomalies, a model or a search: write a page for browsers, one file that needs no network." };

    public ShowVerb()
        : base("show", "Show a run, an execution, an artifact or a model whole.")
    {
        Arguments.Add(_id);
        Options.Add(_page);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("show r3", "a run: its options, what became of each node"),
        new("show e12", "an execution: why it ran, parameters, inputs, outputs, environment"),
        new("show a45", "an artifact: where it is, its files, properties and decisions"),
        new("show a45 --html page.html", "statistics, anomalies, a training or a search as a page for browsers"),
        new("show churn/2", "version 2 of a model"),
    ];

    public override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var name = session.Value(_id)!;
        var page = new ShowPage(session.Screen, home);
        var artifact = home.Store.Read(transaction =>
        {
            var reader = new HistoryReader(transaction);
            if (HistoryReader.Number(name, 'r') is null && HistoryReader.Number(name, 'e') is null)
                return reader.Describe(reader.FindArtifact(name));
            if (session.Value(_page) is not null)
                throw new UsageException($"--html shows statistics, anomalies, the training of a model, and searches. {HistoryReader.Other(name, "an artifact (a45) that holds them")}");
            if (HistoryReader.Number(name, 'r') is not null)
                page.Run(reader, reader.FindRun(name));
            else
                page.Execution(reader.Describe(reader.FindExecution(name)));
            return null;
        });
        if (artifact is null)
            return ExitCodes.Done;
        if (session.Value(_page) is { } file)
        {
            await ArtifactContent.WritePageAsync(session, artifact, file, cancellationToken);
            return ExitCodes.Done;
        }

        page.Artifact(artifact);
        await ArtifactContent.ShowAsync(session, artifact, cancellationToken);
        return ExitCodes.Done;
    }
}
