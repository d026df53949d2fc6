using System.CommandLine;
using Gyre.Cli.Arguments;
using Gyre.Cli.Terminal;
using Gyre.Serving;

namespace Gyre.Cli.Verbs;

/// <summary>Serves pushed models.</summary>
sealed class ServeVerb : Verb
{
    const int DefaultPort = 8501;

    readonly Option<int> _port = new("--port") { HelpName = "N", Description = "The port; 0 takes any that is free.", DefaultValueFactory = _ => DefaultPort };

    readonly Option<string> _host = new("--host") { HelpName = "ADDRESS", Description = "The address to listen on; with any other than this machine's own, everyone who can reach the machine can ask the models.", DefaultValueFactory = _ => "127.0.0.1" };

    readonly Option<string?> _directory = new("--model-dir") { HelpName = "DIR", Description = "The directory that holds NAME/VERSION/ for every model (default: serving in the home)." };

    public ServeVerb()
        : base("serve", "Serve the pushed models over REST.")
    {
        Options.Add(_port);
        Options.Add(_host);
        Options.Add(_directory);
    }

    public override string Explanation => "A newly pushed version takes over without a failed request. Ctrl-C finishes what is under way and stops.";

    public override IReadOnlyList<Example> Examples =>
    [
        new("serve", "serve what was pushed to the home"),
        new("serve --port 9000 --model-dir /srv/models", "another port and directory"),
    ];

    public override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var given = session.Value(_directory);
        var directory = Path.GetFullPath(given ?? Path.Combine(session.HomeDirectory, "serving"));
        if (given is null && !Directory.Exists(directory))
            throw new UsageException($"No model was pushed to '{directory}' yet. Run a pipeline that pushes one, or name another directory with --model-dir.");
        var options = new ServingOptions
        {
            Directory = directory,
            Host = session.Value(_host)!,
            Port = session.Value(_port),
            OnStarted = address => Announce(session.Screen, address, directory),
        };
        try
        {
            await ModelServer.RunAsync(options, cancellationToken);
        }
        catch (ArgumentException error)
        {
            throw new UsageException(ErrorText.Of(error));
        }

        // Being told to stop is how a server ends.
        return ExitCodes.Done;
    }

    static void Announce(Screen screen, Uri address, string directory)
    {
        var models = Directory.EnumerateDirectories(directory).Select(path => Path.GetFileName(path)!).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal).ToList();
        if (screen.IsJson)
        {
            screen.Json(new { address, directory, models });
            screen.Output.Flush();
            return;
        }

        screen.Line($"{screen.Paint("serving", Tone.Good)} {directory} at {address}");
        foreach (var model in models)
            screen.Note($"  {address}v1/models/{model}:predict");
        screen.Note("Ctrl-C stops.");
    }
}
