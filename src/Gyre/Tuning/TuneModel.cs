using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Tuning;

/// <summary>
/// Seeks the options with which a trainer learns best. Trials learn from a part of the training split and are compared on the rest of it;
/// the eval split has no say, so what is measured there of the winner, once, is an honest score. Bad trials are stopped early where the
/// algorithm does so. Trials run several at a time, in processes of their own where the runner can start some, and every one is an execution
/// in the store. A search that was cut off repeats no training that had ended.
/// </summary>
/// <example>
/// <code>
/// var space = Search.Over(new LinearTrainer(), s => s.LogUniform(t => t.L2, 1e-3, 1e3), s => s.Choice(t => t.TokenScale, TokenScale.Mean, TokenScale.Count));
/// var tuned = pipeline.Add(new TuneModel(transform, space) { Algorithm = new TpeSearch(), Trials = 30 });
/// var model = pipeline.Add(new TrainModel(transform, space.Trainer) { Hyperparameters = tuned });
/// </code>
/// </example>
/// <param name="transform">What <see cref="FitTransform"/> gave.</param>
/// <param name="space">The trainer, and what its options may be.</param>
[CodeVersion(1)]
public sealed class TuneModel(TransformOutputs transform, SearchSpace space) : Component<Output<Hyperparameters>>, IDividedWork
{
    const int MostParallel = 64;

    readonly TransformOutputs _transform = transform;

    [NotAParameter]
    readonly LabelSpec _label = FitTransform.LabelOf(transform);

    [NotAParameter]
    TrialData? _data;

    /// <summary>The trainer from whose options the search starts.</summary>
    public Trainer Trainer { get; } = space.Trainer;

    /// <summary>What its options may be.</summary>
    public SearchSpace Space { get; } = space;

    /// <summary>How trials are chosen, and how long each may train.</summary>
    public SearchAlgorithm Algorithm { get; init; } = new RandomSearch();

    /// <summary>How many trials are begun; null for what the algorithm thinks right: 20, for ASHA 60, for a grid all of it.</summary>
    public int? Trials { get; init; }

    /// <summary>What is to be as good as possible.</summary>
    public TuningObjective Objective { get; init; }

    /// <summary>
    /// How many trials may be under way while the next is chosen. At most so many run at once, and no more than there are
    /// threads; the result depends on this number, but not on how many ran.
    /// </summary>
    public int Parallel { get; init; } = 2;

    /// <summary>The share of the training examples that is held back, to compare trials on.</summary>
    public double HeldBack { get; init; } = 0.2;

    /// <summary>Decides which examples are held back, and every draw of the search.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The split that is learnt from.</summary>
    public string TrainSplit { get; init; } = "train";

    /// <summary>The split on which the winner is measured once the choice is made; null when there is none.</summary>
    public string? EvalSplit { get; init; } = "eval";

    /// <summary>Runs trials in this process even where others could be started.</summary>
    [NotAParameter]
    public bool InProcess { get; init; }

    internal int TrialCount => Trials ?? Algorithm.DefaultTrials(Space);

    protected internal override void Check(DefinitionCheck check)
    {
        var problems = Space.Problems().ToList();
        foreach (var problem in problems.Count > 0 ? problems : Algorithm.Problems(Space, Trials))
            check.Error(problem);
        if (!Trainer.Tasks.Contains(_label.Task))
            check.Error($"{Trainer.GetType().Name} cannot learn the label '{_label.Column}', a {_label.Task.ToString().ToLowerInvariant()} task. It learns {string.Join(", ", Trainer.Tasks).ToLowerInvariant()}: search over another trainer, or declare the label as what it is.");
        else
            Trainer.ProblemsWith(_label).ToList().ForEach(check.Error);
        if (Trainer.ProblemWithMissing(FitTransform.FeaturesThatKeepMissing(_transform)) is { } missing)
            check.Error(missing);
        if (!TrialScore.Fits(Objective, _label.Task))
            check.Error($"Objective is {Objective}, which says nothing of the label '{_label.Column}', a {_label.Task.ToString().ToLowerInvariant()} task. Expected {string.Join(", ", Enum.GetValues<TuningObjective>().Where(each => TrialScore.Fits(each, _label.Task)))}.");
        if (Trials < 1)
            check.Error($"Trials is {Trials}. Expected at least 1.");
        if (Parallel is < 1 or > MostParallel)
            check.Error($"Parallel is {Parallel}. Expected 1 to {MostParallel}.");
        if (HeldBack is not (> 0 and < 1))
            check.Error(FormattableString.Invariant($"HeldBack is {HeldBack}. Expected a share between 0 and 1, such as 0.2."));
        if (EvalSplit == TrainSplit)
            check.Error($"EvalSplit and TrainSplit are both '{TrainSplit}'. Measure the winner on another split, or set EvalSplit = null.");
    }

    protected internal override async Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        var examples = execution.Read(_transform.Examples);
        var graph = execution.Read(_transform.Graph);
        var request = new TrialRequest
        {
            Train = FileOf(examples, TrainSplit),
            Eval = EvalSplit is null ? null : FileOf(examples, EvalSplit),
            Description = graph.PathOf(TransformGraph.DescriptionFile),
            Options = [],
            Budget = TrialBudget.Whole,
        };
        var data = TrialData.Load(request, HeldBack, Seed, execution.Threads);
        if (data.HeldBack.Rows == 0)
            throw new InvalidDataException($"Of the {data.All.Rows} training examples none is held back to compare trials on. Raise HeldBack, or give more data.");
        using var trainings = new Trainings(this, execution, $"{graph.Fingerprint} {examples.Fingerprint}", data);
        var record = new SearchRecord(this, execution, data);
        var results = await new SearchLoop(
            Algorithm.Plan(Space, TrialCount, Seed), Parallel, trainings.Workers,
            (job, worker, token) => record.KeepAsync(job, () => trainings.TrainAsync(RequestOf(job), worker, token))).RunAsync(cancellationToken);
        TrialRequest RequestOf(TrialJob job) => request with
        {
            Options = job.Options,
            Budget = job.Budget,
            Before = job.Before,
            Resume = job.Budget.Epochs is null ? null : Path.Combine(execution.ResumeDirectory, FormattableString.Invariant($"trial-{job.Trial}")),
        };

        var report = record.Report(results);
        report = report with { Eval = await MeasureAsync(trainings, request, data, report, execution, cancellationToken) };
        record.Save(report);
    }

    /// <summary>Does one training: what the process that leads the search asks of another.</summary>
    string IDividedWork.Do(string part, WorkerSettings settings, CancellationToken cancellationToken)
    {
        var request = TrialRequest.FromJson(part);
        _data ??= TrialData.Load(request, HeldBack, Seed, settings.Threads);
        var outcome = new TrialWork(Space, Objective).Do(
            request, _data, settings, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, _ => { }, cancellationToken);
        return System.Text.Json.JsonSerializer.Serialize(outcome, TrialJson.Options);
    }

    async Task<HonestScore?> MeasureAsync(
        Trainings trainings, TrialRequest request, TrialData data, TuningReport report, Execution execution, CancellationToken cancellationToken)
    {
        if (EvalSplit is null || data.Eval.Rows == 0)
            return null;
        execution.Report(new Progress { Message = $"measuring the winner on {EvalSplit}" });
        var tuned = trainings.TrainAsync(request with { Options = report.Trials[0].Options, OnEval = true }, worker: 0, cancellationToken);
        if (trainings.Workers == 1)
            await tuned;
        var given = trainings.TrainAsync(request with { OnEval = true }, trainings.Workers - 1, cancellationToken);
        return new HonestScore(
            EvalSplit, data.Eval.Rows, TrialScore.ValueOf(Objective, (await tuned).Outcome.Loss), TrialScore.ValueOf(Objective, (await given).Outcome.Loss));
    }

    static string FileOf(Examples examples, string split) => examples.Splits.Contains(split, StringComparer.Ordinal)
        ? examples.FileOf(split)
        : throw new InvalidDataException(
            $"There is no split '{split}' among the transformed examples: {string.Join(", ", examples.Splits)}. "
            + "Name others by TrainSplit and EvalSplit of TuneModel; EvalSplit = null leaves the winner unmeasured.");
}
