using static TorchSharp.torch;

namespace Gyre.Torch;

/// <summary>The network that a <see cref="NetworkPlan"/> describes, with its weights.</summary>
sealed class Network : IDisposable
{
    /// <param name="plan">The shape.</param>
    /// <param name="seed">Decides the initial weights.</param>
    /// <param name="baseRate">The share of positive examples: what the network answers while it knows nothing else.</param>
    public Network(NetworkPlan plan, int seed, double baseRate)
    {
        Plan = plan;
        var source = new WeightSource(seed);
        Embeddings = [.. plan.Embeddings.Select(bag => new BagLayer(new VectorTable(bag, source, WeightSource.EmbeddingLimit)))];
        var hidden = new List<MixedLayer>();
        var width = plan.DeepWidth;
        foreach (var size in plan.HiddenLayers)
        {
            var oneHots = hidden.Count == 0 ? plan.DeepOneHots : [];
            hidden.Add(new MixedLayer($"hidden{hidden.Count + 1}", width, oneHots, size, source));
            width = size;
        }

        Hidden = hidden;
        Wide = plan.WideSize == 0 ? null : new MixedLayer("wide", plan.NumberWidth, plan.OneHots, plan.WideSize, source);
        Head = new MixedLayer("head", width + plan.WideSize, [], 1, source);
        Head.Bias.CopyFrom([(float)Math.Log(baseRate / (1 - baseRate))]);
    }

    public NetworkPlan Plan { get; }

    public IReadOnlyList<BagLayer> Embeddings { get; }

    public IReadOnlyList<MixedLayer> Hidden { get; }

    public MixedLayer? Wide { get; }

    public MixedLayer Head { get; }

    IEnumerable<MixedLayer> Layers => [.. Hidden, .. Wide is null ? [] : new[] { Wide }, Head];

    /// <summary>The log-odds of the positive class: [B].</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="drop">Applied to the outputs of each hidden layer.</param>
    public Tensor LogOdds(ExampleTensors examples, Func<Tensor, Tensor> drop)
    {
        var inputs = Embeddings.Select((bag, i) => bag.Forward(examples.Embeddings[i])).ToList();
        if (examples.Numbers is { } numbers)
            inputs.Add(numbers);
        var deep = Join(inputs);
        foreach (var layer in Hidden)
            deep = drop(layer.Forward(deep, examples.OneHots).relu());
        var wide = Wide?.Forward(examples.Numbers, examples.OneHots).relu();
        return Head.Forward(Join([.. new[] { deep, wide }.OfType<Tensor>()]), examples.OneHots).squeeze(1);
    }

    /// <summary>Moves all weights by the gradients that the loss of the last <see cref="LogOdds"/> has left.</summary>
    public void Learn(Adam adam)
    {
        adam.NextStep();
        foreach (var embedding in Embeddings)
            embedding.Learn(adam);
        foreach (var layer in Layers)
            layer.Learn(adam);
    }

    /// <summary>Copies of all weights, in a fixed order.</summary>
    public IReadOnlyList<float[]> Save() =>
    [
        .. Tables.Select(table => (float[])table.Weights.Clone()),
        .. Dense.Select(weights => weights.ToArray()),
    ];

    /// <summary>Puts back what <see cref="Save"/> gave.</summary>
    public void Restore(IReadOnlyList<float[]> saved)
    {
        var next = 0;
        foreach (var table in Tables)
            saved[next++].CopyTo(table.Weights, 0);
        foreach (var weights in Dense)
            weights.CopyFrom(saved[next++]);
    }

    public void Dispose()
    {
        foreach (var layer in Layers)
            layer.Dispose();
    }

    IEnumerable<VectorTable> Tables => Embeddings.Concat(Layers.Select(layer => layer.OneHots).OfType<BagLayer>()).Select(layer => layer.Table);

    IEnumerable<DenseWeights> Dense => Layers.SelectMany(layer => new[] { layer.Dense, layer.Bias }).OfType<DenseWeights>();

    static Tensor? Join(List<Tensor> parts) => parts.Count switch
    {
        0 => null,
        1 => parts[0],
        _ => cat(parts, 1),
    };
}
