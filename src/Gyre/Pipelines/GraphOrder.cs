namespace Gyre.Pipelines;

/// <summary>Puts nodes in an order in which each comes after all that it waits for.</summary>
static class GraphOrder
{
    /// <summary>Keeps the given order wherever the graph leaves it open. Nodes on a cycle are left out.</summary>
    public static IReadOnlyList<string> Sort(IEnumerable<string> nodes, Func<string, IEnumerable<string>> upstream)
    {
        var open = nodes.ToList();
        var known = open.ToHashSet(StringComparer.Ordinal);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var order = new List<string>(open.Count);
        while (open.Count > 0)
        {
            var ready = open.FindIndex(node => upstream(node).All(other => done.Contains(other) || !known.Contains(other)));
            if (ready < 0)
                break;
            done.Add(open[ready]);
            order.Add(open[ready]);
            open.RemoveAt(ready);
        }

        return order;
    }

    /// <summary>The given nodes and all that wait for them, directly or not.</summary>
    public static IReadOnlySet<string> Downstream(PipelineSpec spec, IEnumerable<string> from)
    {
        var reached = from.ToHashSet(StringComparer.Ordinal);
        foreach (var node in spec.Nodes)
        {
            if (node.Upstream.Any(reached.Contains))
                reached.Add(node.Id);
        }

        return reached;
    }

    /// <summary>The given nodes and all that they wait for, directly or not.</summary>
    public static IReadOnlySet<string> Upstream(PipelineSpec spec, IEnumerable<string> to)
    {
        var reached = to.ToHashSet(StringComparer.Ordinal);
        foreach (var node in spec.Nodes.Reverse())
        {
            if (reached.Contains(node.Id))
                reached.UnionWith(node.Upstream);
        }

        return reached;
    }
}
