using Gyre.Cli.Arguments;

namespace Gyre.Cli.Verbs;

/// <summary>A word that only groups other verbs; alone it says which.</summary>
abstract class GroupVerb(string name, string summary) : Verb(name, summary)
{
    public override IReadOnlyList<Example> Examples => [.. Subcommands.OfType<Verb>().SelectMany(verb => verb.Examples.Take(1))];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken) =>
        throw new UsageException($"'{Name}' needs one of: {string.Join(", ", Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name))}. See {HelpPage.PathOf(this)} --help.");
}
