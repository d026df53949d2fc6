using Gyre.Onnx;
using Gyre.Pipelines;
using static TorchSharp.torch;

namespace Gyre.Torch.Layers;

/// <summary>
/// A layer of a <see cref="Tower"/> or of a network's head, from [N, width] to [N, another width]. Derive from
/// <see cref="CustomLayer"/> to bring one of your own.
/// </summary>
public abstract record Layer
{
    private protected Layer()
    {
    }

    internal abstract IEnumerable<string> Problems();

    internal abstract LayerPart Build(LayerSite site);

    private protected string Problem(string option, object value, string expected) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{GetType().Name}.{option} is {value}. Expected {expected}.");
}

/// <summary>What a layer does to each of its sums.</summary>
public enum Activation
{
    None,
    Relu,
    Tanh,
    Sigmoid,
}

/// <summary>Weighted sums of all inputs. One-hot features may enter a tower's first layer only if it is of this kind, or are made into vectors before it.</summary>
/// <param name="Width">The number of sums.</param>
public sealed record Dense(int Width) : Layer
{
    public Activation Activation { get; init; } = Activation.Relu;

    internal override IEnumerable<string> Problems()
    {
        if (Width < 1)
            yield return Problem(nameof(Width), Width, "at least 1");
    }

    internal override LayerPart Build(LayerSite site) => new DensePart(site, this);
}

/// <summary>Leaves out a share of its inputs at random in each step and scales the rest up, against learning by heart; does nothing when predicting.</summary>
/// <param name="Share">From 0 to less than 1.</param>
public sealed record Dropout(double Share) : Layer
{
    internal override IEnumerable<string> Problems()
    {
        if (Share is not (>= 0 and < 1))
            yield return Problem(nameof(Share), Share, "a share from 0 to less than 1");
    }

    internal override LayerPart Build(LayerSite site) => new DropoutPart(site, this);
}

/// <summary>
/// Brings each input to mean 0 and deviation 1 over the examples of a step, then scales and shifts it as learnt. Predicts with
/// running means and variances.
/// </summary>
public sealed record BatchNorm : Layer
{
    /// <summary>How far the running values move towards those of each step.</summary>
    public double Momentum { get; init; } = 0.1;

    /// <summary>Added to the variance before its root divides.</summary>
    public double Epsilon { get; init; } = 1e-5;

    internal override IEnumerable<string> Problems()
    {
        if (Momentum is not (> 0 and <= 1))
            yield return Problem(nameof(Momentum), Momentum, "a share above 0, at most 1");
        if (!(Epsilon > 0))
            yield return Problem(nameof(Epsilon), Epsilon, "a number above 0");
    }

    internal override LayerPart Build(LayerSite site) => new BatchNormPart(site, this);
}

/// <summary>Brings the inputs of each example to mean 0 and deviation 1, then scales and shifts each as learnt.</summary>
public sealed record LayerNorm : Layer
{
    /// <summary>Added to the variance before its root divides.</summary>
    public double Epsilon { get; init; } = 1e-5;

    internal override IEnumerable<string> Problems()
    {
        if (!(Epsilon > 0))
            yield return Problem(nameof(Epsilon), Epsilon, "a number above 0");
    }

    internal override LayerPart Build(LayerSite site) => new LayerNormPart(site, this);
}

/// <summary>A layer of your own: derive a sealed record that holds its options and makes the module.</summary>
public abstract record CustomLayer : Layer, ICarriesCode
{
    /// <summary>What is wrong with the options.</summary>
    protected virtual IEnumerable<string> FindProblems() => [];

    /// <summary>Makes the module with its first weights. Draw them from torch's own generator, which has been seeded.</summary>
    /// <param name="inputs">The width of what comes in.</param>
    public abstract LayerModule Create(int inputs);

    internal override IEnumerable<string> Problems() => FindProblems();

    internal override LayerPart Build(LayerSite site) => new ModulePart(site, this);
}

/// <summary>
/// A module of TorchSharp that can say what it computes in ONNX. All float parameters it registers are learnt; buffers are
/// kept. Random numbers must come from torch's own generator, which is seeded before each step.
/// </summary>
public abstract class LayerModule(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>The width of what comes out.</summary>
    public abstract int Outputs { get; }

    /// <summary>Adds nodes that compute what <c>forward</c> computes when predicting, to 1e-5.</summary>
    /// <param name="graph">The graph to add them to.</param>
    /// <param name="input">The name of the tensor float [N, inputs].</param>
    /// <returns>The name of a tensor float [N, <see cref="Outputs"/>].</returns>
    public abstract string Append(OnnxGraph graph, string input);
}
