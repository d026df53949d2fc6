using Gyre.Data;
using Gyre.Onnx;
using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Operators;

/// <summary>
/// The position of a text, or of each token, among those that the training split made the most of. What is not among them
/// gets one of the ids behind, −1 if there are none. Reads a second input as the weight of each example where
/// it is weighted.
/// </summary>
/// <param name="Top">How many are kept at most.</param>
/// <param name="MinCount">How often one must occur to be kept.</param>
/// <param name="OovBuckets">How many ids stand for all others; which of them, a hash decides.</param>
abstract record AnyVocabulary(int Top, int MinCount, int OovBuckets) : Operator
{
    /// <summary>The hash; null for the fast one.</summary>
    public TextHash? Hash { get; init; }

    /// <summary>True where a missing text is one of the others; null where it is missing.</summary>
    public bool? MissingIsOov { get; init; }

    public bool? IsWeighted { get; init; }

    /// <summary>How texts are ranked by what they tell about the label; null where by how often they occur.</summary>
    public MutualInformation? Information { get; init; }

    public override Analyzer CreateAnalyzer() => IsWeighted is null && Information is null
        ? new VocabularyAnalyzer(Top, MinCount)
        : new RankedVocabularyAnalyzer(Top, MinCount, IsWeighted == true, Information);

    public override string? WrongLabel(LearningTask task) => Information is null || task is LearningTask.Binary or LearningTask.Multiclass
        ? null
        : "A vocabulary is ranked by what its texts tell about the label's classes, but the label has no classes, or several for an example. Leave out ByInformation.";

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => ((FittedVocabulary)fitted!).Values.Count + OovBuckets;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var values = ((FittedVocabulary)fitted!).Values;
        var missing = MissingIsOov == true && OovBuckets > 0 ? Unknown : -1;
        if (OovBuckets <= 1)
            return graph.Lookup(inputs[0], values, unknown: OovBuckets == 0 ? -1 : values.Count, missing: missing == Unknown ? values.Count : -1);
        var ids = graph.Lookup(inputs[0], values, Unknown, missing);
        var isOther = graph.Node("Equal", [ids, graph.Scalar(Unknown)]);

        // Known texts need no hash; the empty one costs nothing.
        var others = graph.Where(isOther, inputs[0], graph.Scalar(""));
        var buckets = graph.Node("Add", [graph.Bucket(others, OovBuckets, Hash ?? TextHash.Murmur3), graph.Scalar((long)values.Count)]);
        return graph.Where(isOther, buckets, ids);
    }

    const long Unknown = -2;
}

/// <summary>What options say, as parameters that are absent where they are as usual.</summary>
static class IdOptions
{
    public static T With<T>(this T op, VocabularyOptions options, bool isWeighted)
        where T : AnyVocabulary => op with
        {
            Hash = options.OovHash == TextHash.Murmur3 ? null : options.OovHash,
            MissingIsOov = options.MissingIsOov ? true : null,
            IsWeighted = isWeighted ? true : null,
            Information = options.ByInformation,
        };

    public static T With<T>(this T op, TextHash hash, bool hashMissing)
        where T : AnyHashBuckets => op with { Hash = hash == TextHash.Murmur3 ? null : hash, HashMissing = hashMissing ? true : null };
}

/// <inheritdoc/>
sealed record Vocabulary(int Top, int MinCount, int OovBuckets) : AnyVocabulary(Top, MinCount, OovBuckets)
{
    public override TensorKind Kind => TensorKind.Ids;
}

/// <inheritdoc/>
sealed record TokenVocabulary(int Top, int MinCount, int OovBuckets) : AnyVocabulary(Top, MinCount, OovBuckets)
{
    public override TensorKind Kind => TensorKind.TokenIds;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.PadIds(base.Emit(graph, inputs, fitted));
}

/// <summary>A bucket for each text by a hash.</summary>
abstract record AnyHashBuckets(int Count) : Operator
{
    /// <summary>The hash; null for the fast one.</summary>
    public TextHash? Hash { get; init; }

    /// <summary>The two halves of the key of SipHash; null for none.</summary>
    public IReadOnlyList<ulong>? Key { get; init; }

    /// <summary>True where a missing text has a bucket, too; null where it is missing.</summary>
    public bool? HashMissing { get; init; }

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => Count;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var buckets = Key is [var key0, var key1]
            ? graph.KeyedBucket(inputs[0], Count, key0, key1)
            : graph.Bucket(inputs[0], Count, Hash ?? TextHash.Murmur3);
        return HashMissing == true ? buckets : graph.Where(graph.IsBlank(inputs[0]), graph.Scalar(-1L), buckets);
    }
}

/// <inheritdoc/>
sealed record HashBuckets(int Count) : AnyHashBuckets(Count)
{
    public override TensorKind Kind => TensorKind.Ids;
}

/// <inheritdoc/>
sealed record TokenHashBuckets(int Count) : AnyHashBuckets(Count)
{
    public override TensorKind Kind => TensorKind.TokenIds;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.PadIds(base.Emit(graph, inputs, fitted));
}

/// <summary>The number of bounds that a number reaches: one equal to a bound goes up. Missing gives −1.</summary>
abstract record AnyBucketize : Operator
{
    public override TensorKind Kind => TensorKind.Ids;

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => BoundsOf(fitted).Count + 1;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var bounds = BoundsOf(fitted);
        var reached = graph.Node("GreaterOrEqual", [inputs[0], graph.Constant([.. bounds], 1, bounds.Count)]);
        var ids = graph.Node("ReduceSum", [graph.Cast(reached, OnnxType.Int64), graph.Constant([1L])], ("keepdims", 1L));
        return graph.Where(graph.IsMissing(inputs[0]), graph.Scalar(-1L), ids);
    }

    protected abstract IReadOnlyList<double> BoundsOf(Fitted? fitted);
}

/// <summary>Buckets of equal numbers of training examples.</summary>
sealed record Bucketize(int Buckets) : AnyBucketize
{
    public override Analyzer CreateAnalyzer() => new QuantilesAnalyzer(Buckets);

    protected override IReadOnlyList<double> BoundsOf(Fitted? fitted) => ((FittedQuantiles)fitted!).Bounds;
}

/// <summary>Buckets between given bounds.</summary>
sealed record BucketizeAt(IReadOnlyList<double> Bounds) : AnyBucketize
{
    protected override IReadOnlyList<double> BoundsOf(Fitted? fitted) => Bounds;
}

/// <summary>Whole numbers as ids; none for others.</summary>
sealed record WholeNumberId(long First, int Count) : Operator
{
    public override TensorKind Kind => TensorKind.Ids;

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => Count;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var place = graph.Node("Sub", [inputs[0], graph.Scalar((double)First)]);
        var isWhole = graph.Node("Equal", [place, graph.Node("Floor", [place])]);
        var isInside = graph.Node("And", [graph.Node("GreaterOrEqual", [place, graph.Scalar(0.0)]), graph.Node("Less", [place, graph.Scalar((double)Count)])]);
        return graph.Cast(graph.Where(graph.Node("And", [isWhole, isInside]), place, graph.Scalar(-1.0)), OnnxType.Int64);
    }
}

/// <summary>Ids to be read as vectors with a single one; nothing is computed, models see the difference.</summary>
sealed record OneHot : Operator
{
    public override TensorKind Kind => TensorKind.Ids;

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => sizeOf(0);

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => inputs[0];
}

/// <summary>Ids to be read as places in an embedding; nothing is computed, models see the difference.</summary>
sealed record AsCategory : Operator
{
    public override TensorKind Kind => TensorKind.Ids;

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => sizeOf(0);

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => inputs[0];
}
