using System.Collections.Concurrent;
using Gyre.Pipelines;
using Gyre.Runners;

namespace Gyre.Cli.Alerting;

/// <summary>
/// Watches a run and sends alerts beside it. Nothing waits for them but the end of the program, and that only for a while;
/// whatever goes wrong with them is a warning.
/// </summary>
sealed class AlertDispatcher(Home home, IReadOnlyList<Alert> alerts) : IDisposable
{
    readonly AlertSender _sender = new(home.Time);
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentQueue<Task<AlertResult>> _sending = new();

    RunStarted? _run;

    /// <summary>How long the end of the program waits for alerts that are on their way.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(15);

    public void Dispose()
    {
        _stop.Dispose();
        _sender.Dispose();
    }

    /// <summary>To be told of every event, from any thread.</summary>
    public void Take(RunEvent happened)
    {
        if (happened is RunStarted started)
            _run = started;
        if (alerts.Count == 0 || happened is not NodeEnded { Outcome: var outcome } || _run is not { } run)
            return;
        foreach (var alert in alerts)
            _sending.Enqueue(Task.Run(() => SendAsync(alert, run, outcome)));
    }

    /// <summary>Waits for what is on its way, but not for ever, and says what became of it all.</summary>
    public async Task<IReadOnlyList<AlertResult>> FinishAsync()
    {
        var all = Task.WhenAll(_sending);
        try
        {
            await all.WaitAsync(LongestWait, home.Time);
        }
        catch (TimeoutException)
        {
            await _stop.CancelAsync();
        }

        return [.. (await all).Where(result => result.Attempts > 0 || result.Error is not null)];
    }

    async Task<AlertResult> SendAsync(Alert alert, RunStarted run, NodeOutcome outcome)
    {
        try
        {
            return AlertMessages.Of(home, run, outcome, alert.On, alert.IncludeValues) is { } message
                ? await _sender.SendAsync(alert, message, _stop.Token)
                : new AlertResult(alert.Name, outcome.NodeId, AlertOn.None, Sent: false, 0, null);
        }
        catch (Exception error)
        {
            // An alert must never harm the run that it tells of.
            return new AlertResult(alert.Name, outcome.NodeId, alert.On, Sent: false, 0, error.Message);
        }
    }
}
