using Gyre.Cli.Terminal;
using Gyre.Runners;

namespace Gyre.Cli.Watching;

/// <summary>
/// Shows a run as a table that moves. It begins only when the run has lasted a moment: a run that finds everything cached
/// is over before, and loads nothing of what a moving table needs.
/// </summary>
sealed class LiveProgress : RunProgress
{
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _display;

    public LiveProgress(Screen screen, RunBoard board) => _display = DisplayAsync(screen, board);

    public override void Show(RunEvent happened)
    {
    }

    public override async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        await _display;
        await base.DisposeAsync();
    }

    async Task DisplayAsync(Screen screen, RunBoard board)
    {
        if (await Task.WhenAny(_ended.Task, Task.Delay(Moment)) != _ended.Task)
        {
            await LiveTable.ShowAsync(screen, board, _ended.Task);
            return;
        }

        var table = new TextTable();
        foreach (var node in board.Nodes())
        {
            var (glyph, tone) = StateGlyph.Of(node.State);
            table.Add(new Cell($"{glyph} {LineProgress.Word(node.State)}", tone), node.NodeId, new Cell(node.Text, Tone.Faint));
        }

        table.Write(screen);
    }
}

/// <summary>A state as one character and what it means.</summary>
static class StateGlyph
{
    public static (string Glyph, Tone Tone) Of(NodeState state) => state switch
    {
        NodeState.Complete => ("✓", Tone.Good),
        NodeState.Cached => ("=", Tone.Reused),
        NodeState.Failed => ("✗", Tone.Bad),
        NodeState.Blocked => ("◆", Tone.Warning),
        NodeState.Running => ("▶", Tone.Strong),
        NodeState.Canceled => ("■", Tone.Warning),
        NodeState.NotReady => ("?", Tone.Warning),
        _ => ("·", Tone.Faint),
    };
}
