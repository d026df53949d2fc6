using Gyre.Onnx;
using Gyre.Torch.Learning;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Layers;

/// <summary>
/// A linear layer over a dense input and over one-hot vectors. The product with a one-hot vector is the row it points at,
/// so the vectors themselves are never made.
/// </summary>
sealed class MixedLayer : IDisposable
{
    readonly Arithmetic _arithmetic;

    /// <param name="name">Tells its weights from those of others.</param>
    /// <param name="axisIn">The dense input; of length 0 for none.</param>
    /// <param name="oneHots">The one-hot features.</param>
    /// <param name="axisOut">The sums.</param>
    /// <param name="build">What layers are made with.</param>
    public MixedLayer(string name, Axis axisIn, IReadOnlyList<FeatureSpec> oneHots, Axis axisOut, NetworkBuild build)
    {
        var (inputs, outputs) = (axisIn.Length, axisOut.Length);
        (Name, _arithmetic) = (name, build.Arithmetic);
        var source = build.Weights;
        Outputs = outputs;
        // Of a one-hot vector a single element is set, so it counts as one input.
        var limit = Math.Sqrt(6.0 / (inputs + oneHots.Count + outputs));
        Dense = inputs == 0 ? null : source.Create($"{name}/weights", limit, outputs, inputs);
        OneHots = oneHots.Count == 0 ? null : new BagLayer(new VectorTable(Bag.Of($"{name}/one_hots", oneHots, outputs, isMean: false), source, limit), build.Terms, axisOut);
        Bias = WeightSource.Constant($"{name}/bias", 0, outputs);
        Bias.Axes = [axisOut];
        if (Dense is not null)
            Dense.Axes = [axisOut, axisIn];
    }

    public string Name { get; }

    public int Outputs { get; }

    /// <summary>[Outputs, Inputs]; null when there is no dense input.</summary>
    public DenseWeights? Dense { get; }

    public BagLayer? OneHots { get; }

    public DenseWeights Bias { get; }

    public IEnumerable<IKept> Kept => new IKept?[] { Dense, OneHots, Bias }.OfType<IKept>();

    public Tensor Forward(Tensor? dense, BagIds? oneHots, TrainingStep? step)
    {
        var bias = _arithmetic.Of(Bias, step);
        var sum = Dense is null ? null : nn.functional.linear(dense!, _arithmetic.Of(Dense, step), bias);
        if (OneHots is null)
            return sum!;
        var chosen = OneHots.Forward(oneHots!, _arithmetic, step);
        return chosen + (sum ?? bias);
    }

    public string Append(OnnxGraph graph, string? dense, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope(Name);
        var bias = _arithmetic.Constant(graph, Bias);
        var sum = Dense is { } weights
            ? graph.Node("Gemm", [dense!, _arithmetic.Constant(graph, weights), bias], ("transB", 1))
            : null;
        if (OneHots is not { Table: var table })
            return sum!;
        var ids = TableGraph.Join(graph, table.Bag.Parts.Select(part => features[part.Feature.Name]))!;
        return graph.Node("Add", [TableGraph.Sum(graph, TableGraph.Rows(graph, table, ids, _arithmetic)), sum ?? bias]);
    }

    public void Dispose()
    {
        Dense?.Dispose();
        Bias.Dispose();
    }
}
