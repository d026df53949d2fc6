using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using Gyre.Cli.Verbs;

namespace Gyre.Cli.Arguments;

/// <summary>All verbs and options of a program.</summary>
sealed class CommandTree
{
    readonly List<Option> _programOptions = [];
    readonly Verb? _default;

    /// <param name="hasPipeline">Whether there can be a pipeline: not in the <c>gyre</c> tool.</param>
    public CommandTree(bool hasPipeline)
    {
        Root = new RootCommand(hasPipeline
            ? "Runs a Gyre pipeline and looks at what it made."
            : "Looks at what Gyre pipelines made, serves it, and starts new projects. A pipeline is run by the program that defines it: dotnet run.");
        foreach (var option in Global.All)
            Root.Options.Add(option);

        // Without an action of its own the root demands a verb; here the verb may be left out.
        Root.SetAction(_ => ExitCodes.Done);
        foreach (var verb in Verb.All(hasPipeline))
        {
            Root.Subcommands.Add(verb);
            if (verb is not RunVerb run)
                continue;
            _default = run;
            foreach (var option in run.Options)
                Root.Options.Add(option);
        }
    }

    public RootCommand Root { get; }

    public GlobalOptions Global { get; } = new();

    /// <summary>What a newcomer should try.</summary>
    public IReadOnlyList<Example> Examples => _default is null
        ? [.. Root.Subcommands.OfType<Verb>().SelectMany(verb => verb.Examples.Take(1))]
        :
        [
            new("", "run the pipeline"),
            new("plan", "what would run, and why"),
            new("runs", "what ran"),
            new("serve", "serve the pushed models"),
            new("VERB --help", "more about a verb"),
        ];

    /// <summary>The options of the program's own.</summary>
    public IReadOnlyList<Option> ProgramOptions => _programOptions;

    /// <summary>A program without a verb to run by itself shows its help instead.</summary>
    public bool AsksForHelp(ParseResult parsed) => parsed.Action is HelpAction || AsksForVersion(parsed)
        || (_default is null && parsed.Errors.Count == 0 && parsed.CommandResult.Command == Root);

    public static bool AsksForVersion(ParseResult parsed) =>
        parsed.RootCommandResult.Command.Options.OfType<VersionOption>().Any(option => parsed.GetResult(option) is { Implicit: false });

    /// <summary>The verb that is asked for; a command that only groups others is itself a verb that explains them.</summary>
    public Verb VerbOf(ParseResult parsed) => parsed.CommandResult.Command as Verb ?? _default ?? throw new UsageException("Name a verb. See --help.");

    /// <summary>A word that begins with @ is taken as it is, and not as the name of a file with more arguments.</summary>
    public ParseResult Parse(IReadOnlyList<string> arguments) => Root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });

    public Option<T> AddProgramOption<T>(string name, T defaultValue, string description)
    {
        var spelled = "--" + name.TrimStart('-');
        if (EveryOption(Root).Any(option => option.Name == spelled || option.Aliases.Contains(spelled)))
            throw new ArgumentException($"The option '{spelled}' is taken. Choose another name.", nameof(name));
        var option = new Option<T>(spelled)
        {
            Recursive = true,
            Description = description,
            DefaultValueFactory = _ => defaultValue,
        };
        _programOptions.Add(option);
        Root.Options.Add(option);
        return option;
    }

    /// <summary>The values of the program's own options, for the record.</summary>
    public IReadOnlyDictionary<string, string> ProgramValues(ParseResult parsed) => _programOptions.ToDictionary(
        option => option.Name.TrimStart('-'),
        option => parsed.GetResult(option)?.GetValueOrDefault<object>() is { } value ? (value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture)!) : "",
        StringComparer.Ordinal);

    /// <summary>The program's own options as they were given, for starting the same program again.</summary>
    public IEnumerable<string> ProgramArguments(ParseResult parsed) =>
        from option in _programOptions
        let result = parsed.GetResult(option)
        where result is { Implicit: false }
        from text in result.Tokens.Count == 0 ? [option.Name] : result.Tokens.Select(token => $"{option.Name}={token.Value}")
        select text;

    static IEnumerable<Option> EveryOption(Command command) => command.Options.Concat(command.Subcommands.SelectMany(EveryOption));
}

/// <summary>The arguments are wrong: exit code 2.</summary>
sealed class UsageException(string message) : Exception(message);
