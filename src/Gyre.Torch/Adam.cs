using System.Numerics;
using System.Runtime.InteropServices;

namespace Gyre.Torch;

/// <summary>
/// The optimiser Adam, one pass over memory per step. torch's own makes about ten, and a table of token vectors is most of
/// a network. Element by element, so results do not depend on the width of the processor's vectors.
/// </summary>
sealed class Adam(double learningRate, double epsilon, double weightDecay)
{
    const float Beta1 = 0.9f;
    const float Beta2 = 0.999f;

    double _power1 = 1;
    double _power2 = 1;
    float _rate;
    float _rootCorrection;

    /// <summary>Begins a step; then <see cref="Apply"/> is called for everything that is learnt.</summary>
    public void NextStep()
    {
        _power1 *= Beta1;
        _power2 *= Beta2;
        _rate = (float)(learningRate / (1 - _power1));
        _rootCorrection = (float)(1 / Math.Sqrt(1 - _power2));
    }

    /// <summary>Moves weights against their gradients. An empty gradient counts as zeros.</summary>
    public void Apply(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> means, Span<float> squares, bool decays)
    {
        var keep = decays ? (float)(1 - (learningRate * weightDecay)) : 1f;
        var vectors = weights.Length - (weights.Length % Vector<float>.Count);
        ApplyVectors(Wide(weights, vectors), Wide(gradients, gradients.IsEmpty ? 0 : vectors), Wide(means, vectors), Wide(squares, vectors), keep);
        for (var i = vectors; i < weights.Length; i++)
        {
            var gradient = gradients.IsEmpty ? 0f : gradients[i];
            means[i] = (means[i] * Beta1) + (gradient * (1 - Beta1));
            squares[i] = (squares[i] * Beta2) + (gradient * gradient * (1 - Beta2));
            weights[i] = (weights[i] * keep) - (means[i] * _rate / ((MathF.Sqrt(squares[i]) * _rootCorrection) + (float)epsilon));
        }
    }

    void ApplyVectors(
        Span<Vector<float>> weights, ReadOnlySpan<Vector<float>> gradients, Span<Vector<float>> means, Span<Vector<float>> squares, float keep)
    {
        var small = new Vector<float>((float)epsilon);
        for (var i = 0; i < weights.Length; i++)
        {
            var gradient = gradients.IsEmpty ? Vector<float>.Zero : gradients[i];
            var mean = (means[i] * Beta1) + (gradient * (1 - Beta1));
            var square = (squares[i] * Beta2) + (gradient * gradient * (1 - Beta2));
            means[i] = mean;
            squares[i] = square;
            weights[i] = (weights[i] * keep) - (mean * _rate / ((Vector.SquareRoot(square) * _rootCorrection) + small));
        }
    }

    static Span<Vector<float>> Wide(Span<float> values, int count) => MemoryMarshal.Cast<float, Vector<float>>(values[..count]);

    static ReadOnlySpan<Vector<float>> Wide(ReadOnlySpan<float> values, int count) => MemoryMarshal.Cast<float, Vector<float>>(values[..count]);
}
