using System.Numerics;
using System.Runtime.InteropServices;

namespace Gyre.Torch.Learning;

/// <summary>How weights follow their gradients.</summary>
/// <param name="Factor">How many times further than others they move.</param>
/// <param name="Damping">Added to the size of a weight's usual gradient before its gradient is divided by it.</param>
/// <param name="Decays">Whether weight decay applies.</param>
readonly record struct Pace(float Factor, float Damping, bool Decays)
{
    /// <summary>Against division by zero.</summary>
    const float Least = 1e-7f;

    public static Pace Weights { get; } = new(1, Least, Decays: true);

    public static Pace Biases { get; } = new(1, Least, Decays: false);
}

/// <summary>
/// The optimiser Adam, one pass over memory per step. torch's own makes about ten, and a table of token vectors is most of
/// a network. Element by element, so results do not depend on the width of the processor's vectors.
/// </summary>
sealed class Adam(double weightDecay)
{
    const float Beta1 = 0.9f;
    const float Beta2 = 0.999f;

    double _power1 = 1;
    double _power2 = 1;

    double _learningRate;

    /// <summary>The learning rate of this step, corrected for means that began at zero.</summary>
    float _rate;

    /// <summary>What roots of mean squares that began at zero must be multiplied with.</summary>
    public float RootCorrection { get; private set; }

    /// <summary>Begins a step; then <see cref="Apply"/> is called for everything that is learnt.</summary>
    public void NextStep(double learningRate)
    {
        _learningRate = learningRate;
        _power1 *= Beta1;
        _power2 *= Beta2;
        _rate = (float)(learningRate / (1 - _power1));
        RootCorrection = (float)(1 / Math.Sqrt(1 - _power2));
    }

    /// <summary>The mean of squared gradients, after one more.</summary>
    public static double NextSquare(double square, double next) => (square * Beta2) + (next * (1 - Beta2));

    /// <summary>Passes what the next step depends on.</summary>
    public void Pass(StateStream state)
    {
        state.Pass(ref _power1);
        state.Pass(ref _power2);
    }

    /// <summary>Moves weights against their gradients, each multiplied by <paramref name="scale"/>. An empty gradient counts as zeros.</summary>
    public void Apply(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> means, Span<float> squares, Pace pace, float scale = 1)
    {
        var rate = _rate * pace.Factor;
        var keep = pace.Decays ? (float)(1 - (_learningRate * weightDecay)) : 1f;
        var vectors = weights.Length - (weights.Length % Vector<float>.Count);
        ApplyVectors(
            Wide(weights, vectors), Wide(gradients, gradients.IsEmpty ? 0 : vectors), Wide(means, vectors), Wide(squares, vectors), rate, keep, pace.Damping, scale);
        for (var i = vectors; i < weights.Length; i++)
        {
            var gradient = gradients.IsEmpty ? 0f : gradients[i] * scale;
            means[i] = (means[i] * Beta1) + (gradient * (1 - Beta1));
            squares[i] = (squares[i] * Beta2) + (gradient * gradient * (1 - Beta2));
            weights[i] = (weights[i] * keep) - (means[i] * rate / ((MathF.Sqrt(squares[i]) * RootCorrection) + pace.Damping));
        }
    }

    void ApplyVectors(
        Span<Vector<float>> weights, ReadOnlySpan<Vector<float>> gradients, Span<Vector<float>> means, Span<Vector<float>> squares,
        float rate, float keep, float damping, float scale)
    {
        var added = new Vector<float>(damping);
        for (var i = 0; i < weights.Length; i++)
        {
            var gradient = gradients.IsEmpty ? Vector<float>.Zero : gradients[i] * scale;
            var mean = (means[i] * Beta1) + (gradient * (1 - Beta1));
            var square = (squares[i] * Beta2) + (gradient * gradient * (1 - Beta2));
            means[i] = mean;
            squares[i] = square;
            weights[i] = (weights[i] * keep) - (mean * rate / ((Vector.SquareRoot(square) * RootCorrection) + added));
        }
    }

    static Span<Vector<float>> Wide(Span<float> values, int count) => MemoryMarshal.Cast<float, Vector<float>>(values[..count]);

    static ReadOnlySpan<Vector<float>> Wide(ReadOnlySpan<float> values, int count) => MemoryMarshal.Cast<float, Vector<float>>(values[..count]);
}
