using Gyre.Transforms.Operators;

namespace Gyre.Transforms;

/// <summary>Any number of texts per example, in order.</summary>
public sealed class TokensValue : Expression
{
    internal TokensValue(FeatureBuilder builder, Step step)
        : base(builder, step)
    {
    }

    /// <summary>The number of tokens.</summary>
    public NumberValue Count() => new(Builder, Then(new CountTokens()), mayBeMissing: false);

    /// <summary>
    /// Runs of tokens beside each other as one token each: those that begin at the first token, the shorter first, then those that begin at
    /// the second, and so on. An example with fewer than <paramref name="min"/> tokens has none.
    /// </summary>
    /// <param name="min">The fewest tokens in a run.</param>
    /// <param name="max">The most tokens in a run.</param>
    /// <param name="separator">What stands between the tokens of a run.</param>
    public TokensValue NGrams(int min, int max, string separator = " ")
    {
        Builder.RequireAtLeast(1, min, "NGrams", "as min");
        Builder.RequireAtLeast(min, max, "NGrams", "as max");
        return new(Builder, Then(new NGrams(min, max, separator)));
    }

    /// <summary>The first tokens only.</summary>
    public TokensValue First(int count)
    {
        Builder.RequireAtLeast(1, count, "First", "tokens");
        return new(Builder, Then(new FirstTokens(count)));
    }

    /// <summary>Numbers the most frequent tokens of the training split from 0, the most frequent first.</summary>
    /// <param name="top">How many tokens are kept at most.</param>
    /// <param name="minCount">How often a token must occur to be kept.</param>
    /// <param name="oovBuckets">How many ids behind the kept tokens stand for all others; with 0, others are left out.</param>
    public TokenIdsValue Vocabulary(int top, int minCount = 1, int oovBuckets = 1)
    {
        Builder.RequireVocabulary(top, minCount, oovBuckets);
        return new(Builder, Then(new TokenVocabulary(top, minCount, oovBuckets)));
    }

    /// <summary>Numbers tokens of the training split as <paramref name="options"/> say.</summary>
    /// <param name="options">Which tokens are kept, in which order, and what becomes of others.</param>
    /// <param name="weight">
    /// What each example counts for its tokens, instead of 1; an example whose weight is missing does not count. Tokens are then ranked by the
    /// sum of the weights.
    /// </param>
    public TokenIdsValue Vocabulary(VocabularyOptions options, NumberValue? weight = null)
    {
        Builder.RequireVocabulary(options.Top, options.MinCount, options.OovBuckets);
        var op = new TokenVocabulary(options.Top, options.MinCount, options.OovBuckets).With(options with { MissingIsOov = false }, weight is not null);
        return new(Builder, weight is null ? Then(op) : Then(op, weight));
    }

    /// <summary>Numbers tokens by a hash, without looking at any data: different tokens may get the same id.</summary>
    /// <param name="count">The number of buckets.</param>
    /// <param name="hash">The hash.</param>
    public TokenIdsValue HashBuckets(int count, TextHash hash = TextHash.Murmur3)
    {
        Builder.RequireAtLeast(1, count, "HashBuckets", "buckets");
        return new(Builder, Then(new TokenHashBuckets(count).With(hash, hashMissing: false)));
    }
}

/// <summary>Any number of ids per example, in order: a feature for models that embed them.</summary>
public sealed class TokenIdsValue : FeatureValue
{
    internal TokenIdsValue(FeatureBuilder builder, Step step)
        : base(builder, step)
    {
    }

    internal override FeatureKind Kind => FeatureKind.Tokens;

    /// <summary>
    /// The same number of ids for each example: its first ones, and behind them as padding an id of its own, the last, which counts among the ids
    /// of the feature.
    /// </summary>
    public TokenIdsValue Padded(int length)
    {
        Builder.RequireAtLeast(1, length, "Padded", "ids");
        return new(Builder, Then(new PaddedIds(length)));
    }

    /// <summary>What a pretrained ONNX model makes of the ids, as a vector. The model becomes part of the graph as it is, and its file part of what the transform is known by.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">How the model is asked; null where it leaves no choice.</param>
    public VectorValue Encode(string path, EncoderOptions? options = null) => Builder.Encode(this, path, options ?? new());

    /// <summary>A vector with a 1 for each id that occurs, as long as there are ids. Meant for hundreds of ids; more are better left as ids.</summary>
    public VectorValue MultiHot() => new(Builder, Then(new MultiHot()));

    /// <summary>A vector of how often each id occurs. Meant for hundreds of ids; more are better left as ids.</summary>
    public VectorValue Counts() => new(Builder, Then(new CountIds()));

    /// <summary>
    /// A vector of what each id weighs: the share of the example's ids that it is, times 1 + ln((N + 1) ÷ (n + 1)), where n of N training examples
    /// have it. Meant for hundreds of ids.
    /// </summary>
    /// <param name="smooth">False for 1 + ln(N ÷ n), and 0 for ids that no training example has.</param>
    public VectorValue TfIdf(bool smooth = true) => new(Builder, Then(new TfIdf(smooth)));
}
