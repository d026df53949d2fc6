using System.Net;
using Gyre.Onnx;
using Gyre.Tests.Onnx;

namespace Gyre.Serving.Tests;

public sealed class HotSwitchTests
{
    const string One = """{"instances": [{"amount": 1}]}""";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Versions_change_under_load_without_a_failed_request_or_a_wrong_answer(int kept)
    {
        await using var server = await RunningServer.StartAsync(configure: options => options with { VersionsKept = kept });
        var seen = new List<string>[4];
        var pushing = true;

        async Task LoopAsync(int client)
        {
            seen[client] = [];
            while (Volatile.Read(ref pushing) || seen[client].Count < 250)
            {
                var (predictions, version) = await server.PredictAsync(One);

                // Each version has its own answer, so an answer under another version's name would show.
                predictions[0].ShouldBe(SmallModel.Predict(float.Parse(version, System.Globalization.CultureInfo.InvariantCulture), 0, 1, null), 1e-6f);
                seen[client].Add(version);
            }
        }

        var loops = Enumerable.Range(0, 4).Select(client => Task.Run(() => LoopAsync(client))).ToList();
        for (var version = 2; version <= 6; version++)
        {
            server.Push(version, version);
            await server.UntilAsync(versions => versions[0] == ($"{version}", "AVAILABLE", ""));
        }

        Volatile.Write(ref pushing, value: false);
        await Task.WhenAll(loops);

        seen.Sum(list => list.Count).ShouldBeGreaterThanOrEqualTo(1000);
        foreach (var list in seen)
        {
            list[^1].ShouldBe("6");
            list.Select(version => version[0]).ShouldBeInOrder();
        }

        seen.SelectMany(list => list).Distinct().Count().ShouldBeGreaterThan(2);
        await server.UntilAsync(versions => versions.Select(version => version.Version).SequenceEqual(new[] { "6", "5" }.Take(kept)));
        server.Log.Lines.ShouldAllBe(line => !line.StartsWith("Error", StringComparison.Ordinal));
        server.Log.Lines.ShouldContain(line => line.Contains("Version 1 of 'small' is unloaded"));
    }

    [Fact]
    public async Task A_request_that_has_its_version_is_answered_by_it_though_it_is_replaced_meanwhile()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var server = await RunningServer.StartAsync(configure: options => options with { VersionsKept = 1, MaxConcurrentRuns = 1 });
        using var computing = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var blocker = Task.Run(
            () => server.Limiter.RunAsync(
                () =>
                {
                    computing.Set();
                    return go.Wait(TimeSpan.FromSeconds(60), cancel);
                },
                cancel),
            cancel);
        computing.Wait(cancel);
        var request = server.PredictAsync(One);
        while (server.Limiter.Waiting == 0)
            await Task.Delay(1, cancel);

        server.Push(2, 2f);
        await server.UntilAsync(versions => versions[0] == ("2", "AVAILABLE", ""));
        await server.UntilAsync(versions => versions[^1] == ("1", "UNLOADING", ""));
        request.IsCompleted.ShouldBeFalse();
        go.Set();

        var (predictions, version) = await request;
        version.ShouldBe("1");
        predictions[0].ShouldBe(SmallModel.Predict(1, 0, 1, null), 1e-6f);
        (await blocker).ShouldBeTrue();
        await server.UntilAsync(versions => versions.Count == 1);
    }

    [Fact]
    public async Task A_version_asked_for_by_number_stays_while_it_is_among_the_newest()
    {
        await using var server = await RunningServer.StartAsync();
        server.Push(2, 2f);
        await server.UntilAsync(versions => versions.Count == 2 && versions.All(version => version.State == "AVAILABLE"));
        (await server.PredictAsync(One, "/v1/models/small/versions/1:predict")).Version.ShouldBe("1");

        server.Push(3, 3f);
        await server.UntilAsync(versions => versions.Select(version => version.Version).SequenceEqual(["3", "2"]));

        (await server.AskAsync("/v1/models/small/versions/1:predict", One)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("model.onnx", "not a model", "cannot load")]
    [InlineData("model.onnx", "", "cannot load")]
    [InlineData("signature.json", "{", "signature")]
    [InlineData("signature.json", """{"format":1,"inputs":[],"label":{"column":"c","positive":[]},"operators":[]}""", "model.onnx reads amount (number), kind (text)")]
    [InlineData("model.onnx", null, "model.onnx")]
    [InlineData("signature.json", null, "signature.json")]
    public async Task A_broken_version_is_reported_and_the_one_before_goes_on_answering(string file, string? content, string fragment)
    {
        await using var server = await RunningServer.StartAsync();
        var temporary = Path.Combine(server.Directory, "small", ".tmp-2");
        SmallModel.Save(temporary, 2f);
        if (content is null)
            File.Delete(Path.Combine(temporary, file));
        else
            File.WriteAllText(Path.Combine(temporary, file), content);
        Directory.Move(temporary, Path.Combine(server.Directory, "small", "2"));

        await server.UntilAsync(versions => versions[0].State == "END");

        (await server.VersionsAsync())[0].Error.ShouldContain(fragment);
        (await server.VersionsAsync())[1].ShouldBe(("1", "AVAILABLE", ""));
        (await server.PredictAsync(One)).Version.ShouldBe("1");
        server.Log.Lines.ShouldContain(line => line.StartsWith("Error: Version 2 of 'small' cannot be loaded", StringComparison.Ordinal));
        (await server.AskAsync("/v1/models/small/versions/2:predict", One)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);

        // A broken version takes no place among the newest, and a good one after it takes over.
        server.Push(3, 3f);
        await server.UntilAsync(versions => versions[0] == ("3", "AVAILABLE", ""));
        (await server.VersionsAsync()).Select(version => (version.Version, version.State)).ShouldBe([("3", "AVAILABLE"), ("2", "END"), ("1", "AVAILABLE")]);
        server.Log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_broken_version_that_is_mended_is_loaded()
    {
        await using var server = await RunningServer.StartAsync();
        var path = Path.Combine(server.Directory, "small", "2");
        Directory.CreateDirectory(path);
        await server.UntilAsync(versions => versions[0].State == "END");

        SmallModel.Graph(2f).Save(Path.Combine(path, "model.onnx"));
        ModelSignature.Of(SmallModel.Graph(2f), SmallModel.Label).Save(Path.Combine(path, ModelSignature.FileName));

        await server.UntilAsync(versions => versions[0] == ("2", "AVAILABLE", ""));
        (await server.PredictAsync(One)).Version.ShouldBe("2");
    }

    [Fact]
    public async Task A_version_whose_content_is_replaced_is_loaded_again_and_kept_when_the_new_content_is_broken()
    {
        await using var server = await RunningServer.StartAsync();
        var path = Path.Combine(server.Directory, "small", "1");
        File.WriteAllText(Path.Combine(path, "model.onnx"), "broken");
        await server.UntilAsync(versions => versions[0].Error.Length > 0);
        (await server.VersionsAsync())[0].State.ShouldBe("AVAILABLE");
        (await server.PredictAsync(One)).Predictions[0].ShouldBe(SmallModel.Predict(1, 0, 1, null), 1e-6f);

        SmallModel.Graph(5f).Save(Path.Combine(path, "model.onnx"));
        await server.UntilAsync(versions => versions[0].Error.Length == 0);

        (await server.PredictAsync(One)).Predictions[0].ShouldBe(SmallModel.Predict(5, 0, 1, null), 1e-6f);
    }

    [Fact]
    public async Task A_version_that_is_taken_away_gives_way_to_the_one_before_and_the_last_to_none()
    {
        await using var server = await RunningServer.StartAsync(directory =>
        {
            RunningServer.Push(directory, 1, 1f);
            RunningServer.Push(directory, 2, 2f);
        });

        Directory.Delete(Path.Combine(server.Directory, "small", "2"), recursive: true);
        await server.UntilAsync(versions => versions.Count == 1);
        (await server.PredictAsync(One)).Version.ShouldBe("1");

        Directory.Delete(Path.Combine(server.Directory, "small"), recursive: true);
        await server.UntilAsync(versions => versions.Count == 0);
        (await server.AskAsync("/v1/models/small:predict", One)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await server.AskAsync("/v2/health/ready")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Directories_whose_names_are_no_whole_numbers_are_no_versions()
    {
        await using var server = await RunningServer.StartAsync(directory =>
        {
            RunningServer.Push(directory, 9, 1f);
            foreach (var name in new[] { "10x", "011", "-12", "1.5", "latest", ".tmp-13" })
                SmallModel.Save(Path.Combine(directory, "small", name), 1f);
            SmallModel.Save(Path.Combine(directory, ".hidden", "1"), 1f);
        });

        (await server.VersionsAsync()).ShouldBe([("9", "AVAILABLE", "")]);
        (await server.AskAsync("/v1/models/half")).Body.RootElement.GetProperty("error").GetString()!.ShouldContain("Models here: small.");
    }

    [Fact]
    public async Task A_server_over_an_empty_directory_waits_for_its_first_model()
    {
        await using var server = await RunningServer.StartAsync(_ => { });
        (await server.AskAsync("/v2/health/ready")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await server.AskAsync("/v2/health/live")).Status.ShouldBe(HttpStatusCode.OK);
        (await server.AskAsync("/v1/models/small:predict", One)).Body.RootElement.GetProperty("error").GetString()!.ShouldContain("No model has been pushed yet");

        server.Push(1, 1f);
        await server.UntilAsync(versions => versions.Count == 1 && versions[0].State == "AVAILABLE");

        (await server.PredictAsync(One)).Version.ShouldBe("1");
        (await server.AskAsync("/v2/health/ready")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_model_without_the_output_that_is_served_is_refused()
    {
        await using var server = await RunningServer.StartAsync(directory => OneColumn.Push(directory, output: "score"));

        (await server.VersionsAsync())[0].Error.ShouldContain("Expected 'probability'");
    }
}
