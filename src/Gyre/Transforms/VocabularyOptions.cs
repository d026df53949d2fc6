namespace Gyre.Transforms;

/// <summary>Which texts a vocabulary keeps, in which order, and what becomes of all others.</summary>
public sealed record VocabularyOptions
{
    /// <summary>How many texts are kept at most.</summary>
    public int Top { get; init; } = int.MaxValue;

    /// <summary>How often a text must occur to be kept; with weights, its weights must add up to this.</summary>
    public int MinCount { get; init; } = 1;

    /// <summary>How many ids behind the kept texts stand for all others; with 0, others count as missing.</summary>
    public int OovBuckets { get; init; } = 1;

    /// <summary>The hash that says which of the <see cref="OovBuckets"/> a text gets.</summary>
    public TextHash OovHash { get; init; } = TextHash.Murmur3;

    /// <summary>
    /// Whether a missing text counts as one of the others, as in TensorFlow Transform, where the empty text is never part of a
    /// vocabulary. Otherwise it is missing. Nothing changes for tokens, among which none is missing.
    /// </summary>
    public bool MissingIsOov { get; init; }

    /// <summary>Ranks texts by what they tell about the label, instead of by how often they occur; null for the latter.</summary>
    public MutualInformation? ByInformation { get; init; }
}

/// <summary>
/// How much a text tells about the label: over the label's classes, the sum of n·log2(n·N ÷ (x·y)), where n counts examples with
/// both text and class, x and y those with either, and N all. In bits times examples, as in TensorFlow Transform.
/// </summary>
public sealed record MutualInformation
{
    /// <summary>Takes off what chance would give: the expectation of the sum under the hypergeometric distribution.</summary>
    public bool Adjusted { get; init; }

    /// <summary>
    /// Classes count only where n differs from x·y ÷ N by this at least. Null takes TensorFlow Transform's default for the number of examples,
    /// from 2 for ten thousand to 25 for a million.
    /// </summary>
    public double? MinDifference { get; init; }
}
