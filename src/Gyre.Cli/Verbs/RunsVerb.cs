using System.CommandLine;
using System.Globalization;
using Gyre.Cli.History;
using Gyre.Cli.Terminal;
using Gyre.Cli.Tracking;
using Gyre.Cli.Watching;
using Gyre.Metadata;
using Gyre.Runners;

namespace Gyre.Cli.Verbs;

/// <summary>Lists runs.</summary>
sealed class RunsVerb : Verb
{
    const int DefaultLimit = 20;

    readonly Option<int> _limit = new("--limit", "-n") { HelpName = "N", Description = "How many, newest first.", DefaultValueFactory = _ => DefaultLimit };

    readonly Option<string?> _pipeline = new("--pipeline") { HelpName = "NAME", Description = "Only those of this pipeline." };

    public RunsVerb()
        : base("runs", "List what ran, newest first.")
    {
        Options.Add(_limit);
        Options.Add(_pipeline);
        Subcommands.Add(new RunsCompareVerb());
        Subcommands.Add(new RunsExportVerb());
        SetAction(_ => ExitCodes.Done);
        _limit.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out var limit) && limit < 1)
                result.AddError($"--limit is {limit}. Expected at least 1.");
        });
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("runs", "the newest runs"),
        new("runs -n 100 --pipeline churn", "more, of one pipeline"),
        new("show r3", "one run whole"),
        new("runs compare r1 r2", "two runs side by side"),
        new("runs export --tensorboard logs", "the curves of all runs for TensorBoard"),
    ];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var pipeline = session.Value(_pipeline);
        var runs = home.Store.Read(transaction => transaction.ContextsOfType(Run.ContextType)
            .Where(run => pipeline is null || run.Text("pipeline") == pipeline).Take(session.Value(_limit)).Select(run => RunRecord.Of(transaction, run)).ToList());
        if (session.Screen.IsJson)
            session.Screen.Json(runs);
        else if (runs.Count == 0)
            session.Screen.Note("There are no runs yet.");
        else
            Show(session.Screen, runs);
        return Task.FromResult(ExitCodes.Done);
    }

    static void Show(Screen screen, IEnumerable<RunRecord> runs)
    {
        var table = new TextTable("run", "pipeline", "started", "time", "state", "metric", "nodes") { RightAligned = [3] };
        foreach (var run in runs)
        {
            table.Add(
                run.Id, run.Pipeline, HistoryText.Moment(run.Started), run.Seconds is { } seconds ? ProgressText.Time(seconds) : "",
                new Cell(run.State, RunRecord.ToneOf(run.State)), run.Metric?.ToString() ?? "", string.Join(", ", run.Counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} {count.Key}"))));
        }

        table.Write(screen);
    }
}

/// <summary>A run as <c>runs --json</c> and <c>show --json</c> write it.</summary>
sealed record RunRecord
{
    public required string Id { get; init; }

    public required string Pipeline { get; init; }

    /// <summary>running, complete, failed, blocked, canceled or interrupted.</summary>
    public required string State { get; init; }

    public required DateTimeOffset Started { get; init; }

    public double? Seconds { get; init; }

    public required string GyreVersion { get; init; }

    public required RunOptions? Options { get; init; }

    /// <summary>The metric that tells most of the model that the run evaluated; null when it evaluated none.</summary>
    public FinalMetric? Metric { get; init; }

    /// <summary>How many nodes ended in which way.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    public static RunRecord Of(MetadataTransaction transaction, StoredContext run) => new()
    {
        Metric = RunFacts.FinalOf(transaction, run),
        Id = run.Name,
        Pipeline = run.Text("pipeline"),
        State = Run.StateOf(run),
        Started = HistoryText.Time(run.Created),
        Seconds = run.Properties.TryGetValue("seconds", out var seconds) ? seconds.AsReal() : null,
        GyreVersion = run.Text("gyre_version"),
        Options = System.Text.Json.JsonSerializer.Deserialize<RunOptions>(run.Text("options")),
        Counts = Run.OutcomeOf(run).GroupBy(node => node.State).OrderBy(group => group.Key).ToDictionary(group => LineProgress.Word(group.Key), group => group.Count(), StringComparer.Ordinal),
    };

    public static Tone ToneOf(string state) => state switch
    {
        "complete" => Tone.Good,
        "failed" or "interrupted" => Tone.Bad,
        "blocked" or "canceled" => Tone.Warning,
        _ => Tone.Plain,
    };
}
