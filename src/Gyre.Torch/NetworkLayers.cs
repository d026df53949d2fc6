using System.Runtime.InteropServices;
using Gyre.Transforms;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Gyre.Torch;

/// <summary>Vectors from a <see cref="VectorTable"/> as a tensor, and the way of their gradients back into it.</summary>
sealed class BagLayer(VectorTable table)
{
    BagIds? _ids;
    Tensor? _vectors;

    public VectorTable Table { get; } = table;

    /// <returns>[B, Width].</returns>
    public Tensor Forward(BagIds ids)
    {
        var vectors = empty(ids.Examples, Table.Bag.Width, dtype: float32, requires_grad: is_grad_enabled());
        Table.Forward(ids, MemoryMarshal.Cast<byte, float>(vectors.bytes));
        (_ids, _vectors) = (ids, vectors);
        return vectors;
    }

    /// <summary>Takes the gradients of the last <see cref="Forward"/> and moves the table.</summary>
    public void Learn(Adam adam)
    {
        using var gradient = _vectors!.grad!.contiguous();
        Table.Backward(_ids!, MemoryMarshal.Cast<byte, float>(gradient.bytes));
        Table.Step(adam);
    }
}

/// <summary>Weights that torch multiplies with, and what Adam remembers of them.</summary>
sealed class DenseWeights(Parameter values) : IDisposable
{
    readonly float[] _means = new float[values.numel()];
    readonly float[] _squares = new float[values.numel()];

    public Parameter Tensor => values;

    public float[] ToArray() => Elements(values).ToArray();

    public void CopyFrom(float[] weights) => weights.CopyTo(Elements(values));

    public void Learn(Adam adam, Pace pace)
    {
        using var gradient = values.grad!.contiguous();
        adam.Apply(Elements(values), Elements(gradient), _means, _squares, pace);
        values.grad = null;
    }

    public void Dispose() => values.Dispose();

    static Span<float> Elements(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}

/// <summary>
/// A linear layer over a dense input and over one-hot vectors. The product with a one-hot vector is the row it points at,
/// so the vectors themselves are never made.
/// </summary>
sealed class MixedLayer : IDisposable
{
    public MixedLayer(string name, int inputs, IReadOnlyList<FeatureSpec> oneHots, int outputs, WeightSource source)
    {
        Name = name;
        Outputs = outputs;
        // Of a one-hot vector a single element is set, so it counts as one input.
        var limit = Math.Sqrt(6.0 / (inputs + oneHots.Count + outputs));
        Dense = inputs == 0 ? null : source.Create(limit, outputs, inputs);
        OneHots = oneHots.Count == 0 ? null : new BagLayer(new VectorTable(Bag.Of(name, oneHots, outputs, isMean: false), source, limit));
        Bias = source.Create(limit: 0, outputs);
    }

    public string Name { get; }

    public int Outputs { get; }

    /// <summary>[Outputs, Inputs]; null when there is no dense input.</summary>
    public DenseWeights? Dense { get; }

    public BagLayer? OneHots { get; }

    public DenseWeights Bias { get; }

    public Tensor Forward(Tensor? dense, BagIds oneHots)
    {
        var sum = Dense is null ? null : nn.functional.linear(dense!, Dense.Tensor, Bias.Tensor);
        if (OneHots is null)
            return sum!;
        var chosen = OneHots.Forward(oneHots);
        return chosen + (sum ?? Bias.Tensor);
    }

    public void Learn(Adam adam)
    {
        Dense?.Learn(adam, Pace.Weights);
        OneHots?.Learn(adam);
        Bias.Learn(adam, Pace.Biases);
    }

    public void Dispose()
    {
        Dense?.Dispose();
        Bias.Dispose();
    }
}

/// <summary>Initial weights, drawn from a generator of our own: torch's is shared by the whole process.</summary>
sealed class WeightSource(int seed)
{
    /// <summary>Small enough that a token seen rarely does not stand out before it is learnt.</summary>
    public const double EmbeddingLimit = 0.05;

    readonly Random _random = new(seed);

    /// <summary>Weights uniform between −limit and limit.</summary>
    public DenseWeights Create(double limit, params long[] shape)
    {
        var tensor = empty(shape, dtype: float32);
        Fill(MemoryMarshal.Cast<byte, float>(tensor.bytes), limit);
        return new DenseWeights(nn.Parameter(tensor));
    }

    public void Fill(Span<float> values, double limit)
    {
        foreach (ref var value in values)
            value = (float)(((2 * _random.NextDouble()) - 1) * limit);
    }
}
