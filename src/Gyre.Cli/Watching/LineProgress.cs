using System.Globalization;
using Gyre.Cli.Terminal;
using Gyre.Pipelines;
using Gyre.Runners;

namespace Gyre.Cli.Watching;

/// <summary>
/// Shows a run as lines: <c>WORD NODE rest</c>, the word being one of <c>run, start, progress, done, cached, failed, blocked,
/// skipped, canceled, notready</c>. A node's progress is a line at most once a second, a new epoch at most four times.
/// </summary>
sealed class LineProgress(Screen screen, RunBoard board, TimeProvider time) : RunProgress
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan PauseBetweenEpochs = TimeSpan.FromSeconds(0.25);

    readonly Lock _lock = new();
    readonly Dictionary<string, (long Time, int? Epoch)> _shown = new(StringComparer.Ordinal);

    int _width;

    public override void Show(RunEvent happened)
    {
        lock (_lock)
        {
            switch (happened)
            {
                case RunStarted started:
                    _width = started.Nodes.Max(node => node.Length);
                    screen.Line(string.Create(CultureInfo.InvariantCulture, $"{"run",-9}{started.RunId} of {started.Pipeline}: {ProgressText.Count(started.Nodes.Count, "node")}"));
                    break;
                case NodeStarted started:
                    _shown[started.NodeId] = (time.GetTimestamp(), null);
                    Write("start", started.NodeId, started.Reason);
                    break;
                case NodeProgressed progressed when IsDue(progressed):
                    Write("progress", progressed.NodeId, ProgressText.Of(board.Node(progressed.NodeId)));
                    break;
                case NodeEnded { Outcome: var outcome }:
                    Write(Word(outcome.State), outcome.NodeId, Describe(outcome));
                    break;
            }
        }
    }

    public static string Word(NodeState state) => state switch
    {
        NodeState.Complete => "done",
        NodeState.Waiting => "waiting",
        NodeState.Running => "running",
        NodeState.Cached => "cached",
        NodeState.Failed => "failed",
        NodeState.Blocked => "blocked",
        NodeState.Skipped => "skipped",
        NodeState.Canceled => "canceled",
        _ => "notready",
    };

    static string Describe(NodeOutcome outcome)
    {
        var execution = outcome.ExecutionId == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"e{outcome.ExecutionId} ");
        var gate = outcome.ClosedGate is { } why ? $"; its gate is shut: {OneLine(why)}" : "";
        return outcome.State switch
        {
            NodeState.Complete => string.Create(CultureInfo.InvariantCulture, $"{execution}{outcome.Seconds:0.00} s{gate}"),
            NodeState.Cached => $"{execution}{outcome.Reason}{gate}",
            _ => $"{execution}{OneLine(outcome.Message ?? outcome.Reason)}",
        };
    }

    static string OneLine(string text) => text.ReplaceLineEndings(" ⏎ ");

    bool IsDue(NodeProgressed progressed)
    {
        var now = time.GetTimestamp();
        if (_shown.TryGetValue(progressed.NodeId, out var last) && !IsRetry(progressed.Progress)
            && time.GetElapsedTime(last.Time, now) < (last.Epoch == progressed.Progress.Epoch ? Pause : PauseBetweenEpochs))
        {
            return false;
        }

        _shown[progressed.NodeId] = (now, progressed.Progress.Epoch);
        return true;
    }

    /// <summary>That an attempt failed must be seen, however short ago something else was.</summary>
    static bool IsRetry(Progress progress) => progress.Message?.StartsWith("failed", StringComparison.Ordinal) == true;

    void Write(string word, string node, string rest) =>
        screen.Line($"{word,-9}{node.PadRight(_width)}  {rest}".TrimEnd());
}
