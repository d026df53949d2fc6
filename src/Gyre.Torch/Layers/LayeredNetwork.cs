using Gyre.Onnx;
using Gyre.Torch.Learning;
using Gyre.Training;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Layers;

/// <summary>A network of towers whose outputs go through a head of layers, and then through sums, one for each output.</summary>
sealed class LayeredNetwork : Network
{
    readonly List<TowerPart> _towers = [];
    readonly LayerStack _head;
    readonly MixedLayer _output;

    /// <param name="design">The towers and the layers behind them. Towers that see no feature are left out.</param>
    /// <param name="input">All features there are, and the examples that numbers are scaled by.</param>
    /// <param name="head">Says how many outputs there are, what they should be while the network knows nothing else, and how precise.</param>
    /// <param name="seed">Decides the initial weights.</param>
    /// <param name="earlier">The network whose weights will be taken over; null for none.</param>
    public LayeredNetwork(NetworkDesign design, TrainingInput input, TaskHead head, int seed, EarlierNetwork? earlier)
    {
        var (features, train) = (input.Features, input.Train);
        var build = new NetworkBuild(seed, head.Arithmetic, new NetworkTerms(input), earlier);
        foreach (var (index, tower) in design.Towers.Index())
        {
            var seen = tower.Of(features);
            if (seen.Count > 0)
                _towers.Add(new TowerPart(tower, seen, $"tower{index + 1}", train, build));
        }

        if (_towers.Count == 0)
            throw new InvalidDataException($"No tower of the network sees any of the features {string.Join(", ", features.Select(feature => $"{feature.Name} ({feature.Kind})"))}. Name them in Tower.Features, or add a tower that sees all: new Tower().");
        var joined = Axis.Concat([.. _towers.Select((tower, i) => ($"tower {i}", tower.AxisOut))]);
        _head = new LayerStack(design.Head, "head", joined, [], build);
        _output = new MixedLayer("output", _head.AxisOut, [], build.Terms.Outputs(head.Width), build);
        _output.Bias.CopyFrom([.. head.StartingOutputs]);
        Kept = [.. _towers.SelectMany(tower => tower.Kept), .. _head.Kept, .. _output.Kept];
        Fixed = [.. _towers.SelectMany(tower => tower.Fixed), .. _head.Fixed];
    }

    public override IReadOnlyList<(string Name, Axis Axis)> Fixed { get; }

    public override IReadOnlyList<IKept> Kept { get; }

    public override NetworkInput Open(FeatureSet examples) => new Input([.. _towers.Select(tower => tower.Open(examples))]);

    public override Tensor Forward(NetworkInput input, ReadOnlySpan<int> rows, TrainingStep? step)
    {
        var parts = new List<Tensor>(_towers.Count);
        foreach (var (index, tower) in ((Input)input).Towers.Index())
        {
            tower.Gather(rows);
            parts.Add(_towers[index].Forward(tower, step));
        }

        return _output.Forward(_head.Forward(Join(parts), oneHots: null, step), oneHots: null, step);
    }

    public override string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features)
    {
        var joined = TableGraph.Join(graph, _towers.Select(tower => tower.Append(graph, features)));
        return _output.Append(graph, _head.Append(graph, joined, features), features);
    }

    public override void Dispose()
    {
        foreach (var tower in _towers)
            tower.Dispose();
        _head.Dispose();
        _output.Dispose();
    }

    /// <returns>The tensors side by side; null when there are none.</returns>
    public static Tensor? Join(List<Tensor> parts) => parts.Count switch
    {
        0 => null,
        1 => parts[0],
        _ => cat(parts, 1),
    };

    sealed class Input(IReadOnlyList<TowerInput> towers) : NetworkInput
    {
        public IReadOnlyList<TowerInput> Towers => towers;
    }
}

/// <summary>The shape of a <see cref="LayeredNetwork"/>.</summary>
sealed record NetworkDesign(IReadOnlyList<Tower> Towers, IReadOnlyList<Layer> Head);
