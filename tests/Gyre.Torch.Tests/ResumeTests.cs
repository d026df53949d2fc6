using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Gyre.Testing;
using Gyre.Torch.Layers;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Torch.Tests;

/// <summary>Training that was killed goes on to the very bytes of the undisturbed one.</summary>
public sealed class ResumeTests : IDisposable
{
    const string Directories = "GYRE_TEST_RESUME";
    const string WarmStart = "GYRE_TEST_RESUME_WARM";

    static readonly System.Text.Json.JsonSerializerOptions Json = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    static readonly FeatureSpec[] Features =
        [new("words", FeatureKind.Tokens, 300), new("city", FeatureKind.OneHot, 12), new("shop", FeatureKind.Category, 30), new("price", FeatureKind.Number, 2)];

    readonly string _folder = Directory.CreateTempSubdirectory("gyre-resume-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_process_killed_at_random_steps_ends_in_the_same_bytes(bool goesOnFromAnotherModel)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "kill -9 is a Unix signal.");
        var warm = goesOnFromAnotherModel ? Directory.CreateDirectory(Path.Combine(_folder, "warm")).FullName : null;
        if (warm is not null)
            Fingerprint(null, CancellationToken.None, saveTo: warm);
        var expected = Fingerprint(null, CancellationToken.None, warm: warm);
        if (warm is not null)
            expected.ShouldNotBe(Fingerprint(null, CancellationToken.None));
        var random = new Random(Environment.ProcessId);
        var (trials, kills) = (0, 0);
        for (; trials < 2; trials++)
        {
            var resume = Directory.CreateDirectory(Path.Combine(_folder, trials.ToString(CultureInfo.InvariantCulture))).FullName;
            string? result = null;
            for (var attempt = 0; result is null; attempt++)
            {
                attempt.ShouldBeLessThan(60, "each attempt gets further than the one before it");
                result = RunChild(resume, warm, TimeSpan.FromMilliseconds(random.Next(20, 1200)));
                kills += result is null ? 1 : 0;
            }

            result.ShouldBe(expected, $"trial {trials}, after {kills} kills in all");
        }

        kills.ShouldBeGreaterThan(0);
    }

    /// <summary>What the process that is killed does.</summary>
    [Fact(Explicit = true)]
    public void Child()
    {
        var directory = Environment.GetEnvironmentVariable(Directories);
        Assert.SkipWhen(directory is null, "Only run by the other test.");
        var fingerprint = Fingerprint(directory, CancellationToken.None, warm: Environment.GetEnvironmentVariable(WarmStart));
        File.WriteAllText(Path.Combine(directory, "tmp"), fingerprint);
        File.Move(Path.Combine(directory, "tmp"), Path.Combine(directory, "result"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Stopped_after_any_epoch_and_with_any_distance_of_checkpoints_it_ends_in_the_same_bytes(int steps)
    {
        var expected = Fingerprint(null, CancellationToken.None);
        for (var epoch = 1; epoch <= 4; epoch++)
        {
            var resume = Directory.CreateDirectory(Path.Combine(_folder, $"{steps}-{epoch}")).FullName;
            using var stop = new CancellationTokenSource();
            Should.Throw<OperationCanceledException>(() => Fingerprint(resume, stop.Token, stopAfter: epoch, stop, steps, seconds: steps == 0 ? 0 : 1000));
            File.Exists(Path.Combine(resume, "checkpoint.bin")).ShouldBeTrue();
            Fingerprint(resume, CancellationToken.None, checkpointSteps: steps).ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("changed")]
    [InlineData("other")]
    public void A_checkpoint_that_is_damaged_or_of_another_network_is_not_used(string damage)
    {
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => Fingerprint(_folder, stop.Token, stopAfter: 2, stop, 1));
        var path = Path.Combine(_folder, "checkpoint.bin");
        var bytes = File.ReadAllBytes(path);
        if (damage == "cut")
            bytes = bytes[..^100];
        else if (damage == "changed")
            bytes[5000] ^= 1;
        else
            bytes = [.. BitConverter.GetBytes(99), .. bytes.AsSpan(4, bytes.Length - 36), .. SHA256.HashData([.. BitConverter.GetBytes(99), .. bytes.AsSpan(4, bytes.Length - 36)])];
        File.WriteAllBytes(path, bytes);

        Fingerprint(_folder, CancellationToken.None).ShouldBe(Fingerprint(null, CancellationToken.None));
    }

    static string? RunChild(string resume, string? warm, TimeSpan killAfterFirstCheckpoint)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-explicit", "only", "-method", $"{typeof(ResumeTests).FullName}.{nameof(Child)}", "-noLogo"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment[Directories] = resume;
        if (warm is not null)
            start.Environment[WarmStart] = warm;
        var checkpoint = Path.Combine(resume, "checkpoint.bin");
        var before = File.Exists(checkpoint) ? File.GetLastWriteTimeUtc(checkpoint) : default;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        while (!process.HasExited && (!File.Exists(checkpoint) || File.GetLastWriteTimeUtc(checkpoint) == before))
            Thread.Sleep(5);
        if (!process.WaitForExit(killAfterFirstCheckpoint))
            process.Kill();
        process.WaitForExit();
        var result = Path.Combine(resume, "result");
        if (!File.Exists(result) && process.ExitCode != 137)
            throw new InvalidOperationException($"The child ended with {process.ExitCode}: {output.GetAwaiter().GetResult()}{errors.GetAwaiter().GetResult()}");
        return File.Exists(result) ? File.ReadAllText(result) : null;
    }

    /// <returns>A digest of the model's ONNX file and its curve.</returns>
    static string Fingerprint(
        string? resume, CancellationToken cancellationToken, int stopAfter = 0, CancellationTokenSource? stop = null, int checkpointSteps = 1, double seconds = 1000,
        string? warm = null, string? saveTo = null)
    {
        var source = new MadeUpFeatures(Features, seed: 3);
        var (train, eval) = (source.Make(900, out _), source.Make(200, out _));
        var trainer = new NeuralNetwork
        {
            Epochs = 6,
            BatchSize = 50,
            LearningRate = 0.02,
            WeightDecay = 0.01,
            ClipNorm = 0.5,
            EarlyStopping = 3,
            Watch = WatchedMetric.Auc,
            Sampling = Sampling.Over,
            ClassWeights = ClassWeights.Of(("yes", 2)),
            Schedule = LearningRateSchedule.Cosine(warmUpEpochs: 0.5),
            CheckpointSteps = checkpointSteps,
            CheckpointSeconds = seconds,
            Towers =
            [
                new Tower { Kinds = [FeatureKind.Tokens, FeatureKind.Number], Text = new TokenConvolution(8, 6), Layers = [new Dense(16), new BatchNorm(), new Dropout(0.2)] },
                new Tower { Kinds = [FeatureKind.Tokens, FeatureKind.Category, FeatureKind.OneHot], Text = new EmbeddingBag(8), Layers = [new Dense(8), new LayerNorm()] },
            ],
            Head = [new Dense(8)],
        };
        var input = TrainerContract.Input(Features, train, eval) with
        {
            ResumeDirectory = resume,
            WarmStart = warm,
            GoOn = summary =>
            {
                if (summary.Epoch == stopAfter)
                    stop!.Cancel();
                return true;
            },
        };
        using var model = trainer.Train(input, cancellationToken);
        if (saveTo is not null)
            model.SaveWarmStart(saveTo);
        using var graph = new FeatureGraph(model, Features);
        return Convert.ToHexString(SHA256.HashData([.. graph.Bytes, .. System.Text.Encoding.UTF8.GetBytes(System.Text.Json.JsonSerializer.Serialize(model.Epochs, Json))]));
    }
}
