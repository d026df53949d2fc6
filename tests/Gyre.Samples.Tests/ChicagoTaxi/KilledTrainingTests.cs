using System.Globalization;

namespace Gyre.Samples.Tests.ChicagoTaxi;

/// <summary>The pipeline as its users run it, killed while the model is being trained.</summary>
public sealed class KilledTrainingTests
{
    static readonly string[] Run = ["run", "--rows", "12000", "--seed", "7"];

    [Fact]
    public async Task Run_again_after_kills_at_random_moments_of_the_training_the_model_is_the_same_to_the_byte()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "kill -9 is a Unix signal.");
        using var undisturbed = new SampleProgram("ChicagoTaxi");
        await EndAsync(undisturbed);
        var expected = Model(undisturbed);
        var random = new Random(23);
        var (kills, resumed) = (0, 0);
        for (var trial = 0; trial < 3; trial++)
        {
            using var sample = new SampleProgram("ChicagoTaxi");
            for (var kill = 0; kill <= trial; kill++)
                kills += await sample.KillAsync(() => Checkpoint(sample), TimeSpan.FromMilliseconds(random.Next(0, 900)), Run) ? 1 : 0;
            var (hasCheckpoint, before) = (Checkpoint(sample) is not null, Resumes(sample));
            await EndAsync(sample);

            Model(sample).ShouldBe(expected);
            (Resumes(sample) - before).ShouldBe(hasCheckpoint ? 1 : 0, "what was learnt before the kill is not learnt again");
            resumed += hasCheckpoint ? 1 : 0;
            Checkpoint(sample).ShouldBeNull("nothing to go on from is left behind");
        }

        kills.ShouldBeGreaterThan(0);
        resumed.ShouldBeGreaterThan(0);
    }

    static async Task EndAsync(SampleProgram sample)
    {
        var (exitCode, output, error) = await sample.RunAsync(Run);
        exitCode.ShouldBe(0, output + error);
    }

    static string? Checkpoint(SampleProgram sample)
    {
        var folder = Path.Combine(sample.Home, "memo", "resume");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "checkpoint.bin", SearchOption.AllDirectories).FirstOrDefault() : null;
    }

    /// <summary>All files of the model artifact with their content; the fingerprint is one over these.</summary>
    static IReadOnlyList<string> Model(SampleProgram sample)
    {
        var folder = Path.GetDirectoryName(sample.Find("training.json", Path.Combine("artifacts", "chicago-taxi", "train-model")))!;
        return
        [
            .. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => string.Create(
                CultureInfo.InvariantCulture, $"{Path.GetRelativePath(folder, file)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")),
        ];
    }

    /// <summary>How often a training said that it went on from what another had left.</summary>
    static int Resumes(SampleProgram sample) =>
        Directory.GetFiles(Path.Combine(sample.Home, "logs"), "*.log").Sum(file => File.ReadLines(file).Count(line => line.Contains("goes on from a checkpoint: epoch", StringComparison.Ordinal)));
}
