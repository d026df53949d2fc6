using System.Globalization;
using Gyre.Cli.Terminal;
using Gyre.Runners;

namespace Gyre.Cli.Watching;

/// <summary>The end of a run: what became of it, what went wrong, what to do next.</summary>
static class RunSummary
{
    public static void Write(Session session, Home home, RunResult result)
    {
        var screen = session.Screen;
        if (screen.IsJson)
        {
            screen.Json(new RunDocument(result, home));
            return;
        }

        foreach (var node in result.Nodes)
            Explain(screen, node);
        var (word, tone) = Verdict(result.ExitCode);
        screen.Note();
        screen.Line($"{screen.Paint($"run {result.RunId} {word}", tone)}: {Counts(result)} in {ProgressText.Time(result.Seconds)}");
        if (result.ExitCode == ExitCodes.Interrupted)
            screen.Note("What was done is kept. Run again to go on from here.");
    }

    public static (string Word, Tone Tone) Verdict(int exitCode) => exitCode switch
    {
        ExitCodes.Done => ("complete", Tone.Good),
        ExitCodes.Gate => ("stopped by a gate", Tone.Warning),
        ExitCodes.Interrupted => ("interrupted", Tone.Warning),
        _ => ("failed", Tone.Bad),
    };

    static void Explain(Screen screen, NodeOutcome node)
    {
        switch (node.State)
        {
            case NodeState.Failed or NodeState.NotReady:
                screen.Problem("");
                screen.Problem($"{screen.PaintProblem($"✗ {node.NodeId} failed", Tone.Bad)}: {node.Message}");
                if (node.ExecutionId != 0)
                    screen.Problem(string.Create(CultureInfo.InvariantCulture, $"  Its log: logs e{node.ExecutionId}"));
                break;
            case NodeState.Blocked when node.Message is { } message && !message.StartsWith("It waits for", StringComparison.Ordinal):
                screen.Line();
                screen.Line($"{screen.Paint($"◆ {node.NodeId} did not run", Tone.Warning)}: {message}");
                break;
        }
    }

    static string Counts(RunResult result) => string.Join(", ", result.Nodes
        .GroupBy(node => node.State).OrderBy(group => group.Key).Select(group => $"{group.Count()} {LineProgress.Word(group.Key)}"));
}

/// <summary>A run as <c>run --json</c> writes it.</summary>
sealed class RunDocument(RunResult result, Home home)
{
    public string Run => result.RunId;

    public string Pipeline => result.Pipeline;

    public string Home => home.Directory;

    public int ExitCode => result.ExitCode;

    public double Seconds => result.Seconds;

    public IEnumerable<NodeDocument> Nodes => result.Nodes.Select(node => new NodeDocument(node));
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

    public double Seconds => outcome.Seconds;

    public IReadOnlyDictionary<string, string>? Outputs => outcome.OutputFingerprints;
}
