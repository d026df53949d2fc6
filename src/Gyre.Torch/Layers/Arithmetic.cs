using Gyre.Onnx;
using static TorchSharp.torch;

namespace Gyre.Torch.Layers;

/// <summary>
/// The precision in which a network predicts and in which its graph computes. Learning is in single precision. Numbers with a
/// unit are predicted in double precision: torch and ONNX Runtime add in different orders, and what that makes of the last
/// digits of a deviation from the mean is larger than a small number itself.
/// </summary>
sealed class Arithmetic
{
    public static readonly Arithmetic Single = new();

    public static readonly Arithmetic Double = new();

    Arithmetic()
    {
    }

    public bool IsDouble => ReferenceEquals(this, Double);

    /// <summary>Weights as a step learns them, or as predictions use them.</summary>
    public Tensor Of(DenseWeights weights, TrainingStep? step) => Of(weights.Tensor, step);

    /// <inheritdoc cref="Of(DenseWeights, TrainingStep?)"/>
    public Tensor Of(Tensor single, TrainingStep? step) => IsDouble && step is null ? single.to(float64) : single;

    public string Constant(OnnxGraph graph, float[] values, params long[] dims) =>
        IsDouble ? graph.Constant(Array.ConvertAll(values, value => (double)value), dims) : graph.Constant(values, dims);

    public string Constant(OnnxGraph graph, DenseWeights weights) => Constant(graph, weights.ToArray(), weights.Tensor.shape);

    public string Scalar(OnnxGraph graph, float value) => IsDouble ? graph.Scalar((double)value) : graph.Scalar(value);

    /// <summary>A tensor of single precision in this one.</summary>
    public string Of(OnnxGraph graph, string single) => IsDouble ? graph.Cast(single, OnnxType.Double) : single;

    /// <summary>A tensor of this precision in single precision.</summary>
    public string ToSingle(OnnxGraph graph, string tensor) => IsDouble ? graph.Cast(tensor, OnnxType.Float) : tensor;
}
