using System.Globalization;
using System.Text.Json;
using Gyre.Metadata;
using Gyre.Pipelines;

namespace Gyre.Runners;

/// <summary>What to run of a pipeline, and how.</summary>
public sealed record RunOptions
{
    /// <summary>Run these nodes and all behind them; empty for all.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Run these nodes and all before them; empty for all.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>Run exactly these nodes; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Execute these nodes even if their results are there.</summary>
    public IReadOnlyList<string> Force { get; init; } = [];

    /// <summary>Execute every node even if its results are there.</summary>
    public bool NoCache { get; init; }

    /// <summary>The assignments that were applied to parameters, for the record and for processes of the same run.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>The values of the program's own options by name, for the record.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The nodes this selects, in an order in which they can run.</summary>
    /// <exception cref="DefinitionException">A name is unknown, or nothing is left.</exception>
    public IReadOnlyList<string> Select(PipelineSpec spec)
    {
        var known = spec.Nodes.Select(node => node.Id).ToHashSet(StringComparer.Ordinal);
        var errors = new List<DefinitionError>();
        foreach (var (option, names) in new[] { ("--from", From), ("--to", To), ("--only", Only), ("--force", Force) })
        {
            errors.AddRange(names.Where(name => !known.Contains(name)).Select(name => new DefinitionError(
                "", $"{option} names '{name}', which is no node of '{spec.Name}'. Nodes: {string.Join(", ", spec.Nodes.Select(node => node.Id))}.")));
        }

        if (errors.Count > 0)
            throw new DefinitionException(errors);
        var selected = known;
        if (From.Count > 0)
            selected = [.. selected.Intersect(GraphOrder.Downstream(spec, From), StringComparer.Ordinal)];
        if (To.Count > 0)
            selected = [.. selected.Intersect(GraphOrder.Upstream(spec, To), StringComparer.Ordinal)];
        if (Only.Count > 0)
            selected = [.. selected.Intersect(Only, StringComparer.Ordinal)];
        if (selected.Count == 0)
            throw new DefinitionException([new("", "The options --from, --to and --only together leave no node to run. Leave one of them out.")]);
        var unused = Force.Where(name => !selected.Contains(name)).ToList();
        if (unused.Count > 0)
            throw new DefinitionException([new("", $"--force names {string.Join(", ", unused)}, which --from, --to and --only leave out. Force only nodes that run.")]);
        return [.. spec.Nodes.Select(node => node.Id).Where(selected.Contains)];
    }
}

/// <summary>One run of a pipeline, as the store keeps it.</summary>
public sealed record Run
{
    /// <summary>The type of the contexts that are runs.</summary>
    public const string ContextType = "pipeline_run";

    internal const string StateProperty = "state";
    const string RunningState = "running";

    /// <summary>Its name: the letter r and a number that counts up within the home.</summary>
    public required string Id { get; init; }

    public required string Pipeline { get; init; }

    /// <summary>The nodes selected, in an order in which they can run.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    public required RunOptions Options { get; init; }

    internal long ContextId { get; init; }

    /// <summary>Records a new run.</summary>
    public static Run Start(Home home, PipelineSpec spec, RunOptions options)
    {
        var nodes = options.Select(spec);
        return home.Store.Write(transaction =>
        {
            var number = transaction.Number("gyre/runs", Guid.NewGuid().ToString("N"));
            var id = string.Create(CultureInfo.InvariantCulture, $"r{number}");
            var context = transaction.PutContext(ContextType, id, new Dictionary<string, PropertyValue>(StringComparer.Ordinal)
            {
                ["pipeline"] = spec.Name,
                [StateProperty] = RunningState,
                ["owner"] = ProcessOwner.Current,
                ["nodes"] = JsonSerializer.Serialize(nodes),
                ["options"] = JsonSerializer.Serialize(options),
                ["pipeline_spec"] = spec.ToJson(),
                ["gyre_version"] = GyreVersion.Text,
            });
            transaction.PutParentContext(context, transaction.PutContext("pipeline", spec.Name));
            return new Run { Id = id, Pipeline = spec.Name, Nodes = nodes, Options = options, ContextId = context };
        });
    }

    /// <summary>A run that was started before, by this process or another.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static Run Load(Home home, string id)
    {
        var context = home.Store.Read(transaction => transaction.Context(ContextType, id))
            ?? throw new ArgumentException($"There is no run '{id}' in '{home.Directory}'. `runs` lists them.", nameof(id));
        return new Run
        {
            Id = id,
            Pipeline = context.Text("pipeline"),
            Nodes = JsonSerializer.Deserialize<string[]>(context.Text("nodes"))!,
            Options = JsonSerializer.Deserialize<RunOptions>(context.Text("options"))!,
            ContextId = context.Id,
        };
    }

    /// <summary>How a run of the store stands: running, complete, failed, blocked, canceled, or interrupted when its process died.</summary>
    public static string StateOf(StoredContext run) => WasCutOff(run) ? "interrupted" : run.Text(StateProperty);

    /// <summary>What became of its nodes; empty while it runs.</summary>
    public static IReadOnlyList<NodeOutcome> OutcomeOf(StoredContext run) =>
        run.Text("outcome") is { Length: > 0 } json ? JsonSerializer.Deserialize<NodeOutcome[]>(json)! : [];

    internal void Finish(Home home, RunResult result) => home.Store.Write(transaction =>
        transaction.PutContext(ContextType, Id, new Dictionary<string, PropertyValue>(StringComparer.Ordinal)
        {
            [StateProperty] = result.ExitCode switch { 0 => "complete", 3 => "blocked", 130 => "canceled", _ => "failed" },
            ["seconds"] = result.Seconds,
            ["outcome"] = JsonSerializer.Serialize(result.Nodes),
        }));

    internal static bool WasCutOff(StoredContext context) =>
        context.Text(StateProperty) == RunningState && !ProcessOwner.IsAlive(context.Text("owner"));
}

/// <summary>The version of this library.</summary>
public static class GyreVersion
{
    public static string Text { get; } = typeof(GyreVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
