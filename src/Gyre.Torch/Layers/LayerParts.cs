using System.Runtime.InteropServices;
using Gyre.Onnx;
using Gyre.Torch.Learning;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Layers;

/// <summary>Where in which training a step is; null where a network predicts.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct TrainingStep(int Seed, long Number);

/// <summary>What a layer is made with.</summary>
/// <param name="Name">Tells its weights from those of others.</param>
/// <param name="Index">Its number within the network.</param>
/// <param name="AxisIn">The dense input; of length 0 for none.</param>
/// <param name="OneHots">The one-hot features that only <see cref="DensePart"/> takes besides.</param>
/// <param name="Build">What all parts are made with.</param>
sealed record LayerSite(string Name, int Index, Axis AxisIn, IReadOnlyList<FeatureSpec> OneHots, NetworkBuild Build)
{
    public int Inputs => AxisIn.Length;
}

/// <summary>A layer of one network, with its weights: [B, Inputs] becomes [B, Outputs].</summary>
abstract class LayerPart : IDisposable
{
    public abstract int Outputs { get; }

    /// <summary>What the outputs stand for.</summary>
    public virtual Axis AxisOut => Axis.Of(Outputs);

    public virtual IEnumerable<IKept> Kept => [];

    /// <summary>See <see cref="Network.Fixed"/>.</summary>
    public virtual IEnumerable<(string Name, Axis Axis)> Fixed => [];

    public abstract Tensor Forward(Tensor? dense, BagIds? oneHots, TrainingStep? step);

    public abstract string Append(OnnxGraph graph, string? dense, IReadOnlyDictionary<string, string> features);

    public virtual void Dispose()
    {
    }
}

sealed class DensePart(LayerSite site, Dense options) : LayerPart
{
    readonly MixedLayer _layer = new(site.Name, site.AxisIn, site.OneHots, Axis.Of(options.Width), site.Build);

    public override int Outputs => options.Width;

    public override IEnumerable<IKept> Kept => _layer.Kept;

    public override Tensor Forward(Tensor? dense, BagIds? oneHots, TrainingStep? step)
    {
        var sum = _layer.Forward(dense, oneHots, step);
        return options.Activation switch
        {
            Activation.Relu => sum.relu(),
            Activation.Tanh => sum.tanh(),
            Activation.Sigmoid => sum.sigmoid(),
            _ => sum,
        };
    }

    public override string Append(OnnxGraph graph, string? dense, IReadOnlyDictionary<string, string> features)
    {
        var sum = _layer.Append(graph, dense, features);
        return options.Activation == Activation.None ? sum : graph.Node(options.Activation.ToString(), [sum]);
    }

    public override void Dispose()
    {
        _layer.Dispose();
        base.Dispose();
    }
}

sealed class DropoutPart(LayerSite site, Dropout options) : LayerPart
{
    readonly Generator _generator = new(0, CPU);

    public override int Outputs => site.Inputs;

    public override Axis AxisOut => site.AxisIn;

    public override Tensor Forward(Tensor? dense, BagIds? oneHots, TrainingStep? step)
    {
        if (step is not { } at || options.Share == 0)
            return dense!;
        _generator.manual_seed((long)Chance.Seed(at.Seed, Chance.Purpose.Dropout, site.Index, at.Number));
        return dense! * rand(dense!.shape, generator: _generator).ge(options.Share).to_type(ScalarType.Float32).div(1 - options.Share);
    }

    public override string Append(OnnxGraph graph, string? dense, IReadOnlyDictionary<string, string> features) => dense!;

    public override void Dispose()
    {
        _generator.Dispose();
        base.Dispose();
    }
}

sealed class BatchNormPart(LayerSite site, BatchNorm options) : LayerPart
{
    readonly DenseWeights _factors = WeightSource.Constant($"{site.Name}/factors", 1, site.AxisIn);
    readonly DenseWeights _shifts = WeightSource.Constant($"{site.Name}/shifts", 0, site.AxisIn);
    readonly Tensor _means = zeros(site.Inputs, dtype: float32).DetachFromDisposeScope();
    readonly Tensor _variances = ones(site.Inputs, dtype: float32).DetachFromDisposeScope();

    public override int Outputs => site.Inputs;

    public override Axis AxisOut => site.AxisIn;

    public override IEnumerable<IKept> Kept =>
    [
        _factors, _shifts,
        new RunningValues($"{site.Name}/means", _means) { Axes = [site.AxisIn] }, new RunningValues($"{site.Name}/variances", _variances) { Axes = [site.AxisIn] },
    ];

    public override Tensor Forward(Tensor? dense, BagIds? oneHots, TrainingStep? step) => nn.functional.batch_norm(
        dense!, site.Build.Arithmetic.Of(_means, step), site.Build.Arithmetic.Of(_variances, step), site.Build.Arithmetic.Of(_factors, step), site.Build.Arithmetic.Of(_shifts, step),
        training: step is not null && dense!.shape[0] > 1, // a single example has no variance
        momentum: options.Momentum, eps: options.Epsilon);

    public override string Append(OnnxGraph graph, string? dense, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope(site.Name);
        var (means, variances, factors, shifts) = (_means.data<float>().ToArray(), _variances.data<float>().ToArray(), _factors.ToArray(), _shifts.ToArray());
        var scale = new double[site.Inputs];
        for (var i = 0; i < scale.Length; i++)
            scale[i] = factors[i] / Math.Sqrt(variances[i] + options.Epsilon);
        var scales = site.Build.Arithmetic.IsDouble ? graph.Constant(scale) : graph.Constant(Array.ConvertAll(scale, value => (float)value));
        var centred = graph.Node("Sub", [dense!, site.Build.Arithmetic.Constant(graph, means)]);
        return graph.Node("Add", [graph.Node("Mul", [centred, scales]), site.Build.Arithmetic.Constant(graph, shifts)]);
    }

    public override void Dispose()
    {
        _factors.Dispose();
        _shifts.Dispose();
        _means.Dispose();
        _variances.Dispose();
        base.Dispose();
    }
}

sealed class LayerNormPart(LayerSite site, LayerNorm options) : LayerPart
{
    readonly DenseWeights _factors = WeightSource.Constant($"{site.Name}/factors", 1, site.AxisIn);
    readonly DenseWeights _shifts = WeightSource.Constant($"{site.Name}/shifts", 0, site.AxisIn);

    public override int Outputs => site.Inputs;

    public override Axis AxisOut => site.AxisIn;

    public override IEnumerable<IKept> Kept => [_factors, _shifts];

    public override Tensor Forward(Tensor? dense, BagIds? oneHots, TrainingStep? step) =>
        nn.functional.layer_norm(dense!, [site.Inputs], site.Build.Arithmetic.Of(_factors, step), site.Build.Arithmetic.Of(_shifts, step), options.Epsilon);

    public override string Append(OnnxGraph graph, string? dense, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope(site.Name);
        return graph.Node(
            "LayerNormalization", [dense!, site.Build.Arithmetic.Constant(graph, _factors), site.Build.Arithmetic.Constant(graph, _shifts)],
            ("axis", -1L), ("epsilon", (float)options.Epsilon));
    }

    public override void Dispose()
    {
        _factors.Dispose();
        _shifts.Dispose();
        base.Dispose();
    }
}

/// <summary>A user's own layer; always in single precision.</summary>
sealed class ModulePart : LayerPart
{
    readonly LayerSite _site;
    readonly LayerModule _module;
    readonly ModuleWeights _weights;

    public ModulePart(LayerSite site, CustomLayer options)
    {
        _site = site;
        _module = ModuleWeights.Create(() => options.Create(site.Inputs), site.Build.Seed, site.Index);
        _weights = new ModuleWeights(site.Name, _module);
    }

    public override int Outputs => _module.Outputs;

    public override IEnumerable<IKept> Kept => _weights.Kept;

    public override IEnumerable<(string Name, Axis Axis)> Fixed => [($"the input of '{_site.Name}', a layer of your own,", _site.AxisIn)];

    public override Tensor Forward(Tensor? dense, BagIds? oneHots, TrainingStep? step)
    {
        var result = _weights.Call(() => _module.call(dense!.to(float32)), step, _site.Index);
        return result.dim() == 2 && result.shape[1] == Outputs
            ? _site.Build.Arithmetic.Of(result, step)
            : throw new InvalidDataException($"{_module.GetName()} gave a tensor [{string.Join(", ", result.shape)}]. Expected [{dense!.shape[0]}, {Outputs}], as its Outputs says.");
    }

    public override string Append(OnnxGraph graph, string? dense, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope(_site.Name);
        return _site.Build.Arithmetic.Of(graph, _module.Append(graph, _site.Build.Arithmetic.ToSingle(graph, dense!)));
    }

    public override void Dispose()
    {
        _module.Dispose();
        base.Dispose();
    }
}
