using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Gyre.Pipelines;

namespace Gyre.Cli.Alerting;

/// <summary>What became of an alert.</summary>
/// <param name="To">Whom it was for.</param>
/// <param name="Node">The node that it tells of.</param>
/// <param name="Kind">What it tells.</param>
/// <param name="Sent">Whether it arrived.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Error">Why it did not arrive; null when it did.</param>
sealed record AlertResult(string To, string Node, AlertOn Kind, bool Sent, int Attempts, string? Error);

/// <summary>Sends one alert, again when that may help.</summary>
sealed class AlertSender(TimeProvider time) : IDisposable
{
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    readonly HttpClient _http = new() { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

    public void Dispose() => _http.Dispose();

    /// <summary>Failures are results, not exceptions.</summary>
    public async Task<AlertResult> SendAsync(Alert alert, AlertMessage message, CancellationToken cancellation)
    {
        AlertResult Result(int attempts, string? error) => new(alert.Name, message.Node, message.Kind, error is null, attempts, error);
        var pause = alert.FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            var (error, isFinal, wait) = await TryAsync(alert, message, cancellation);
            if (error is null || isFinal || attempt >= alert.Attempts)
                return Result(attempt, error);
            try
            {
                await Task.Delay(Shorter(wait ?? pause, LongestPause), time, cancellation);
            }
            catch (OperationCanceledException)
            {
                return Result(attempt, $"{error} There was no time to try again.");
            }

            pause *= 2;
        }
    }

    static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    async Task<(string? Error, bool IsFinal, TimeSpan? Wait)> TryAsync(Alert alert, AlertMessage message, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(alert.Timeout);
        try
        {
            return alert.Target == AlertTarget.Program
                ? (await RunAsync(alert, message.ToJson(), limit.Token), false, null)
                : await PostAsync(alert, message, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return (string.Create(CultureInfo.InvariantCulture, $"There was no answer within {alert.Timeout.TotalSeconds:0.#} s."), cancellation.IsCancellationRequested, null);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return (error.Message, false, null);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or UriFormatException)
        {
            return (error.Message, true, null);
        }
    }

    async Task<(string? Error, bool IsFinal, TimeSpan? Wait)> PostAsync(Alert alert, AlertMessage message, CancellationToken cancellation)
    {
        var address = alert.Target == AlertTarget.Variable ? Environment.GetEnvironmentVariable(alert.Value) : alert.Value;
        if (string.IsNullOrWhiteSpace(address))
            return ($"The environment variable {alert.Value} is not set. Set it to the address of the webhook.", true, null);
        if (!(Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            return ($"{alert.Value} holds no address. Expected an absolute one that begins with http:// or https://.", true, null);
        using var content = new StringContent(alert.IsSlack ? message.ToSlack() : message.ToJson(), Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(url, content, cancellation);
        if (response.IsSuccessStatusCode)
            return (null, true, null);
        var canChange = (int)response.StatusCode >= 500 || response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;
        return (string.Create(CultureInfo.InvariantCulture, $"The answer was {(int)response.StatusCode} {response.ReasonPhrase}."), !canChange, response.Headers.RetryAfter?.Delta);
    }

    static async Task<string?> RunAsync(Alert alert, string json, CancellationToken cancellation)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(alert.Value, alert.Arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            },
        };
        process.Start();
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            await WriteAsync(process, json, cancellation);
            await process.WaitForExitAsync(cancellation);
            await output;
            var said = (await errors).Trim();
            return process.ExitCode == 0 ? null
                : string.Create(CultureInfo.InvariantCulture, $"It exited with {process.ExitCode}{(said.Length == 0 ? "" : $": {said[..Math.Min(said.Length, 200)]}")}.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>A program need not read what it is told.</summary>
    static async Task WriteAsync(Process process, string json, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(json.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Its exit code tells whether it has understood.
        }
    }
}
