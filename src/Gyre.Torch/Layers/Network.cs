using Gyre.Onnx;
using Gyre.Torch.Learning;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Layers;

/// <summary>Something with weights that makes outputs [B, Outputs] of examples, and can say how in ONNX.</summary>
abstract class Network : IDisposable
{
    /// <summary>Everything that makes it what it is, in a fixed order.</summary>
    public abstract IReadOnlyList<IKept> Kept { get; }

    /// <summary>What must be as it was in an earlier network whose weights are taken over, because the weights cannot be matched by it.</summary>
    public abstract IReadOnlyList<(string Name, Axis Axis)> Fixed { get; }

    /// <summary>How many examples may be predicted at once.</summary>
    public virtual int PredictionBatch => 512;

    public abstract NetworkInput Open(FeatureSet examples);

    /// <summary>The outputs for some examples. Tensors belong to the current dispose scope.</summary>
    /// <param name="input">What <see cref="Open"/> gave.</param>
    /// <param name="rows">Which examples.</param>
    /// <param name="step">Null when predicting.</param>
    public abstract Tensor Forward(NetworkInput input, ReadOnlySpan<int> rows, TrainingStep? step);

    /// <returns>The name of a tensor float [N, Outputs].</returns>
    public abstract string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features);

    /// <summary>Copies of all that is kept, in its order.</summary>
    public IReadOnlyList<byte[]> Copy() => [.. Kept.Select(kept => kept.Content.ToArray())];

    /// <summary>Puts back what <see cref="Copy"/> gave.</summary>
    public void Restore(IReadOnlyList<byte[]> copies)
    {
        for (var i = 0; i < copies.Count; i++)
            copies[i].CopyTo(Kept[i].Content);
    }

    public abstract void Dispose();
}

/// <summary>Examples as a network takes them; only it knows how.</summary>
abstract class NetworkInput;
