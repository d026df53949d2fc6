using System.Text;
using Gyre.Cli.Terminal;

namespace Gyre.Cli.Graphs;

/// <summary>
/// A pipeline as lines of text, a node each. Below a node hangs a rail as long as somebody still reads from it; a reader's
/// line runs from the rails it reads (joined by ┼ or ┴) and below the others (│) to the node.
/// </summary>
static class TextGraph
{
    const int Free = -1;

    public static IEnumerable<string> Lines(PipelineGraph graph, int? width, Func<string, Tone, string> paint)
    {
        var sources = graph.Edges.ToLookup(edge => edge.To, edge => edge.From);
        var lastReader = graph.Edges.GroupBy(edge => edge.From).ToDictionary(group => group.Key, group => group.Max(edge => edge.To));
        var rails = new List<int>();
        var drawn = new List<string>();
        for (var node = 0; node < graph.Nodes.Count; node++)
        {
            var inputs = sources[node].Select(source => rails.IndexOf(source)).Order().ToList();
            var place = PlaceFor(rails, inputs.Count == 0 ? Free : inputs[^1]);
            drawn.Add(Row(rails, inputs, place, rail => lastReader[rails[rail]] == node));
            for (var rail = 0; rail < rails.Count; rail++)
            {
                if (rails[rail] != Free && lastReader[rails[rail]] == node)
                    rails[rail] = Free;
            }

            if (place == rails.Count)
                rails.Add(Free);
            rails[place] = lastReader.ContainsKey(node) ? node : Free;
            while (rails.Count > 0 && rails[^1] == Free)
                rails.RemoveAt(rails.Count - 1);
        }

        var table = new TextTable();
        for (var node = 0; node < graph.Nodes.Count; node++)
            table.Add($"{drawn[node]} {graph.Nodes[node].Id}", new Cell(Detail(graph, node), Tone.Faint));
        return table.Lines(width, paint);
    }

    /// <summary>The first free rail to the right of all inputs.</summary>
    static int PlaceFor(List<int> rails, int lastInput)
    {
        var free = rails.FindIndex(lastInput + 1, rail => rail == Free);
        return free < 0 ? rails.Count : free;
    }

    static string Row(List<int> rails, List<int> inputs, int place, Func<int, bool> ends)
    {
        var row = new StringBuilder();
        for (var rail = 0; rail < Math.Max(rails.Count, place + 1); rail++)
        {
            var crossed = inputs.Count > 0 && rail > inputs[0] && rail <= place;
            row.Append(crossed && row.Length > 0 ? '─' : ' ');
            row.Append(rail == place ? '●'
                : inputs.Contains(rail) ? Joint(rail == inputs[0], ends(rail))
                : rail < rails.Count && rails[rail] != Free ? '│'
                : crossed ? '─' : ' ');
        }

        return row.ToString()[1..].TrimEnd();
    }

    static char Joint(bool first, bool last) => (first, last) switch
    {
        (true, true) => '╰',
        (true, false) => '├',
        (false, true) => '┴',
        _ => '┼',
    };

    static string Detail(PipelineGraph graph, int node)
    {
        var after = graph.Edges.Where(edge => edge.To == node && edge.Kind == EdgeKind.After).Select(edge => graph.Nodes[edge.From].Id).ToList();
        return graph.Nodes[node].Subtitle + (after.Count == 0 ? "" : $"   after {string.Join(", ", after)}");
    }
}
