using System.Globalization;
using System.Net;
using System.Text;

namespace Gyre.Cli.Graphs;

/// <summary>A pipeline as an SVG picture on a transparent ground that suits light and dark pages.</summary>
static class SvgGraph
{
    const double Margin = 16;
    const double NodeHeight = 52;
    const double LayerGap = 44;
    const double Padding = 18;
    const double LetterOfTitle = 7.9;
    const double LetterOfSubtitle = 6.5;
    const double Bar = 4;
    const double GapBetweenArrows = 14;
    const double ArrowLength = 7;
    const double ArrowWidth = 4;

    /// <summary>Nodes that produce the same type of artifact bear the same colour.</summary>
    static readonly string[] Palette = ["#3b82f6", "#10b981", "#f59e0b", "#8b5cf6", "#ef4444", "#06b6d4", "#ec4899", "#84cc16", "#f97316", "#64748b"];

    const string Style = """
        <style>
          text { font-family: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
          .box { fill: #ffffff; stroke: #d0d7de; }
          .title { font-size: 14px; font-weight: 600; fill: #1f2328; }
          .sub { font-size: 11.5px; fill: #59636e; }
          .edge { fill: none; stroke: #8c959f; stroke-width: 1.5; }
          .after { stroke-dasharray: 2 4; stroke-linecap: round; }
          .tip { fill: #8c959f; }
          @media (prefers-color-scheme: dark) {
            .box { fill: #161b22; stroke: #3d444d; }
            .title { fill: #f0f6fc; }
            .sub { fill: #9198a1; }
            .edge { stroke: #6e7681; }
            .tip { fill: #6e7681; }
          }
        </style>
        """;

    public static string Write(PipelineGraph graph)
    {
        var widths = graph.Nodes.Select(WidthOf).ToArray();
        var layout = LayeredLayout.Of(graph, WidthOf);
        var left = graph.Nodes.Select((_, i) => layout.Nodes[i].X - (widths[i] / 2)).Concat(graph.Edges.SelectMany(layout.Bends).Select(bend => bend.X)).Min();
        var right = graph.Nodes.Select((_, i) => layout.Nodes[i].X + (widths[i] / 2)).Concat(graph.Edges.SelectMany(layout.Bends).Select(bend => bend.X)).Max();
        var spots = layout.Nodes.Select(node => new Spot(node.X - left + Margin, Top(node.Layer))).ToArray();
        var height = Top(layout.Layers - 1) + NodeHeight + Margin;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{right - left + (2 * Margin):0.#}" height="{height:0.#}" viewBox="0 0 {right - left + (2 * Margin):0.#} {height:0.#}" role="img">""").Append('\n');
        svg.Append($"<title>{Escape($"The pipeline {graph.Name}")}</title>\n").Append(Style.ReplaceLineEndings("\n")).Append('\n');
        var arrivals = Arrivals(graph, layout, spots);
        foreach (var edge in graph.Edges)
            DrawEdge(svg, edge, [.. layout.Bends(edge).Select(bend => new Spot(bend.X - left + Margin, Top(bend.Layer)))], spots, arrivals[edge]);
        var colors = graph.Nodes.Select(ColorKey).Distinct(StringComparer.Ordinal).ToList();
        for (var i = 0; i < graph.Nodes.Count; i++)
            DrawNode(svg, graph.Nodes[i], spots[i], widths[i], Palette[colors.IndexOf(ColorKey(graph.Nodes[i])) % Palette.Length]);
        return svg.Append("</svg>\n").ToString();
    }

    static double WidthOf(GraphNode node) =>
        Math.Max(node.Id.Length * LetterOfTitle, node.Subtitle.Length * LetterOfSubtitle) + (2 * Padding) + Bar;

    static double Top(int layer) => Margin + (layer * (NodeHeight + LayerGap));

    static string ColorKey(GraphNode node) => node.Outputs.Count == 0 ? "" : node.Outputs[0];

    /// <summary>Edges into one node end beside each other, ordered by where they come from, so that none hides another.</summary>
    static Dictionary<GraphEdge, double> Arrivals(PipelineGraph graph, LayeredLayout layout, Spot[] spots)
    {
        var arrivals = new Dictionary<GraphEdge, double>();
        foreach (var node in graph.Edges.GroupBy(edge => edge.To))
        {
            var ordered = node.OrderBy(edge => layout.Bends(edge) is [.., var last] ? last.X : layout.Nodes[edge.From].X).ToList();
            for (var i = 0; i < ordered.Count; i++)
                arrivals[ordered[i]] = spots[node.Key].X + ((i - ((ordered.Count - 1) / 2.0)) * GapBetweenArrows);
        }

        return arrivals;
    }

    static void DrawEdge(StringBuilder svg, GraphEdge edge, IReadOnlyList<Spot> bends, Spot[] spots, double arrival)
    {
        var end = new Spot(arrival, spots[edge.To].Y);
        var start = new Spot(spots[edge.From].X, spots[edge.From].Y + NodeHeight);
        svg.Append($"""<path class="edge{(edge.Kind == EdgeKind.After ? " after" : "")}" d="M{Text(start)}""");
        foreach (var bend in bends)
        {
            Curve(svg, start, bend);
            start = bend with { Y = bend.Y + NodeHeight };
            svg.Append($" L{Text(start)}");
        }

        Curve(svg, start, end with { Y = end.Y - ArrowLength });
        svg.Append("\"/>\n");
        svg.Append($"""<path class="tip" d="M{Text(end)} L{Text(new(end.X - ArrowWidth, end.Y - ArrowLength))} L{Text(new(end.X + ArrowWidth, end.Y - ArrowLength))} Z"/>""").Append('\n');
    }

    static void Curve(StringBuilder svg, Spot start, Spot to)
    {
        var middle = (start.Y + to.Y) / 2;
        svg.Append($" C{Text(start with { Y = middle })} {Text(to with { Y = middle })} {Text(to)}");
    }

    static void DrawNode(StringBuilder svg, GraphNode node, Spot spot, double width, string color)
    {
        var (x, y) = (spot.X - (width / 2), spot.Y);
        svg.Append(CultureInfo.InvariantCulture, $"""<rect class="box" x="{x:0.#}" y="{y:0.#}" width="{width:0.#}" height="{NodeHeight}" rx="8"/>""").Append('\n');
        svg.Append(CultureInfo.InvariantCulture, $"""<rect x="{x + 8:0.#}" y="{y + 10:0.#}" width="{Bar}" height="{NodeHeight - 20}" rx="2" fill="{color}"/>""").Append('\n');
        svg.Append(CultureInfo.InvariantCulture, $"""<text class="title" x="{x + Padding + Bar:0.#}" y="{y + 22:0.#}">{Escape(node.Id)}</text>""").Append('\n');
        svg.Append(CultureInfo.InvariantCulture, $"""<text class="sub" x="{x + Padding + Bar:0.#}" y="{y + 40:0.#}">{Escape(node.Subtitle)}</text>""").Append('\n');
    }

    static string Text(Spot spot) => string.Create(CultureInfo.InvariantCulture, $"{spot.X:0.#},{spot.Y:0.#}");

    static string Escape(string text) => WebUtility.HtmlEncode(text);
}
