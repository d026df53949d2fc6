using Gyre.Onnx;
using Gyre.Torch.Learning;
using Gyre.Training;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Layers;

/// <summary>A tower of one network, with its weights.</summary>
sealed class TowerPart : IDisposable
{
    readonly string _name;
    readonly List<Encoder> _encoders = [];
    readonly Bag? _oneHots;
    readonly LayerStack _layers;

    /// <param name="tower">The options.</param>
    /// <param name="features">What the tower sees; at least one.</param>
    /// <param name="name">Tells its weights from those of others.</param>
    /// <param name="train">The examples that numbers are scaled by.</param>
    /// <param name="build">What layers are made with.</param>
    public TowerPart(Tower tower, IReadOnlyList<FeatureSpec> features, string name, FeatureSet train, NetworkBuild build)
    {
        _name = name;
        foreach (var feature in features.Where(feature => feature.Kind == FeatureKind.Tokens))
            _encoders.Add(tower.Text.Build(feature, $"{name}/{feature.Name}", train, build));
        foreach (var feature in features.Where(feature => feature.Kind == FeatureKind.Category))
            _encoders.Add(new BagEncoder(Bag.Of($"{name}/{feature.Name}", [feature], CategoryWidth(feature, tower, $"{name}/{feature.Name}", build), isMean: false), build));
        var numbers = features.Where(feature => feature.Kind == FeatureKind.Number)
            .Select(feature => new ScaledNumber(feature, NumberScale.Of(train.Numbers[feature.Name], feature.Size))).ToList();
        if (numbers.Count > 0)
            _encoders.Add(new NumberEncoder(numbers, build));
        IReadOnlyList<FeatureSpec> oneHots = [.. features.Where(feature => feature.Kind == FeatureKind.OneHot)];
        if (oneHots.Count > 0 && tower.Layers is not [Dense, ..])
        {
            _encoders.Add(new OneHotEncoder(oneHots, build));
            oneHots = [];
        }

        _oneHots = oneHots.Count == 0 ? null : Bag.Of("", oneHots, width: 1, isMean: false);
        var inputs = _encoders.Count == 0 ? Axis.Of(0) : Axis.Concat([.. _encoders.Select(encoder => (name, encoder.Axis))]);
        _layers = new LayerStack(tower.Layers, name, inputs, oneHots, build);
    }

    public Axis AxisOut => _layers.AxisOut;

    public IEnumerable<IKept> Kept => _encoders.SelectMany(encoder => encoder.Kept).Concat(_layers.Kept);

    public IEnumerable<(string Name, Axis Axis)> Fixed => _layers.Fixed;

    public TowerInput Open(FeatureSet examples) =>
        new([.. _encoders.Select(encoder => encoder.Open(examples))], _oneHots is null ? null : new BagSource(_oneHots, examples));

    public Tensor Forward(TowerInput input, TrainingStep? step)
    {
        var vectors = _encoders.Select((encoder, i) => encoder.Forward(input.Sources[i], step)).ToList();
        return _layers.Forward(LayeredNetwork.Join(vectors), input.OneHots?.Ids, step);
    }

    public string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope(_name);
        return _layers.Append(graph, TableGraph.Join(graph, _encoders.Select(encoder => encoder.Append(graph, features))), features);
    }

    public void Dispose()
    {
        foreach (var encoder in _encoders)
            encoder.Dispose();
        _layers.Dispose();
    }

    /// <summary>A vector longer than half the number of ids only adds ways to learn by heart. One that goes on from an earlier one is as long as that.</summary>
    static int CategoryWidth(FeatureSpec feature, Tower tower, string name, NetworkBuild build) =>
        build.Earlier?.WidthOf(name) is { } width && width <= tower.CategorySize ? width : Math.Clamp((feature.Size + 1) / 2, 1, tower.CategorySize);
}

/// <summary>Where a tower finds its part of some examples.</summary>
sealed record TowerInput(IReadOnlyList<Source> Sources, BagSource? OneHots)
{
    public void Gather(ReadOnlySpan<int> rows)
    {
        foreach (var source in Sources)
            source.Gather(rows);
        OneHots?.Gather(rows);
    }
}

/// <summary>Layers one behind the other.</summary>
sealed class LayerStack : IDisposable
{
    readonly List<LayerPart> _parts = [];

    public LayerStack(IReadOnlyList<Layer> layers, string name, Axis inputs, IReadOnlyList<FeatureSpec> oneHots, NetworkBuild build)
    {
        AxisOut = inputs;
        foreach (var layer in layers)
        {
            _parts.Add(layer.Build(new LayerSite($"{name}/{layer.GetType().Name}{_parts.Count + 1}", build.NextIndex(), AxisOut, _parts.Count == 0 ? oneHots : [], build)));
            AxisOut = _parts[^1].AxisOut;
        }
    }

    public Axis AxisOut { get; }

    public IEnumerable<(string Name, Axis Axis)> Fixed => _parts.SelectMany(part => part.Fixed);

    public IEnumerable<IKept> Kept => _parts.SelectMany(part => part.Kept);

    public Tensor Forward(Tensor? values, BagIds? oneHots, TrainingStep? step)
    {
        foreach (var part in _parts)
            (values, oneHots) = (part.Forward(values, oneHots, step), null);
        return values!;
    }

    public string Append(OnnxGraph graph, string? tensor, IReadOnlyDictionary<string, string> features)
    {
        foreach (var part in _parts)
            tensor = part.Append(graph, tensor, features);
        return tensor!;
    }

    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
    }
}

/// <summary>What the parts of a network are made with.</summary>
sealed class NetworkBuild(int seed, Arithmetic arithmetic, NetworkTerms terms, EarlierNetwork? earlier)
{
    int _layers;

    public int Seed => seed;

    public Arithmetic Arithmetic => arithmetic;

    public NetworkTerms Terms => terms;

    /// <summary>The network whose weights will be taken over; null for none.</summary>
    public EarlierNetwork? Earlier => earlier;

    public WeightSource Weights { get; } = new(seed);

    public int NextIndex() => _layers++;
}
