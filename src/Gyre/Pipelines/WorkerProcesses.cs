namespace Gyre.Pipelines;

/// <summary>Starts processes in which a component does parts of its work; runners that can, give an execution such.</summary>
public interface IWorkerProcesses
{
    /// <summary>Starts a process that waits for parts to do.</summary>
    /// <param name="settings">What it may use.</param>
    IWorkerProcess Start(WorkerSettings settings);
}

/// <summary>A process that does parts of a component's work, one after the other. Disposing of it ends it.</summary>
public interface IWorkerProcess : IDisposable
{
    /// <summary>Does a part.</summary>
    /// <param name="part">What to do, in the component's own words.</param>
    /// <param name="cancellationToken">Stops waiting; the process is then of no more use.</param>
    /// <returns>The component's answer.</returns>
    /// <exception cref="InvalidDataException">The component said that it cannot be done.</exception>
    /// <exception cref="WorkerDiedException">The process ended, for example because memory ran out; it is of no more use.</exception>
    Task<string> DoAsync(string part, CancellationToken cancellationToken);
}

/// <summary>What a worker process may use.</summary>
/// <param name="Threads">How many threads, those of native libraries included.</param>
/// <param name="TemporaryDirectory">A directory for intermediate files.</param>
public sealed record WorkerSettings(int Threads, string TemporaryDirectory);

/// <summary>A worker process ended before it had answered.</summary>
/// <param name="message">What is known of it.</param>
/// <param name="wasReady">Whether it had started up; if not, another one would not either.</param>
public sealed class WorkerDiedException(string message, bool wasReady) : Exception(message)
{
    /// <summary>Whether it had started up and died of what it was asked to do.</summary>
    public bool WasReady { get; } = wasReady;
}

/// <summary>A component that can do parts of its work in other processes.</summary>
interface IDividedWork
{
    /// <summary>Does one part. What it needs to know stands in the request; nothing else is there but the component as it was defined.</summary>
    /// <exception cref="InvalidDataException">It cannot be done; the message says why.</exception>
    string Do(string part, WorkerSettings settings, CancellationToken cancellationToken);
}
