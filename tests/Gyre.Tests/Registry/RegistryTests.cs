using Gyre.Evaluation;
using Gyre.Pipelines;
using Gyre.Registry;
using Gyre.Runners;
using Gyre.Testing;
using Gyre.Tests.Evaluation;
using Gyre.Training;

namespace Gyre.Tests.Registry;

public sealed class RegistryTests : IDisposable
{
    readonly TemporaryHome _home = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    string Serving => Path.Combine(_home.Home.Directory, "serving");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_version_holds_the_models_files_and_what_went_into_it()
    {
        var wires = new Wires(1f);
        var result = await RunAsync(wires);

        var version = _home.Artifact(result, wires.Version);
        version.Name.ShouldBe("small");
        version.Number.ShouldBe(1);
        var model = _home.Artifact(result, wires.Model);
        var record = version.ReadRecord();
        record.ModelFingerprint.ShouldBe(model.Fingerprint);
        record.EvaluationFingerprint.ShouldBe(_home.Artifact(result, wires.Evaluation.Evaluation).Fingerprint);
        record.BlessingFingerprint.ShouldBe(_home.Artifact(result, wires.Evaluation.Blessing).Fingerprint);
        record.Pipeline.ShouldBe("small-pipeline");
        record.Evaluation.Blessed.ShouldBeTrue();
        record.Evaluation.Metrics.Auc!.Value.ShouldBeGreaterThan(0.7);
        record.Signature.Inputs.Select(input => input.Name).ShouldBe(["amount", "kind"]);
        foreach (var file in new[] { "model.onnx", "signature.json" })
            File.ReadAllBytes(version.PathOf(file)).ShouldBe(File.ReadAllBytes(model.PathOf(file)));
        version.Properties["model_id"].Value.ShouldBe(model.Id);
        version.Properties["run_id"].Value.ShouldBe("r1");
    }

    [Fact]
    public async Task Versions_count_up_and_a_model_that_comes_back_is_a_new_one_so_that_it_is_served()
    {
        foreach (var (weight, number) in new[] { (1f, 1), (2f, 2), (3f, 3), (2f, 4) })
        {
            var wires = new Wires(weight);
            _home.Artifact(await RunAsync(wires), wires.Version).Number.ShouldBe(number);
        }

        Directory.GetDirectories(Path.Combine(Serving, "small")).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["1", "2", "3", "4"]);
    }

    [Fact]
    public async Task Equal_work_in_two_homes_gives_equal_bytes_though_its_ids_and_destinations_differ()
    {
        var here = new Wires(1f);
        var first = await RunAsync(here);
        using var other = new TemporaryHome();
        var there = new Wires(1f) { Destination = Path.Combine(other.Root, "elsewhere") };
        await other.RunAsync(there.Pipeline, cancellationToken: Cancel);

        var second = await other.RunAsync(there.Pipeline, new RunOptions { NoCache = true }, cancellationToken: Cancel);

        other.Artifact(second, there.Version).Id.ShouldNotBe(_home.Artifact(first, here.Version).Id);
        other.Artifact(second, there.Version).Fingerprint.ShouldBe(_home.Artifact(first, here.Version).Fingerprint);
        other.Artifact(second, there.Pushed).Fingerprint.ShouldBe(_home.Artifact(first, here.Pushed).Fingerprint);
        other.Artifact(second, there.Pushed).Destination.ShouldBe(Path.Combine(other.Root, "elsewhere", "small", "1"));
    }

    [Fact]
    public async Task A_review_holds_the_push_back_until_a_person_approves()
    {
        var wires = new Wires(1f) { Review = true };

        var waiting = await _home.RunAsync(wires.Pipeline, cancellationToken: Cancel);

        waiting.ExitCode.ShouldBe(3);
        waiting.Nodes.Single(node => node.NodeId == "push-model").Message!.ShouldContain("'model approve small/1 --reason");
        Directory.Exists(Serving).ShouldBeFalse();

        var id = _home.Artifact(waiting, wires.Version).Id;
        _home.Home.Store.Write(transaction => transaction.InsertDecision(id, approved: true, by: "Ada", reason: "looks right"));
        (await _home.RunAsync(new Wires(1f) { Review = true }.Pipeline, cancellationToken: Cancel)).ExitCode.ShouldBe(0);
        File.Exists(Path.Combine(Serving, "small", "1", "model.onnx")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_model_that_is_not_blessed_is_not_registered()
    {
        var wires = new Wires(-1f);

        var result = await _home.RunAsync(wires.Pipeline, cancellationToken: Cancel);

        result.ExitCode.ShouldBe(3);
        result.Nodes.Single(node => node.NodeId == "register-model").State.ShouldBe(NodeState.Blocked);
        Directory.Exists(Serving).ShouldBeFalse();
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("Fraud-model_v2.1", true)]
    [InlineData("", false)]
    [InlineData("1", false)]
    [InlineData("..", false)]
    [InlineData(".hidden", false)]
    [InlineData("a/b", false)]
    [InlineData("a\\b", false)]
    [InlineData("../a", false)]
    [InlineData("a.", false)]
    [InlineData("ä", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("a:predict", false)]
    public void A_name_is_what_can_be_a_directory_and_a_part_of_a_url(string name, bool isValid)
    {
        ModelName.IsValid(name).ShouldBe(isValid);
        new Wires(1f) { Name = name }.Pipeline.Check().Any(error => error.NodeId == "register-model").ShouldBe(!isValid);
    }

    [Fact]
    public void A_name_has_at_most_100_letters()
    {
        ModelName.IsValid(new string('a', 100)).ShouldBeTrue();
        ModelName.IsValid(new string('a', 101)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_pushed_version_is_all_a_server_needs_and_nothing_else()
    {
        var wires = new Wires(1f);
        var result = await RunAsync(wires);

        var pushed = _home.Artifact(result, wires.Pushed);
        pushed.Destination.ShouldBe(Path.Combine(Serving, "small", "1"));
        pushed.Properties["pushed"].Value.ShouldBe(1L);
        Directory.GetFiles(pushed.Destination).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["model.onnx", "signature.json", "version.json"]);
        Directory.GetDirectories(Path.Combine(Serving, "small")).Select(Path.GetFileName).ShouldBe(["1"]);
        var record = pushed.ReadRecord();
        record.Files.Select(file => file.Name).ShouldBe(["model.onnx", "signature.json", "version.json"]);
        record.VersionFingerprint.ShouldBe(_home.Artifact(result, wires.Version).Fingerprint);
    }

    [Fact]
    public async Task Running_again_pushes_nothing_while_the_version_is_there()
    {
        await RunAsync(new Wires(1f));
        var written = File.GetLastWriteTimeUtc(Path.Combine(Serving, "small", "1", "model.onnx"));

        var again = await RunAsync(new Wires(1f));

        again.Nodes.ShouldAllBe(node => node.State == NodeState.Cached);
        File.GetLastWriteTimeUtc(Path.Combine(Serving, "small", "1", "model.onnx")).ShouldBe(written);
    }

    [Fact]
    public async Task A_version_that_was_removed_is_pushed_again()
    {
        await RunAsync(new Wires(1f));
        Directory.Delete(Path.Combine(Serving, "small", "1"), recursive: true);

        var again = await RunAsync(new Wires(1f));

        again.Nodes.Where(node => node.State == NodeState.Complete).Select(node => node.NodeId).ShouldBe(["push-model"]);
        again.Nodes.Single(node => node.NodeId == "push-model").Reason.ShouldContain("is gone");
        File.Exists(Path.Combine(Serving, "small", "1", "model.onnx")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("signature.json")]
    public async Task A_version_whose_content_was_changed_is_reported_and_never_overwritten(string file)
    {
        await RunAsync(new Wires(1f));
        var path = Path.Combine(Serving, "small", "1", file);
        File.WriteAllText(path, "other");

        var again = await _home.RunAsync(new Wires(1f).Pipeline, cancellationToken: Cancel);

        again.ExitCode.ShouldBe(1);
        var outcome = again.Nodes.Single(node => node.NodeId == "push-model");
        outcome.Reason.ShouldContain("was changed");
        outcome.Message!.ShouldContain($"is there already, and its {file} is not that of the version to push");
        outcome.Message!.ShouldContain("remove it");
        File.ReadAllText(path).ShouldBe("other");
    }

    [Fact]
    public async Task A_number_that_another_home_has_used_for_another_model_is_a_conflict()
    {
        var destination = Path.Combine(_home.Root, "shared");
        await RunAsync(new Wires(1f) { Destination = destination });
        using var other = new TemporaryHome();

        var same = await other.RunAsync(new Wires(1f) { Destination = destination }.Pipeline, cancellationToken: Cancel);
        using var third = new TemporaryHome();
        var conflict = await third.RunAsync(new Wires(2f) { Destination = destination }.Pipeline, cancellationToken: Cancel);

        same.ExitCode.ShouldBe(0);
        conflict.ExitCode.ShouldBe(1);
        conflict.Nodes.Single(node => node.NodeId == "push-model").Message!.ShouldContain("model.onnx is not that of the version to push");
    }

    [Fact]
    public async Task A_model_evaluated_by_another_measure_is_another_version()
    {
        await RunAsync(new Wires(1f));
        var wires = new Wires(1f) { MinAuc = 0.7 };

        var version = _home.Artifact(await RunAsync(wires), wires.Version);

        version.Number.ShouldBe(2);
        File.ReadAllBytes(Path.Combine(Serving, "small", "2", "version.json")).ShouldBe(File.ReadAllBytes(version.PathOf("version.json")));
    }

    [Fact]
    public async Task What_a_push_that_died_has_left_is_swept()
    {
        var leftover = Path.Combine(Serving, "small", ".tmp-7");
        Directory.CreateDirectory(leftover);
        File.WriteAllText(Path.Combine(leftover, "model.onnx"), "half");

        await RunAsync(new Wires(1f));

        Directory.Exists(leftover).ShouldBeFalse();
    }

    [Fact]
    public async Task A_destination_that_cannot_be_written_is_named_with_the_cure()
    {
        var file = _home.Write("not-a-directory", "");

        var result = await _home.RunAsync(new Wires(1f) { Destination = file }.Pipeline, cancellationToken: Cancel);

        var message = result.Nodes.Single(node => node.NodeId == "push-model").Message!;
        message.ShouldContain($"Pushing to '{Path.Combine(file, "small", "1")}' failed");
        message.ShouldContain("push to another destination");
    }

    [Fact]
    public async Task Pushes_at_the_same_time_leave_one_whole_version_each()
    {
        var source = _home.Write("files/model.onnx", new string('m', 100_000));
        var folder = Path.Combine(_home.Root, "together");

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => new ServingFolder(folder).PushAsync("small", 1 + (i % 4), [source], Cancel))));

        Directory.GetDirectories(Path.Combine(folder, "small")).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["1", "2", "3", "4"]);
        Directory.GetFiles(folder, "model.onnx", SearchOption.AllDirectories).ShouldAllBe(path => new FileInfo(path).Length == 100_000);
    }

    [Fact]
    public void An_empty_destination_is_a_definition_error() =>
        new Wires(1f) { Destination = " " }.Pipeline.Check().Single().Message.ShouldContain("The destination is ' '");

    async Task<RunResult> RunAsync(Wires wires)
    {
        var result = await _home.RunAsync(wires.Pipeline, cancellationToken: Cancel);
        result.ExitCode.ShouldBe(0, string.Join('\n', result.Nodes));
        return result;
    }

    /// <summary>A pipeline from examples to a pushed model.</summary>
    sealed class Wires(float weight)
    {
        Pipeline? _pipeline;

        public string Name { get; init; } = "small";

        public bool Review { get; init; }

        public double MinAuc { get; init; } = 0.6;

        public string? Destination { get; init; }

        public Output<Model> Model { get; private set; } = null!;

        public EvaluationOutputs Evaluation { get; private set; } = null!;

        public Output<ModelVersion> Version { get; private set; } = null!;

        public Output<PushedModel> Pushed { get; private set; } = null!;

        public Pipeline Pipeline => _pipeline ??= Build();

        Pipeline Build()
        {
            var pipeline = new Pipeline("small-pipeline");
            var examples = pipeline.Add(new WriteExamples(SmallExamples.Rising(200)));
            Model = pipeline.Add(new WriteModel(weight));
            Evaluation = pipeline.Add(new EvaluateModel(Model, examples) { Thresholds = [Metric.Auc.AtLeast(MinAuc)] });
            Version = pipeline.Add(new RegisterModel(Model, Evaluation, Name) { Review = Review });
            Pushed = pipeline.Add(new PushModel(Version, Destination));
            return pipeline;
        }
    }
}
