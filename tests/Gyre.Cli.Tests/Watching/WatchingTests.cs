using Gyre.Cli.Terminal;
using Gyre.Cli.Watching;
using Gyre.Pipelines;
using Gyre.Runners;
using Microsoft.Extensions.Time.Testing;

namespace Gyre.Cli.Tests.Watching;

public sealed class WatchingTests : IAsyncDisposable
{
    readonly FakeTimeProvider _time = new();
    readonly StringWriter _output = new() { NewLine = "\n" };
    readonly RunBoard _board;
    readonly LineProgress _lines;

    public WatchingTests()
    {
        _board = new RunBoard(_time);
        _lines = new LineProgress(new Screen(new Streams { Output = _output, IsTerminal = false }, json: false, quiet: false, noColor: false, verbose: false), _board, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _lines.DisposeAsync();
        await _output.DisposeAsync();
    }

    [Fact]
    public void Each_event_is_a_line_of_stable_words()
    {
        Tell(new RunStarted("r1", "words", ["start", "train"]));
        Tell(new NodeStarted("start", "first run"));
        Tell(new NodeEnded(new NodeOutcome("start", NodeState.Complete, 1, "first run", null, 1.234)));
        Tell(new NodeEnded(new NodeOutcome("train", NodeState.Failed, 2, "first run", "Row 7 is odd.\nCorrect it.", 0.5)));

        _output.ToString().ShouldBe(
            """
            run      r1 of words: 2 nodes
            start    start  first run
            done     start  e1 1.23 s
            failed   train  e2 Row 7 is odd. ⏎ Correct it.

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Progress_is_a_line_at_most_once_a_second()
    {
        Tell(new RunStarted("r1", "words", ["a"]));
        Tell(new NodeStarted("a", "first run"));
        for (var rows = 0; rows < 100; rows++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            Tell(new NodeProgressed("a", new Progress { Rows = rows }));
        }

        _output.ToString().Split('\n').Count(line => line.StartsWith("progress", StringComparison.Ordinal)).ShouldBe(10);
    }

    [Fact]
    public void A_failed_attempt_is_always_shown()
    {
        Tell(new RunStarted("r1", "words", ["a"]));
        Tell(new NodeStarted("a", "first run"));
        Tell(new NodeProgressed("a", new Progress { Message = "failed, attempt 1 of 3; trying again in 1 s" }));

        _output.ToString().ShouldContain("progress a  failed, attempt 1 of 3");
    }

    [Fact]
    public void Speed_is_that_of_the_pass_and_not_of_all_passes()
    {
        Tell(new RunStarted("r1", "words", ["a"]));
        Tell(new NodeStarted("a", "first run"));
        Tell(new NodeProgressed("a", new Progress { Rows = 0, Message = "first pass" }));
        _time.Advance(TimeSpan.FromSeconds(10));
        Tell(new NodeProgressed("a", new Progress { Rows = 1000, Message = "first pass" }));
        _board.Node("a")!.RowsPerSecond.ShouldBe(100);

        Tell(new NodeProgressed("a", new Progress { Rows = 0, Message = "second pass" }));
        _time.Advance(TimeSpan.FromSeconds(1));
        Tell(new NodeProgressed("a", new Progress { Rows = 500, Message = "second pass" }));

        _board.Node("a")!.RowsPerSecond.ShouldBe(500);
        ProgressText.Of(_board.Node("a")).ShouldBe("500 rows, 500 rows/s, second pass");
    }

    [Fact]
    public void A_speed_is_told_only_after_half_a_second_and_one_node_is_one_node()
    {
        Tell(new RunStarted("r1", "words", ["a"]));
        Tell(new NodeStarted("a", "first run"));
        Tell(new NodeProgressed("a", new Progress { Rows = 0 }));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Tell(new NodeProgressed("a", new Progress { Rows = 1_000_000 }));

        ProgressText.Of(_board.Node("a")).ShouldBe("1 000 000 rows");
        _output.ToString().ShouldStartWith("run      r1 of words: 1 node\n");
    }

    [Fact]
    public void The_moving_table_shows_state_node_time_and_progress()
    {
        Tell(new RunStarted("r1", "words", ["start", "train", "last"]));
        Tell(new NodeEnded(new NodeOutcome("start", NodeState.Cached, 1, "same as e1", null, 0)));
        Tell(new NodeStarted("train", "first run"));
        _time.Advance(TimeSpan.FromSeconds(2));
        Tell(new NodeProgressed("train", new Progress { Epoch = 2, Epochs = 3, Loss = 0.25 }));

        var rendered = LiveTable.Render(_board, width: 60, height: 40);

        rendered.ShouldBe(
            [
                "= cached   start          same as e1",
                "▶ running  train  2.00 s  epoch 2/3, loss 0.2500",
                "· waiting  last",
            ]);
    }

    [Fact]
    public void A_long_message_pushes_no_column_of_the_moving_table()
    {
        Tell(new RunStarted("r1", "words", ["start", "train"]));
        Tell(new NodeEnded(new NodeOutcome("start", NodeState.Complete, 1, "first run", null, 0.5)));
        Tell(new NodeEnded(new NodeOutcome("train", NodeState.Blocked, 0, "", "A reason that is much too long for a window of this width.", 0)));

        LiveTable.Render(_board, width: 43, height: 40).ShouldBe(
            [
                "✓ done     start  0.50 s",
                "◆ blocked  train          A reason that…",
            ]);
    }

    [Fact]
    public void The_moving_table_never_is_higher_than_the_window_and_shows_what_runs()
    {
        var nodes = Enumerable.Range(0, 200).Select(i => $"n{i:000}").ToList();
        Tell(new RunStarted("r1", "chain", nodes));
        foreach (var node in nodes.Take(120))
            Tell(new NodeEnded(new NodeOutcome(node, NodeState.Complete, 1, "first run", null, 0)));
        Tell(new NodeStarted("n120", "first run"));

        var rendered = LiveTable.Render(_board, width: 60, height: 20);

        rendered.Count.ShouldBeLessThan(20);
        rendered.ShouldContain(line => line.Contains("n120", StringComparison.Ordinal));
    }

    void Tell(RunEvent happened)
    {
        _board.Take(happened);
        _lines.Show(happened);
    }
}
