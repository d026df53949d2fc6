using Gyre.Transforms;

namespace Gyre.Torch.Layers;

/// <summary>
/// A part of a network that sees some features: it makes each of them a vector, sets these side by side, and sends them through
/// its layers. The towers of a network stand beside each other; what comes out of all of them goes through the head.
/// </summary>
public sealed record Tower
{
    /// <summary>The names of the features it sees; none for all.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>The kinds of features it sees among these; none for all.</summary>
    public IReadOnlyList<FeatureKind> Kinds { get; init; } = [];

    /// <summary>How tokens become a vector.</summary>
    public TextEncoder Text { get; init; } = new EmbeddingBag(64);

    /// <summary>The greatest length of the vector of a category; it is at most half the number of its ids.</summary>
    public int CategorySize { get; init; } = 64;

    /// <summary>The layers, in order; none lets the vectors out as they are.</summary>
    public IReadOnlyList<Layer> Layers { get; init; } = [];

    internal IReadOnlyList<FeatureSpec> Of(IReadOnlyList<FeatureSpec> features) =>
    [
        .. features.Where(feature =>
            (Features.Count == 0 || Features.Contains(feature.Name, StringComparer.Ordinal)) && (Kinds.Count == 0 || Kinds.Contains(feature.Kind))),
    ];

    internal IEnumerable<string> Problems()
    {
        if (CategorySize < 1)
            yield return $"Tower.CategorySize is {CategorySize}. Expected at least 1.";
        foreach (var problem in Text.Problems().Concat(Layers.SelectMany(layer => layer.Problems())))
            yield return problem;
    }
}

/// <summary>How the tokens of a text become one vector.</summary>
public abstract record TextEncoder
{
    private protected TextEncoder(int size) => Size = size;

    /// <summary>The length of the vector of a token.</summary>
    public int Size { get; init; }

    internal virtual IEnumerable<string> Problems()
    {
        if (Size < 1)
            yield return Problem(nameof(Size), Size, "at least 1");
    }

    internal abstract Encoder Build(FeatureSpec feature, string name, FeatureSet train, NetworkBuild build);

    private protected string Problem(string option, object value, string expected) => $"{GetType().Name}.{option} is {value}. Expected {expected}.";
}

/// <summary>The mean of the tokens' vectors, wherever in the text they stand. The fastest by far.</summary>
public sealed record EmbeddingBag(int Size) : TextEncoder(Size)
{
    /// <summary>
    /// Whether tokens that are seen rarely move less, so that they are not learnt by heart. Set it to false where rare words tell much, as
    /// in telling subjects apart, and leave out many vectors at random instead.
    /// </summary>
    public bool IsGentle { get; init; } = true;

    internal override Encoder Build(FeatureSpec feature, string name, FeatureSet train, NetworkBuild build) =>
        new BagEncoder(Bag.Of(name, [feature], Size, isMean: true) with { IsGentle = IsGentle, Stretch = Math.Sqrt(Math.Max(1, (double)train.Tokens[feature.Name].Values.Length / Math.Max(1, train.Rows))) }, build);
}

/// <summary>Filters that each look for a pattern of neighbouring tokens; of each its largest response in the text (Kim, 2014).</summary>
/// <param name="Size">The length of the vector of a token.</param>
/// <param name="Filters">The number of filters of each width.</param>
public sealed record TokenConvolution(int Size, int Filters) : TextEncoder(Size)
{
    /// <summary>The widths of the patterns, in tokens.</summary>
    public IReadOnlyList<int> Windows { get; init; } = [3];

    /// <summary>How many tokens of a text are looked at.</summary>
    public int MaxTokens { get; init; } = 256;

    internal override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (Filters < 1)
            yield return Problem(nameof(Filters), Filters, "at least 1");
        if (Windows.Count == 0 || Windows.Any(window => window < 1) || Windows.Distinct().Count() < Windows.Count)
            yield return Problem(nameof(Windows), $"[{string.Join(", ", Windows)}]", "different widths of at least 1, such as [3, 4, 5]");
        if (MaxTokens < 1)
            yield return Problem(nameof(MaxTokens), MaxTokens, "at least 1");
    }

    internal override Encoder Build(FeatureSpec feature, string name, FeatureSet train, NetworkBuild build) => new ConvolutionEncoder(feature, name, this, build);
}

/// <summary>A mean of the tokens' vectors for each head, in which those tokens weigh more that the head attends to.</summary>
/// <param name="Size">The length of the vector of a token.</param>
/// <param name="Heads">The number of heads.</param>
public sealed record TokenAttention(int Size, int Heads = 1) : TextEncoder(Size)
{
    /// <summary>How many tokens of a text are looked at.</summary>
    public int MaxTokens { get; init; } = 256;

    internal override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (Heads < 1)
            yield return Problem(nameof(Heads), Heads, "at least 1");
        if (MaxTokens < 1)
            yield return Problem(nameof(MaxTokens), MaxTokens, "at least 1");
    }

    internal override Encoder Build(FeatureSpec feature, string name, FeatureSet train, NetworkBuild build) => new AttentionEncoder(feature, name, this, build);
}
