using System.Globalization;
using System.Xml.Linq;
using Gyre.Cli.Graphs;
using Gyre.Pipelines;

namespace Gyre.Cli.Tests.Graphs;

public sealed class GraphTests
{
    static readonly PipelineGraph Sample = new(
        "sample",
        [
            new("ingest-csv", "IngestCsv", ["Examples"]),
            new("compute-statistics", "ComputeStatistics", ["ExampleStatistics"]),
            new("infer-schema", "InferSchema", ["Schema"]),
            new("check", "ValidateExamples", ["ExampleAnomalies"]),
            new("fit-transform", "FitTransform", ["TransformGraph", "Examples"]),
            new("train-model", "TrainModel", ["Model"]),
        ],
        [
            new(0, 1, EdgeKind.Wire, "Examples"),
            new(1, 2, EdgeKind.Wire, "ExampleStatistics"),
            new(1, 3, EdgeKind.Wire, "ExampleStatistics"),
            new(2, 3, EdgeKind.Wire, "Schema"),
            new(0, 4, EdgeKind.Wire, "Examples"),
            new(2, 4, EdgeKind.Wire, "Schema"),
            new(3, 4, EdgeKind.After, ""),
            new(4, 5, EdgeKind.Wire, "TransformGraph"),
        ]);

    [Fact]
    public void Text_shows_every_node_on_a_line_with_rails_to_what_it_reads() =>
        string.Join('\n', TextGraph.Lines(Sample, null, (text, _) => text)).ShouldBe(
            """
            ● ingest-csv             → Examples
            ├─● compute-statistics   → ExampleStatistics
            │ ├─● infer-schema       → Schema
            │ ╰─┼─● check            ValidateExamples → ExampleAnomalies
            ╰───┴─┴─● fit-transform  → TransformGraph, Examples   after check
                    ╰─● train-model  → Model
            """.ReplaceLineEndings("\n"));

    [Fact]
    public void Mermaid_has_a_line_for_each_node_and_edge() =>
        MermaidGraph.Write(Sample).ShouldBe(
            """
            flowchart TD
                n0["<b>ingest-csv</b><br/>→ Examples"]
                n1["<b>compute-statistics</b><br/>→ ExampleStatistics"]
                n2["<b>infer-schema</b><br/>→ Schema"]
                n3["<b>check</b><br/>ValidateExamples → ExampleAnomalies"]
                n4["<b>fit-transform</b><br/>→ TransformGraph, Examples"]
                n5["<b>train-model</b><br/>→ Model"]
                n0 --> n1
                n1 --> n2
                n1 --> n3
                n2 --> n3
                n0 --> n4
                n2 --> n4
                n3 -.-> n4
                n4 --> n5

            """.ReplaceLineEndings("\n"));

    [Fact]
    public void Svg_is_well_formed_and_holds_a_box_and_its_words_for_each_node()
    {
        XNamespace svg = "http://www.w3.org/2000/svg";

        var picture = XDocument.Parse(SvgGraph.Write(Sample)).Root!;

        picture.Elements(svg + "rect").Count(rect => rect.Attribute("class")?.Value == "box").ShouldBe(Sample.Nodes.Count);
        picture.Elements(svg + "path").Count(path => path.Attribute("class")!.Value.StartsWith("edge", StringComparison.Ordinal)).ShouldBe(Sample.Edges.Count);
        picture.Elements(svg + "path").Count(path => path.Attribute("class")!.Value == "edge after").ShouldBe(1);
        picture.Elements(svg + "text").Where(text => text.Attribute("class")?.Value == "title").Select(text => text.Value).ShouldBe(Sample.Nodes.Select(node => node.Id));
        picture.Element(svg + "style")!.Value.ShouldContain("prefers-color-scheme: dark");
    }

    [Fact]
    public void Svg_escapes_what_names_may_hold()
    {
        var graph = new PipelineGraph("a<b", [new("a&b", "C<T>", ["\"quoted\""])], []);

        XDocument.Parse(SvgGraph.Write(graph)).Root!.Value.ShouldContain("a&b");
    }

    [Fact]
    public void Boxes_never_overlap_and_every_node_lies_below_what_it_reads() => Graph.Sample(graph =>
    {
        const double width = 100;
        var layout = LayeredLayout.Of(graph, _ => width);
        foreach (var edge in graph.Edges)
            layout.Nodes[edge.To].Layer.ShouldBeGreaterThan(layout.Nodes[edge.From].Layer);
        foreach (var layer in layout.Nodes.GroupBy(node => node.Layer))
        {
            var places = layer.Select(node => node.X).Order().ToList();
            places.Zip(places.Skip(1), (left, right) => right - left).ShouldAllBe(distance => distance >= width);
        }
    });

    [Fact]
    public void Every_graph_is_drawn_as_text_with_a_line_for_each_node() => Graph.Sample(graph =>
    {
        var lines = TextGraph.Lines(graph, null, (text, _) => text).ToList();
        lines.Count.ShouldBe(graph.Nodes.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            lines[i].Count(letter => letter == '●').ShouldBe(1);
            lines[i].ShouldContain($" {graph.Nodes[i].Id} ");
        }
    });

    [Fact]
    public void Every_graph_is_drawn_as_well_formed_svg() => Graph.Sample(graph => XDocument.Parse(SvgGraph.Write(graph)).Root!.Name.LocalName.ShouldBe("svg"));

    [Fact]
    public void A_pipelines_wires_and_order_become_edges()
    {
        var spec = new PipelineSpec
        {
            Name = "p",
            Nodes =
            [
                Node("a", []),
                Node("b", [], after: ["a"]),
                Node("c", [new("a", "out"), new("b", "out"), new("a", "out")], after: ["a"]),
            ],
        };

        PipelineGraph.Of(spec).Edges.Select(edge => (edge.From, edge.To, edge.Kind)).ShouldBe(
            [(0, 1, EdgeKind.After), (0, 2, EdgeKind.Wire), (1, 2, EdgeKind.Wire)]);
    }

    static Gen<PipelineGraph> Graph => Gen.Int[1, 14].SelectMany(count => Gen.Int[0, 99].Array[count * count].Select(dice => new PipelineGraph(
        "random",
        [.. Enumerable.Range(0, count).Select(i => new GraphNode(i.ToString(CultureInfo.InvariantCulture), "C", ["T"]))],
        [
            .. from to in Enumerable.Range(0, count)
               from @from in Enumerable.Range(0, to)
               where dice[(to * count) + @from] < 25
               select new GraphEdge(@from, to, dice[(@from * count) + to] < 30 ? EdgeKind.After : EdgeKind.Wire, ""),
        ])));

    static NodeSpec Node(string id, InputSpec[] inputs, string[]? after = null) => new()
    {
        Id = id,
        Component = "C",
        Code = "",
        Parameters = [],
        Inputs = new Dictionary<string, IReadOnlyList<InputSpec>>(StringComparer.Ordinal) { ["in"] = inputs },
        Outputs = new Dictionary<string, string>(StringComparer.Ordinal) { ["out"] = "T" },
        After = after ?? [],
    };
}
