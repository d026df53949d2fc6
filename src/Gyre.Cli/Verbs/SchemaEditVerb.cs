using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Gyre.Cli.Arguments;
using Gyre.Cli.Inspection;
using Gyre.Schemas;
using Gyre.Schemas.TextFormat;

namespace Gyre.Cli.Verbs;

/// <summary>Changes a schema file, by options or in an editor; a file that would not be a schema is never written.</summary>
sealed class SchemaEditVerb : Verb
{
    readonly Argument<string> _file = new("file") { HelpName = "FILE", Description = "The schema file (.pbtxt)." };

    readonly Option<string[]> _set = new("--set") { HelpName = "FEATURE.CONSTRAINT=VALUE", Description = "Set a constraint; without a value it is removed." };

    readonly Option<string[]> _add = new("--add-value") { HelpName = "FEATURE VALUE", Description = "Allow a text.", Arity = new ArgumentArity(2, 10_000), AllowMultipleArgumentsPerToken = true };

    readonly Option<string[]> _removeValue = new("--remove-value") { HelpName = "FEATURE VALUE", Description = "No longer allow a text.", Arity = new ArgumentArity(2, 10_000), AllowMultipleArgumentsPerToken = true };

    readonly Option<string[]> _removeFeature = new("--remove-feature") { HelpName = "FEATURE", Description = "Remove a feature." };

    readonly Option<string[]> _environment = new("--environment") { HelpName = "NAME", Description = "Add an environment to which features belong unless they say otherwise." };

    readonly Option<string?> _reason = new("--reason") { HelpName = "TEXT", Description = "Why; kept in the history file beside the schema." };

    readonly Option<string?> _by = new("--by") { HelpName = "NAME", Description = "Who; by default you, at this machine." };

    readonly Option<string?> _output = new("--output", "-o") { HelpName = "FILE", Description = "Write to this file instead; - for standard output." };

    public SchemaEditVerb()
        : base("edit", "Change a schema file, by options or in your editor.")
    {
        Arguments.Add(_file);
        foreach (var option in new Option[] { _set, _add, _removeValue, _removeFeature, _environment, _reason, _by, _output })
            Options.Add(option);
    }

    public override string Explanation => "Without options that change something it opens $VISUAL or $EDITOR. What you wrote around the changed parts, comments too, stays as it is.";

    public override IReadOnlyList<Example> Examples =>
    [
        new("schema edit schema.pbtxt --set fare.presence.min_fraction=0.9", "demand less"),
        new("schema edit schema.pbtxt --add-value company \"Luhak Corp\" --reason \"joined in May\"", "allow a value"),
        new("schema edit schema.pbtxt --set tips.not_in_environment=SERVING --environment TRAINING --environment SERVING", "the label is not served"),
        new("schema edit schema.pbtxt", "in your editor"),
    ];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var file = session.Value(_file)!;
        var text = File.Exists(file) ? File.ReadAllText(file, Encoding.UTF8) : throw new UsageException($"There is no file '{file}'. Expected a schema file; 'schema infer data.csv --output {file}' makes one.");
        var before = SchemaDefinition.Parse(text, file);
        var after = Change(session, before);
        var changed = after is null ? InEditor(session, file, text) : SchemaFileText.Update(text, after, file);
        var changes = SchemaComparison.Compare(before, SchemaDefinition.Parse(changed, file));
        var target = session.Value(_output) ?? file;
        if (target == "-")
        {
            session.Screen.Line(changed.TrimEnd('\n'));
            return Task.FromResult(ExitCodes.Done);
        }

        var by = session.Value(_by) ?? SchemaHistory.ThisPerson;
        File.WriteAllText(target, changed);
        if (session.Value(_reason) is { } reason && !string.IsNullOrWhiteSpace(reason))
            SchemaHistory.Append(target, by, reason.Trim(), TimeProvider.System.GetUtcNow(), null, changes);
        if (session.Screen.IsJson)
            session.Screen.Json(new { file = target, changes });
        else
            SchemaDiffVerb.Write(session.Screen, changes);
        return Task.FromResult(ExitCodes.Done);
    }

    /// <summary>Null when no option asks for a change.</summary>
    SchemaDefinition? Change(Session session, SchemaDefinition schema)
    {
        var edits = new List<Func<SchemaDefinition, SchemaDefinition>>();
        edits.AddRange((session.Value(_removeFeature) ?? []).Select(name => (Func<SchemaDefinition, SchemaDefinition>)(each => SchemaEdit.RemoveFeature(each, name))));
        edits.AddRange((session.Value(_environment) ?? []).Select(name => (Func<SchemaDefinition, SchemaDefinition>)(each => SchemaEdit.AddEnvironment(each, name))));
        edits.AddRange((session.Value(_set) ?? []).Select(assignment => (Func<SchemaDefinition, SchemaDefinition>)(each => SchemaEdit.Set(each, assignment))));
        edits.AddRange(Pairs(session.Value(_add) ?? [], _add.Name).Select(pair => (Func<SchemaDefinition, SchemaDefinition>)(each => SchemaEdit.Value(each, pair.Name, pair.Value, isAllowed: true))));
        edits.AddRange(Pairs(session.Value(_removeValue) ?? [], _removeValue.Name).Select(pair => (Func<SchemaDefinition, SchemaDefinition>)(each => SchemaEdit.Value(each, pair.Name, pair.Value, isAllowed: false))));
        if (edits.Count == 0)
            return null;
        try
        {
            return edits.Aggregate(schema, (current, edit) => edit(current));
        }
        catch (FormatException problem)
        {
            throw new UsageException(problem.Message);
        }
    }

    static IEnumerable<(string Name, string Value)> Pairs(string[] words, string option) => words.Length % 2 == 0
        ? words.Chunk(2).Select(pair => (pair[0], pair[1]))
        : throw new UsageException($"{option} has {words.Length} words. Expected pairs: a feature and a value, such as {option} company \"Luhak Corp\".");

    static string InEditor(Session session, string file, string text)
    {
        var editor = Environment.GetEnvironmentVariable("VISUAL") is { Length: > 0 } visual ? visual : Environment.GetEnvironmentVariable("EDITOR");
        if (string.IsNullOrWhiteSpace(editor))
            throw new UsageException("Nothing to change was given, and neither $VISUAL nor $EDITOR names an editor. Give --set, --add-value or another option, or set EDITOR.");
        var copy = Path.Join(Path.GetTempPath(), $"{Path.GetFileNameWithoutExtension(file)}-{Guid.NewGuid():N}.pbtxt");
        File.WriteAllText(copy, text);
        var words = editor.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using var process = Process.Start(new ProcessStartInfo(words[0], [.. words[1..], copy]) { UseShellExecute = false })
            ?? throw new UsageException($"The editor '{editor}' did not start.");
        process.WaitForExit();
        var edited = File.ReadAllText(copy, Encoding.UTF8);
        try
        {
            _ = SchemaDefinition.Parse(edited, copy);
        }
        catch (Exception problem) when (problem is TextFormatException or InvalidDataException)
        {
            throw new UsageException($"{problem.Message} '{file}' was not changed; what you wrote is kept in {copy}.");
        }

        File.Delete(copy);
        session.Screen.Note(edited == text ? "Nothing was changed." : $"Saved {file}.");
        return edited;
    }
}
