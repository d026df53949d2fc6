using Gyre.Pipelines;

namespace Gyre.Runners.Local;

/// <summary>Runs one node somewhere: in this process, or in one of its own.</summary>
public delegate Task<NodeOutcome> NodeLauncher(Run run, string nodeId, CancellationToken cancellationToken);

/// <summary>Runs pipelines on this machine: independent nodes in parallel, up to a number of workers.</summary>
public sealed class LocalRunner(Home home)
{
    /// <summary>How many nodes may run at once.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>How many threads each node may use; results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>How nodes are run; by default in this process.</summary>
    public NodeLauncher? Launcher { get; init; }

    /// <summary>Starts processes for parts of a node's work, when nodes run in this process; null to do all here.</summary>
    public Func<Run, string, IWorkerProcesses>? Processes { get; init; }

    /// <summary>Told of everything that happens, from any thread.</summary>
    public Action<RunEvent> Observe { get; init; } = _ => { };

    /// <summary>Runs what is not cached. A node that fails stops those behind it and no others.</summary>
    /// <exception cref="DefinitionException">The pipeline or the options are wrong; nothing was run.</exception>
    public async Task<RunResult> RunAsync(Pipeline pipeline, RunOptions options, CancellationToken cancellationToken)
    {
        var spec = pipeline.ToSpec();
        options.Select(spec);
        home.Sweep();
        var started = home.Time.GetTimestamp();
        var run = Run.Start(home, spec, options);
        Observe(new RunStarted(run.Id, spec.Name, run.Nodes));
        var runner = new NodeRunner(home, pipeline, spec, run, Observe)
        {
            Threads = Threads,
            Processes = Processes is null ? null : node => Processes(run, node),
        };
        var launch = Launcher ?? ((_, node, token) => runner.RunAsync(node, token));
        var outcomes = await ScheduleAsync(spec, run, launch, cancellationToken);
        var result = new RunResult(run.Id, spec.Name, outcomes, home.Time.GetElapsedTime(started).TotalSeconds, cancellationToken.IsCancellationRequested);
        run.Finish(home, result);
        Observe(new RunEnded(result));
        return result;
    }

    async Task<IReadOnlyList<NodeOutcome>> ScheduleAsync(PipelineSpec spec, Run run, NodeLauncher launch, CancellationToken cancellationToken)
    {
        var outcomes = new Dictionary<string, NodeOutcome>(StringComparer.Ordinal);
        var running = new Dictionary<Task<NodeOutcome>, string>();
        var waiting = run.Nodes.ToList();
        while (waiting.Count + running.Count > 0)
        {
            Settle(spec, run, waiting, outcomes, cancellationToken.IsCancellationRequested);
            foreach (var node in waiting.Where(node => IsReady(spec.Node(node), run, outcomes)).Take(Math.Max(1, Workers) - running.Count).ToList())
            {
                waiting.Remove(node);
                running[Task.Run(() => launch(run, node, cancellationToken), CancellationToken.None)] = node;
            }

            if (running.Count == 0)
                continue;
            var done = await Task.WhenAny(running.Keys);
            outcomes[running[done]] = await done;
            running.Remove(done);
        }

        return [.. run.Nodes.Select(node => outcomes[node])];
    }

    /// <summary>Gives those that can no longer run their verdict.</summary>
    void Settle(PipelineSpec spec, Run run, List<string> waiting, Dictionary<string, NodeOutcome> outcomes, bool canceled)
    {
        foreach (var node in waiting.ToList())
        {
            var stopped = Upstream(spec.Node(node), run).Select(other => outcomes.GetValueOrDefault(other)).FirstOrDefault(outcome => outcome is { EndedWell: false });
            if (stopped is null && !canceled)
                continue;
            var outcome = stopped switch
            {
                null => new NodeOutcome(node, NodeState.Canceled, 0, "", "The run was interrupted before it started.", 0),
                { State: NodeState.Blocked } => new NodeOutcome(node, NodeState.Blocked, 0, "", $"It waits for '{stopped.NodeId}', which a gate stopped.", 0),
                { State: NodeState.Canceled } => new NodeOutcome(node, NodeState.Canceled, 0, "", $"It waits for '{stopped.NodeId}', which was interrupted.", 0),
                _ => new NodeOutcome(node, NodeState.Skipped, 0, "", $"It waits for '{stopped.NodeId}', which did not end well.", 0),
            };
            waiting.Remove(node);
            outcomes[node] = outcome;
            Observe(new NodeEnded(outcome));
        }
    }

    static bool IsReady(NodeSpec node, Run run, Dictionary<string, NodeOutcome> outcomes) =>
        Upstream(node, run).All(other => outcomes.TryGetValue(other, out var outcome) && outcome.EndedWell);

    static IEnumerable<string> Upstream(NodeSpec node, Run run) => node.Upstream.Where(other => run.Nodes.Contains(other, StringComparer.Ordinal));
}
