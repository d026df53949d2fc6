namespace Gyre.Cli.Tests.EndToEnd;

public sealed class InterruptionTests : IDisposable
{
    readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData(TestProgram.Interrupt)]
    [InlineData(TestProgram.Terminate)]
    public async Task A_signal_stops_the_run_cleanly_with_130_and_the_next_goes_on(int signal)
    {
        using var running = _program.Start("--slow", "join", "--milliseconds", "60000");
        await running.UntilAsync("progress join");
        running.Signal(signal);

        var ended = await running.EndAsync();

        ended.ExitCode.ShouldBe(130, ended.ToString());
        ended.Output.ShouldContain("run r1 interrupted: 4 done, 2 canceled");
        Staged().ShouldBeEmpty();
        var resumed = await _program.RunAsync("--json");
        resumed.Json.GetProperty("nodes").EnumerateArray().Count(node => node.GetProperty("state").GetString() == "cached").ShouldBe(4);
        (await _program.RunAsync("runs")).Output.ShouldContain("canceled");
    }

    [Fact]
    public async Task A_second_interrupt_ends_the_process_at_once()
    {
        // The node ignores that it is asked to stop.
        using var running = _program.Start("--slow", "join", "--milliseconds", "60000", "--stubborn");
        await running.UntilAsync("progress join");
        running.Signal(TestProgram.Interrupt);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        running.Signal(TestProgram.Interrupt);

        (await running.EndAsync()).ExitCode.ShouldBe(130);
        (await _program.RunAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_killed_run_is_cleared_up_by_the_next_and_nothing_done_is_done_again()
    {
        using (var running = _program.Start("--slow", "join", "--milliseconds", "60000"))
        {
            await running.UntilAsync("progress join");
            running.Signal(TestProgram.KillAtOnce);
            (await running.EndAsync()).ExitCode.ShouldBe(128 + TestProgram.KillAtOnce);
        }

        Staged().ShouldNotBeEmpty();
        (await _program.RunAsync("runs", "--json")).Json[0].GetProperty("state").GetString().ShouldBe("interrupted");
        var resumed = await _program.RunAsync("--json");

        resumed.ExitCode.ShouldBe(0, resumed.ToString());
        var states = resumed.Json.GetProperty("nodes").EnumerateArray().ToDictionary(node => node.GetProperty("node").GetString()!, node => node.GetProperty("state").GetString());
        states.Where(node => node.Value == "complete").Select(node => node.Key).ShouldBe(["join", "last"]);
        Staged().ShouldBeEmpty();
        (await _program.RunAsync("show", "r1")).Output.ShouldContain("The process that ran it ended without finishing.");
    }

    [Fact]
    public async Task Two_runs_at_once_both_end_well_and_compute_each_result_once()
    {
        using var first = _program.Start("--slow", "all", "--milliseconds", "300", "--json");
        using var second = _program.Start("--slow", "all", "--milliseconds", "300", "--json");
        var (one, two) = (await first.EndAsync(), await second.EndAsync());

        one.ExitCode.ShouldBe(0, one.ToString());
        two.ExitCode.ShouldBe(0, two.ToString());
        var states = new[] { one, two }.SelectMany(ended => ended.Json.GetProperty("nodes").EnumerateArray()).Select(node => node.GetProperty("state").GetString()).ToList();
        states.Count(state => state == "complete").ShouldBe(6);
        states.Count(state => state == "cached").ShouldBe(6);
        (await _program.RunAsync("runs", "--json")).Json.EnumerateArray().Select(run => run.GetProperty("state").GetString()).ShouldBe(["complete", "complete"]);
    }

    string[] Staged()
    {
        var staging = Path.Combine(_program.Home, "artifacts", ".staging");
        return Directory.Exists(staging) ? Directory.GetDirectories(staging) : [];
    }
}
