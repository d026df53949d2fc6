using System.Runtime.InteropServices;
using Gyre.Torch.Learning;
using Parameter = TorchSharp.Modules.Parameter;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;
using static TorchSharp.torch;

namespace Gyre.Torch.Layers;

/// <summary>Weights that torch multiplies with, and what Adam remembers of them.</summary>
sealed class DenseWeights(string name, Parameter values, Pace pace) : ILearnt, IDisposable
{
    readonly float[] _means = new float[values.numel()];
    readonly float[] _squares = new float[values.numel()];
    Tensor? _gradient;

    public string Name => name;

    public Parameter Tensor => values;

    public IReadOnlyList<Axis> Axes { get; set; } = [.. values.shape.Select(Axis.Of)];

    public Span<byte> Content => values.bytes;

    public double SquaredGradient => _gradient is null ? 0 : TensorPrimitives.SumOfSquares<float>(Elements(_gradient));

    public float[] ToArray() => Elements(values).ToArray();

    public void CopyFrom(ReadOnlySpan<float> weights) => weights.CopyTo(Elements(values));

    public void Collect()
    {
        // What the loss does not depend on has no gradient. The tensor lives as long as the step.
        _gradient = values.grad?.contiguous();
        values.grad = null;
    }

    public void Step(Adam adam, float scale)
    {
        adam.Apply(Elements(values), _gradient is null ? default : Elements(_gradient), _means, _squares, pace, scale);
        _gradient = null;
    }

    public void Pass(StateStream state)
    {
        state.Pass(Content);
        state.Pass(_means.AsSpan());
        state.Pass(_squares.AsSpan());
    }

    public void Dispose() => values.Dispose();

    static Span<float> Elements(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}

/// <summary>Statistics that a layer gathers while it learns, and uses when it predicts.</summary>
sealed class RunningValues(string name, Tensor values) : IKept
{
    public string Name => name;

    public IReadOnlyList<Axis> Axes { get; init; } = [.. values.shape.Select(Axis.Of)];

    public Span<byte> Content => values.bytes;

    public void Pass(StateStream state) => state.Pass(Content);
}

/// <summary>Vectors from a <see cref="VectorTable"/> as a tensor, and the way of their gradients back into it.</summary>
/// <param name="table">The vectors.</param>
/// <param name="terms">What the ids of features stand for.</param>
/// <param name="columns">What the places of a vector stand for; null for nothing that could be told.</param>
sealed class BagLayer(VectorTable table, NetworkTerms terms, Axis? columns = null) : ILearnt
{
    BagIds? _ids;
    Tensor? _vectors;

    public string Name => table.Bag.Name;

    public VectorTable Table => table;

    public IReadOnlyList<Axis> Axes { get; } = [terms.Of(table.Bag.Parts.Select(part => part.Feature)), columns ?? Axis.Of(table.Bag.Width)];

    public Span<byte> Content => MemoryMarshal.AsBytes(Table.Weights.AsSpan());

    public double SquaredGradient => Table.SquaredGradient;

    /// <returns>[B, Width].</returns>
    public Tensor Forward(BagIds ids, Arithmetic arithmetic, TrainingStep? step)
    {
        if (arithmetic.IsDouble && step is null)
        {
            var precise = empty(ids.Examples, Table.Bag.Width, dtype: float64);
            Table.Forward(ids, MemoryMarshal.Cast<byte, double>(precise.bytes));
            return precise;
        }

        var vectors = empty(ids.Examples, Table.Bag.Width, dtype: float32, requires_grad: is_grad_enabled());
        Table.Forward(ids, MemoryMarshal.Cast<byte, float>(vectors.bytes));
        (_ids, _vectors) = (ids, vectors);
        return vectors;
    }

    /// <summary>Takes the gradients of the last <see cref="Forward"/> into the table.</summary>
    public void Collect()
    {
        if (_vectors?.grad is not { } left)
            return;
        using var gradient = left.contiguous();
        Table.Backward(_ids!, MemoryMarshal.Cast<byte, float>(gradient.bytes));
    }

    public void Step(Adam adam, float scale) => Table.Step(adam, scale);

    public void Pass(StateStream state) => Table.Pass(state);
}

/// <summary>Initial weights, drawn from a generator of our own: torch's is shared by the whole process.</summary>
sealed class WeightSource(int seed)
{
    /// <summary>Small enough that a token seen rarely does not stand out before it is learnt.</summary>
    public const double EmbeddingLimit = 0.05;

    /// <summary>Vectors that are not averaged may stand out from the beginning.</summary>
    public const double SlotLimit = 0.5;

    readonly Random _random = new(seed);

    /// <summary>Weights uniform between −limit and limit.</summary>
    public DenseWeights Create(string name, double limit, params long[] shape)
    {
        var tensor = empty(shape, dtype: float32);
        Fill(MemoryMarshal.Cast<byte, float>(tensor.bytes), limit);
        return new DenseWeights(name, nn.Parameter(tensor), Pace.Weights);
    }

    /// <summary>The same with what their places stand for.</summary>
    public static DenseWeights Constant(string name, float value, Axis axis)
    {
        var weights = Constant(name, value, axis.Length);
        weights.Axes = [axis];
        return weights;
    }

    /// <summary>Weights that begin all alike and are not pulled towards zero.</summary>
    public static DenseWeights Constant(string name, float value, long length) => new(name, nn.Parameter(full(length, value, dtype: float32)), Pace.Biases);

    public void Fill(Span<float> values, double limit)
    {
        foreach (ref var value in values)
            value = (float)(((2 * _random.NextDouble()) - 1) * limit);
    }
}
