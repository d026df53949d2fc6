namespace Gyre.Onnx;

/// <content>Constants, and small nodes that need some.</content>
public sealed partial class OnnxGraph
{
    /// <summary>Adds a constant tensor.</summary>
    /// <param name="values">Its elements in row-major order.</param>
    /// <param name="dims">Its shape; none given makes a vector.</param>
    /// <returns>Its name.</returns>
    public string Constant(float[] values, params long[] dims) => Add(OnnxTensors.Write(values, dims));

    /// <inheritdoc cref="Constant(float[], long[])"/>
    public string Constant(double[] values, params long[] dims) => Add(OnnxTensors.Write(values, dims));

    /// <inheritdoc cref="Constant(float[], long[])"/>
    public string Constant(long[] values, params long[] dims) => Add(OnnxTensors.Write(values, dims));

    /// <inheritdoc cref="Constant(float[], long[])"/>
    public string Constant(string[] values, params long[] dims) => Add(OnnxTensors.Write(values, dims));

    /// <summary>Adds a constant without dimensions.</summary>
    public string Scalar(float value) => Add(OnnxTensors.Write([value], [], scalar: true));

    /// <inheritdoc cref="Scalar(float)"/>
    public string Scalar(double value) => Add(OnnxTensors.Write([value], [], scalar: true));

    /// <inheritdoc cref="Scalar(float)"/>
    public string Scalar(long value) => Add(OnnxTensors.Write([value], [], scalar: true));

    /// <inheritdoc cref="Scalar(float)"/>
    public string Scalar(string value) => Add(OnnxTensors.Write([value], [], scalar: true));

    /// <summary>Turns ids into vectors of <paramref name="depth"/> zeros with a one at the id's place.</summary>
    /// <param name="ids">A tensor int64 [N, 1]; −1, and any id not below <paramref name="depth"/>, gives zeros only.</param>
    /// <param name="depth">The length of the vectors.</param>
    /// <returns>A tensor float [N, depth].</returns>
    public string OneHot(string ids, int depth)
    {
        // ONNX's own OneHot counts negative ids from the end; comparing with every position does not.
        var positions = new long[depth];
        for (var i = 0; i < depth; i++)
            positions[i] = i;
        return Cast(Node("Equal", [ids, Constant(positions, 1, depth)]), OnnxType.Float);
    }

    /// <summary>Converts the elements of a tensor.</summary>
    public string Cast(string tensor, OnnxType type) => Node("Cast", [tensor], ("to", type));

    string Add(TensorProto tensor)
    {
        tensor.Name = NewName("Constant");
        _model.Graph.Initializer.Add(tensor);
        return tensor.Name;
    }
}
