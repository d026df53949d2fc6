namespace Gyre.Transforms;

/// <summary>Works on a sequence of items by several threads, and hands the results on in the items' order.</summary>
static class OrderedWork
{
    /// <param name="items">Read one after the other, never more ahead than there are threads.</param>
    /// <param name="threads">How many items are worked on at once.</param>
    /// <param name="work">Called by any thread.</param>
    /// <param name="inOrder">Called by one thread at a time, in the order of the items.</param>
    /// <param name="cancellationToken">Stops before the next item.</param>
    public static async Task RunAsync<TItem, TResult>(
        IEnumerable<TItem> items, int threads, Func<TItem, TResult> work, Action<TResult> inOrder, CancellationToken cancellationToken)
    {
        var running = new Queue<Task<TResult>>();
        try
        {
            foreach (var item in items)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (running.Count == threads)
                    inOrder(await running.Dequeue());
                running.Enqueue(Task.Run(() => work(item), cancellationToken));
            }

            while (running.Count > 0)
                inOrder(await running.Dequeue());
        }
        finally
        {
            // After a failure others may still be at work on what the caller is about to dispose of.
            await Task.WhenAll(running).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
