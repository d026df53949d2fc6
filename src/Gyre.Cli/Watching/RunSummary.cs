using System.Globalization;
using Gyre.Cli.Alerting;
using Gyre.Cli.Registering;
using Gyre.Cli.Terminal;
using Gyre.Evaluation;
using Gyre.Onnx;
using Gyre.Runners;

namespace Gyre.Cli.Watching;

/// <summary>The end of a run: what became of it, what went wrong, how good the models are, what to do next.</summary>
static class RunSummary
{
    const int DefaultPort = 8501;

    public static void Write(Session session, Home home, RunResult result, IReadOnlyList<AlertResult> alerts)
    {
        var (screen, findings) = (session.Screen, RunFindings.Of(home, result));
        foreach (var alert in alerts.Where(alert => !alert.Sent))
            screen.Problem($"{screen.PaintProblem("warning:", Tone.Warning)} the alert of {alert.Node} to {alert.To} was not sent ({ProgressText.Count(alert.Attempts, "attempt")}): {alert.Error}");
        if (screen.IsJson)
        {
            screen.Json(new RunDocument(result, findings, home, alerts));
            return;
        }

        var shut = result.Nodes.Select(node => node.ClosedGate).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var node in result.Nodes.Where(node => node.State != NodeState.Blocked || !shut.Contains(node.Message ?? "")))
            Explain(session, node);
        foreach (var (node, report) in findings.Evaluations)
            Show(screen, node, report);
        screen.Note();
        var (word, tone) = Verdict(result.ExitCode);
        screen.Line($"{screen.Paint($"run {result.RunId} {word}", tone)}: {Counts(result)} in {ProgressText.Time(result.Seconds)}");
        if (result.ExitCode == ExitCodes.Interrupted)
            screen.Note("What was done is kept. Run again to go on from here.");
        foreach (var pushed in findings.Pushed)
            Show(session, pushed);
    }

    public static (string Word, Tone Tone) Verdict(int exitCode) => exitCode switch
    {
        ExitCodes.Done => ("complete", Tone.Good),
        ExitCodes.Gate => ("stopped by a gate", Tone.Warning),
        ExitCodes.Interrupted => ("interrupted", Tone.Warning),
        _ => ("failed", Tone.Bad),
    };

    static void Explain(Session session, NodeOutcome node)
    {
        var screen = session.Screen;
        switch (node.State)
        {
            case NodeState.Failed or NodeState.NotReady:
                screen.Problem("");
                screen.Problem($"{screen.PaintProblem($"✗ {node.NodeId} failed", Tone.Bad)}: {node.Message}");
                if (node.ExecutionId != 0)
                    screen.Problem(string.Create(CultureInfo.InvariantCulture, $"  Its log: {Command(session, $"logs e{node.ExecutionId}")}"));
                break;
            case NodeState.Complete or NodeState.Cached when node.ClosedGate is { } why:
                screen.Line();
                Tell(screen, $"◆ {node.NodeId} stops the run", why);
                break;
            case NodeState.Blocked when node.Message is { } message && !message.StartsWith("It waits for", StringComparison.Ordinal):
                screen.Line();
                Tell(screen, $"◆ {node.NodeId} did not run", message);
                break;
        }
    }

    /// <summary>On a terminal broken between words; elsewhere one line.</summary>
    static void Tell(Screen screen, string what, string why)
    {
        // Colours take no room, so lines are broken before there are any.
        var lines = TextTable.Wrap($"{what}: {why}", screen.Width ?? int.MaxValue).ToList();
        if (lines[0].StartsWith(what, StringComparison.Ordinal))
            lines[0] = screen.Paint(what, Tone.Warning) + lines[0][what.Length..];
        foreach (var line in lines)
            screen.Line(line);
    }

    static void Show(Screen screen, string node, EvaluationReport report)
    {
        screen.Note();
        screen.Note($"{screen.Paint(node, Tone.Strong)} on {report.Split}, {ProgressText.Count(report.Overall.Model.ExampleCount, "example")}: {screen.Paint(report.Blessed ? "blessed" : "not blessed", report.Blessed ? Tone.Good : Tone.Bad)}");
        foreach (var line in EvaluationText.Lines(report))
            screen.Note($"  {line}");
        foreach (var threshold in report.Thresholds.Where(threshold => threshold.Verdict == Gyre.Evaluation.Verdict.Failed))
            screen.Note($"  {screen.Paint("✗", Tone.Bad)} {threshold.Message}");
    }

    static void Show(Session session, PushedFinding pushed)
    {
        var screen = session.Screen;
        screen.Note();
        screen.Note($"{screen.Paint($"{pushed.Name}/{pushed.Version.ToString(CultureInfo.InvariantCulture)}", Tone.Strong)} is pushed to {ThisProgram.ShortPath(pushed.Directory)}");
        var root = Path.GetDirectoryName(Path.GetDirectoryName(pushed.Directory))!;
        var elsewhere = root == Path.Combine(session.HomeDirectory, "serving") ? "" : $" --model-dir {ThisProgram.Quote(ThisProgram.ShortPath(root))}";
        var table = new TextTable { Indent = "  " };
        table.Add("serve it", new Cell(Command(session, $"serve{elsewhere}"), Tone.Accent));
        table.Add("ask it", new Cell($"curl -d {Question(pushed.Directory)} http://localhost:{DefaultPort}/v1/models/{pushed.Name}:predict", Tone.Accent));
        table.Add("trace it", new Cell(Command(session, $"lineage {pushed.Name}/{pushed.Version.ToString(CultureInfo.InvariantCulture)}"), Tone.Accent));
        foreach (var line in table.Lines(null, screen.Paint))
            screen.Note(line);
    }

    /// <summary>A request to try the model with: the example beside it, or else one made of its columns.</summary>
    static string Question(string directory)
    {
        var example = Path.Combine(directory, "example.json");
        if (File.Exists(example))
            return $"@{ThisProgram.Quote(ThisProgram.ShortPath(example))}";
        var signature = Path.Combine(directory, ModelSignature.FileName);
        return File.Exists(signature)
            ? $"'{{\"instances\": [{{{string.Join(", ", ModelSignature.Load(signature).Inputs.Select(input => $"\"{input.Name}\": {(input.IsList ? "[]" : input.IsText ? "\"…\"" : "1")}"))}}}]}}'"
            : "@example.json";
    }

    /// <summary>A verb of this program on the same home, to be copied.</summary>
    static string Command(Session session, string verb) =>
        $"{ThisProgram.Command} {verb}{(session.GivenHome is { } home ? $" --home {ThisProgram.Quote(home)}" : "")}";

    static string Counts(RunResult result) => string.Join(", ", result.Nodes
        .GroupBy(node => node.State).OrderBy(group => group.Key).Select(group => $"{group.Count()} {LineProgress.Word(group.Key)}"));
}

/// <summary>A run as <c>run --json</c> writes it.</summary>
sealed class RunDocument(RunResult result, RunFindings findings, Home home, IReadOnlyList<AlertResult> alerts)
{
    /// <summary>Alerts that were sent, or were to be.</summary>
    public IReadOnlyList<AlertResult> Alerts => alerts;

    public string Run => result.RunId;

    public string Pipeline => result.Pipeline;

    public string Home => home.Directory;

    public int ExitCode => result.ExitCode;

    public string State => RunSummary.Verdict(result.ExitCode).Word;

    public double Seconds => result.Seconds;

    public IEnumerable<NodeDocument> Nodes => result.Nodes.Select(node => new NodeDocument(node));

    /// <summary>Metrics over all examples, by the node that evaluated.</summary>
    public IReadOnlyDictionary<string, object> Evaluations => findings.Evaluations.ToDictionary(
        evaluation => evaluation.Key,
        evaluation => (object)new { evaluation.Value.Blessed, evaluation.Value.Split, model = evaluation.Value.Overall.Model, baseline = evaluation.Value.Overall.Baseline, evaluation.Value.References },
        StringComparer.Ordinal);

    public IReadOnlyList<PushedFinding> Pushed => findings.Pushed;
}

/// <summary>A node of a run as <c>run --json</c> writes it.</summary>
sealed class NodeDocument(NodeOutcome outcome)
{
    public string Node => outcome.NodeId;

    public NodeState State => outcome.State;

    /// <summary>The execution's name, as <c>show</c> and <c>logs</c> take it.</summary>
    public string? Execution => outcome.ExecutionId == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"e{outcome.ExecutionId}");

    public string Reason => outcome.Reason;

    public string? Message => outcome.Message;

    /// <summary>When the node's own result is a gate that is shut: why, and the cure.</summary>
    public string? Gate => outcome.ClosedGate;

    public double Seconds => outcome.Seconds;

    public IReadOnlyDictionary<string, string>? Outputs => outcome.OutputFingerprints;
}
