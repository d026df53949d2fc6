using Gyre.Metadata;
using Gyre.Pipelines;

namespace Gyre.Runners;

/// <summary>What a run would do with a node.</summary>
public enum PlannedAction
{
    /// <summary>Results of an earlier execution would be used again.</summary>
    Reuse,

    /// <summary>It would be executed.</summary>
    Execute,

    /// <summary>A gate before it is closed.</summary>
    Blocked,

    /// <summary>It would fail at once, for example because a file is missing.</summary>
    Fail,
}

/// <summary>What a run would do with a node, and why.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="Action">What would be done.</param>
/// <param name="Reason">Why: what is the same, or what changed.</param>
public sealed record PlannedNode(string NodeId, PlannedAction Action, string Reason);

/// <summary>Says, before anything runs, what a run would do. Changes nothing.</summary>
public sealed class Planner(Home home)
{
    /// <exception cref="DefinitionException">The pipeline or the options are wrong.</exception>
    public IReadOnlyList<PlannedNode> Plan(Pipeline pipeline, RunOptions options)
    {
        var spec = pipeline.ToSpec();
        var selected = options.Select(spec);
        var run = new Run { Id = "plan", Pipeline = spec.Name, Nodes = [], Options = options };
        var earlier = new RunOutputs(home, pipeline, spec, run);
        var outputs = new Dictionary<string, IReadOnlyDictionary<string, StoredArtifact>?>(StringComparer.Ordinal);
        foreach (var other in spec.Nodes.Select(node => node.Id).Except(selected, StringComparer.Ordinal))
            outputs[other] = earlier.Of(other);
        var plan = new List<PlannedNode>();
        foreach (var id in selected)
        {
            var stopped = plan.FirstOrDefault(node => node.Action is PlannedAction.Blocked or PlannedAction.Fail && spec.Node(id).Upstream.Contains(node.NodeId, StringComparer.Ordinal));
            plan.Add(stopped is null
                ? Plan(pipeline, spec, spec.Node(id), options, outputs) is var node && earlier.Outdated(spec.Node(id)) is { } outdated
                    ? node with { Reason = $"{node.Reason}; {outdated}" }
                    : node
                : new PlannedNode(id, PlannedAction.Blocked, $"waits for {stopped.NodeId}, which would not end well"));
            outputs.TryAdd(id, null);
        }

        return plan;
    }

    PlannedNode Plan(
        Pipeline pipeline, PipelineSpec spec, NodeSpec node, RunOptions options, Dictionary<string, IReadOnlyDictionary<string, StoredArtifact>?> outputs)
    {
        outputs[node.Id] = null;
        var renewed = node.Upstream.Where(other => outputs.GetValueOrDefault(other) is null).ToList();
        if (renewed.Count > 0)
            return new PlannedNode(node.Id, PlannedAction.Execute, $"after {string.Join(", ", renewed)}, unless the result there turns out the same");
        try
        {
            var (inputs, gate) = home.Store.Read(transaction =>
            {
                var (found, _) = NodeInputs.Resolve(transaction, spec, node, outputs.GetValueOrDefault);
                return (found!, found!.ClosedGate(transaction));
            });
            if (gate is not null)
                return new PlannedNode(node.Id, PlannedAction.Blocked, gate);
            if (options.NoCache || options.Force.Contains(node.Id, StringComparer.Ordinal))
                return new PlannedNode(node.Id, PlannedAction.Execute, "forced");
            var work = new NodeWork(node, inputs, NodeInputs.Files(pipeline.Component(node.Id)), Attempt: 1);
            var answer = new CacheLookup(home).Find(pipeline, node, work.Identity);
            outputs[node.Id] = answer.Hit?.Outputs;
            return new PlannedNode(node.Id, answer.Hit is null ? PlannedAction.Execute : PlannedAction.Reuse, answer.Reason);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return new PlannedNode(node.Id, PlannedAction.Fail, error.Message);
        }
    }
}
