using System.CommandLine;
using Gyre.Cli.Arguments;
using Gyre.Cli.Graphs;
using Gyre.Cli.Watching;

namespace Gyre.Cli.Verbs;

/// <summary>Draws the pipeline.</summary>
sealed class GraphVerb : Verb
{
    readonly Option<GraphFormat> _format = new("--format") { Description = "How to draw it.", DefaultValueFactory = _ => GraphFormat.Text };

    readonly Option<string?> _output = new("--output", "-o") { HelpName = "FILE", Description = "Write to a file; its ending chooses the format when --format does not." };

    public GraphVerb()
        : base("graph", "Draw the pipeline as text, Mermaid, SVG or JSON.")
    {
        Options.Add(_format);
        Options.Add(_output);
    }

    enum GraphFormat
    {
        Text,
        Mermaid,
        Svg,
        Json,
    }

    public override bool NeedsPipeline => true;

    public override IReadOnlyList<Example> Examples =>
    [
        new("graph", "in the terminal"),
        new("graph --output pipeline.svg", "a picture for light and dark pages"),
        new("graph --format mermaid", "for Markdown"),
        new("graph --json", "the pipeline as data, as engines read it"),
    ];

    public override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var spec = session.BuildPipeline([]).ToSpec();
        var graph = PipelineGraph.Of(spec);
        var output = session.Value(_output);
        var format = session.Screen.IsJson && output is null ? GraphFormat.Json : FormatFor(session, output);
        if (output is null && format == GraphFormat.Text)
        {
            foreach (var line in TextGraph.Lines(graph, session.Screen.Width, session.Screen.Paint))
                session.Screen.Line(line);
            return ExitCodes.Done;
        }

        var text = format switch
        {
            GraphFormat.Mermaid => MermaidGraph.Write(graph),
            GraphFormat.Svg => SvgGraph.Write(graph),
            GraphFormat.Json => spec.ToJson() + "\n",
            _ => string.Join('\n', TextGraph.Lines(graph, null, (line, _) => line)) + "\n",
        };
        if (output is null)
        {
            await session.Screen.Output.WriteAsync(text);
            return ExitCodes.Done;
        }

        await File.WriteAllTextAsync(output, text, cancellationToken);
        if (session.Screen.IsJson)
            session.Screen.Json(new { pipeline = spec.Name, format, file = Path.GetFullPath(output) });
        session.Screen.Note($"{ProgressText.Count(graph.Nodes.Count, "node")} drawn to {output}");
        return ExitCodes.Done;
    }

    GraphFormat FormatFor(Session session, string? output) =>
        output is null || session.Parsed.GetResult(_format) is { Implicit: false } ? session.Value(_format)
        : Path.GetExtension(output).ToLowerInvariant() switch
        {
            ".svg" => GraphFormat.Svg,
            ".mmd" or ".mermaid" or ".md" => GraphFormat.Mermaid,
            ".json" => GraphFormat.Json,
            ".txt" or "" => GraphFormat.Text,
            var ending => throw new UsageException($"--output {output}: '{ending}' is no format of graphs. Expected an ending of .svg, .mmd, .md, .json or .txt, or a --format of text, mermaid, svg or json."),
        };
}
