using Gyre.Onnx;
using Gyre.Torch.Learning;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Layers;

/// <summary>Turns some features into a vector per example: [B, Width].</summary>
abstract class Encoder : IDisposable
{
    public abstract int Width { get; }

    /// <summary>What the places of the vector stand for.</summary>
    public abstract Axis Axis { get; }

    public virtual IEnumerable<IKept> Kept => [];

    public abstract Source Open(FeatureSet examples);

    /// <summary>Encodes what the source gathered last.</summary>
    public abstract Tensor Forward(Source source, TrainingStep? step);

    /// <summary>Says the same in ONNX.</summary>
    /// <returns>The name of a tensor float [N, Width].</returns>
    public abstract string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features);

    public virtual void Dispose()
    {
    }
}

/// <summary>The mean or sum of the vectors of an example's ids.</summary>
sealed class BagEncoder(Bag bag, NetworkBuild build) : Encoder
{
    readonly BagLayer _vectors = new(new VectorTable(bag, build.Weights, WeightSource.EmbeddingLimit), build.Terms);

    public override int Width => bag.Width;

    public override Axis Axis { get; } = Axis.Named([.. Axis.Of(bag.Width).Places(bag.Parts[0].Feature.Name)]);

    public override IEnumerable<IKept> Kept => [_vectors];

    public override Source Open(FeatureSet examples) => new BagSource(bag, examples);

    public override Tensor Forward(Source source, TrainingStep? step) => _vectors.Forward(((BagSource)source).Ids, build.Arithmetic, step);

    public override string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope(bag.Name);
        var ids = features[bag.Parts[0].Feature.Name];
        var vectors = TableGraph.Rows(graph, _vectors.Table, ids, build.Arithmetic);
        return bag.IsMean ? TableGraph.Mean(graph, vectors, ids, build.Arithmetic) : TableGraph.Sum(graph, vectors);
    }
}

/// <summary>Numbers, brought to mean 0 and deviation 1.</summary>
sealed class NumberEncoder(IReadOnlyList<ScaledNumber> numbers, NetworkBuild build) : Encoder
{
    public override int Width { get; } = numbers.Sum(number => number.Feature.Size);

    public override Axis Axis { get; } = build.Terms.Of(numbers.Select(number => number.Feature));

    public override Source Open(FeatureSet examples) => new NumberSource(numbers, examples);

    public override Tensor Forward(Source source, TrainingStep? step) => build.Arithmetic.Of(((NumberSource)source).Values, step);

    public override string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features) =>
        build.Arithmetic.Of(graph, TableGraph.Join(graph, numbers.Select(number => Scale(graph, number, features[number.Feature.Name])))!);

    static string Scale(OnnxGraph graph, ScaledNumber number, string tensor)
    {
        using var scope = graph.Scope(number.Feature.Name);
        var width = number.Means.Length;
        return graph.Node("Mul", [graph.Node("Sub", [tensor, graph.Constant(number.Means, 1, width)]), graph.Constant(number.Factors, 1, width)]);
    }
}

/// <summary>One-hot vectors as they are, for layers that cannot take positions.</summary>
sealed class OneHotEncoder(IReadOnlyList<FeatureSpec> oneHots, NetworkBuild build) : Encoder
{
    readonly Bag _bag = Bag.Of("one_hots", oneHots, width: 1, isMean: false);

    public override int Width => _bag.Rows;

    public override Axis Axis { get; } = build.Terms.Of(oneHots);

    public override Source Open(FeatureSet examples) => new OneHotSource(_bag, examples);

    public override Tensor Forward(Source source, TrainingStep? step) => build.Arithmetic.Of(((OneHotSource)source).Values, step);

    public override string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features) =>
        build.Arithmetic.Of(graph, TableGraph.Join(graph, _bag.Parts.Select(part => graph.OneHot(features[part.Feature.Name], part.Feature.Size)))!);
}
