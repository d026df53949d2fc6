using Gyre.Pipelines;
using Gyre.Training;
using Microsoft.Extensions.Logging;

namespace Gyre.Tuning;

/// <summary>Trains one trial on data in memory and measures it; in whatever process.</summary>
sealed class TrialWork(SearchSpace space, TuningObjective objective)
{
    /// <summary>Trains as asked.</summary>
    /// <exception cref="InvalidDataException">The data or the options do not allow it, the same each time.</exception>
    public TrialOutcome Do(TrialRequest request, TrialData data, WorkerSettings settings, ILogger log, Action<Progress> report, CancellationToken cancellationToken)
    {
        var trainer = space.With(request.Options);
        var (train, watched) = request.OnEval ? (data.All, data.Eval) : (data.Some(request.Budget.Rows), data.HeldBack);
        TrainingData.RequireLearnable(data.Features, data.Label, train, request.OnEval ? "train" : "train, without what is held back");
        var (stopped, most, first, hasTaught) = (false, (int?)null, (int?)null, false);
        using var learnt = trainer.Train(
            new TrainingInput
            {
                Features = data.Features,
                Label = data.Label,
                Train = train,
                Eval = watched,
                Threads = settings.Threads,
                TemporaryDirectory = settings.TemporaryDirectory,
                Log = log,
                Report = progress =>
                {
                    most = progress.Epochs ?? most;
                    hasTaught |= progress.Epoch is not null;
                    report(progress);
                },
                ResumeDirectory = request.Resume is null ? null : Directory.CreateDirectory(request.Resume).FullName,
                GoOn = epoch =>
                {
                    // A trainer that goes on from a checkpoint asks before it has taught anything.
                    first ??= hasTaught ? 0 : epoch.Epoch;
                    stopped = epoch.Epoch >= request.Budget.Epochs && epoch.Epoch < (most ?? int.MaxValue);
                    return !stopped;
                },
            },
            cancellationToken);
        return new TrialOutcome
        {
            Loss = TrialScore.LossOf(objective, data.Label, watched, learnt.Predict(watched)) is var loss && double.IsFinite(loss) ? loss : null,
            Epochs = learnt.Epochs,
            Rows = train.Rows,
            TakenOver = first >= request.Before ? request.Before : 0,
            IsFinal = !stopped && request.Budget.Rows >= 1,
        };
    }
}
