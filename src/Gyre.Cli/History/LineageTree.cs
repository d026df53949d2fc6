using System.Text.Json.Nodes;
using Gyre.Cli.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gyre.Cli.History;

/// <summary>A lineage as trees: what it came from, and what came from it. What stands in several places is spelled out once.</summary>
static class LineageTree
{
    const int LongestParameter = 100;

    public static void Write(Screen screen, LineageDocument lineage)
    {
        var console = SpectreConsole.On(screen);
        var artifacts = lineage.Ancestors.Artifacts.Concat(lineage.Descendants.Artifacts).Append(lineage.Of)
            .DistinctBy(artifact => artifact.Id, StringComparer.Ordinal).ToDictionary(artifact => artifact.Id, StringComparer.Ordinal);
        console.Write(Ancestry(lineage, artifacts));
        if (lineage.Descendants.Executions.Count == 0)
            return;
        console.WriteLine();
        console.Write(Descent(lineage, artifacts));
    }

    static Tree Ancestry(LineageDocument lineage, Dictionary<string, ArtifactDocument> artifacts)
    {
        var executions = lineage.Ancestors.Executions.ToDictionary(execution => execution.Id, StringComparer.Ordinal);
        var shown = new HashSet<string>(StringComparer.Ordinal);
        var tree = new Tree(Artifact(lineage.Of, lineage.Of.Properties));
        Add(tree, lineage.Of);
        return tree;

        void Add(IHasTreeNodes parent, ArtifactDocument artifact)
        {
            if (artifact.ProducedBy is null || !executions.TryGetValue(artifact.ProducedBy, out var execution))
                return;
            if (!shown.Add(execution.Id))
            {
                parent.AddNode(new Markup($"[dim]by {execution.Node} {execution.Id}, see above[/]"));
                return;
            }

            var node = parent.AddNode(Execution("by", execution));
            foreach (var input in execution.Inputs)
                Add(node.AddNode(Artifact(artifacts[input.Artifact], artifacts[input.Artifact].Properties, input.Name)), artifacts[input.Artifact]);
        }
    }

    static Tree Descent(LineageDocument lineage, Dictionary<string, ArtifactDocument> artifacts)
    {
        var shown = new HashSet<string>(StringComparer.Ordinal);
        var tree = new Tree(new Markup($"[bold]made from {lineage.Of.Id}[/]"));
        Add(tree, lineage.Of.Id);
        return tree;

        void Add(IHasTreeNodes parent, string artifact)
        {
            foreach (var execution in lineage.Descendants.Executions.Where(execution => execution.Inputs.Any(input => input.Artifact == artifact)))
            {
                if (!shown.Add(execution.Id))
                {
                    parent.AddNode(new Markup($"[dim]{execution.Node} {execution.Id}, see above[/]"));
                    continue;
                }

                var node = parent.AddNode(new Markup($"[bold]{Markup.Escape(execution.Node)}[/] [dim]{execution.Id} {HistoryText.Moment(execution.Started)}[/]"));
                foreach (var output in execution.Outputs)
                    Add(node.AddNode(Artifact(artifacts[output.Artifact], artifacts[output.Artifact].Properties)), output.Artifact);
            }
        }
    }

    static Rows Artifact(ArtifactDocument artifact, IReadOnlyDictionary<string, object> properties, string? name = null)
    {
        var label = name is null || name.Replace("_", "", StringComparison.Ordinal).Equals(artifact.Type, StringComparison.OrdinalIgnoreCase) ? "" : $"{name}: ";
        var version = properties.TryGetValue("name", out var model) && (properties.TryGetValue("version", out var number) || properties.TryGetValue("pushed_version", out number)) ? $" {model}/{number}" : "";
        var line = new Markup($"{Markup.Escape(label)}[teal]{artifact.Type}[/]{Markup.Escape(version)} {artifact.Id} {Markup.Escape(artifact.Uri)} [dim]{(artifact.ProducedBy is null ? artifact.Fingerprint : HistoryText.Short(artifact.Fingerprint))}[/]");
        return new Rows(artifact.Decisions.Select(Decision).Prepend(line));
    }

    static Markup Decision(DecisionDocument decision) => new(
        $"[{(decision.Approved ? "green" : "red")}]{(decision.Approved ? "approved" : "rejected")}[/] by {Markup.Escape(decision.By)} {HistoryText.Moment(decision.Time)}: {Markup.Escape(decision.Reason)}");

    static Rows Execution(string word, ExecutionDocument execution)
    {
        var lines = new List<IRenderable>
        {
            new Markup($"{word} [bold]{Markup.Escape(execution.Node)}[/] {execution.Id} [dim]{HistoryText.Moment(execution.Started)}, run {execution.Run}, Gyre {Markup.Escape(execution.GyreVersion)}[/]"),
            new Markup($"[dim]code {Markup.Escape(execution.Code)}[/]"),
        };
        if (execution.Parameters is JsonObject { Count: > 0 } parameters)
        {
            lines.AddRange(parameters.Select(parameter => new Markup(
                $"[dim]{Markup.Escape(parameter.Key)} =[/] {Markup.Escape(Cut(parameter.Value?.ToJsonString(Screen.CompactJson) ?? "null"))}")));
        }

        return new Rows(lines);
    }

    static string Cut(string text) => text.Length <= LongestParameter ? text : text[..LongestParameter] + "…";
}
