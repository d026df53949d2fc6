using System.CommandLine;
using Gyre.Cli.Inspection;
using Gyre.Cli.Terminal;
using Gyre.Cli.Watching;
using Gyre.Schemas;

namespace Gyre.Cli.Verbs;

/// <summary>Shows how two schemas differ.</summary>
sealed class SchemaDiffVerb : Verb
{
    readonly Argument<string> _before = new("before") { HelpName = "FILE|ID", Description = "A schema file (.pbtxt), or an artifact (a45)." };

    readonly Argument<string?> _after = new("after") { HelpName = "FILE|ID", Arity = ArgumentArity.ZeroOrOne, Description = "The other one; by default the newest schema of the home." };

    public SchemaDiffVerb()
        : base("diff", "Compare two schemas, constraint by constraint.")
    {
        Arguments.Add(_before);
        Arguments.Add(_after);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("schema diff schema.pbtxt", "what the last run's schema says otherwise than the file"),
        new("schema diff old.pbtxt new.pbtxt", "what changed"),
    ];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var (before, old) = SchemaSource.Load(session, session.Value(_before));
        var (after, young) = SchemaSource.Load(session, session.Value(_after));
        var changes = SchemaComparison.Compare(old, young);
        if (session.Screen.IsJson)
            session.Screen.Json(new { before, after, changes });
        else
            Write(session.Screen, changes);
        return Task.FromResult(ExitCodes.Done);
    }

    public static void Write(Screen screen, IReadOnlyList<SchemaChange> changes)
    {
        var table = new TextTable();
        foreach (var change in changes)
        {
            var (word, tone) = change.Kind switch
            {
                SchemaChangeKind.Added => ("added", Tone.Good),
                SchemaChangeKind.Removed => ("removed", Tone.Bad),
                _ => ("changed", Tone.Warning),
            };
            var text = change.ToString();
            table.Add(new Cell(word, tone), change.Subject, text.StartsWith(change.Subject + ": ", StringComparison.Ordinal) ? text[(change.Subject.Length + 2)..] : text);
        }

        table.Write(screen);
        screen.Note(changes.Count == 0 ? "Both demand the same." : $"{ProgressText.Count(changes.Count, "difference")}.");
    }
}
