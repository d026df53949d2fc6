namespace Gyre.Tuning;

/// <summary>
/// Trains what a planner asks for, several at once. What the planner sees does not depend on which training happens to end first: when it
/// chooses the n-th, it sees the results of those up to n − <paramref name="parallel"/>, no more and no less, however many run at once. So a
/// search ends the same on every machine.
/// </summary>
/// <param name="planner">Says what comes next.</param>
/// <param name="parallel">How many trainings may be under way while the next is chosen.</param>
/// <param name="workers">How many run at once, at most <paramref name="parallel"/>.</param>
/// <param name="train">Trains, with the number of the worker that does so, from 0.</param>
sealed class SearchLoop(ITrialPlanner planner, int parallel, int workers, Func<TrialJob, int, CancellationToken, Task<TrialOutcome>> train)
{
    readonly List<Task<TrialResult?>> _slots = [];
    readonly Stack<int> _free = new(Enumerable.Range(0, workers).Reverse());
    readonly Lock _lock = new();

    /// <summary>How many slots in a row had nothing to do; as many as may be under way, and all results have been seen.</summary>
    int _idle;

    /// <summary>All results, in the order in which their trainings were asked for.</summary>
    public async Task<IReadOnlyList<TrialResult>> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var room = new SemaphoreSlim(workers);
        try
        {
            while (await NextAsync(room, stop.Token))
            {
                // Each turn fills one slot.
            }

            return [.. (await Task.WhenAll(_slots)).OfType<TrialResult>()];
        }
        catch
        {
            await stop.CancelAsync();
            await Task.WhenAll(_slots).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }

    /// <returns>False when nothing is left to do.</returns>
    async Task<bool> NextAsync(SemaphoreSlim room, CancellationToken cancellationToken)
    {
        var seen = new List<TrialResult>();
        if (planner.LooksAtResults)
        {
            foreach (var slot in _slots.Take(_slots.Count - parallel + 1))
            {
                if (await slot is { } result)
                    seen.Add(result);
            }
        }

        await room.WaitAsync(cancellationToken);
        if (_slots.Find(slot => slot.IsFaulted || slot.IsCanceled) is { } broken)
            await broken;
        if (planner.Next(seen) is { } job)
        {
            _idle = 0;
            _slots.Add(TrainAsync(job, room, cancellationToken));
            return true;
        }

        // Nothing to do now; what is still under way may change that. Once nothing is, the search is over.
        room.Release();
        if (!planner.LooksAtResults)
            return false;
        _slots.Add(Task.FromResult<TrialResult?>(null));
        return ++_idle < parallel;
    }

    async Task<TrialResult?> TrainAsync(TrialJob job, SemaphoreSlim room, CancellationToken cancellationToken)
    {
        var worker = Take();
        try
        {
            return new TrialResult(job, await train(job, worker, cancellationToken));
        }
        finally
        {
            GiveBack(worker);
            room.Release();
        }
    }

    int Take()
    {
        lock (_lock)
            return _free.Pop();
    }

    void GiveBack(int worker)
    {
        lock (_lock)
            _free.Push(worker);
    }
}
