using System.Runtime.InteropServices;

namespace Gyre.Cli;

/// <summary>
/// Turns Ctrl-C and SIGTERM into a cancellation, so that work in hand is put away cleanly. A second Ctrl-C ends the
/// process at once; what it leaves behind the next run clears up.
/// </summary>
sealed class StopSignals : IDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly List<PosixSignalRegistration> _registrations = [];

    PosixSignal? _first;

    public StopSignals()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>For engines, which want to know who stopped the process: 143 when it was SIGTERM, otherwise 130.</summary>
    public int EngineExitCode => _first == PosixSignal.SIGTERM ? ExitCodes.Terminated : ExitCodes.Interrupted;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    void Handle(PosixSignalContext context)
    {
        var again = _first == PosixSignal.SIGINT && context.Signal == PosixSignal.SIGINT;
        _first ??= context.Signal;
        context.Cancel = !again;
        if (!again)
            _stop.Cancel();
    }
}
