using System.CommandLine;
using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Metadata;

namespace Gyre.Cli.Verbs;

/// <summary>Says what something came from and what came from it.</summary>
sealed class LineageVerb : Verb
{
    const string PushedModelType = "PushedModel";

    readonly Argument<string?> _id = new("id") { HelpName = "ID", Arity = ArgumentArity.ZeroOrOne, Description = "An artifact (a45), an execution (e12), or a model (NAME or NAME/VERSION); by default the model pushed last." };

    public LineageVerb()
        : base("lineage", "Say what an artifact came from, and what came from it.") => Arguments.Add(_id);

    public override string Explanation =>
        "The tree names every input file with its fingerprint, every execution with its parameters, its code and the version of Gyre. With --json everything is spelled out in full.";

    public override IReadOnlyList<Example> Examples =>
    [
        new("lineage", "of the model pushed last"),
        new("lineage churn/2", "of version 2 of a model"),
        new("lineage a45 --json", "of an artifact, in full"),
    ];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var lineages = home.Store.Read(transaction => Find(transaction, session.Value(_id)).Select(new LineageWalk(transaction).Of).ToList());
        if (session.Screen.IsJson)
        {
            session.Screen.Json(lineages is [var only] ? only : (object)lineages);
            return Task.FromResult(ExitCodes.Done);
        }

        foreach (var lineage in lineages)
            LineageTree.Write(session.Screen, lineage);
        return Task.FromResult(ExitCodes.Done);
    }

    static IReadOnlyList<StoredArtifact> Find(MetadataTransaction transaction, string? name)
    {
        var reader = new HistoryReader(transaction);
        if (name is null)
        {
            return transaction.ArtifactsOfType(PushedModelType, limit: 1) is [var pushed] ? [pushed]
                : throw new UsageException("No model was pushed yet. Name an artifact or a model: lineage a45, lineage NAME/VERSION.");
        }

        if (HistoryReader.Number(name, 'e') is null)
            return [reader.FindArtifact(name)];
        var outputs = reader.Describe(reader.FindExecution(name)).Outputs;
        return outputs.Count > 0 ? [.. outputs.Select(output => reader.FindArtifact(output.Artifact))]
            : throw new UsageException($"The execution '{name}' has no outputs, so nothing came from it. 'show {name}' tells more.");
    }
}
