using System.Globalization;
using System.Text;

namespace Gyre.Cli.Graphs;

/// <summary>A pipeline in the language of Mermaid, which many viewers of Markdown draw.</summary>
static class MermaidGraph
{
    public static string Write(PipelineGraph graph)
    {
        var text = new StringBuilder("flowchart TD\n");
        for (var i = 0; i < graph.Nodes.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"    n{i}[\"<b>{Escape(graph.Nodes[i].Id)}</b><br/>{Escape(graph.Nodes[i].Subtitle)}\"]\n");
        foreach (var edge in graph.Edges)
            text.Append(CultureInfo.InvariantCulture, $"    n{edge.From} {(edge.Kind == EdgeKind.Wire ? "-->" : "-.->")} n{edge.To}\n");
        return text.ToString();
    }

    static string Escape(string text) => text.Replace("\"", "#quot;", StringComparison.Ordinal).Replace("<", "#lt;", StringComparison.Ordinal);
}
