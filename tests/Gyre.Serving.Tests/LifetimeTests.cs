using System.Net;
using System.Net.Sockets;
using System.Text;
using Gyre.Data;
using Microsoft.Extensions.Logging;

namespace Gyre.Serving.Tests;

public sealed class LifetimeTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("gyre-serving-").FullName;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Run_tells_its_address_and_ends_when_cancelled()
    {
        RunningServer.Push(_directory, 1, 1f);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var started = new TaskCompletionSource<Uri>();
        var running = ModelServer.RunAsync(Options() with { OnStarted = started.SetResult }, stop.Token);

        var address = await started.Task.WaitAsync(Cancel);
        address.Host.ShouldBe("127.0.0.1");
        using var client = new HttpClient { BaseAddress = address };
        (await client.GetAsync("/healthz", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await stop.CancelAsync();

        await running.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync("/healthz", Cancel));
    }

    [Fact]
    public async Task A_request_under_way_is_answered_though_the_server_is_told_to_stop()
    {
        await using var server = await RunningServer.StartAsync();
        var body = """{"instances": [{"amount": 1}]}""";
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port, Cancel);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/models/small:predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body[..10]}"), Cancel);

        // The server has the request's head once it answers another that was sent later.
        await server.PredictAsync(body);
        var stopping = server.StopAsync();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(body[10..]), Cancel);

        using var reader = new StreamReader(stream, Encoding.ASCII);
        (await reader.ReadToEndAsync(Cancel)).ShouldStartWith("HTTP/1.1 200 OK");
        await stopping;
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_the_cure()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        using var log = new CollectingLog();
        var options = Options() with { Port = ((IPEndPoint)other.LocalEndpoint).Port, Logging = logging => logging.AddProvider(log) };
        await using var server = ModelServer.Build(options);

        var error = await Should.ThrowAsync<IOException>(() => ModelServer.StartAsync(server, options, Cancel));

        error.Message.ShouldContain($"Port {options.Port} of 127.0.0.1");
        error.Message.ShouldContain("choose another port");
        await server.DisposeAsync();
        log.Lines.ShouldAllBe(line => line.StartsWith("Information", StringComparison.Ordinal) || line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_mistake_in_the_options_is_reported_at_once()
    {
        var error = Should.Throw<ArgumentException>(() => ModelServer.Build(new ServingOptions
        {
            Directory = Path.Combine(_directory, "nowhere"),
            Host = "example.invalid",
            Port = 70000,
            PollInterval = TimeSpan.Zero,
            MaxRows = 0,
            MaxBodyBytes = 0,
            VersionsKept = 0,
        }));

        foreach (var fragment in new[] { "nowhere'", "'example.invalid'", "70000", "poll interval", "MaxRows is 0", "MaxBodyBytes is 0", "VersionsKept is 0" })
            error.Message.ShouldContain(fragment);
    }

    [Fact]
    public void The_directory_of_one_model_is_recognised_and_its_parent_asked_for()
    {
        RunningServer.Push(_directory, 1, 1f);

        Should.Throw<ArgumentException>(() => ModelServer.Build(Options() with { Directory = Path.Combine(_directory, "small") })).Message.ShouldContain("give its parent");
        Should.Throw<ArgumentException>(() => ModelServer.Build(Options() with { Directory = Path.Combine(_directory, "small", "1") })).Message.ShouldContain("give its parent");
    }

    [Fact]
    public async Task Only_an_address_of_this_machine_goes_without_a_warning()
    {
        await using (var local = await RunningServer.StartAsync())
            local.Log.Lines.ShouldAllBe(line => !line.Contains("Everyone who can reach"));

        await using var open = await RunningServer.StartAsync(configure: options => options with { Host = "0.0.0.0" });

        open.Log.Lines.ShouldContain(line => line.StartsWith("Warning: Everyone who can reach", StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_requests_than_may_wait_are_refused_and_the_others_are_answered()
    {
        using var limiter = new RunLimiter(Options() with { MaxConcurrentRuns = 1, MaxWaiting = 2 });
        using var computing = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var first = Task.Run(
            () => limiter.RunAsync(
                () =>
                {
                    computing.Set();
                    go.Wait(Cancel);
                    return 1;
                },
                Cancel),
            Cancel);
        computing.Wait(Cancel);
        var second = limiter.RunAsync(() => 2, Cancel);
        var third = limiter.RunAsync(() => 3, Cancel);

        var refused = await Should.ThrowAsync<ServingException>(() => limiter.RunAsync(() => 4, Cancel));

        refused.HttpStatus.ShouldBe(429);
        go.Set();
        (await Task.WhenAll(first, second, third)).ShouldBe([1, 2, 3]);
        (await limiter.RunAsync(() => 5, Cancel)).ShouldBe(5);
    }

    [Fact]
    public void A_retired_version_is_freed_when_its_last_user_leaves_and_not_before()
    {
        RunningServer.Push(_directory, 1, 1f);
        var version = LoadedVersion.Load("small", ModelFolders.Scan(_directory)["small"][0]);
        var freed = false;
        version.TryEnter().ShouldBeTrue();
        version.Retire(() => freed = true);

        freed.ShouldBeFalse();
        version.Predict(new ExampleBatch(1, new Dictionary<string, Array> { ["amount"] = new[] { 1.0 }, ["kind"] = new string?[1] })).Length.ShouldBe(1);
        version.Leave();

        freed.ShouldBeTrue();
        version.TryEnter().ShouldBeFalse();
    }

    ServingOptions Options() => new() { Directory = _directory, Port = 0, Logging = _ => { } };
}
