using System.Globalization;
using System.Text.RegularExpressions;

namespace Gyre.Cli.Tests.EndToEnd;

public sealed partial class IsolationTests : IDisposable
{
    readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Each_node_runs_in_a_process_of_its_own_with_the_programs_options_and_assignments()
    {
        var ended = await _program.RunAsync("--isolate", "--text", "x y", "--set", "join.separator=_");

        ended.ExitCode.ShouldBe(0, ended.ToString());
        var logs = (await _program.RunAsync("logs", "r1")).Output;
        ProcessIds().Matches(logs).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).Count().ShouldBe(6);
        var last = Directory.GetFiles(Path.Combine(_program.Home, "artifacts", "words", "last"), "text.txt", SearchOption.AllDirectories).ShouldHaveSingleItem();
        (await File.ReadAllTextAsync(last, TestContext.Current.CancellationToken)).ShouldBe("y x_Y X");
    }

    [Fact]
    public async Task A_program_started_as_dotnet_dll_starts_its_children_the_same_way()
    {
        using var running = _program.StartAt("dotnet", _program.Root, Path.Combine(AppContext.BaseDirectory, "Gyre.TestApp.dll"), "--isolate", "--json");

        var ended = await running.EndAsync();

        ended.ExitCode.ShouldBe(0, ended.ToString());
        ended.Json.GetProperty("nodes").EnumerateArray().ShouldAllBe(node => node.GetProperty("state").GetString() == "complete");
    }

    [Theory]
    [InlineData("--isolate")]
    [InlineData("--json")]
    public async Task What_a_component_prints_breaks_neither_the_events_nor_the_document(string option)
    {
        var ended = await _program.RunAsync("--noisy", "--json", option);

        ended.ExitCode.ShouldBe(0, ended.ToString());
        ended.Json.GetProperty("exitCode").GetInt32().ShouldBe(0);
        ended.Error.ShouldContain("lower says hello");
    }

    [Fact]
    public async Task Results_are_the_same_as_in_one_process()
    {
        await _program.RunAsync();

        var ended = await _program.RunAsync("--isolate", "--json");

        ended.Json.GetProperty("nodes").EnumerateArray().ShouldAllBe(node => node.GetProperty("state").GetString() == "cached");
    }

    [Fact]
    public async Task Progress_comes_through_and_a_failure_is_told_as_in_one_process()
    {
        var ended = await _program.RunAsync("--isolate", "--slow", "upper", "--milliseconds", "1500", "--fail", "lower");

        ended.ExitCode.ShouldBe(1, ended.ToString());
        ended.Output.ShouldContain("progress upper  epoch ");
        ended.Error.ShouldContain("✗ lower failed: Row 7 of 'lower' is odd.\nExpected an even one. Correct the row.");
    }

    [Fact]
    public async Task A_process_that_dies_is_a_failed_node_and_leaves_nothing_behind()
    {
        var ended = await _program.RunAsync("--isolate", "--fail", "lower!");

        ended.ExitCode.ShouldBe(1, ended.ToString());
        ended.Error.ShouldContain("The process that ran 'lower' was ended by signal 9");
        ended.Output.ShouldContain("done     upper");
        Directory.GetDirectories(Path.Combine(_program.Home, "artifacts", ".staging")).ShouldBeEmpty();
        (await _program.RunAsync("--json")).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData(TestProgram.Interrupt)]
    [InlineData(TestProgram.Terminate)]
    public async Task A_signal_stops_the_children_too(int signal)
    {
        using var running = _program.Start("--isolate", "--slow", "upper", "--milliseconds", "60000");
        await running.UntilAsync("progress upper");
        running.Signal(signal);

        var ended = await running.EndAsync();

        ended.ExitCode.ShouldBe(130, ended.ToString());
        ended.Output.ShouldContain("canceled upper");
        var child = int.Parse(ProcessIds().Match((await _program.RunAsync("logs", "r1")).Output.Split('\n').Last(line => line.Contains("upper is at work", StringComparison.Ordinal))).Groups[1].Value, CultureInfo.InvariantCulture);
        Directory.Exists($"/proc/{child}").ShouldBeFalse();
    }

    [Fact]
    public async Task A_node_can_be_run_by_an_engine_and_tells_by_its_exit_code()
    {
        await _program.RunAsync("--gate", "closed", "--to", "check");

        (await NodeAsync("check", "r1", "--gate", "closed")).ShouldBe(0);
        (await NodeAsync("upper", "r1")).ShouldBe(0);
        (await NodeAsync("join", "r1", "--gate", "closed")).ShouldBe(76);
        (await NodeAsync("nowhere", "r1")).ShouldBe(2);
        (await NodeAsync("upper", "r9")).ShouldBe(2);
        await _program.RunAsync("--only", "lower");
        (await NodeAsync("join", "r2", "--gate", "closed")).ShouldBe(3);
        (await NodeAsync("lower", "r2", "--text", "other", "--fail", "lower")).ShouldBe(0);
        await _program.RunAsync("--no-cache", "--only", "lower");
        (await NodeAsync("lower", "r3", "--fail", "lower")).ShouldBe(1);
    }

    [Fact]
    public async Task A_node_run_stopped_by_sigterm_says_143()
    {
        await _program.RunAsync("--only", "start", "--no-cache");
        using var running = _program.Start("node", "run", "--node", "start", "--run", "r1", "--slow", "start", "--milliseconds", "60000");
        await running.UntilAsync("progress start");
        running.Signal(TestProgram.Terminate);

        (await running.EndAsync()).ExitCode.ShouldBe(143);
    }

    async Task<int> NodeAsync(string node, string run, params string[] others) =>
        (await _program.RunAsync(["node", "run", "--node", node, "--run", run, .. others])).ExitCode;

    [GeneratedRegex("is at work in process ([0-9]+)")]
    private static partial Regex ProcessIds();
}
