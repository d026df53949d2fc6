using System.CommandLine;
using Gyre.Cli.Arguments;
using Gyre.Cli.Terminal;
using Gyre.Pipelines;

namespace Gyre.Cli;

/// <summary>
/// The command line of a pipeline program: <c>run</c>, <c>plan</c>, <c>show</c>, <c>serve</c> and all other verbs.
/// <code>
/// return await GyreApp.RunAsync(args, pipeline);
/// </code>
/// A program with options of its own asks for them first:
/// <code>
/// var app = new GyreApp(args);
/// var rows = app.Option("rows", 20_000, "How many rows to generate.");
/// return await app.RunAsync(() => Build(rows));
/// </code>
/// </summary>
public sealed class GyreApp
{
    readonly IReadOnlyList<string> _arguments;
    readonly Streams _streams;
    readonly CommandTree _tree;

    ParseResult? _parsed;

    /// <param name="args">The arguments that the program was started with.</param>
    public GyreApp(string[] args)
        : this(args, new Streams(), hasPipeline: true)
    {
    }

    internal GyreApp(IReadOnlyList<string> arguments, Streams streams, bool hasPipeline) =>
        (_arguments, _streams, _tree) = (arguments, streams, new CommandTree(hasPipeline));

    /// <summary>
    /// The absolute path of the directory that holds store, artifacts and logs: <c>--home</c>, else the variable
    /// <c>GYRE_HOME</c>, else <c>.gyre</c> in the current directory.
    /// </summary>
    public string HomeDirectory => _tree.Global.HomeOf(Parsed);

    /// <summary>Whether the arguments only ask for help or the version.</summary>
    public bool IsHelp => _tree.AsksForHelp(Parsed);

    /// <summary>
    /// Whether the verb needs the pipeline. It does not for help, for usage errors, and for verbs that only look at
    /// the home; a program can then save itself the work of preparing data.
    /// </summary>
    public bool WantsPipeline => !IsHelp && Parsed.Errors.Count == 0 && _tree.VerbOf(Parsed).NeedsPipeline;

    ParseResult Parsed => _parsed ??= _tree.Parse(_arguments);

    /// <summary>Runs the verb that the arguments ask for; without one, <c>run</c>.</summary>
    /// <returns>The process's exit code: 0 done, 1 failed, 2 usage or definition error, 3 stopped by a gate, 130 interrupted.</returns>
    public static Task<int> RunAsync(string[] args, Pipeline pipeline) => new GyreApp(args).RunAsync(pipeline);

    /// <summary>Runs a verb that needs no pipeline: those that look at a home. This is the <c>gyre</c> tool.</summary>
    /// <returns>The process's exit code.</returns>
    public static Task<int> RunAsync(string[] args)
    {
        var app = new GyreApp(args, new Streams(), hasPipeline: false);
        return new Session(app._tree, app.Parsed, app._streams, pipeline: null).RunAsync();
    }

    /// <inheritdoc cref="RunAsync(string[], Pipeline)"/>
    public Task<int> RunAsync(Pipeline pipeline) => RunAsync(() => pipeline);

    /// <inheritdoc cref="RunAsync(string[], Pipeline)"/>
    /// <param name="pipeline">Makes the pipeline; asked only when the verb needs it.</param>
    public Task<int> RunAsync(Func<Pipeline> pipeline) => new Session(_tree, Parsed, _streams, pipeline).RunAsync();

    /// <summary>
    /// The value of an option of the program's own. It may stand beside any verb, is listed by <c>--help</c> and is
    /// recorded with each run. Ask for all options before <see cref="RunAsync(Pipeline)"/>. A value that cannot be read is
    /// a usage error, which <see cref="RunAsync(Pipeline)"/> reports; until then the default stands for it.
    /// </summary>
    /// <param name="name">Its name, with or without the leading dashes, for example <c>rows</c>.</param>
    /// <param name="defaultValue">The value when it is not given.</param>
    /// <param name="description">One sentence for <c>--help</c>.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public T Option<T>(string name, T defaultValue, string description)
    {
        var option = _tree.AddProgramOption(name, defaultValue, description);
        _parsed = null;
        return Parsed.GetResult(option) is { } result && !result.Errors.Any() ? Parsed.GetValue(option)! : defaultValue;
    }
}
