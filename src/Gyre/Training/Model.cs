using Gyre.Pipelines;

namespace Gyre.Training;

/// <summary>
/// A model from raw columns to the probability of the positive class: <c>model.onnx</c>, <c>signature.json</c>, the
/// training curve in <c>training.json</c>, and an example to try it with in <c>example.json</c> where there is one.
/// </summary>
public sealed record Model : Artifact;
