using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Gyre.Cli.Alerting;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Testing;

namespace Gyre.Cli.Tests.Alerting;

/// <summary>Against a real listener and real programs.</summary>
public sealed class AlertTests : IDisposable
{
    static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    async Task<IReadOnlyList<AlertResult>> Dispatch(IReadOnlyList<Alert> alerts, NodeOutcome? outcome = null, TimeSpan? wait = null)
    {
        using var dispatcher = new AlertDispatcher(_home.Home, alerts) { LongestWait = wait ?? TimeSpan.FromSeconds(60) };
        dispatcher.Take(new RunStarted("r7", "churn", ["train"]));
        dispatcher.Take(new NodeEnded(outcome ?? new NodeOutcome("train", NodeState.Failed, 12, "first run", "Line 3 of secret.csv holds 'Jane'. Correct it.", 0.1)));
        return await dispatcher.FinishAsync();
    }

    [Fact]
    public async Task A_failure_is_posted_as_json_without_values_of_the_data()
    {
        using var listener = new Listener(_ => 200);

        var result = (await Dispatch([Alert.Webhook(listener.Url)])).ShouldHaveSingleItem();

        result.ShouldBe(new AlertResult("webhook at 127.0.0.1", "train", AlertOn.Failures, Sent: true, 1, null));
        var body = JsonDocument.Parse(listener.Bodies.ShouldHaveSingleItem()).RootElement;
        (body.GetProperty("pipeline").GetString(), body.GetProperty("run").GetString(), body.GetProperty("node").GetString(), body.GetProperty("kind").GetString()).ShouldBe(("churn", "r7", "train", "failures"));
        body.GetProperty("next").GetString()!.ShouldContain("logs e12");
        body.ToString().ShouldNotContain("Jane");
    }

    [Fact]
    public async Task Values_are_told_on_request_and_Slacks_markup_is_escaped()
    {
        using var listener = new Listener(_ => 200);

        await Dispatch([Alert.Slack(listener.Url) with { IncludeValues = true }], new NodeOutcome("a<b", NodeState.Failed, 0, "", "Jane & Joe", 0));

        var text = JsonDocument.Parse(listener.Bodies.ShouldHaveSingleItem()).RootElement.GetProperty("text").GetString()!;
        text.ShouldContain("a&lt;b failed.");
        text.ShouldContain("Jane &amp; Joe");
    }

    [Fact]
    public async Task A_listener_that_fails_first_is_asked_again_and_one_that_refuses_is_not()
    {
        using var failing = new Listener(request => request < 3 ? 503 : 200);
        using var refusing = new Listener(_ => 404);

        var results = await Dispatch([Alert.Webhook(failing.Url) with { FirstPause = Soon }, Alert.Webhook(refusing.Url) with { FirstPause = Soon }]);

        results[0].ShouldBe(results[0] with { Sent = true, Attempts = 3 });
        results[1].ShouldBe(results[1] with { Sent = false, Attempts = 1 });
        results[1].Error!.ShouldContain("404");
    }

    [Fact]
    public async Task Nobody_there_is_a_result_and_no_exception()
    {
        var port = Listener.FreePort();

        var result = (await Dispatch([Alert.Webhook($"http://127.0.0.1:{port}/key-in-path") with { Attempts = 2, FirstPause = Soon }])).ShouldHaveSingleItem();

        result.ShouldBe(result with { Sent = false, Attempts = 2 });
        result.ToString().ShouldNotContain("key-in-path");
    }

    [Fact]
    public async Task A_slow_listener_is_waited_for_only_for_a_while()
    {
        using var slow = new Listener(_ => 200) { Delay = TimeSpan.FromSeconds(30) };
        var started = TimeProvider.System.GetTimestamp();

        var result = (await Dispatch([Alert.Webhook(slow.Url)], wait: TimeSpan.FromSeconds(0.3))).ShouldHaveSingleItem();

        result.Sent.ShouldBeFalse();
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Addresses_come_from_the_environment_and_are_missed_by_name()
    {
        using var listener = new Listener(_ => 200);
        Environment.SetEnvironmentVariable("GYRE_TEST_ALERT_URL", listener.Url);

        var results = await Dispatch([Alert.WebhookFrom("GYRE_TEST_ALERT_URL"), Alert.SlackFrom("GYRE_TEST_ALERT_NOT_SET")]);

        results[0].Sent.ShouldBeTrue();
        results[1].ShouldBe(results[1] with { Sent = false, Attempts = 1 });
        results[1].Error!.ShouldContain("GYRE_TEST_ALERT_NOT_SET is not set");
    }

    [Fact]
    public async Task A_program_gets_the_json_on_standard_input()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "skipped: no /bin/sh");
        var file = Path.Combine(_home.Root, "told.json");

        var results = await Dispatch(
        [
            Alert.Command("/bin/sh", "-c", $"cat > '{file}'"),
            Alert.Command("/bin/sh", "-c", "echo no >&2; exit 4") with { Attempts = 2, FirstPause = Soon },
            Alert.Command(Path.Combine(_home.Root, "nothing-here")),
            Alert.Command("/bin/sh", "-c", "sleep 30") with { Attempts = 1, Timeout = TimeSpan.FromSeconds(0.3) },
        ]);

        results.Select(result => result.Sent).ShouldBe([true, false, false, false]);
        JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("run").GetString().ShouldBe("r7");
        results[1].Error!.ShouldContain("exited with 4: no");
        results[1].Attempts.ShouldBe(2);
        results[3].Error!.ShouldContain("no answer within 0.3 s");
    }

    [Fact]
    public async Task Only_what_was_chosen_is_told()
    {
        using var listener = new Listener(_ => 200);
        var all = Alert.Webhook(listener.Url) with { On = AlertOn.ClosedGates | AlertOn.Failures | AlertOn.Warnings };

        (await Dispatch([Alert.Webhook(listener.Url) with { On = AlertOn.ClosedGates }])).ShouldBeEmpty();
        (await Dispatch([all], new NodeOutcome("x", NodeState.Cached, 1, "", null, 0))).ShouldBeEmpty();
        (await Dispatch([all], new NodeOutcome("x", NodeState.Complete, 1, "", null, 0))).ShouldBeEmpty();
        (await Dispatch([all], new NodeOutcome("x", NodeState.Complete, 1, "", null, 0) { ClosedGate = "auc 0.5 is below 0.6" })).ShouldHaveSingleItem().Kind.ShouldBe(AlertOn.ClosedGates);
        listener.Bodies.ShouldHaveSingleItem().ShouldContain("auc 0.5 is below 0.6");
    }

    [Fact]
    public void An_alert_that_cannot_work_is_an_error_of_the_definition()
    {
        var pipeline = new Pipeline("p") { Alerts = [Alert.Webhook("ftp://secret.example/x"), Alert.Command(" "), Alert.SlackFrom("X") with { Attempts = 0 }] };

        var messages = pipeline.Check().Select(error => error.Message).Where(message => message.Contains("alert", StringComparison.Ordinal)).ToList();

        messages.Count.ShouldBe(3);
        messages.ShouldAllBe(message => !message.Contains("secret", StringComparison.Ordinal));
    }

    sealed class Listener : IDisposable
    {
        readonly HttpListener _http = new();
        readonly CancellationTokenSource _stop = new();

        public Listener(Func<int, int> answer)
        {
            Url = $"http://127.0.0.1:{FreePort()}/hook/";
            _http.Prefixes.Add(Url);
            _http.Start();
            _ = Task.Run(() => AnswerAsync(answer));
        }

        public string Url { get; }

        public TimeSpan Delay { get; init; }

        public ConcurrentQueue<string> Bodies { get; } = [];

        public static int FreePort()
        {
            using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            socket.Start();
            return ((IPEndPoint)socket.LocalEndpoint).Port;
        }

        public void Dispose()
        {
            _stop.Cancel();
            _http.Close();
            _stop.Dispose();
        }

        async Task AnswerAsync(Func<int, int> answer)
        {
            try
            {
                for (var request = 1; ; request++)
                {
                    var context = await _http.GetContextAsync();
                    using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                    Bodies.Enqueue(await reader.ReadToEndAsync());
                    await Task.Delay(Delay, _stop.Token);
                    context.Response.StatusCode = answer(request);
                    context.Response.Close();
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
            {
                // The test is over.
            }
        }
    }
}
