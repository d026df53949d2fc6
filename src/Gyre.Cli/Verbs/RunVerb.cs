using System.CommandLine;
using System.Globalization;
using Gyre.Cli.Alerting;
using Gyre.Cli.Isolation;
using Gyre.Cli.Watching;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Runners.Local;

namespace Gyre.Cli.Verbs;

/// <summary>Runs what is not cached.</summary>
sealed class RunVerb : Verb
{
    readonly SelectionOptions _selection = new();

    readonly Option<int> _workers = new("--workers")
    {
        HelpName = "N",
        Description = "How many nodes may run at once.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    readonly Option<bool> _isolate = new("--isolate") { Description = "Run each node in a process of its own." };

    public RunVerb()
        : base("run", "Run what is not cached. The verb when none is given.")
    {
        foreach (var option in _selection.All.Append(_workers).Append(_isolate))
            Options.Add(option);
        _workers.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var workers) && workers < 1)
                result.AddError($"--workers is {workers}. Expected at least 1.");
        });
    }

    public override bool NeedsPipeline => true;

    public override string Explanation =>
        "A node is executed when its code, its parameters or the content of its inputs differ from all earlier executions; otherwise the earlier results are used again. "
        + "An interrupted or failed run keeps what was done: run again to go on.";

    public override IReadOnlyList<Example> Examples =>
    [
        new("run", "run what is not cached"),
        new("run --to evaluate-model", "this node and what it needs"),
        new("run --force train-model", "train again though nothing changed"),
        new("run --set train-model.trainer.epochs=5", "with another parameter"),
        new("run --isolate --workers 4", "each node in its own process, four at once"),
        new("run --json > result.json", "the result for a program"),
    ];

    public override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var options = _selection.Read(session);
        var pipeline = session.BuildPipeline(options.Set);
        var spec = pipeline.ToSpec();
        options.Select(spec);
        using var home = Home.Open(session.HomeDirectory);
        if (session.Screen.IsJson)
        {
            // Standard output belongs to the document; whatever a component prints goes where people look.
            Console.SetOut(Console.Error);
        }

        var board = new RunBoard(home.Time);
        await using var progress = RunProgress.For(session.Screen, board);
        using var alerts = new AlertDispatcher(home, pipeline.Alerts);
        var result = await RunAsync(session, home, pipeline, options, happened =>
        {
            board.Take(happened);
            alerts.Take(happened);
            progress.Show(happened);
        }, cancellationToken);
        await progress.DisposeAsync();
        var sent = await alerts.FinishAsync();
        RunSummary.Write(session, home, result, sent);
        return result.ExitCode;
    }

    async Task<RunResult> RunAsync(
        Session session, Home home, Pipeline pipeline, RunOptions options, Action<RunEvent> observe, CancellationToken cancellationToken)
    {
        var runner = new LocalRunner(home)
        {
            Workers = session.Value(_workers),
            Observe = observe,
            Launcher = session.Value(_isolate) ? new NodeProcesses(session, home, observe).RunAsync : null,
            Processes = (run, node) => new WorkerProcesses(session, run, node),
        };
        return await runner.RunAsync(pipeline, options, cancellationToken);
    }
}
