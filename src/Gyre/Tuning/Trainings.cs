using System.Text.Json;
using Gyre.Pipelines;
using Microsoft.Extensions.Logging;

namespace Gyre.Tuning;

/// <summary>
/// Trains for a search, each training once: results are kept under all that they depend on, as soon as they are there, and found again by
/// searches that were cut off, or that share trials. Trains in processes of their own where the runner can start some.
/// </summary>
sealed class Trainings : IDisposable
{
    const string Format = "trial v1";

    /// <summary>A process may die of something that passes, such as memory that others used.</summary>
    const int MostStarts = 2;

    readonly TuneModel _search;
    readonly Execution _execution;
    readonly string _identity;
    readonly TrialData _data;
    volatile IWorkerProcesses? _processes;
    readonly IWorkerProcess?[] _running;

    /// <param name="search">Whose trainings they are.</param>
    /// <param name="execution">Where results are kept and processes come from.</param>
    /// <param name="identity">The fingerprints of the data.</param>
    /// <param name="data">The data, for trainings in this process.</param>
    public Trainings(TuneModel search, Execution execution, string identity, TrialData data)
    {
        (_search, _execution, _identity, _data) = (search, execution, identity, data);
        Workers = Math.Clamp(search.Parallel, 1, Math.Max(1, execution.Threads));
        _processes = search.InProcess ? null : execution.Processes;
        _running = new IWorkerProcess?[Workers];
    }

    /// <summary>How many trainings may run at once: no more than there are threads.</summary>
    public int Workers { get; }

    /// <summary>What each may use, so that together they use no more than the execution may.</summary>
    int ThreadsEach => Math.Max(1, _execution.Threads / Workers);

    /// <summary>Trains, unless that has been done before.</summary>
    /// <returns>What came of it, and whether it was there already.</returns>
    public async Task<(TrialOutcome Outcome, bool Reused)> TrainAsync(TrialRequest request, int worker, CancellationToken cancellationToken)
    {
        var reused = true;
        try
        {
            var directory = await Task.Run(
                () => _execution.Memo(KeyOf(request), target =>
                {
                    reused = false;
                    var outcome = TrainAnywhereAsync(request, worker, cancellationToken).GetAwaiter().GetResult();
                    File.WriteAllText(Path.Combine(target, "outcome.json"), JsonSerializer.Serialize(outcome, TrialJson.Options) + "\n");
                }),
                cancellationToken);
            var kept = JsonSerializer.Deserialize<TrialOutcome>(await File.ReadAllBytesAsync(Path.Combine(directory, "outcome.json"), cancellationToken), TrialJson.Options)!;
            if (kept.IsFinal && Directory.Exists(request.Resume))
                Directory.Delete(request.Resume, recursive: true);
            return (kept, reused);
        }
        catch (Exception error) when (error is not OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // A trial may ask for what a trainer cannot do; that ends the trial, not the search, and nothing of it is kept.
            _execution.Log.LogWarning(error, "A training with {Options} failed", request.Options.ToJsonString());
            return (new TrialOutcome { Error = error.Message, IsFinal = true }, false);
        }
    }

    public void Dispose()
    {
        foreach (var process in _running)
            process?.Dispose();
    }

    /// <summary>All that the outcome depends on.</summary>
    string KeyOf(TrialRequest request)
    {
        var trainer = _search.Space.With(request.Options);
        return string.Join('\n', Format, CodeIdentity.Of(_search, [trainer]), ParameterJson.Write(trainer, trainer.GetType())!.ToJsonString(SpecJson.Compact),
            _identity, _search.TrainSplit, request.OnEval ? _search.EvalSplit : FormattableString.Invariant($"held back {_search.HeldBack:R} by {_search.Seed}"),
            _search.Objective, JsonSerializer.Serialize(request.Budget, TrialJson.Options), request.Before);
    }

    TrialOutcome TrainHere(TrialRequest request, int worker, CancellationToken cancellationToken) => new TrialWork(_search.Space, _search.Objective).Do(
        request, _data, SettingsOf(worker), _execution.Log, _ => { }, cancellationToken);

    async Task<TrialOutcome> TrainAnywhereAsync(TrialRequest request, int worker, CancellationToken cancellationToken)
    {
        for (var start = 1; ; start++)
        {
            if (_processes is not { } processes)
                return TrainHere(request, worker, cancellationToken);
            try
            {
                var process = _running[worker] ??= processes.Start(SettingsOf(worker));
                return JsonSerializer.Deserialize<TrialOutcome>(await process.DoAsync(request.ToJson(), cancellationToken), TrialJson.Options)!;
            }
            catch (WorkerDiedException died)
            {
                _running[worker]?.Dispose();
                _running[worker] = null;
                if (!died.WasReady)
                {
                    _execution.Log.LogWarning("{Message} Trainings go on in this process.", died.Message);
                    _processes = null;
                    continue;
                }

                if (start == MostStarts)
                    throw;
                _execution.Log.LogWarning("{Message} It is started once more.", died.Message);
            }
        }
    }

    WorkerSettings SettingsOf(int worker)
    {
        var directory = Path.Combine(_execution.TemporaryDirectory, FormattableString.Invariant($"worker-{worker}"));
        Directory.CreateDirectory(directory);
        return new WorkerSettings(ThreadsEach, directory);
    }
}
