using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Gyre.Runners;

/// <summary>Writes what an execution has to say into its file, a line each: time, level, message.</summary>
sealed class ExecutionLog : ILogger, IDisposable
{
    readonly TimeProvider _time;
    readonly StreamWriter _writer;
    readonly Lock _lock = new();

    public ExecutionLog(string path, TimeProvider time)
    {
        _time = time;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _writer = new StreamWriter(path, append: true) { AutoFlush = true };
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var time = _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        lock (_lock)
        {
            _writer.WriteLine($"{time} {logLevel.ToString().ToLowerInvariant()} {formatter(state, exception)}");
            if (exception is not null)
                _writer.WriteLine(exception);
        }
    }

    public void Dispose() => _writer.Dispose();
}
