using Gyre.Onnx;
using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Operators;

/// <summary>
/// The position of a text, or of each token, among the most frequent ones of the training split. What is not among them
/// gets one of the ids behind, −1 if there are none.
/// </summary>
/// <param name="Top">How many are kept at most.</param>
/// <param name="MinCount">How often one must occur to be kept.</param>
/// <param name="OovBuckets">How many ids stand for all others; which of them, a hash decides.</param>
abstract record AnyVocabulary(int Top, int MinCount, int OovBuckets) : Operator
{
    public override Analyzer CreateAnalyzer() => new VocabularyAnalyzer(Top, MinCount);

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => ((FittedVocabulary)fitted!).Values.Count + OovBuckets;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var values = ((FittedVocabulary)fitted!).Values;
        if (OovBuckets <= 1)
            return graph.Lookup(inputs[0], values, unknown: OovBuckets == 0 ? -1 : values.Count);
        const long Unknown = -2;
        var ids = graph.Lookup(inputs[0], values, Unknown);
        var others = graph.Node("Add", [graph.Hash(inputs[0], OovBuckets), graph.Scalar((long)values.Count)]);
        return graph.Where(graph.Node("Equal", [ids, graph.Scalar(Unknown)]), others, ids);
    }
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

sealed record HashBuckets(int Count) : Operator
{
    public override TensorKind Kind => TensorKind.Ids;

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => Count;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.Where(graph.IsBlank(inputs[0]), graph.Scalar(-1L), graph.Hash(inputs[0], Count));
}

sealed record TokenHashBuckets(int Count) : Operator
{
    public override TensorKind Kind => TensorKind.TokenIds;

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => Count;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => graph.PadIds(
        graph.Where(graph.IsBlank(inputs[0]), graph.Scalar(-1L), graph.Hash(inputs[0], Count)));
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
