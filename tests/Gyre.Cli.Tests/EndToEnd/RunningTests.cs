namespace Gyre.Cli.Tests.EndToEnd;

public sealed class RunningTests : IDisposable
{
    readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_run_says_a_line_for_each_event_and_ends_with_the_counts()
    {
        var ended = await _program.RunAsync();

        ended.ExitCode.ShouldBe(0, ended.ToString());
        var lines = ended.Output.Split('\n');
        lines[0].ShouldBe("run      r1 of words: 6 nodes");
        lines.ShouldContain("start    start  first run");
        lines.Count(line => line.StartsWith("done ", StringComparison.Ordinal)).ShouldBe(6);
        ended.Output.ShouldContain("run r1 complete: 6 done in ");
        ended.Output.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task The_second_run_is_cached_and_the_plan_had_said_so()
    {
        await _program.RunAsync();

        var plan = await _program.RunAsync("plan", "--json");
        plan.ExitCode.ShouldBe(0);
        plan.Json.GetProperty("nodes").EnumerateArray().ShouldAllBe(node => node.GetProperty("action").GetString() == "reuse");
        plan.Json.GetProperty("nodes")[0].GetProperty("node").GetString().ShouldBe("start");
        var second = await _program.RunAsync("run", "--json");

        second.Json.GetProperty("nodes").EnumerateArray().ShouldAllBe(node => node.GetProperty("state").GetString() == "cached");
    }

    [Fact]
    public async Task A_plan_leaves_no_trace()
    {
        var plan = await _program.RunAsync("plan");

        plan.ExitCode.ShouldBe(0, plan.ToString());
        plan.Output.ShouldContain("6 to run");
        Directory.Exists(_program.Home).ShouldBeFalse();
    }

    [Fact]
    public async Task Json_is_one_document_and_nothing_else()
    {
        var ended = await _program.RunAsync("--json");

        ended.Json.GetProperty("run").GetString().ShouldBe("r1");
        ended.Json.GetProperty("exitCode").GetInt32().ShouldBe(0);
        ended.Error.ShouldBeEmpty();
        foreach (var verb in new[] { "runs", "show r1", "show e1", "show a1", "logs e2", "lineage a2", "graph", "doctor", "plan", "--help", "run --help", "--version", "model list" })
            (await _program.RunAsync([.. verb.Split(' '), "--json"])).Json.ValueKind.ShouldNotBe(System.Text.Json.JsonValueKind.Undefined);
    }

    [Fact]
    public async Task Errors_are_json_too_when_it_is_asked_for()
    {
        var ended = await _program.RunAsync("--json", "--from", "nowhere");

        ended.ExitCode.ShouldBe(2);
        ended.Json.GetProperty("errors")[0].GetString()!.ShouldContain("nowhere");
    }

    [Fact]
    public async Task Set_changes_a_parameter_and_is_recorded()
    {
        await _program.RunAsync();

        var ended = await _program.RunAsync("--json", "--set", "join.separator=/");

        Nodes(ended, "complete").ShouldBe(["join", "last"]);
        (await _program.RunAsync("show", "r2")).Output.ShouldContain("join.separator=/");
    }

    [Fact]
    public async Task A_wrong_assignment_names_the_parameters_there_are()
    {
        var ended = await _program.RunAsync("--set", "join.seperator=/", "--set", "nowhere.x=1");

        ended.ExitCode.ShouldBe(2);
        ended.Error.ShouldContain("has no parameter 'seperator'. Its parameters: change, separator");
        ended.Error.ShouldContain("There is no node 'nowhere'");
    }

    [Fact]
    public async Task From_to_and_only_choose_nodes()
    {
        await _program.RunAsync();

        Nodes(await _program.RunAsync("--json", "--no-cache", "--from", "join"), "complete").ShouldBe(["join", "last"]);
        Nodes(await _program.RunAsync("--json", "--no-cache", "--to", "lower"), "complete").ShouldBe(["start", "lower"]);
        Nodes(await _program.RunAsync("--json", "--no-cache", "--only", "upper,lower"), "complete").ShouldBe(["upper", "lower"]);
        Nodes(await _program.RunAsync("--json", "--force", "start"), "complete").ShouldBe(["start"]);
    }

    [Fact]
    public async Task An_unknown_node_is_a_usage_error_that_names_the_nodes()
    {
        var ended = await _program.RunAsync("--from", "nowhere");

        ended.ExitCode.ShouldBe(2);
        ended.Error.ShouldContain("--from names 'nowhere', which is no node of 'words'. Nodes: start, upper, lower, check, join, last.");
        Directory.Exists(_program.Home).ShouldBeFalse();
    }

    [Fact]
    public async Task All_definition_errors_are_told_at_once()
    {
        var ended = await _program.RunAsync("--broken");

        ended.ExitCode.ShouldBe(2);
        ended.Error.ShouldContain("2 nodes have the id 'last'");
        ended.Error.ShouldContain("The change is 'sideways'");
        ended.Error.ShouldContain("cannot name a folder");
        ended.Error.ShouldContain("There is nothing to change");
    }

    [Theory]
    [InlineData("rnu", "There is no verb 'rnu'. Did you mean 'run'?")]
    [InlineData("--fronm", "There is no option '--fronm'. Did you mean '--from'?")]
    [InlineData("--milliseconds=soon", "--milliseconds is 'soon'. Expected a whole number")]
    [InlineData("--workers=0", "Expected at least 1")]
    [InlineData("--workers abc", "--workers is 'abc'. Expected a whole number")]
    [InlineData("runs --limit x", "--limit is 'x'. Expected a whole number")]
    [InlineData("runs -n 0", "--limit is 0. Expected at least 1")]
    [InlineData("run --only ,", "--only ',' has an empty name")]
    [InlineData("--from start,", "--from 'start,' has an empty name")]
    [InlineData("--to=", "Required argument missing for option: '--to'")]
    [InlineData("plan --force ,start", "--force ',start' has an empty name")]
    [InlineData("graph --format png", "--format is 'png'. Expected one of text, mermaid, svg, json")]
    [InlineData("graph -o words.png", "'.png' is no format of graphs. Expected an ending of .svg, .mmd, .md, .json or .txt")]
    [InlineData("show", "show --help")]
    [InlineData("show r7", "There is no home")]
    public async Task Usage_errors_say_what_was_meant(string arguments, string expected)
    {
        var ended = await _program.RunAsync(arguments.Split(' '));

        ended.ExitCode.ShouldBe(2, ended.ToString());
        ended.Error.ShouldContain(expected);
        ended.Error.ShouldNotContain("System.");
        ended.Output.ShouldBeEmpty();
        Directory.Exists(_program.Home).ShouldBeFalse();
    }

    [Theory]
    [InlineData(".gyre")]
    [InlineData(".gyre/inner")]
    public async Task The_doctor_sees_that_the_place_of_the_home_is_taken_by_a_file(string home)
    {
        await File.WriteAllTextAsync(_program.Home, "not a directory", TestContext.Current.CancellationToken);

        var ended = await _program.RunAsync("doctor", "--home", home);

        ended.ExitCode.ShouldBe(1);
        ended.Output.ShouldContain($"'{_program.Home}' is a file");
    }

    [Fact]
    public async Task A_failed_node_says_its_whole_message_and_where_its_log_is()
    {
        var ended = await _program.RunAsync("--fail", "lower");

        ended.ExitCode.ShouldBe(1, ended.ToString());
        ended.Error.ShouldContain("✗ lower failed: Row 7 of 'lower' is odd.\nExpected an even one. Correct the row.");
        ended.Output.ShouldContain("skipped  join");
        var log = ended.Error.Split(' ', '\n').Last(word => word.StartsWith('e') && word.Length > 1 && char.IsDigit(word[1]));
        (await _program.RunAsync("logs", log)).Output.ShouldContain("System.IO.InvalidDataException: Row 7 of 'lower' is odd.");
    }

    [Fact]
    public async Task A_shut_gate_stops_the_run_says_why_and_what_to_do()
    {
        var ended = await _program.RunAsync("--gate", "closed");

        ended.ExitCode.ShouldBe(3, ended.ToString());
        ended.Output.ShouldContain("◆ check stops the run: The text is not what was expected. Change the text, or run with --gate open.");
        ended.Output.ShouldContain("blocked  last");
        var json = await _program.RunAsync("--gate", "closed", "--json");
        json.Json.GetProperty("nodes").EnumerateArray().Single(node => node.GetProperty("node").GetString() == "check")
            .GetProperty("gate").GetString()!.ShouldContain("The text is not what was expected.");
        (await _program.RunAsync("--gate", "open")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_missing_input_file_fails_its_node_and_is_named()
    {
        var ended = await _program.RunAsync("--input", "nowhere.csv");

        ended.ExitCode.ShouldBe(1);
        ended.Error.ShouldContain("There is no file 'nowhere.csv'");
    }

    [Fact]
    public async Task A_home_that_cannot_be_written_is_one_clear_message()
    {
        // Nobody can make directories there, not even root.
        var ended = await _program.RunAsync("--home", "/proc/gyre");

        ended.ExitCode.ShouldBe(1);
        ended.Error.ShouldContain("The home '/proc/gyre' cannot be made");
        ended.Error.ShouldContain("Choose a writable directory with --home");
        ended.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_home_whose_place_is_taken_by_a_file_is_one_clear_message()
    {
        await File.WriteAllTextAsync(_program.Home, "not a directory", TestContext.Current.CancellationToken);

        var ended = await _program.RunAsync();

        ended.ExitCode.ShouldBe(1);
        ended.Error.ShouldContain($"The home '{_program.Home}' cannot be made");
        ended.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_store_that_is_no_store_is_one_clear_message()
    {
        Directory.CreateDirectory(_program.Home);
        await File.WriteAllTextAsync(Path.Combine(_program.Home, "metadata.sqlite"), new string('x', 4096), TestContext.Current.CancellationToken);

        var ended = await _program.RunAsync();

        ended.ExitCode.ShouldBe(1);
        ended.Error.ShouldContain("is damaged or no SQLite database");
    }

    [Fact]
    public async Task Quiet_says_only_the_result()
    {
        var ended = await _program.RunAsync("--quiet");

        ended.Output.Trim().Split('\n').ShouldHaveSingleItem().ShouldStartWith("run r1 complete: 6 done in ");
    }

    [Fact]
    public async Task Help_shows_examples_and_the_programs_own_options()
    {
        var ended = await _program.RunAsync("run", "--help");

        ended.ExitCode.ShouldBe(0);
        ended.Output.ShouldContain("Gyre.TestApp run --json > result.json");
        ended.Output.ShouldContain("--milliseconds N");
        ended.Output.ShouldContain("(default: 500)");
    }

    static IEnumerable<string> Nodes(Ended ended, string state) => ended.Json.GetProperty("nodes").EnumerateArray()
        .Where(node => node.GetProperty("state").GetString() == state).Select(node => node.GetProperty("node").GetString()!);
}
