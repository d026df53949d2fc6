using Gyre.Cli.Terminal;
using Gyre.Runners;

namespace Gyre.Cli.Watching;

/// <summary>A way to show a run while it happens: a table that moves, a line per event, or nothing.</summary>
abstract class RunProgress : IAsyncDisposable
{
    /// <summary>Told of every event, from any thread, after the board has taken it.</summary>
    public abstract void Show(RunEvent happened);

    /// <summary>Ends the display. May be called twice.</summary>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static RunProgress For(Screen screen, RunBoard board) =>
        screen.IsJson || screen.IsQuiet ? new SilentProgress()
        : screen.IsLive ? new LiveProgress(screen, board)
        : new LineProgress(screen, board, TimeProvider.System);
}

/// <summary>Shows nothing.</summary>
sealed class SilentProgress : RunProgress
{
    public override void Show(RunEvent happened)
    {
    }
}
