using Gyre.Data;
using Gyre.Onnx;
using Gyre.Transforms;
using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

public sealed class TransformLawTests
{
    static readonly string?[] Typical = [null, "", "a", "b", "A b", "c c c", "é", "12", "x y z 7"];

    static readonly Gen<string?> Words = Gen.Frequency(
        (3, Gen.Int[0, Typical.Length - 1].Select(i => Typical[i])), (1, Gen.String.Select(text => (string?)text)));

    static readonly Gen<double> Numbers = Gen.Frequency((1, Gen.Const(double.NaN)), (4, Gen.Double[-100, 100]), (1, Gen.Double), (2, Gen.Int[0, 5].Select(i => (double)i)));

    static readonly Gen<ExampleBatch> Batches = Gen.Int[1, 60].SelectMany(rows => Gen.Select(
        Words.Array[rows], Numbers.Array[rows], (texts, numbers) => Batch(("t", texts), ("n", numbers))));

    static void Everything(FeatureBuilder f)
    {
        var (text, number) = (f.Text("t"), f.Number("n"));
        f.Output("vocabulary", text.Vocabulary(top: 3).OneHot());
        f.Output("hashed", text.Lower().HashBuckets(7).AsCategory());
        f.Output("tokens", text.Lower().Tokens("[a-z0-9]+").Vocabulary(top: 4, minCount: 2));
        f.Output("buckets", number.Bucketize(5).OneHot());
        f.Output("z", number.Log1p().ScaleToZScore());
        f.Output("unit", number.FillMissingWithMedian().ScaleToUnit());
        f.Output("length", text.Trim().Length());
    }

    [Fact]
    public Task Neither_the_size_of_batches_nor_the_number_of_threads_changes_a_bit() => Gen.Select(Batches, Gen.Int[1, 20], Gen.Int[1, 3]).SampleAsync(
        async (batch, batchRows, threads) =>
        {
            using var whole = await FitAsync(Everything, batch);
            using var cut = await FitAsync(Everything, batch, batchRows, threads);
            cut.Fingerprint.ShouldBe(whole.Fingerprint);
        },
        iter: 60);

    [Fact]
    public Task Each_example_is_transformed_as_if_it_were_alone() => Batches.SampleAsync(
        async batch =>
        {
            using var run = await FitAsync(Everything, batch);
            var (together, features) = (run.All(batch), run.Features);
            for (var row = 0; row < batch.Rows; row++)
            {
                var alone = run.All(Batch(("t", new[] { batch.Text("t")[row] }), ("n", new[] { batch.Number("n")[row] })));
                for (var feature = 0; feature < features.Count; feature++)
                    ValueOf(alone[feature], 0).ShouldBe(ValueOf(together[feature], row), features[feature].Name);
            }
        },
        iter: 15);

    [Fact]
    public Task Ids_stay_within_the_size_of_their_feature() => Gen.Select(Batches, Batches).SampleAsync(
        async (train, other) =>
        {
            using var run = await FitAsync(Everything, train);
            foreach (var feature in run.Features.Where(feature => feature.Kind is FeatureKind.OneHot or FeatureKind.Category))
                run.Ids(feature.Name, other).ShouldAllBe(id => id >= -1 && id < feature.Size);
            run.Tokens("tokens", other).SelectMany(ids => ids).ShouldAllBe(id => id >= 0 && id < run.Features.First(feature => feature.Name == "tokens").Size);
        },
        iter: 25);

    [Fact]
    public Task Numbers_that_models_are_given_are_finite() => Gen.Select(Batches, Batches).SampleAsync(
        async (train, other) =>
        {
            using var run = await FitAsync(Everything, train);
            foreach (var feature in run.Features.Where(feature => feature.Kind == FeatureKind.Number))
                run.Numbers(feature.Name, other).ShouldAllBe(value => float.IsFinite(value));
        },
        iter: 25);

    [Fact]
    public Task A_greater_number_never_falls_into_a_lower_bucket() => Gen.Select(Numbers.Array[1, 80], Gen.Int[2, 12]).SampleAsync(
        async (numbers, buckets) =>
        {
            using var run = await FitAsync(f => f.Output("x", f.Number("c").Bucketize(buckets).OneHot()), Batch(numbers));
            var sorted = numbers.Where(double.IsFinite).Order().ToArray();
            if (sorted.Length > 0)
                run.Ids("x", Batch(sorted)).ShouldBeInOrder();
        },
        iter: 25);

    [Fact]
    public Task Distinct_numbers_fill_their_buckets_equally() => Gen.Select(Gen.Int[1, 20], Gen.Int[2, 8]).SampleAsync(
        async (perBucket, buckets) =>
        {
            var numbers = Enumerable.Range(0, perBucket * buckets).Select(i => (double)i).ToArray();
            var ids = await IdsAsync(f => f.Number("c").Bucketize(buckets), numbers);

            // A bound belongs to the bucket above it, so the first bucket has one less and the last one more.
            var counts = ids.CountBy(id => id).ToDictionary();
            for (var bucket = 0; bucket < buckets; bucket++)
                counts.GetValueOrDefault(bucket).ShouldBe(perBucket + (bucket == 0 ? -1 : 0) + (bucket == buckets - 1 ? 1 : 0));
        },
        iter: 20);

    [Fact]
    public Task A_one_hot_vector_has_at_most_a_single_one() => Gen.Select(Gen.Long[-3, 12].Array[1, 20], Gen.Int[1, 10]).SampleAsync((ids, depth) =>
    {
        var graph = new OnnxGraph();
        graph.Input("id", OnnxType.Double, null, 1);
        graph.Output("vector", graph.OneHot(graph.Cast("id", OnnxType.Int64), depth), OnnxType.Float, null, depth);
        using var model = new OnnxModel(graph);
        model.Run(Batch(("id", ids.Select(id => (double)id).ToArray())), ["vector"], chunk =>
        {
            for (var i = 0; i < ids.Length; i++)
            {
                var vector = chunk.Floats("vector").Slice(i * depth, depth).ToArray();
                vector.Sum().ShouldBe(ids[chunk.Rows[i]] >= 0 && ids[chunk.Rows[i]] < depth ? 1 : 0);
                vector.ShouldAllBe(value => value == 0 || value == 1);
            }
        });
        return Task.CompletedTask;
    },
    iter: 25);

    [Fact]
    public async Task Counts_of_a_vocabulary_agree_with_what_the_graph_gives()
    {
        var batch = Batch(("t", new string?[] { "a b", "A", null, "b b c", "A" }), ("n", new double[5]));
        using var run = await FitAsync(Everything, batch);
        var audit = new VocabularyAudit(run.Definition, run.Fitted, run.Features);

        Should.Throw<InvalidOperationException>(audit.RequireAgreement).Message.ShouldContain("'b' of the feature 'tokens'");
        audit.See(run.Transform(batch));
        audit.RequireAgreement();
        audit.See(run.Transform(batch));
        Should.Throw<InvalidOperationException>(audit.RequireAgreement);
    }

    static object ValueOf(ColumnValues column, int row) => column switch
    {
        FloatValues floats => floats.Values[row],
        IntegerValues integers => integers.Values[row],
        IntegerListValues lists => string.Join(",", lists.Values[lists.Offsets[row]..lists.Offsets[row + 1]]),
        _ => throw new NotSupportedException(column.GetType().Name),
    };
}
