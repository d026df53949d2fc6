using System.CommandLine;
using Gyre.Runners;

namespace Gyre.Cli.Verbs;

/// <summary>The options that choose nodes and set parameters; <c>run</c> and <c>plan</c> have the same.</summary>
sealed class SelectionOptions
{
    readonly Option<string[]> _from = Nodes("--from", "Run these nodes and all behind them.");
    readonly Option<string[]> _to = Nodes("--to", "Run these nodes and all before them.");
    readonly Option<string[]> _only = Nodes("--only", "Run exactly these nodes.");
    readonly Option<string[]> _force = Nodes("--force", "Execute these nodes even if their results are there.");

    readonly Option<bool> _noCache = new("--no-cache") { Description = "Execute every node even if its results are there." };

    readonly Option<string[]> _set = new("--set")
    {
        HelpName = "NODE.PARAMETER=VALUE",
        Description = "Set a parameter of the pipeline; may be repeated.",
        DefaultValueFactory = _ => [],
    };

    public IEnumerable<Option> All => [_from, _to, _only, _force, _noCache, _set];

    public IReadOnlyList<string> Assignments(Session session) => session.Value(_set) ?? [];

    public RunOptions Read(Session session) => new()
    {
        From = Names(session, _from),
        To = Names(session, _to),
        Only = Names(session, _only),
        Force = Names(session, _force),
        NoCache = session.Value(_noCache),
        Set = Assignments(session),
        Arguments = session.ProgramValues,
    };

    /// <summary>Several may be given with commas, or by repeating the option.</summary>
    static IReadOnlyList<string> Names(Session session, Option<string[]> option) =>
        [.. (session.Value(option) ?? []).SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    static Option<string[]> Nodes(string name, string description)
    {
        var option = new Option<string[]>(name)
        {
            HelpName = "NODE[,NODE]",
            Description = description,
            DefaultValueFactory = _ => [],
        };

        // An empty name is most likely a variable that was not set; taking it for «no choice» would run everything.
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.Split(',').Any(string.IsNullOrWhiteSpace)))
                result.AddError($"{name} '{token.Value}' has an empty name. Expected names of nodes, for example {name} ingest-csv,train-model.");
        });
        return option;
    }
}
