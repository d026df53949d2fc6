using System.Diagnostics;
using Gyre.Torch.Layers;
using Microsoft.Extensions.Logging;

namespace Gyre.Torch.Learning;

/// <summary>
/// Keeps on the disk what a training needs to be taken up after any step: weights, what the optimiser remembers, how far it
/// is, the best weights so far. Written under another name, flushed and renamed, so that there is always one that is whole.
/// </summary>
sealed class Checkpoint(string? directory, NeuralTrainer options, Network network, Adam adam, TrainingState state, ILogger log)
{
    const string FileName = "checkpoint.bin";
    const int Format = 2;

    readonly string? _path = directory is null ? null : Path.Combine(directory, FileName);
    long _last = Stopwatch.GetTimestamp();

    /// <summary>Takes up what is there, if anything is.</summary>
    /// <returns>False when it is damaged or of another network: then it is removed, and the training must be made anew.</returns>
    public bool Load()
    {
        if (_path is null || !File.Exists(_path))
            return true;
        try
        {
            using var file = File.OpenRead(_path);
            var reader = new StateReader(file);
            Pass(reader);
            reader.End();
        }
        catch (InvalidDataException error)
        {
            log.LogWarning("a checkpoint is not used, training begins anew: {Reason}", error.Message);
            File.Delete(_path);
            return false;
        }

        log.LogInformation("goes on from a checkpoint: epoch {Epoch}, {Steps} steps made", state.Epoch, state.Step);
        return true;
    }

    /// <summary>Keeps the state if it is time to.</summary>
    public void Offer()
    {
        if (_path is null)
            return;
        var isDue = options.CheckpointSteps > 0 && state.Step % options.CheckpointSteps == 0;
        if (!isDue && Stopwatch.GetElapsedTime(_last).TotalSeconds < options.CheckpointSeconds)
            return;
        Save(_path);
        _last = Stopwatch.GetTimestamp();
    }

    /// <summary>Keeps the state now.</summary>
    public void Keep()
    {
        if (_path is not null)
            Save(_path);
    }

    void Save(string path)
    {
        var temporary = path + ".tmp";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
        {
            using var writer = new StateWriter(file);
            Pass(writer);
            writer.End();
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    void Pass(StateStream stream)
    {
        stream.Same(Format, "the format");
        stream.Same(network.Kept.Count, "the number of weights");
        foreach (var kept in network.Kept)
        {
            stream.Same(kept.Content.Length, $"the size of {kept.Name}");
            kept.Pass(stream);
        }

        adam.Pass(stream);
        state.Pass(stream);
    }
}
