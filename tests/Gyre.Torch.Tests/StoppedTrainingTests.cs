using Gyre.Testing;
using Gyre.Transforms;

namespace Gyre.Torch.Tests;

/// <summary>Training that was told to end after an epoch leaves a checkpoint from which it goes on when it may.</summary>
public sealed class StoppedTrainingTests : IDisposable
{
    static readonly FeatureSpec[] Features = [new("city", FeatureKind.OneHot, 12), new("price", FeatureKind.Number, 2)];

    readonly string _folder = Directory.CreateTempSubdirectory("gyre-stopped-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void It_goes_on_to_the_bytes_of_a_training_that_was_never_stopped(int earlyStopping)
    {
        var whole = Train(null, mostEpochs: 5, earlyStopping, out var inOne);
        inOne.ShouldBe([1, 2, 3, 4, 5]);
        Train(_folder, mostEpochs: 2, earlyStopping, out var asked);
        asked.ShouldBe([1, 2]);

        // Asked again for as much as it has, it trains nothing more.
        Train(_folder, mostEpochs: 2, earlyStopping, out asked).ShouldBe(Train(null, mostEpochs: 2, earlyStopping, out _));
        asked.ShouldBe([2]);
        Train(_folder, mostEpochs: 5, earlyStopping, out asked).ShouldBe(whole);
        asked.ShouldBe([2, 3, 4, 5]);
    }

    static string Train(string? resume, int mostEpochs, int earlyStopping, out List<int> asked)
    {
        var source = new MadeUpFeatures(Features, seed: 3);
        var (train, eval) = (source.Make(600, out _), source.Make(200, out _));
        var about = new List<int>();
        var input = TrainerContract.Input(Features, train, eval) with
        {
            ResumeDirectory = resume,
            GoOn = epoch =>
            {
                about.Add(epoch.Epoch);
                return epoch.Epoch < mostEpochs;
            },
        };
        using var model = new WideAndDeep { Epochs = 6, EarlyStopping = earlyStopping, LearningRate = 0.003, HiddenLayers = [8], Dropout = 0.1 }.Train(input, CancellationToken.None);
        using var graph = new FeatureGraph(model, Features);
        asked = about;
        return $"{model.Epochs.Count} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(graph.Bytes))}";
    }
}
