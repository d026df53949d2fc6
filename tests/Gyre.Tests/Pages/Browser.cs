using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gyre.Tests.Pages;

/// <summary>
/// A Chromium without a window, driven over its DevTools protocol: opens a page, tells what it fetched and what it
/// complained of, and asks it questions. Tests are skipped where no Chromium is installed.
/// </summary>
sealed class Browser : IAsyncDisposable
{
    const string Announcement = "DevTools listening on ";

    static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process _process;
    readonly DirectoryInfo _profile;
    readonly ClientWebSocket _socket = new();
    readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _answers = new();
    readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    int _calls;
    string? _session;
    Task _listening = Task.CompletedTask;

    Browser(Process process, DirectoryInfo profile) => (_process, _profile) = (process, profile);

    /// <summary>Everything that the page asked the network or the disk for, the page itself included.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Errors and warnings of the console, uncaught exceptions, and breaches of the page's own policy.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    public static async Task<Browser> OpenAsync(string file, int width = 1400, bool scripted = true)
    {
        var executable = Executable();
        Assert.SkipWhen(executable is null, "skipped: no chromium");
        var profile = Directory.CreateTempSubdirectory("gyre-chromium-");
        var process = Process.Start(new ProcessStartInfo(executable!)
        {
            ArgumentList =
            {
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}",
                string.Create(CultureInfo.InvariantCulture, $"--window-size={width},1000"),
            },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var browser = new Browser(process, profile);
        try
        {
            await browser.LoadAsync(file, scripted).WaitAsync(Patience, TestContext.Current.CancellationToken);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonNode?> AskAsync(string expression)
    {
        var answer = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        return answer["exceptionDetails"] is { } problem ? throw new InvalidOperationException($"{expression}: {problem.ToJsonString()}") : answer["result"]?["value"]?.DeepClone();
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _listening;
        _socket.Dispose();
        _process.Dispose();
        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child that is still dying may write once more; the folder is temporary anyway.
        }
    }

    static string? Executable() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    async Task LoadAsync(string file, bool scripted)
    {
        await _socket.ConnectAsync(await AddressAsync(), TestContext.Current.CancellationToken);
        _listening = ListenAsync();
        var target = await CallAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        var attached = await CallAsync("Target.attachToTarget", new JsonObject { ["targetId"] = target["targetId"]!.DeepClone(), ["flatten"] = true });
        _session = attached["sessionId"]!.GetValue<string>();
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" })
            await CallAsync($"{domain}.enable");
        if (!scripted)
            await CallAsync("Emulation.setScriptExecutionDisabled", new JsonObject { ["value"] = true });
        await CallAsync("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri });
        await _loaded.Task;
    }

    /// <summary>Where the browser listens; it says so on standard error, which is read on for as long as it lives.</summary>
    Task<Uri> AddressAsync()
    {
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
                address.TrySetException(new InvalidOperationException("Chromium ended before it said where it listens."));
            else if (line.Data.StartsWith(Announcement, StringComparison.Ordinal))
                address.TrySetResult(new Uri(line.Data[Announcement.Length..]));
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        return address.Task;
    }

    async Task<JsonNode> CallAsync(string method, JsonObject? parameters = null)
    {
        var id = Interlocked.Increment(ref _calls);
        var answer = _answers[id] = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (_session is not null)
            call["sessionId"] = _session;
        await _socket.SendAsync(Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
        return await answer.Task.WaitAsync(Patience);
    }

    async Task ListenAsync()
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        try
        {
            while (_socket.State == WebSocketState.Open)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                message.Write(buffer, 0, received.Count);
                if (!received.EndOfMessage)
                    continue;
                Take(JsonNode.Parse(message.ToArray())!);
                message.SetLength(0);
            }
        }
        catch (Exception error) when (error is WebSocketException or IOException or JsonException)
        {
            // The browser was ended; whoever still waits for an answer is told by its patience.
            return;
        }
    }

    void Take(JsonNode message)
    {
        if (message["id"]?.GetValue<int>() is { } id)
        {
            if (_answers.TryRemove(id, out var answer))
                answer.SetResult(message["result"] ?? new JsonObject { ["exceptionDetails"] = message["error"]?.DeepClone() });
            return;
        }

        var parameters = message["params"];
        switch (message["method"]?.GetValue<string>())
        {
            case "Page.loadEventFired":
                _loaded.TrySetResult();
                break;
            case "Network.requestWillBeSent":
                Requests.Enqueue(parameters!["request"]!["url"]!.GetValue<string>());
                break;
            case "Runtime.exceptionThrown":
                Complaints.Enqueue(parameters!.ToJsonString());
                break;
            case "Runtime.consoleAPICalled" or "Log.entryAdded":
                Complaints.Enqueue(parameters!.ToJsonString());
                break;
        }
    }
}
