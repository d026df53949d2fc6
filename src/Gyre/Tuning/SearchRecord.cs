using System.Diagnostics;
using System.Globalization;
using Gyre.Pipelines;
using Gyre.Training;
using Microsoft.Extensions.Logging;

namespace Gyre.Tuning;

/// <summary>Keeps what became of each trial: in the store while the search runs, in the artifact when it has ended.</summary>
sealed class SearchRecord(TuneModel search, Execution execution, TrialData data)
{
    readonly Dictionary<int, (double Seconds, bool Reused)> _sofar = [];
    readonly Lock _lock = new();
    double? _best;
    int _ended;

    /// <summary>Trains, and records before and after.</summary>
    public async Task<TrialOutcome> KeepAsync(TrialJob job, Func<Task<(TrialOutcome Outcome, bool Reused)>> train)
    {
        execution.Record(Part(job, PartState.Running));
        var start = Stopwatch.GetTimestamp();
        var (outcome, reused) = await train();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        lock (_lock)
        {
            var before = _sofar.TryGetValue(job.Trial, out var known) ? known : (Seconds: 0, Reused: true);
            var now = _sofar[job.Trial] = (before.Seconds + (reused ? 0 : seconds), before.Reused && reused);
            execution.Record(Part(job, outcome.Error is not null ? PartState.Failed : now.Reused ? PartState.Reused : PartState.Complete) with
            {
                Properties = Results(job, outcome),
                Seconds = now.Seconds,
                Error = outcome.Error,
            });
            Tell(job, outcome);
        }

        return outcome;
    }

    /// <summary>The report, but for the eval split.</summary>
    /// <exception cref="InvalidDataException">No trial succeeded.</exception>
    public TuningReport Report(IReadOnlyList<TrialResult> results)
    {
        var trials = results.GroupBy(result => result.Job.Trial).Select(jobs => jobs.OrderBy(job => job.Job.Rung).Last(job => job.Outcome.Error is null || jobs.All(other => other.Outcome.Error is not null)))
            .OrderBy(StateOf).ThenByDescending(last => StateOf(last) == TrialState.Stopped ? last.Job.Rung : 0).ThenBy(last => last.Loss).ThenBy(last => last.Job.Trial).ToList();
        if (trials.All(trial => trial.Outcome.Loss is null))
        {
            throw new InvalidDataException(
                $"None of {trials.Count} trials could be measured. The first: {trials[0].Outcome.Error ?? $"the {TrialScore.NameOf(search.Objective)} is undefined on the {data.HeldBack.Rows} examples held back"}. "
                + "Correct what is searched over, or give more data.");
        }

        return new TuningReport
        {
            Trainer = search.Trainer.GetType().Name,
            Algorithm = search.Algorithm.GetType().Name,
            Objective = search.Objective,
            Space = ((IParameter)search.Space).ToParameter().AsObject(),
            LearntRows = data.Learnt.Rows,
            HeldBackRows = data.HeldBack.Rows,
            Work = Math.Round(results.Sum(result => result.Outcome.Work(data.Learnt.Rows)), 6),
            Trials = [.. trials.Select(Describe)],
            Importance = Importance.Of(search.Space, results),
            Eval = null,
        };
    }

    public void Save(TuningReport report)
    {
        var best = report.Trials[0];
        new TunedOptions(Format: 1, report.Trainer, best.Options.DeepClone().AsObject()).Save(execution.PathOf(search.Outputs, Hyperparameters.BestFile));
        report.Save(execution.PathOf(search.Outputs, TuningReport.FileName));
        File.WriteAllText(execution.PathOf(search.Outputs, TuningPage.FileName), TuningPage.Write(report, search.Space));
        var metric = TrialScore.NameOf(search.Objective);
        Set("trainer", report.Trainer);
        Set("trials", report.Trials.Count);
        Set("work", report.Work);
        Set("best", best.Options.ToJsonString(SpecJson.Compact));
        Set($"held_back.{metric}", best.Score!.Value);
        if (report.Eval?.Tuned is { } tuned)
            Set($"eval.{metric}", tuned);
        if (report.Eval?.Given is { } given)
            Set($"eval.{metric}.given", given);
        execution.Log.LogInformation("Best of {Trials} trials: {Options}, {Metric} {Score:F5} on the examples held back", report.Trials.Count, best.Options.ToJsonString(SpecJson.Compact), metric, best.Score);

        void Set(string name, PropertyValue value) => execution.SetProperty(search.Outputs, name, value);
    }

    static TrialState StateOf(TrialResult last) =>
        last.Outcome.Error is not null || last.Outcome.Loss is null ? TrialState.Failed
        : last.Outcome.IsFinal ? TrialState.Complete
        : TrialState.Stopped;

    TrialRecord Describe(TrialResult last) => new(
        last.Job.Trial, StateOf(last), last.Job.Options, TrialScore.ValueOf(search.Objective, last.Outcome.Loss), last.Outcome.Epochs.Count, last.Outcome.Rows, last.Job.Rung,
        last.Outcome.Epochs, last.Outcome.Error);

    static ExecutionPart Part(TrialJob job, PartState state) => new()
    {
        Kind = "Trial",
        Name = job.Trial.ToString(CultureInfo.InvariantCulture),
        State = state,
        Parameters = job.Options,
    };

    Dictionary<string, PropertyValue> Results(TrialJob job, TrialOutcome outcome)
    {
        var properties = new Dictionary<string, PropertyValue>(StringComparer.Ordinal)
        {
            ["rung"] = job.Rung,
            ["epochs"] = outcome.Epochs.Count,
            ["rows"] = outcome.Rows,
            ["stopped"] = !outcome.IsFinal,
        };
        if (TrialScore.ValueOf(search.Objective, outcome.Loss) is { } score)
            properties[TrialScore.NameOf(search.Objective)] = score;
        return properties;
    }

    void Tell(TrialJob job, TrialOutcome outcome)
    {
        _ended++;
        if (outcome.Loss is { } loss && (_best is null || loss < _best))
            _best = loss;
        var best = _best is null ? "" : FormattableString.Invariant($", best {TrialScore.NameOf(search.Objective)} so far {TrialScore.ValueOf(search.Objective, _best):0.#####}");
        execution.Report(new Progress { Message = FormattableString.Invariant($"trial {job.Trial} of {search.TrialCount}, {_ended} trainings{best}") });
        execution.Log.LogInformation(
            "trial {Trial} {Options}: {Epochs} epochs, {Metric} {Score}{Rest}", job.Trial, job.Options.ToJsonString(SpecJson.Compact), outcome.Epochs.Count, TrialScore.NameOf(search.Objective),
            TrialScore.ValueOf(search.Objective, outcome.Loss), outcome.Error is { } error ? $": {error}" : outcome.IsFinal ? "" : ", stopped there");
    }
}
