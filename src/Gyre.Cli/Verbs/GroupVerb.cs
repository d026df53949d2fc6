using Gyre.Cli.Arguments;

namespace Gyre.Cli.Verbs;

/// <summary>A word that groups other verbs. Alone it does what its first verb does without arguments, or says which there are.</summary>
abstract class GroupVerb : Verb
{
    readonly Verb? _alone;

    protected GroupVerb(string name, string summary, Verb? alone, params ReadOnlySpan<Verb> others)
        : base(name, summary)
    {
        _alone = alone;
        if (alone is not null)
            Subcommands.Add(alone);
        foreach (var verb in others)
            Subcommands.Add(verb);
        SetAction(_ => ExitCodes.Done);
    }

    public override IReadOnlyList<Example> Examples => [.. Subcommands.OfType<Verb>().SelectMany(verb => verb.Examples.Take(1))];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken) => _alone is not null
        ? _alone.RunAsync(session, cancellationToken)
        : throw new UsageException($"'{Name}' needs one of: {string.Join(", ", Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name))}. See {HelpPage.PathOf(this)} --help.");
}
