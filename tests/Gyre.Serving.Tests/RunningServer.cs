using System.Net;
using System.Text;
using System.Text.Json;
using Gyre.Tests.Onnx;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gyre.Serving.Tests;

/// <summary>A model server on a free port of this machine, over a directory of its own, asked through real HTTP.</summary>
sealed class RunningServer : IAsyncDisposable
{
    readonly WebApplication _server;

    RunningServer(string directory, WebApplication server, Uri address, CollectingLog log)
    {
        (Directory, _server, Log) = (directory, server, log);
        Client = new HttpClient { BaseAddress = address };
    }

    public string Directory { get; }

    public HttpClient Client { get; }

    public CollectingLog Log { get; }

    public RunLimiter Limiter => _server.Services.GetRequiredService<RunLimiter>();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RunningServer> StartAsync(Action<string>? prepare = null, Func<ServingOptions, ServingOptions>? configure = null)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("gyre-serving-").FullName;
        (prepare ?? (path => Push(path, 1, 1f)))(directory);
        var log = new CollectingLog();
        var plain = new ServingOptions
        {
            Directory = directory,
            Port = 0,
            PollInterval = TimeSpan.FromMilliseconds(10),
            Logging = logging => logging.AddProvider(log),
        };
        var options = configure?.Invoke(plain) ?? plain;
        var server = ModelServer.Build(options);
        return new RunningServer(directory, server, await ModelServer.StartAsync(server, options, Cancel), log);
    }

    /// <summary>Brings a version into a directory as the registry does: whole, by a rename.</summary>
    public static void Push(string directory, long version, float weight, string name = "small", float bias = 0)
    {
        var temporary = Path.Combine(directory, name, $".tmp-{version}");
        SmallModel.Save(temporary, weight, bias);
        System.IO.Directory.Move(temporary, Path.Combine(directory, name, $"{version}"));
    }

    public void Push(long version, float weight, float bias = 0) => Push(Directory, version, weight, bias: bias);

    public async Task<(HttpStatusCode Status, JsonDocument Body)> AskAsync(string path, string? body = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? (body is null ? HttpMethod.Get : HttpMethod.Post), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await AskAsync(request);
    }

    public async Task<(HttpStatusCode Status, JsonDocument Body)> AskAsync(HttpRequestMessage request)
    {
        using var answer = await Client.SendAsync(request, Cancel);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)));
    }

    /// <summary>The predictions for a body, and the version that made them.</summary>
    public async Task<(float[] Predictions, string Version)> PredictAsync(string body, string path = "/v1/models/small:predict")
    {
        var (status, answer) = await AskAsync(path, body);
        status.ShouldBe(HttpStatusCode.OK, answer.RootElement.ToString());
        var values = answer.RootElement.TryGetProperty("predictions", out var rows) ? rows : answer.RootElement.GetProperty("outputs");
        return ([.. values.EnumerateArray().Select(value => value.GetSingle())], answer.RootElement.GetProperty("model_spec").GetProperty("version").GetString()!);
    }

    /// <summary>The versions of the model with their states, the highest first.</summary>
    public async Task<IReadOnlyList<(string Version, string State, string Error)>> VersionsAsync()
    {
        var (status, answer) = await AskAsync("/v1/models/small");
        return status != HttpStatusCode.OK ? [] :
        [
            .. answer.RootElement.GetProperty("model_version_status").EnumerateArray().Select(version => (
                version.GetProperty("version").GetString()!, version.GetProperty("state").GetString()!, version.GetProperty("status").GetProperty("error_message").GetString()!)),
        ];
    }

    /// <summary>Asks for the states until they are as wanted; the server looks at its directory a hundred times a second.</summary>
    public async Task UntilAsync(Func<IReadOnlyList<(string Version, string State, string Error)>, bool> wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!wanted(await VersionsAsync()))
            await Task.Delay(5, patience.Token);
    }

    public Task StopAsync() => _server.StopAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}

/// <summary>Keeps what is logged.</summary>
sealed class CollectingLog : ILoggerProvider, ILogger
{
    readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
            _lines.Add($"{logLevel}: {formatter(state, exception)}");
    }

    public void Dispose()
    {
    }
}
