namespace Gyre.Onnx;

/// <summary>Builds an ONNX graph node by node.</summary>
public sealed class OnnxGraph;
