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

    /// <summary>Numbers the most frequent tokens of the training split from 0, the most frequent first.</summary>
    /// <param name="top">How many tokens are kept at most.</param>
    /// <param name="minCount">How often a token must occur to be kept.</param>
    /// <param name="oovBuckets">How many ids behind the kept tokens stand for all others; with 0, others are left out.</param>
    public TokenIdsValue Vocabulary(int top, int minCount = 1, int oovBuckets = 1)
    {
        Builder.RequireVocabulary(top, minCount, oovBuckets);
        return new(Builder, Then(new TokenVocabulary(top, minCount, oovBuckets)));
    }

    /// <summary>Numbers tokens by a hash, without looking at any data: different tokens may get the same id.</summary>
    public TokenIdsValue HashBuckets(int count)
    {
        Builder.RequireAtLeast(1, count, "HashBuckets", "buckets");
        return new(Builder, Then(new TokenHashBuckets(count)));
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
}
