using System.CommandLine;
using System.Diagnostics;
using Gyre.Cli.Arguments;
using Gyre.Cli.Isolation;
using Gyre.Runners;

namespace Gyre.Cli.Verbs;

/// <summary>For engines: one node of a run at a time.</summary>
sealed class NodeVerb : GroupVerb
{
    public NodeVerb()
        : base("node", "For engines: run one node of a run.", null, new NodeRunVerb(), new NodeWorkVerb())
    {
    }
}

/// <summary>Runs one node of a run that was started before, and tells the outcome by its exit code.</summary>
sealed class NodeRunVerb : Verb
{
    static readonly TimeSpan ProgressPause = TimeSpan.FromMilliseconds(100);

    readonly Option<string> _node = new("--node") { HelpName = "NODE", Description = "The node.", Required = true };

    readonly Option<string> _run = new("--run") { HelpName = "RUN", Description = "The run, for example r3.", Required = true };

    readonly Option<bool> _events = new("--events") { Hidden = true };

    public NodeRunVerb()
        : base("run", "Run one node of a run: find inputs, look at gates and cache, execute, publish.")
    {
        Options.Add(_node);
        Options.Add(_run);
        Options.Add(_events);
    }

    public override bool NeedsPipeline => true;

    public override string Explanation =>
        "Exit codes: 0 done or reused, 75 transient (try again), 76 an input is not there yet or a living copy holds the work, 3 a gate is closed, 1 failed, 2 usage or definition error, 130 or 143 interrupted by SIGINT or SIGTERM.";

    public override IReadOnlyList<Example> Examples => [new("node run --node train-model --run r3", "run one node of run r3")];

    public override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            return await RunNodeAsync(session, cancellationToken);
        }
        catch (IOException error)
        {
            // A component's own failure is an outcome; what arrives here is the home or the store out of reach for the moment.
            session.Screen.Problem(ErrorText.Of(error));
            return ExitCodes.Transient;
        }
    }

    async Task<int> RunNodeAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var run = Load(home, session.Value(_run)!);
        var pipeline = session.BuildPipeline(run.Options.Set);
        var spec = pipeline.ToSpec();
        var node = session.Value(_node)!;
        if (run.Pipeline != spec.Name)
            throw new UsageException($"Run {run.Id} is one of the pipeline '{run.Pipeline}', but this program's is '{spec.Name}'.");
        if (spec.Nodes.All(each => each.Id != node))
            throw new UsageException($"There is no node '{node}' in '{spec.Name}'. Nodes: {string.Join(", ", spec.Nodes.Select(each => each.Id))}.");
        var runner = new NodeRunner(home, pipeline, spec, run, Observer(session)) { Processes = each => new WorkerProcesses(session, run, each) };
        var outcome = await runner.RunAsync(node, cancellationToken);
        if (session.Screen.IsJson && !session.Value(_events))
            session.Screen.Json(new Watching.NodeDocument(outcome));
        if (outcome.Message is not null && !session.Value(_events))
            session.Screen.Problem($"{node}: {outcome.Message}");
        return outcome.State switch
        {
            NodeState.Complete or NodeState.Cached => ExitCodes.Done,
            NodeState.Blocked => ExitCodes.Gate,
            NodeState.NotReady => ExitCodes.NotReady,
            NodeState.Canceled => session.Signals.Token.IsCancellationRequested ? session.Signals.EngineExitCode : ExitCodes.Transient,
            _ => ExitCodes.Failed,
        };
    }

    Action<RunEvent> Observer(Session session)
    {
        if (!session.Value(_events))
            return session.Screen.IsJson || session.Screen.IsQuiet ? _ => { } : new Watching.LineProgress(session.Screen, new Watching.RunBoard(TimeProvider.System), TimeProvider.System).Show;

        // Standard output belongs to the events; whatever else a component prints goes where people look.
        var output = session.Screen.Output;
        Console.SetOut(Console.Error);
        var last = (Time: 0L, Epoch: (int?)null);
        return happened =>
        {
            lock (output)
            {
                if (happened is NodeProgressed { Progress: var progress })
                {
                    // Components report as often as they like; people see a few times a second at most.
                    if (progress.Epoch == last.Epoch && progress.Message is null && Stopwatch.GetElapsedTime(last.Time) < ProgressPause)
                        return;
                    last = (Stopwatch.GetTimestamp(), progress.Epoch);
                }

                output.WriteLine(NodeEventJson.Write(happened));
            }
        };
    }

    /// <exception cref="UsageException">There is no such run.</exception>
    internal static Run Load(Home home, string id)
    {
        try
        {
            return Run.Load(home, id);
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }
    }
}
