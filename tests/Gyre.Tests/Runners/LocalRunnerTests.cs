using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Testing;

namespace Gyre.Tests.Runners;

public sealed class LocalRunnerTests : IDisposable
{
    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_diamond_runs_in_order_and_joins_both_sides()
    {
        var (pipeline, last) = Diamond("a");

        var result = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);

        result.ExitCode.ShouldBe(0, string.Join('\n', result.Nodes));
        _home.Artifact(result, last).Text.ShouldBe("a-left+a-right");
    }

    [Fact]
    public async Task The_second_run_executes_nothing_and_the_plan_had_said_so()
    {
        await _home.RunAsync(Diamond("a").Pipeline, cancellationToken: TestContext.Current.CancellationToken);

        new Planner(_home.Home).Plan(Diamond("a").Pipeline, new RunOptions()).ShouldAllBe(node => node.Action == PlannedAction.Reuse);
        var second = await _home.RunAsync(Diamond("a").Pipeline, cancellationToken: TestContext.Current.CancellationToken);

        second.Nodes.ShouldAllBe(node => node.State == NodeState.Cached);
    }

    [Fact]
    public async Task A_changed_parameter_runs_its_node_and_what_differs_behind_it()
    {
        await _home.RunAsync(Diamond("a").Pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var changed = Diamond("a", separator: "/").Pipeline;

        var plan = new Planner(_home.Home).Plan(changed, new RunOptions());
        plan.Single(node => node.NodeId == "join").Reason.ShouldBe("parameter separator: \"+\" → \"/\"");
        var result = await _home.RunAsync(changed, cancellationToken: TestContext.Current.CancellationToken);

        result.Nodes.Where(node => node.State == NodeState.Complete).Select(node => node.NodeId).ShouldBe(["join"]);
    }

    [Fact]
    public async Task A_node_whose_input_is_made_anew_with_the_same_content_is_not_run()
    {
        await _home.RunAsync(Diamond("a").Pipeline, cancellationToken: TestContext.Current.CancellationToken);

        var result = await _home.RunAsync(Diamond("a").Pipeline, new RunOptions { Force = ["start"] }, cancellationToken: TestContext.Current.CancellationToken);

        result.Nodes.Where(node => node.State == NodeState.Complete).Select(node => node.NodeId).ShouldBe(["start"]);
    }

    [Fact]
    public async Task Work_that_failed_finds_its_checkpoint_again_and_leaves_none_when_it_ends_well()
    {
        Pipeline Make(bool fails, string name)
        {
            var pipeline = new Pipeline("resume");
            pipeline.Add(new Resume(name) { Id = "resume", Fails = fails });
            return pipeline;
        }

        await _home.RunAsync(Make(fails: true, "one"), cancellationToken: TestContext.Current.CancellationToken);
        await _home.RunAsync(Make(fails: true, "one"), cancellationToken: TestContext.Current.CancellationToken);
        var other = Make(fails: false, "two");
        await _home.RunAsync(other, cancellationToken: TestContext.Current.CancellationToken);
        ((Resume)other.Component("resume")).Found.ShouldBe("");
        var forced = Make(fails: false, "one");
        await _home.RunAsync(forced, new RunOptions { Force = ["resume"] }, cancellationToken: TestContext.Current.CancellationToken);
        ((Resume)forced.Component("resume")).Found.ShouldBe("", "forced work begins anew");

        var third = Make(fails: true, "three");
        await _home.RunAsync(third, cancellationToken: TestContext.Current.CancellationToken);
        var fourth = Make(fails: false, "three");
        await _home.RunAsync(fourth, cancellationToken: TestContext.Current.CancellationToken);
        ((Resume)fourth.Component("resume")).Found.ShouldBe("+");
        Directory.GetDirectories(Path.Combine(_home.Home.Directory, "memo", "resume")).Length.ShouldBe(1, "that of 'one' is left: forced work does not touch it");
    }

    [Fact]
    public async Task A_failing_node_stops_those_behind_it_and_no_others()
    {
        var pipeline = new Pipeline("test");
        var start = pipeline.Add(new WriteText("a") { Id = "start" });
        var broken = pipeline.Add(new Fail(start, "row 7 is odd") { Id = "broken" });
        pipeline.Add(new JoinTexts(broken) { Id = "behind" });
        pipeline.Add(new JoinTexts(start) { Id = "beside" });

        var result = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);

        result.ExitCode.ShouldBe(1);
        State(result, "broken").ShouldBe(NodeState.Failed);
        result.Nodes.Single(node => node.NodeId == "broken").Message.ShouldBe("row 7 is odd");
        State(result, "behind").ShouldBe(NodeState.Skipped);
        State(result, "beside").ShouldBe(NodeState.Complete);
    }

    [Fact]
    public async Task A_closed_gate_stops_the_run_with_exit_code_3_and_opens_when_the_cause_is_gone()
    {
        var stopped = await _home.RunAsync(Gated("bad"), cancellationToken: TestContext.Current.CancellationToken);
        stopped.ExitCode.ShouldBe(3);
        State(stopped, "gate").ShouldBe(NodeState.Complete);
        State(stopped, "behind").ShouldBe(NodeState.Blocked);
        stopped.Nodes.Single(node => node.NodeId == "behind").Message.ShouldBe("The text is 'bad', expected 'good'. Change the text.");

        (await _home.RunAsync(Gated("bad"), cancellationToken: TestContext.Current.CancellationToken)).ExitCode.ShouldBe(3);
        (await _home.RunAsync(Gated("good"), cancellationToken: TestContext.Current.CancellationToken)).ExitCode.ShouldBe(0);

        static Pipeline Gated(string text)
        {
            var pipeline = new Pipeline("test");
            var gate = pipeline.Add(new Gate(pipeline.Add(new WriteText(text)), "good"));
            pipeline.Add(new WriteText("after") { Id = "behind", After = [gate] });
            return pipeline;
        }
    }

    [Fact]
    public async Task A_closed_gate_with_nothing_behind_it_stops_the_run_too_also_when_cached()
    {
        (await _home.RunAsync(OnlyGate(), cancellationToken: TestContext.Current.CancellationToken)).ExitCode.ShouldBe(3);
        var again = await _home.RunAsync(OnlyGate(), cancellationToken: TestContext.Current.CancellationToken);

        again.ExitCode.ShouldBe(3);
        again.Nodes.Single(node => node.NodeId == "gate").ClosedGate.ShouldBe("The text is 'bad', expected 'good'. Change the text.");

        static Pipeline OnlyGate()
        {
            var pipeline = new Pipeline("test");
            pipeline.Add(new Gate(pipeline.Add(new WriteText("bad")), "good"));
            return pipeline;
        }
    }

    [Fact]
    public async Task A_gate_opens_when_a_person_approves_and_stays_open_in_later_runs()
    {
        var stopped = await _home.RunAsync(Gated(), cancellationToken: TestContext.Current.CancellationToken);
        var gate = _home.Home.Store.Read(transaction => transaction.EventsOfExecution(stopped.Nodes.Single(node => node.NodeId == "gate").ExecutionId))
            .Single(happened => happened.Type == Gyre.Metadata.EventType.Output).ArtifactId;
        _home.Home.Store.Write(transaction => transaction.InsertDecision(gate, approved: true, "ann", "known"));

        (await _home.RunAsync(Gated(), cancellationToken: TestContext.Current.CancellationToken)).ExitCode.ShouldBe(0);

        static Pipeline Gated()
        {
            var pipeline = new Pipeline("test");
            var gate = pipeline.Add(new Gate(pipeline.Add(new WriteText("bad")), "good"));
            pipeline.Add(new JoinTexts(gate) { Id = "behind" });
            return pipeline;
        }
    }

    [Fact]
    public async Task A_part_of_a_pipeline_uses_the_results_that_its_definition_asks_for_not_the_newest()
    {
        await _home.RunAsync(Diamond("a").Pipeline, cancellationToken: TestContext.Current.CancellationToken);
        await _home.RunAsync(Diamond("b").Pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var (pipeline, last) = Diamond("a", separator: "/");

        var result = await _home.RunAsync(pipeline, new RunOptions { Only = ["join"] }, cancellationToken: TestContext.Current.CancellationToken);

        _home.Artifact(result, last).Text.ShouldBe("a-left/a-right");
        result.Nodes.Single().Reason.ShouldNotContain("not what the pipeline defines");
    }

    [Fact]
    public async Task A_part_of_a_pipeline_that_has_to_use_results_of_another_definition_says_so_and_so_does_the_plan()
    {
        await _home.RunAsync(Diamond("a").Pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var only = new RunOptions { Only = ["join"] };

        new Planner(_home.Home).Plan(Diamond("c", separator: "/").Pipeline, only).Single().Reason.ShouldContain("of start, ");
        var result = await _home.RunAsync(Diamond("c", separator: "/").Pipeline, only, cancellationToken: TestContext.Current.CancellationToken);

        result.Nodes.Single().Reason.ShouldContain("which is not what the pipeline defines now");
    }

    [Fact]
    public void Forcing_a_node_that_is_left_out_is_refused() =>
        Should.Throw<DefinitionException>(() => new RunOptions { Only = ["join"], Force = ["start"] }.Select(Diamond("a").Pipeline.ToSpec())).Message.ShouldContain("--force names start");

    [Fact]
    public async Task Any_graph_runs_each_node_once_after_all_it_reads() => await Gen.Int[0, 1 << 20].SampleAsync(async seed =>
    {
        var random = new Random(seed);
        using var home = new TemporaryHome();
        var pipeline = new Pipeline("random");
        var wires = new List<Output<TextFile>>();
        var expected = new List<string>();
        for (var i = 0; i < random.Next(1, 9); i++)
        {
            var inputs = Enumerable.Range(0, wires.Count).Where(_ => random.Next(3) == 0).ToList();
            wires.Add(inputs.Count == 0
                ? pipeline.Add(new WriteText($"{i}") { Id = $"n{i}" })
                : pipeline.Add(new JoinTexts([.. inputs.Select(input => wires[input])]) { Id = $"n{i}" }));
            expected.Add(inputs.Count == 0 ? $"{i}" : string.Join('+', inputs.Select(input => expected[input])));
        }

        var result = await home.RunAsync(pipeline, workers: random.Next(1, 4));

        wires.Select(wire => home.Artifact(result, wire).Text).ShouldBe(expected);
    }, iter: 12, threads: 1);

    [Fact]
    public async Task A_chain_of_200_nodes_ends_well()
    {
        var pipeline = new Pipeline("chain");
        var wire = pipeline.Add(new WriteText("0") { Id = "n0" });
        for (var i = 1; i < 200; i++)
            wire = pipeline.Add(new JoinTexts(wire) { Id = $"n{i}" });

        var result = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);

        result.Nodes.Count.ShouldBe(200);
        result.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_node_that_asks_for_it_is_tried_again()
    {
        var tries = 0;
        var pipeline = new Pipeline("test");
        var start = pipeline.Add(new WriteText("a"));
        pipeline.Add(new Fail(start, "not yet") { When = () => ++tries < 3, Retry = new Retry(3, TimeSpan.FromMilliseconds(1)) });

        var result = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);

        result.ExitCode.ShouldBe(0);
        tries.ShouldBe(3);
    }

    [Fact]
    public async Task A_changed_input_file_is_seen_though_its_size_and_time_are_the_same()
    {
        var file = _home.Write("in.txt", "aaa");
        var time = File.GetLastWriteTimeUtc(file);
        (await _home.RunAsync(Reading(), cancellationToken: TestContext.Current.CancellationToken)).ExitCode.ShouldBe(0);
        File.WriteAllText(file, "bbb");
        File.SetLastWriteTimeUtc(file, time);

        var result = await _home.RunAsync(Reading(), cancellationToken: TestContext.Current.CancellationToken);

        State(result, "read-file").ShouldBe(NodeState.Complete);

        Pipeline Reading()
        {
            var pipeline = new Pipeline("test");
            pipeline.Add(new ReadFile(file));
            return pipeline;
        }
    }

    [Fact]
    public async Task A_missing_input_file_fails_its_node_and_is_named()
    {
        var pipeline = new Pipeline("test");
        pipeline.Add(new ReadFile(Path.Combine(_home.Root, "nowhere.csv")));

        var result = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);

        result.ExitCode.ShouldBe(1);
        result.Nodes[0].Message!.ShouldContain("nowhere.csv");
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("deleted")]
    public async Task A_damaged_artifact_is_noticed_and_made_again(string damage)
    {
        var (pipeline, _) = Diamond("a");
        var first = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var directory = Path.Combine(_home.Home.Directory, "artifacts", "diamond", "left", "text_file", $"{first.Nodes.Single(n => n.NodeId == "left").ExecutionId}");
        if (damage == "changed")
            File.WriteAllText(Path.Combine(directory, "text.txt"), "x-left");
        else
            Directory.Delete(directory, recursive: true);

        var second = await _home.RunAsync(Diamond("a").Pipeline, cancellationToken: TestContext.Current.CancellationToken);

        State(second, "left").ShouldBe(NodeState.Complete);
        second.Nodes.Single(node => node.NodeId == "left").Reason.ShouldContain("text_file");
        State(second, "join").ShouldBe(NodeState.Cached);
    }

    [Fact]
    public async Task Two_runs_at_once_in_one_home_compute_each_result_once()
    {
        var executed = 0;
        async Task<RunResult> RunOne()
        {
            using var home = Home.Open(_home.Home.Directory);
            var pipeline = new Pipeline("shared");
            var start = pipeline.Add(new WriteText("a") { OnExecute = () => { Interlocked.Increment(ref executed); Thread.Sleep(200); } });
            pipeline.Add(new JoinTexts(start) { OnExecute = () => { Interlocked.Increment(ref executed); Thread.Sleep(200); } });
            return await new Gyre.Runners.Local.LocalRunner(home).RunAsync(pipeline, new RunOptions(), TestContext.Current.CancellationToken);
        }

        var results = await Task.WhenAll(Task.Run(RunOne), Task.Run(RunOne));

        results.ShouldAllBe(result => result.ExitCode == 0);
        results.Select(result => result.RunId).Order(StringComparer.Ordinal).ShouldBe(["r1", "r2"]);
        executed.ShouldBe(2);
    }

    [Fact]
    public async Task An_interrupted_run_says_130_keeps_what_was_done_and_goes_on()
    {
        using var stop = new CancellationTokenSource();
        Pipeline Chain(Action onSecond)
        {
            var pipeline = new Pipeline("chain");
            var first = pipeline.Add(new WriteText("a") { Id = "first" });
            var second = pipeline.Add(new JoinTexts(first) { Id = "second", OnExecute = onSecond });
            pipeline.Add(new JoinTexts(second) { Id = "third" });
            return pipeline;
        }

        var interrupted = await _home.RunAsync(Chain(stop.Cancel), cancellationToken: stop.Token);
        interrupted.ExitCode.ShouldBe(130);
        State(interrupted, "first").ShouldBe(NodeState.Complete);
        var resumed = await _home.RunAsync(Chain(() => { }), cancellationToken: TestContext.Current.CancellationToken);

        resumed.ExitCode.ShouldBe(0);
        State(resumed, "first").ShouldBe(NodeState.Cached);
    }

    static NodeState State(RunResult result, string node) => result.Nodes.Single(outcome => outcome.NodeId == node).State;

    static (Pipeline Pipeline, Output<TextFile> Last) Diamond(string text, string separator = "+")
    {
        var pipeline = new Pipeline("diamond");
        var start = pipeline.Add(new WriteText(text) { Id = "start" });
        var suffixLeft = pipeline.Add(new WriteText("left") { Id = "left-suffix" });
        var suffixRight = pipeline.Add(new WriteText("right") { Id = "right-suffix" });
        var left = pipeline.Add(new JoinTexts(start, suffixLeft) { Id = "left", Separator = "-" });
        var right = pipeline.Add(new JoinTexts(start, suffixRight) { Id = "right", Separator = "-" });
        return (pipeline, pipeline.Add(new JoinTexts(left, right) { Id = "join", Separator = separator }));
    }
}
