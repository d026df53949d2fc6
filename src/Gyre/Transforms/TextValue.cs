using Gyre.Transforms.Operators;

namespace Gyre.Transforms;

/// <summary>A text per example. The empty text counts as missing.</summary>
public sealed class TextValue : Expression
{
    internal TextValue(FeatureBuilder builder, Step step)
        : base(builder, step)
    {
    }

    /// <summary>Puts a constant where the text is missing.</summary>
    public TextValue FillMissing(string value)
    {
        if (value.Length == 0)
            Builder.Error("FillMissing(\"\") changes nothing, because the empty text counts as missing. Give another text.");
        return new(Builder, Then(new FillMissingText(value)));
    }

    /// <summary>Puts the text that occurs most often in the training split where the text is missing; of equally frequent ones the one whose UTF-8 bytes are greater.</summary>
    public TextValue FillMissingWithMostFrequent() => new(Builder, Then(new FillMissingTextWithMostFrequent()));

    /// <summary>Turns A–Z into a–z. Other letters stay as they are.</summary>
    public TextValue Lower() => new(Builder, Then(new Lower()));

    /// <summary>Takes white space (blank, tab, line ends) off both ends.</summary>
    public TextValue Trim() => new(Builder, Then(new Extract(@"(?s)\S(?:.*\S)?")));

    /// <summary>Keeps the first match of a regular expression; missing where there is none.</summary>
    /// <param name="pattern">In the syntax that RE2 and .NET share: no look-around, no back-references.</param>
    public TextValue Extract(string pattern)
    {
        RequireMatcher(pattern);
        return new(Builder, Then(new Extract(pattern)));
    }

    /// <summary>1 where a regular expression matches the whole text, otherwise 0, also where the text is missing.</summary>
    /// <param name="pattern">In the syntax that RE2 and .NET share: no look-around, no back-references.</param>
    public NumberValue Matches(string pattern)
    {
        Builder.RequirePattern(pattern, mayMatchEmpty: true);
        return new(Builder, Then(new Matches(pattern)), mayBeMissing: false);
    }

    /// <summary>1 where the text is one of those given, otherwise 0, also where it is missing.</summary>
    public NumberValue IsOneOf(params IReadOnlyList<string> texts)
    {
        if (texts.Count == 0 || texts.Any(string.IsNullOrEmpty))
            Builder.Error("IsOneOf needs at least one text, none of them empty, because the empty text counts as missing. For missing texts there is IsMissing().");
        return new(Builder, Then(new IsOneOf([.. texts.Distinct(StringComparer.Ordinal)])), mayBeMissing: false);
    }

    /// <summary>Both texts with something between them; missing where either is.</summary>
    public TextValue Join(TextValue other, string separator = "_") => new(Builder, Then(new JoinTexts(separator), other));

    /// <summary>1 where the text is missing, otherwise 0.</summary>
    public NumberValue IsMissing() => new(Builder, Then(new IsMissingText()), mayBeMissing: false);

    /// <summary>The number of Unicode code points in the text; 0 where it is missing.</summary>
    public NumberValue Length() => new(Builder, Then(new Length()), mayBeMissing: false);

    /// <summary>
    /// Reads the text as a decimal number: digits, perhaps a point, a sign, an exponent of one or two digits, blanks around.
    /// Missing where it is anything else; «1,5», «12abc» and «0x10» are no numbers.
    /// </summary>
    public NumberValue ToNumber() => new(Builder, Then(new ToNumber()), mayBeMissing: true);

    /// <summary>
    /// Reads the text as a date, perhaps with a time behind it: <c>2016-03-31</c>, <c>2016-03-31T17:05</c>, <c>2016-03-31 17:05:59.25+02:00</c>.
    /// Without an offset the time is UTC. Missing where the text is anything else, or a day or time that does not exist.
    /// </summary>
    public MomentValue ToMoment(DateOrder order = DateOrder.YearFirst) => new(Builder, Then(new ToMoment(order)));

    /// <summary>Cuts the text into words: runs of letters and digits of any script.</summary>
    public TokensValue Words() => Tokens(@"[\p{L}\p{N}]+");

    /// <summary>Cuts the text into its Unicode code points.</summary>
    public TokensValue Characters() => Tokens("(?s).");

    /// <summary>Cuts the text into the matches of a regular expression, left to right.</summary>
    /// <param name="pattern">In the syntax that RE2 and .NET share: no look-around, no back-references.</param>
    public TokensValue Tokens(string pattern)
    {
        RequireMatcher(pattern);
        return new(Builder, Then(new Tokens(pattern)));
    }

    /// <summary>Numbers the most frequent texts of the training split from 0, the most frequent first.</summary>
    /// <param name="top">How many texts are kept at most.</param>
    /// <param name="minCount">How often a text must occur to be kept.</param>
    /// <param name="oovBuckets">How many ids behind the kept texts stand for all others; with 0, others count as missing.</param>
    public IdValue Vocabulary(int top, int minCount = 1, int oovBuckets = 1)
    {
        Builder.RequireVocabulary(top, minCount, oovBuckets);
        return new(Builder, Then(new Vocabulary(top, minCount, oovBuckets)));
    }

    /// <summary>What a pretrained ONNX model makes of the text, as a vector. The model becomes part of the graph as it is, and its file part of what the transform is known by.</summary>
    /// <param name="path">The ONNX file, with its tokenizer in it.</param>
    /// <param name="options">How the model is asked; null where it leaves no choice.</param>
    public VectorValue Encode(string path, EncoderOptions? options = null) => Builder.Encode(this, path, options ?? new());

    /// <summary>
    /// The mean label of the training examples with the same text; that of all where the text is missing or unknown. Rare texts are drawn towards
    /// the mean of all. A training example gets the mean of the examples outside its own fold, so that no label leaks into its own features; all
    /// others, and the served model, get that of all training examples.
    /// </summary>
    /// <param name="folds">Into how many parts the training split is divided, row by row in turn.</param>
    /// <param name="smoothing">As how many examples with the mean label of all the prior counts.</param>
    public NumberValue TargetMean(int folds = 5, double smoothing = 10)
    {
        Builder.RequireAtLeast(2, folds, "TargetMean", "folds");
        if (!(smoothing >= 0) || double.IsInfinity(smoothing))
            Builder.Error($"TargetMean was given the smoothing {smoothing.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}. Give a number of examples, 0 or more.");
        return new(Builder, Then(new TargetMean(folds, smoothing)), mayBeMissing: false);
    }

    /// <summary>Numbers texts of the training split as <paramref name="options"/> say.</summary>
    /// <param name="options">Which texts are kept, in which order, and what becomes of others.</param>
    /// <param name="weight">
    /// What each example counts for its text, instead of 1; an example whose weight is missing does not count. Texts are then ranked by the
    /// sum of the weights.
    /// </param>
    public IdValue Vocabulary(VocabularyOptions options, NumberValue? weight = null)
    {
        Builder.RequireVocabulary(options.Top, options.MinCount, options.OovBuckets);
        var op = new Vocabulary(options.Top, options.MinCount, options.OovBuckets).With(options, weight is not null);
        return new(Builder, weight is null ? Then(op) : Then(op, weight));
    }

    /// <summary>Numbers texts by a hash, without looking at any data: different texts may get the same id.</summary>
    /// <param name="count">The number of buckets.</param>
    /// <param name="hash">The hash.</param>
    /// <param name="hashMissing">Whether a missing text gets the bucket of the empty text, instead of none.</param>
    public IdValue HashBuckets(int count, TextHash hash = TextHash.Murmur3, bool hashMissing = false)
    {
        Builder.RequireAtLeast(1, count, "HashBuckets", "buckets");
        return new(Builder, Then(new HashBuckets(count).With(hash, hashMissing)));
    }

    /// <summary>Numbers texts by SipHash-2-4 under a key that others need not know, as <c>hash_strings</c> of TensorFlow Transform does with a key.</summary>
    /// <param name="count">The number of buckets.</param>
    /// <param name="key0">The first half of the key.</param>
    /// <param name="key1">The second half of the key.</param>
    /// <param name="hashMissing">Whether a missing text gets the bucket of the empty text, instead of none.</param>
    public IdValue KeyedHashBuckets(int count, ulong key0, ulong key1, bool hashMissing = false)
    {
        Builder.RequireAtLeast(1, count, "KeyedHashBuckets", "buckets");
        return new(Builder, Then(new HashBuckets(count) { Key = [key0, key1], HashMissing = hashMissing ? true : null }));
    }

    /// <summary>A pattern that matched nothing at all could match everywhere.</summary>
    void RequireMatcher(string pattern) => Builder.RequirePattern(pattern, mayMatchEmpty: false);
}
