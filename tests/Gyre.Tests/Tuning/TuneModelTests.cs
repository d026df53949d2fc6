using Gyre.Metadata;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Runners.Local;
using Gyre.Testing;
using Gyre.Tests.Transforms;
using Gyre.Training;
using Gyre.Transforms;
using Gyre.Tuning;

namespace Gyre.Tests.Tuning;

public sealed class TuneModelTests
{
    static readonly SearchSpace Space = Search.Over(
        new LinearTrainer { MaxIterations = 9 },
        s => s.LogUniform(t => t.L2, 1e-3, 1e4),
        s => s.Choice(t => t.TokenScale, TokenScale.Mean, TokenScale.SquareRoot, TokenScale.Count));

    [Fact]
    public async Task The_contract_of_components_is_held() =>
        (await ComponentContract.BreachesAsync(() => Build(new Asha { Guide = new TpeSearch { Startup = 3 } }, trials: 9).Pipeline, TestContext.Current.CancellationToken)).ShouldBeEmpty();

    [Fact]
    public async Task What_was_found_is_ranked_and_trained_with()
    {
        using var home = new TemporaryHome();
        var (pipeline, tuned, model) = Build(new TpeSearch { Startup = 4 }, trials: 12);
        var run = await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var found = home.Artifact(run, tuned);
        var report = TuningReport.Of(found);

        report.Trials.Count.ShouldBe(12);
        report.Trials.Select(trial => trial.Score!.Value).ShouldBeInOrder();
        report.Trials.ShouldAllBe(trial => trial.State == TrialState.Complete && trial.Curve.Count == trial.Epochs);
        (report.LearntRows + report.HeldBackRows).ShouldBe(800);
        report.HeldBackRows.ShouldBeInRange(130, 190);
        var best = found.LoadBest();
        best.Options.ToJsonString().ShouldBe(report.Trials[0].Options.ToJsonString());
        found.Properties["held_back.loss"].AsReal().ShouldBe(report.Trials[0].Score!.Value);

        // The honest score is that of the model which TrainModel then makes, on the split that had no say.
        var record = home.Artifact(run, model).LoadTraining();
        report.Eval!.Rows.ShouldBe(400);
        record.Epochs[^1].EvalLoss.ShouldBe(report.Eval.Tuned!.Value, 1e-6);
        report.Eval.Tuned.Value.ShouldBeLessThanOrEqualTo(report.Eval.Given!.Value + 0.02);
    }

    [Fact]
    public async Task Every_trial_is_an_execution_with_its_options_and_what_it_achieved()
    {
        using var home = new TemporaryHome();
        var run = await home.RunAsync(Build(new Asha(), trials: 9).Pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var whole = run.Nodes.Single(node => node.NodeId == "tune-model").ExecutionId;
        var trials = home.Home.Store.Read(transaction => ExecutionParts.Of(transaction, whole));

        trials.Count.ShouldBe(9);
        trials.ShouldAllBe(trial => trial.Type == "Trial" && trial.State == ExecutionState.Complete && trial.Text(ExecutionProperties.Parameters).Contains("\"l2\":"));
        trials.ShouldAllBe(trial => trial.Properties["loss"].AsReal() > 0 && trial.Properties["part_of"].AsInteger() == whole);
        trials.Count(trial => trial.Properties["stopped"].AsFlag()).ShouldBeInRange(4, 8);
        trials.Min(trial => trial.Properties["epochs"].AsInteger()).ShouldBe(1);
    }

    [Fact]
    public async Task A_search_that_was_cut_off_trains_nothing_twice()
    {
        using var home = new TemporaryHome();
        var (pipeline, _, _) = Build(new Asha(), trials: 12);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        void StopInTheMiddle(RunEvent happened)
        {
            if (happened is NodeProgressed { Progress.Message: { } message } && message.StartsWith("trial 7 of", StringComparison.Ordinal))
                stop.Cancel();
        }

        var cut = await new LocalRunner(home.Home) { Observe = StopInTheMiddle }.RunAsync(pipeline, new RunOptions(), stop.Token);
        cut.Nodes.Single(node => node.NodeId == "tune-model").State.ShouldBe(NodeState.Canceled);
        var kept = Kept(home);
        kept.ShouldBeGreaterThanOrEqualTo(6);

        var (again, tuned, _) = Build(new Asha(), trials: 12);
        var run = await home.RunAsync(again, cancellationToken: TestContext.Current.CancellationToken);
        var trials = home.Home.Store.Read(transaction => ExecutionParts.Of(transaction, run.Nodes.Single(node => node.NodeId == "tune-model").ExecutionId));
        trials.Count(trial => trial.State == ExecutionState.Cached).ShouldBeGreaterThanOrEqualTo(4);

        // The same as a search that nobody disturbed.
        using var other = new TemporaryHome();
        var (calm, calmTuned, _) = Build(new Asha(), trials: 12);
        var undisturbed = await other.RunAsync(calm, cancellationToken: TestContext.Current.CancellationToken);
        home.Artifact(run, tuned).Fingerprint.ShouldBe(other.Artifact(undisturbed, calmTuned).Fingerprint);
        Kept(home).ShouldBe(Kept(other), "whatever was kept was wanted again, and nothing else was added");
    }

    [Fact]
    public async Task Trials_that_fail_are_told_of_and_the_others_go_on()
    {
        using var home = new TemporaryHome();
        var (pipeline, tuned) = Tune(new GridSearch(), Search.Over(new Fragile(), s => s.Choice(t => t.Strain, 0, 1, 2)));
        var run = await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var report = TuningReport.Of(home.Artifact(run, tuned));
        report.Trials.Select(trial => trial.State).ShouldBe([TrialState.Complete, TrialState.Failed, TrialState.Failed]);
        report.Trials[1].Error.ShouldBe("It broke under 1.");

        (pipeline, _) = Tune(new GridSearch(), Search.Over(new Fragile(), s => s.Choice(t => t.Strain, 1, 2)));
        run = await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        run.Nodes[^1].Message!.ShouldStartWith("None of 2 trials could be measured. The first: It broke under 1.");
    }

    [Fact]
    public void Mistakes_of_the_search_are_definition_errors()
    {
        var pipeline = new Pipeline("test");
        var source = pipeline.Add(new GiveExamples(Rows(10, 1), Rows(10, 2)));
        var transform = pipeline.Add(new FitTransform(source.Examples, source.Schema, Define));
        pipeline.Add(new TuneModel(transform, Search.Over(new LinearTrainer(), s => s.Uniform(t => t.L2, -1, 1)))
        {
            Trials = 0,
            Parallel = 0,
            HeldBack = 1,
            EvalSplit = "train",
        });
        pipeline.Add(new TuneModel(transform, Space) { Id = "halving", Algorithm = new Asha { Reduction = 1, Brackets = 9, Guide = new TpeSearch { Startup = 1 } } });
        pipeline.Add(new TuneModel(transform, Space) { Id = "grid", Algorithm = new GridSearch { Points = 4 }, Trials = 3 });
        pipeline.Check().Select(error => error.ToString()).ShouldBe([
            "tune-model: LinearTrainer.L2 is -1. Expected 0 or more.",
            "tune-model: Trials is 0. Expected at least 1.",
            "tune-model: Parallel is 0. Expected 1 to 64.",
            "tune-model: HeldBack is 1. Expected a share between 0 and 1, such as 0.2.",
            "tune-model: EvalSplit and TrainSplit are both 'train'. Measure the winner on another split, or set EvalSplit = null.",
            "halving: Asha.Reduction is 1. Expected at least 2.",
            "halving: Asha.Brackets is 9. Expected 1 to 8.",
            "halving: TpeSearch.Startup is 1. Expected at least 2.",
            "grid: The grid has 12 points and Trials is 3. Leave Trials out to try all, or offer fewer values.",
        ]);
    }

    static int Kept(TemporaryHome home) => Directory.GetFiles(Path.Combine(home.Home.Directory, "memo"), "outcome.json", SearchOption.AllDirectories).Length;

    static (Pipeline Pipeline, Output<Hyperparameters> Tuned, Output<Model> Model) Build(SearchAlgorithm algorithm, int trials)
    {
        var pipeline = new Pipeline("test");
        var source = pipeline.Add(new GiveExamples(Rows(800, 1), Rows(400, 2)));
        var transform = pipeline.Add(new FitTransform(source.Examples, source.Schema, Define));
        var tuned = pipeline.Add(new TuneModel(transform, Space) { Algorithm = algorithm, Trials = trials });
        return (pipeline, tuned, pipeline.Add(new TrainModel(transform, Space.Trainer) { Hyperparameters = tuned }));
    }

    static (Pipeline Pipeline, Output<Hyperparameters> Tuned) Tune(SearchAlgorithm algorithm, SearchSpace space)
    {
        var pipeline = new Pipeline("test");
        var source = pipeline.Add(new GiveExamples(Rows(100, 1), Rows(50, 2)));
        var transform = pipeline.Add(new FitTransform(source.Examples, source.Schema, Define));
        return (pipeline, pipeline.Add(new TuneModel(transform, space) { Algorithm = algorithm }));
    }

    static void Define(FeatureBuilder f)
    {
        f.Label("answer", "Yes");
        f.Output("words", f.Text("words").Lower().Tokens("[a-z]+").Vocabulary(top: 30));
        f.Output("count", f.Number("count").ScaleToZScore());
    }

    /// <summary>Words of which the first ten speak for yes, the others for nothing.</summary>
    static List<string?> Rows(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var words = Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(30)).ToList();
            var odds = (2.5 * words.Count(word => word < 10)) - 2;
            var answer = random.NextDouble() < 1 / (1 + Math.Exp(-odds)) ? "Yes" : "No";
            return $"{random.Next(10)},{string.Join(' ', words.Select(word => new string((char)('a' + (word % 26)), 2 + (word / 26))))},{answer}";
        })];
    }

    internal sealed record Fragile : Trainer
    {
        public int Strain { get; init; }

        public override ITrainedModel Train(TrainingInput input, CancellationToken cancellationToken) =>
            Strain == 0 ? new LinearTrainer().Train(input, cancellationToken) : throw new InvalidDataException($"It broke under {Strain}.");
    }
}
