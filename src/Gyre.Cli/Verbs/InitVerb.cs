using System.CommandLine;
using Gyre.Cli.Arguments;
using Gyre.Cli.Templates;
using Gyre.Cli.Terminal;
using Gyre.Registry;

namespace Gyre.Cli.Verbs;

/// <summary>Makes a project with a small pipeline that runs as it is.</summary>
sealed class InitVerb : Verb
{
    const string DefaultName = "cafe-visits";

    readonly Argument<string?> _directory = new("directory") { HelpName = "DIR", Arity = ArgumentArity.ZeroOrOne, Description = "Where to make it; by default in a new directory of the project's name." };

    readonly Option<string> _name = new("--name") { HelpName = "NAME", Description = "What the project and its model are called.", DefaultValueFactory = _ => DefaultName };

    readonly Option<string?> _source = new("--gyre-source") { HelpName = "DIR", Description = "A checkout of Gyre to build against, instead of the package; found by itself when this program was built from one." };

    public InitVerb()
        : base("init", "Make a project with a small pipeline that runs as it is.")
    {
        Arguments.Add(_directory);
        Options.Add(_name);
        Options.Add(_source);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("init", $"in {DefaultName}/"),
        new("init churn --name churn", "with a name of your own"),
    ];

    public override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var name = session.Value(_name)!;
        if (!ModelName.IsValid(name))
            throw new UsageException($"The name is '{name}'. Expected {ModelName.Rule}.");
        var directory = Path.GetFullPath(session.Value(_directory) ?? name);
        var sources = session.Value(_source) is { } given ? Path.GetFullPath(given) : ProjectTemplate.FindSources();
        var files = ProjectTemplate.Files(name, sources);
        var taken = files.Where(file => File.Exists(Path.Combine(directory, file.Name))).Select(file => file.Name).ToList();
        if (taken.Count > 0)
            throw new UsageException($"'{directory}' has {string.Join(", ", taken)} already, and nothing is overwritten. Choose another directory.");
        Directory.CreateDirectory(directory);
        foreach (var file in files)
            await File.WriteAllTextAsync(Path.Combine(directory, file.Name), file.Content, cancellationToken);
        if (session.Screen.IsJson)
            session.Screen.Json(new { directory, files = files.Select(file => file.Name) });
        else
            Show(session.Screen, directory, files);
        return ExitCodes.Done;
    }

    static void Show(Screen screen, string directory, IReadOnlyList<TemplateFile> files)
    {
        screen.Line($"{screen.Paint("made", Tone.Good)} {ThisProgram.ShortPath(directory)}");
        foreach (var file in files)
            screen.Note($"  {file.Name}");
        screen.Note();
        screen.Note("Run it:");
        screen.Note($"  {screen.Paint($"cd {ThisProgram.Quote(ThisProgram.ShortPath(directory))} && dotnet run -c Release", Tone.Accent)}");
    }
}
