using Gyre.Pipelines;
using Gyre.Runners;

namespace Gyre.Cli.Watching;

/// <summary>How a node stands at the moment.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="State">How far it is.</param>
/// <param name="Started">When it began, as a timestamp of the clock.</param>
/// <param name="Latest">What it reported last.</param>
/// <param name="Text">Why it runs, or what became of it.</param>
/// <param name="Seconds">How long it took; while it runs, how long so far.</param>
sealed record NodeStanding(string NodeId, NodeState State, long Started, Progress? Latest, string Text, double Seconds)
{
    /// <summary>How many examples a second go through the pass it is in; null when it does not tell.</summary>
    public double? RowsPerSecond { get; init; }

    /// <summary>When the pass over the examples began, and at how many of them.</summary>
    public (long Time, long Rows) Pass { get; init; }
}

/// <summary>Gathers events, from any thread, into how each node stands.</summary>
sealed class RunBoard(TimeProvider time)
{
    /// <summary>A speed over less than this says nothing.</summary>
    const double ShortestMeasured = 0.5;

    readonly Lock _lock = new();
    readonly Dictionary<string, NodeStanding> _nodes = new(StringComparer.Ordinal);
    readonly List<string> _order = [];

    public string RunId { get; private set; } = "";

    public void Take(RunEvent happened)
    {
        lock (_lock)
        {
            switch (happened)
            {
                case RunStarted started:
                    RunId = started.RunId;
                    _order.AddRange(started.Nodes);
                    foreach (var node in started.Nodes)
                        _nodes[node] = new NodeStanding(node, NodeState.Waiting, 0, null, "", 0);
                    break;
                case NodeStarted started:
                    Change(started.NodeId, node => node with { State = NodeState.Running, Started = node.Started == 0 ? time.GetTimestamp() : node.Started, Text = started.Reason });
                    break;
                case NodeProgressed progressed:
                    Change(progressed.NodeId, node => Report(node, progressed.Progress));
                    break;
                case NodeEnded { Outcome: var outcome }:
                    Change(outcome.NodeId, node => node with { State = outcome.State, Text = outcome.Message ?? outcome.Reason, Seconds = outcome.Seconds });
                    break;
            }
        }
    }

    /// <summary>All nodes in the order of the run, running ones with their time so far.</summary>
    public IReadOnlyList<NodeStanding> Nodes()
    {
        lock (_lock)
            return [.. _order.Select(id => _nodes[id]).Select(node => node.State == NodeState.Running ? node with { Seconds = time.GetElapsedTime(node.Started).TotalSeconds } : node)];
    }

    public NodeStanding? Node(string id)
    {
        lock (_lock)
            return _nodes.GetValueOrDefault(id) is { State: NodeState.Running } running ? running with { Seconds = time.GetElapsedTime(running.Started).TotalSeconds } : _nodes.GetValueOrDefault(id);
    }

    /// <summary>A node may go over its examples several times, and each pass has a speed of its own.</summary>
    NodeStanding Report(NodeStanding node, Progress progress)
    {
        var now = time.GetTimestamp();
        if (progress.Rows is not { } rows)
            return node with { Latest = progress, RowsPerSecond = null };
        var isNewPass = node.Latest?.Rows is not { } before || rows < before || node.Latest.Epoch != progress.Epoch || node.Latest.Message != progress.Message;
        var pass = isNewPass ? (Time: now, Rows: rows) : node.Pass;
        var seconds = time.GetElapsedTime(pass.Time, now).TotalSeconds;
        return node with
        {
            Latest = progress,
            Pass = pass,
            RowsPerSecond = rows > pass.Rows && seconds >= ShortestMeasured ? (rows - pass.Rows) / seconds : isNewPass ? null : node.RowsPerSecond,
        };
    }

    void Change(string id, Func<NodeStanding, NodeStanding> change)
    {
        if (_nodes.TryGetValue(id, out var node))
            _nodes[id] = change(node);
    }
}
