using Gyre.Torch.Layers;

namespace Gyre.Torch.Learning;

/// <summary>Values of a network that make it what it is: weights, or statistics gathered while learning.</summary>
interface IKept
{
    /// <summary>Tells it from others; the same in every network of the same design.</summary>
    string Name { get; }

    Span<byte> Content { get; }

    /// <summary>What the places along each side stand for, the outermost first.</summary>
    IReadOnlyList<Axis> Axes { get; }

    /// <summary>Writes to, or reads from, a checkpoint all that the next step depends on.</summary>
    void Pass(StateStream state);
}

/// <summary>Weights that are learnt from their gradients.</summary>
interface ILearnt : IKept
{
    /// <summary>Takes up the gradients that the last backward pass left.</summary>
    void Collect();

    /// <summary>The sum of the squares of the collected gradients.</summary>
    double SquaredGradient { get; }

    /// <summary>Moves the weights by the collected gradients, each multiplied by <paramref name="scale"/>, and forgets them.</summary>
    void Step(Adam adam, float scale);
}
