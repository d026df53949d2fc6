using Gyre.Pipelines;

namespace Gyre.Cli.Graphs;

/// <summary>What an edge stands for.</summary>
enum EdgeKind
{
    /// <summary>An artifact is read.</summary>
    Wire,

    /// <summary>Only the order: the source must have ended well, its gates open.</summary>
    After,
}

/// <param name="Id">The node's id.</param>
/// <param name="Component">The component's class name.</param>
/// <param name="Outputs">The artifact types it produces.</param>
sealed record GraphNode(string Id, string Component, IReadOnlyList<string> Outputs)
{
    /// <summary>What a drawing says below the id. The class is left out when the id says it already.</summary>
    public string Subtitle => $"{(Plain(Component) == Plain(Id) ? "" : Component + " ")}→ {string.Join(", ", Outputs)}";

    static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}

/// <param name="From">The index of the node that produces.</param>
/// <param name="To">The index of the node that waits.</param>
/// <param name="Kind">Whether something is read.</param>
/// <param name="Label">The artifact types that are read.</param>
sealed record GraphEdge(int From, int To, EdgeKind Kind, string Label);

/// <summary>A pipeline as something to draw: nodes in an order in which they can run, one edge between any two.</summary>
sealed record PipelineGraph(string Name, IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges)
{
    public static PipelineGraph Of(PipelineSpec spec)
    {
        var index = spec.Nodes.Select((node, place) => (node.Id, place)).ToDictionary(pair => pair.Id, pair => pair.place, StringComparer.Ordinal);
        var edges = new List<GraphEdge>();
        foreach (var node in spec.Nodes)
        {
            var wires = node.Inputs.Values.SelectMany(wires => wires).ToLookup(wire => wire.Node, StringComparer.Ordinal);
            foreach (var source in wires)
            {
                var types = source.Select(wire => spec.Node(wire.Node).Outputs[wire.Output]).Distinct(StringComparer.Ordinal);
                edges.Add(new GraphEdge(index[source.Key], index[node.Id], EdgeKind.Wire, string.Join(", ", types)));
            }

            foreach (var other in node.After.Where(other => !wires.Contains(other)))
                edges.Add(new GraphEdge(index[other], index[node.Id], EdgeKind.After, ""));
        }

        return new PipelineGraph(
            spec.Name,
            [.. spec.Nodes.Select(node => new GraphNode(node.Id, node.Component, [.. node.Outputs.Values]))],
            [.. edges.OrderBy(edge => edge.To).ThenBy(edge => edge.From)]);
    }
}
