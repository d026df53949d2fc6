using System.Globalization;
using System.Text.Json.Nodes;
using Gyre.Cli.Inspection;
using Gyre.Cli.Terminal;
using Gyre.Cli.Verbs;
using Gyre.Cli.Watching;
using Gyre.Metadata;
using Gyre.Runners;

namespace Gyre.Cli.History;

/// <summary>What <c>show</c> writes about a run, an execution or an artifact.</summary>
sealed class ShowPage(Screen screen, Home home)
{
    public void Run(HistoryReader reader, StoredContext run)
    {
        var record = reader.Describe(run);
        var executions = reader.ExecutionsOf(run).Select(reader.Describe).ToList();
        if (screen.IsJson)
        {
            screen.Json(new { run = record, nodes = Runners.Run.OutcomeOf(run).Select(node => new NodeDocument(node)), executions });
            return;
        }

        Head($"run {record.Id}", record.State, RunRecord.ToneOf(record.State));
        var facts = new TextTable();
        facts.Add("pipeline", record.Pipeline);
        facts.Add("started", HistoryText.Moment(record.Started) + (record.Seconds is { } seconds ? $", {ProgressText.Time(seconds)}" : ""));
        facts.Add("gyre", record.GyreVersion);
        foreach (var (name, value) in OptionsOf(record.Options))
            facts.Add(name, value);
        facts.Write(screen);
        screen.Line();
        ShowNodes(run, executions);
    }

    public void Execution(ExecutionDocument execution)
    {
        if (screen.IsJson)
        {
            screen.Json(execution);
            return;
        }

        Head($"{execution.Id} {execution.Node}", HistoryText.Word(execution.State), HistoryText.ToneOf(execution.State));
        var facts = new TextTable();
        facts.Add("component", execution.Component);
        facts.Add("run", $"{execution.Run} of {execution.Pipeline}");
        facts.Add("started", HistoryText.Moment(execution.Started) + (execution.Seconds is { } seconds ? $", {ProgressText.Time(seconds)}" : ""));
        facts.Add("why", execution.Reason);
        facts.Add("code", execution.Code);
        facts.Add("gyre", execution.GyreVersion);
        if (execution.Error is { } error)
            facts.Add("error", new Cell(error, Tone.Bad));
        facts.Add("log", home.LogOf(HistoryReader.Number(execution.Reused ?? execution.Id, 'e') ?? 0));
        facts.Write(screen);
        Members("parameters", execution.Parameters);
        Parts(execution.Parts ?? []);
        Ends("reads", execution.Inputs);
        Ends("wrote", execution.Outputs);
        Members("environment", execution.Environment);
    }

    public void Artifact(ArtifactDocument artifact)
    {
        var path = home.Artifacts.PathOf(artifact.Uri);
        var files = Files(path);
        if (screen.IsJson)
        {
            screen.Json(new { artifact, path, files = files.Select(file => new { name = file.Name, bytes = file.Bytes }) });
            return;
        }

        Head($"{artifact.Id} {artifact.Type}", HistoryText.Word(artifact.State), artifact.State == ArtifactState.Live ? Tone.Good : Tone.Warning);
        var facts = new TextTable();
        facts.Add("at", path);
        facts.Add("fingerprint", artifact.Fingerprint);
        facts.Add("made", $"{HistoryText.Moment(artifact.Created)}{(artifact.ProducedBy is { } producer ? $" by {producer}" : ", outside this home")}");
        facts.Write(screen);
        Section("properties", artifact.Properties.Select(property => (property.Key, new Cell(Convert.ToString(property.Value, CultureInfo.InvariantCulture) ?? ""))));
        Section("files", files.Select(file => (file.Name, new Cell(HistoryText.Size(file.Bytes)))));
        Section("decisions", artifact.Decisions.Select(decision => (
            HistoryText.Moment(decision.Time), new Cell($"{(decision.Approved ? "approved" : "rejected")} by {decision.By}: {decision.Reason}", decision.Approved ? Tone.Good : Tone.Bad))));
        ShowAnomalies(artifact, path);
        screen.Note();
        screen.Note(screen.Paint($"Where it came from: lineage {artifact.Id}", Tone.Faint));
    }

    void ShowAnomalies(ArtifactDocument artifact, string path)
    {
        if (artifact.Type != AnomalyFiles.ArtifactType || !Directory.Exists(path))
            return;
        foreach (var (split, report) in AnomalyFiles.Load(path).Where(split => split.Report.Found.Count > 0))
        {
            screen.Line();
            screen.Line(screen.Paint($"anomalies of {split}", Tone.Strong));
            AnomalyTable.Write(screen, report);
        }
    }

    static IReadOnlyList<(string Name, long Bytes)> Files(string path) =>
        File.Exists(path) ? [(Path.GetFileName(path), new FileInfo(path).Length)]
        : Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => (Path.GetRelativePath(path, file), new FileInfo(file).Length))]
        : [];

    static IEnumerable<(string Name, string Value)> OptionsOf(RunOptions? options)
    {
        if (options is null)
            yield break;
        foreach (var (name, nodes) in new[] { ("--from", options.From), ("--to", options.To), ("--only", options.Only), ("--force", options.Force), ("--set", options.Set) })
        {
            if (nodes.Count > 0)
                yield return (name, string.Join(", ", nodes));
        }

        if (options.NoCache)
            yield return ("--no-cache", "yes");
        foreach (var (name, value) in options.Arguments.Where(argument => argument.Value.Length > 0))
            yield return ($"--{name}", value);
    }

    void ShowNodes(StoredContext run, List<ExecutionDocument> executions)
    {
        var table = new TextTable("state", "node", "execution", "time", "why");
        var outcomes = Runners.Run.OutcomeOf(run);
        if (outcomes.Count > 0)
        {
            foreach (var node in outcomes)
            {
                var (glyph, tone) = StateGlyph.Of(node.State);
                table.Add(new Cell($"{glyph} {LineProgress.Word(node.State)}", tone), node.NodeId, node.ExecutionId == 0 ? "" : HistoryText.ExecutionName(node.ExecutionId),
                    ProgressText.Time(node.Seconds), new Cell(node.Message ?? node.Reason, Tone.Faint));
            }
        }
        else
        {
            foreach (var execution in executions)
                table.Add(new Cell(HistoryText.Word(execution.State), HistoryText.ToneOf(execution.State)), execution.Node, execution.Id, execution.Seconds is { } seconds ? ProgressText.Time(seconds) : "", new Cell(execution.Error ?? execution.Reason, Tone.Faint));
        }

        table.Write(screen);
    }

    void Head(string title, string state, Tone tone)
    {
        screen.Line($"{screen.Paint(title, Tone.Strong)} {screen.Paint(state, tone)}");
        screen.Line();
    }

    void Parts(IReadOnlyList<PartDocument> parts) => Section("parts", parts.Select(part => (
        $"{part.Id} {HistoryText.Word(part.State)}",
        new Cell($"{part.Name} {part.Parameters?.ToJsonString(Screen.CompactJson)} {string.Join(", ", part.Results.Select(result => string.Create(CultureInfo.InvariantCulture, $"{result.Key} {result.Value}")))}"))));

    void Members(string title, JsonNode? node) => Section(title, node is JsonObject members
        ? members.Select(member => (member.Key, new Cell(member.Value?.ToJsonString(Screen.CompactJson) ?? "null"))) : []);

    void Ends(string title, IReadOnlyList<EndDocument> ends) => Section(title, ends.Select(end =>
        (end.Name, new Cell($"{end.Artifact} {end.Type} {end.Uri} {HistoryText.Short(end.Fingerprint)}"))));

    void Section(string title, IEnumerable<(string Name, Cell Value)> rows)
    {
        var table = new TextTable { Indent = "  " };
        foreach (var (name, value) in rows)
            table.Add(name, value);
        if (table.IsEmpty)
            return;
        screen.Line();
        screen.Line(screen.Paint(title, Tone.Strong));
        table.Write(screen);
    }
}
