namespace Gyre.Serving;

/// <summary>
/// Lets as many requests compute at once as there are processors, and a bounded number wait: more would only take memory
/// and make all of them late.
/// </summary>
sealed class RunLimiter(ServingOptions options) : IDisposable
{
    readonly SemaphoreSlim _free = new(options.MaxConcurrentRuns);
    int _waiting;

    /// <summary>How many are waiting now.</summary>
    internal int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Computes when it is this caller's turn.</summary>
    /// <exception cref="ServingException">Too many are waiting already.</exception>
    public async Task<T> RunAsync<T>(Func<T> compute, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        try
        {
            return compute();
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();

    async Task EnterAsync(CancellationToken cancellationToken)
    {
        if (await _free.WaitAsync(TimeSpan.Zero, cancellationToken))
            return;
        try
        {
            if (Interlocked.Increment(ref _waiting) > options.MaxWaiting)
                throw new ServingException(ServingCode.ResourceExhausted, $"{options.MaxWaiting} requests are waiting already. Try again in a second, or send several rows in one request.");
            await _free.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
