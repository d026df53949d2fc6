using Gyre.Torch.Learning;
using static TorchSharp.torch;

namespace Gyre.Torch.Layers;

/// <summary>The weights and statistics of a user's own module, and running it with randomness that is repeatable.</summary>
sealed class ModuleWeights
{
    /// <summary>Modules draw from torch's generator, which all of the process shares.</summary>
    static readonly Lock Generator = new();

    readonly nn.Module _module;

    public ModuleWeights(string name, nn.Module module)
    {
        _module = module;
        Kept =
        [
            .. module.named_parameters().Select(weights => weights.parameter.dtype == ScalarType.Float32
                ? new DenseWeights($"{name}/{weights.name}", weights.parameter, weights.parameter.dim() > 1 ? Pace.Weights : Pace.Biases)
                : throw new InvalidDataException($"The weights '{weights.name}' of {module.GetName()} are {weights.parameter.dtype}. Expected Float32.")),
            .. module.named_buffers().Select(buffer => new RunningValues($"{name}/{buffer.name}", buffer.buffer)),
        ];
    }

    public IReadOnlyList<IKept> Kept { get; }

    public static T Create<T>(Func<T> create, int seed, int index)
        where T : nn.Module
    {
        lock (Generator)
        {
            manual_seed((long)Chance.Seed(seed, Chance.Purpose.Module, index, second: -1));
            return create();
        }
    }

    public Tensor Call(Func<Tensor> forward, TrainingStep? step, int index)
    {
        if (step is not { } at)
        {
            _module.eval();
            return forward();
        }

        lock (Generator)
        {
            _module.train();
            manual_seed((long)Chance.Seed(at.Seed, Chance.Purpose.Module, index, at.Number));
            return forward();
        }
    }
}
