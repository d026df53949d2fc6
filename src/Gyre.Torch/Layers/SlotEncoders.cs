using Gyre.Onnx;
using Gyre.Torch.Learning;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Layers;

/// <summary>Encodes the tokens of a text in their order: each has its vector, and what comes of them is masked where there is no token.</summary>
abstract class SlotEncoder : Encoder
{
    readonly string _feature;
    readonly int _size;
    readonly int _maxTokens;
    readonly BagLayer _vectors;

    protected SlotEncoder(FeatureSpec feature, string name, int size, int maxTokens, NetworkBuild build)
    {
        Arithmetic = build.Arithmetic;
        (_feature, Name, _size, _maxTokens) = (feature.Name, name, size, maxTokens);
        _vectors = new BagLayer(new VectorTable(Bag.Of($"{name}/vectors", [feature], size, isMean: false), build.Weights, WeightSource.SlotLimit), build.Terms);
    }

    public override IEnumerable<IKept> Kept => [_vectors];

    public override Axis Axis => Axis.Named([.. Axis.Of(Width).Places(_feature)]);

    protected string Name { get; }

    protected Arithmetic Arithmetic { get; }

    public override Source Open(FeatureSet examples) => new SlotSource(_feature, examples, _maxTokens);

    public override Tensor Forward(Source source, TrainingStep? step)
    {
        var slots = (SlotSource)source;
        return Forward(_vectors.Forward(slots.Slots, Arithmetic, step).view(-1, slots.Length, _size), Arithmetic.Of(slots.Present, step), step);
    }

    public override string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope(Name);
        var ids = TableGraph.First(graph, features[_feature], _maxTokens);
        return Append(graph, TableGraph.Rows(graph, _vectors.Table, ids, Arithmetic), TableGraph.Present(graph, ids, Arithmetic));
    }

    /// <param name="vectors">[B, T, Size], zeros where there is no token.</param>
    /// <param name="present">[B, T].</param>
    /// <param name="step">Null when predicting.</param>
    protected abstract Tensor Forward(Tensor vectors, Tensor present, TrainingStep? step);

    /// <inheritdoc cref="Forward(Tensor, Tensor, TrainingStep?)"/>
    protected abstract string Append(OnnxGraph graph, string vectors, string present);
}

/// <summary>The largest response of each filter over all windows of neighbouring tokens.</summary>
sealed class ConvolutionEncoder : SlotEncoder
{
    readonly IReadOnlyList<(int Window, DenseWeights Weights, DenseWeights Bias)> _filters;

    public ConvolutionEncoder(FeatureSpec feature, string name, TokenConvolution options, NetworkBuild build)
        : base(feature, name, options.Size, options.MaxTokens, build)
    {
        var weights = build.Weights;
        _filters =
        [
            .. options.Windows.Select(window => (
                window,
                weights.Create($"{name}/filters{window}", Math.Sqrt(6.0 / ((window * options.Size) + options.Filters)), options.Filters, options.Size, window),
                WeightSource.Constant($"{name}/bias{window}", 0, options.Filters))),
        ];
        Width = options.Filters * options.Windows.Count;
    }

    public override int Width { get; }

    public override IEnumerable<IKept> Kept => [.. base.Kept, .. _filters.SelectMany(filter => new IKept[] { filter.Weights, filter.Bias })];

    protected override Tensor Forward(Tensor vectors, Tensor present, TrainingStep? step)
    {
        var channels = vectors.transpose(1, 2);
        var mask = present.unsqueeze(1);
        var best = _filters.Select(filter =>
        {
            var padded = nn.functional.pad(channels, [(filter.Window - 1) / 2, filter.Window / 2]);
            return (nn.functional.conv1d(padded, Arithmetic.Of(filter.Weights, step), Arithmetic.Of(filter.Bias, step)).relu() * mask).amax([2L]);
        }).ToList();
        return best is [var only] ? only : cat(best, 1);
    }

    /// <summary>ONNX Runtime convolves in single precision only, so each window becomes one long vector that is multiplied.</summary>
    protected override string Append(OnnxGraph graph, string vectors, string present)
    {
        var mask = graph.Node("Unsqueeze", [present, graph.Constant([2L])]);
        var tokens = graph.Node("Slice", [graph.Node("Shape", [vectors]), graph.Constant([1L]), graph.Constant([2L])]);
        return TableGraph.Join(graph, _filters.Select(filter =>
        {
            var padded = graph.Node("Pad", [vectors, graph.Constant([0L, (filter.Window - 1) / 2, 0, 0, filter.Window / 2, 0])]);
            var shifted = Enumerable.Range(0, filter.Window).Select(shift =>
                graph.Node("Slice", [padded, graph.Constant([(long)shift]), graph.Node("Add", [tokens, graph.Constant([(long)shift])]), graph.Constant([1L])])).ToList();
            var windows = shifted is [var only] ? only : graph.Node("Concat", shifted, ("axis", 2));
            var responses = graph.Node("Add", [graph.Node("MatMul", [windows, WindowWeights(graph, filter.Weights)]), Arithmetic.Constant(graph, filter.Bias)]);
            return graph.Node("ReduceMax", [graph.Node("Mul", [graph.Node("Relu", [responses]), mask]), graph.Constant([1L])], ("keepdims", 0));
        }))!;
    }

    /// <summary>[Filters, Size, Window] as [Window × Size, Filters].</summary>
    string WindowWeights(OnnxGraph graph, DenseWeights weights)
    {
        var (values, shape) = (weights.ToArray(), weights.Tensor.shape);
        var (filters, size, window) = ((int)shape[0], (int)shape[1], (int)shape[2]);
        var result = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (filter, element, place) = (i / (size * window), i / window % size, i % window);
            result[(((place * size) + element) * filters) + filter] = values[i];
        }

        return Arithmetic.Constant(graph, result, window * size, filters);
    }

    public override void Dispose()
    {
        foreach (var (_, weights, bias) in _filters)
        {
            weights.Dispose();
            bias.Dispose();
        }
        base.Dispose();
    }
}

/// <summary>
/// A mean of the tokens' vectors for each head, in which each token weighs as much as the head attends to it: softmax over
/// the text of q · tanh(W v + b) (Bahdanau et al., 2015; with several queries as in Lin et al., 2017).
/// </summary>
sealed class AttentionEncoder : SlotEncoder
{
    const float Nowhere = -1e9f;

    readonly DenseWeights _keys;
    readonly DenseWeights _bias;
    readonly DenseWeights _queries;

    public AttentionEncoder(FeatureSpec feature, string name, TokenAttention options, NetworkBuild build)
        : base(feature, name, options.Size, options.MaxTokens, build)
    {
        var weights = build.Weights;
        _keys = weights.Create($"{name}/keys", Math.Sqrt(3.0 / options.Size), options.Size, options.Size);
        _bias = WeightSource.Constant($"{name}/key_bias", 0, options.Size);
        _queries = weights.Create($"{name}/queries", Math.Sqrt(6.0 / (options.Size + options.Heads)), options.Heads, options.Size);
        Width = options.Heads * options.Size;
    }

    public override int Width { get; }

    public override IEnumerable<IKept> Kept => [.. base.Kept, _keys, _bias, _queries];

    protected override Tensor Forward(Tensor vectors, Tensor present, TrainingStep? step)
    {
        var mask = present.unsqueeze(2);
        var scores = nn.functional.linear(
            nn.functional.linear(vectors, Arithmetic.Of(_keys, step), Arithmetic.Of(_bias, step)).tanh(), Arithmetic.Of(_queries, step));
        var weights = (scores + ((1 - mask) * Nowhere)).softmax(1) * mask;
        return weights.transpose(1, 2).matmul(vectors).flatten(1);
    }

    protected override string Append(OnnxGraph graph, string vectors, string present)
    {
        var mask = graph.Node("Unsqueeze", [present, graph.Constant([2L])]);
        var keys = graph.Node("Tanh", [graph.Node("Add", [Times(graph, vectors, _keys), Arithmetic.Constant(graph, _bias)])]);
        var nowhere = graph.Node("Mul", [graph.Node("Sub", [Arithmetic.Scalar(graph, 1), mask]), Arithmetic.Scalar(graph, Nowhere)]);
        var weights = graph.Node("Softmax", [graph.Node("Add", [Times(graph, keys, _queries), nowhere])], ("axis", 1));
        var heads = graph.Node("Transpose", [graph.Node("Mul", [weights, mask])], ("perm", (long[])[0, 2, 1]));
        return graph.Node("Reshape", [graph.Node("MatMul", [heads, vectors]), graph.Constant([0L, Width])]);
    }

    string Times(OnnxGraph graph, string tensor, DenseWeights weights) => graph.Node(
        "MatMul", [tensor, graph.Node("Transpose", [Arithmetic.Constant(graph, weights)], ("perm", (long[])[1, 0]))]);

    public override void Dispose()
    {
        _keys.Dispose();
        _bias.Dispose();
        _queries.Dispose();
        base.Dispose();
    }
}
