using Gyre.Transforms;
using Gyre.Transforms.Analysis;
using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

public sealed class TokenOperatorTests
{
    static readonly Gen<string?> Sentences = Gen.OneOf(
        Gen.Const((string?)null), Gen.Const((string?)""), Gen.Int[0, 3].Array[0, 12].Select(words => (string?)string.Join(" ", words.Select(i => "abcd"[i]))));

    static string[] Split(string? text) => (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    static async Task<float[][]> VectorsAsync(Func<FeatureBuilder, VectorValue> value, params string?[] column)
    {
        using var run = await FitAsync(f => f.Output("x", value(f)), Batch(column));
        return [.. run.Numbers("x", Batch(column)).Chunk(run.Features[0].Size)];
    }

    static async Task<string[]> VocabularyOfAsync(Func<TextValue, TokensValue> tokens, params string?[] column)
    {
        using var run = await FitAsync(f => f.Output("x", tokens(f.Text("c")).Vocabulary(top: 100)), Batch(column));
        return [.. ((FittedVocabulary)run.Fitted.Values.Single()).Values.Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Runs_of_tokens_stand_in_the_order_of_TensorFlow_Transform()
    {
        // The example of tft.ngrams: by the first token, then by length. The vocabulary orders equals backwards.
        using var run = await FitAsync(
            f => f.Output("x", f.Text("c").Words().NGrams(1, 3).Vocabulary(top: 100)), Batch(new[] { "One was Johnny", "Two was a rat" }));
        var values = ((FittedVocabulary)run.Fitted.Values.Single()).Values;

        run.Tokens("x", Batch(new[] { "One was Johnny", "Two was a rat", "rat", null })).Select(ids => string.Join("|", ids.Select(id => values[id]))).ShouldBe(
        [
            "One|One was|One was Johnny|was|was Johnny|Johnny",
            "Two|Two was|Two was a|was|was a|was a rat|a|a rat|rat",
            "rat",
            "",
        ]);
    }

    [Fact]
    public Task Runs_of_tokens_are_those_that_one_would_write_down() => Gen.Select(Sentences.Array[1, 8], Gen.Int[1, 3], Gen.Int[0, 2]).SampleAsync(
        async (texts, min, more) =>
        {
            using var run = await FitAsync(f => f.Output("x", f.Text("c").Words().NGrams(min, min + more, "+").Vocabulary(top: 10_000)), Batch(texts));
            var values = ((FittedVocabulary)run.Fitted.Values.Single()).Values;
            var expected = texts.Select(text =>
            {
                var words = Split(text);
                return string.Join("|", Enumerable.Range(0, words.Length).SelectMany(start => Enumerable.Range(min, more + 1)
                    .Where(length => start + length <= words.Length).Select(length => string.Join("+", words[start..(start + length)]))));
            });
            run.Tokens("x", Batch(texts)).Select(ids => string.Join("|", ids.Select(id => values[id]))).ShouldBe(expected);
        },
        iter: 25);

    [Fact]
    public async Task Texts_are_cut_into_words_and_characters_of_any_script()
    {
        (await VocabularyOfAsync(text => text.Words(), "Straße №5, été", "日本 x_y")).ShouldBe(["5", "Straße", "x", "y", "été", "日本"]);
        (await VocabularyOfAsync(text => text.Characters(), "aé😀\n", null)).ShouldBe(["\n", "a", "é", "😀"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_first_tokens_are_kept()
    {
        (await TokensAsync(f => f.Text("c").Words().First(2).Vocabulary(top: 9), "b a c c", "a", null)).Select(ids => ids.Length).ShouldBe([2, 1, 0]);
        (await VocabularyOfAsync(text => text.Words().First(1), "b a", "c")).ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task Ids_can_be_padded_to_one_length()
    {
        using var run = await FitAsync(f => f.Output("x", f.Text("c").Words().Vocabulary(top: 2, minCount: 2, oovBuckets: 0).Padded(3)), Batch(new[] { "a a b b a", "z" }));

        run.Features[0].ShouldBe(new FeatureSpec("x", FeatureKind.Tokens, 3));
        run.Tokens("x", Batch(new[] { "a z b", "z", null, "b b b b a" })).ShouldBe([[0, 1, 2], [2, 2, 2], [2, 2, 2], [1, 1, 1]]);
    }

    [Fact]
    public Task Bags_count_what_stands_in_an_example() => Sentences.Array[1, 8].SampleAsync(
        async texts =>
        {
            using var run = await FitAsync(
                f =>
                {
                    var ids = f.Text("c").Words().Vocabulary(top: 2);
                    f.Output("ids", ids);
                    f.Output("counts", ids.Counts());
                    f.Output("which", ids.MultiHot());
                },
                Batch(texts));
            var size = run.Features.First(feature => feature.Name == "ids").Size;
            run.Features.ShouldAllBe(feature => feature.Size == size);
            var (ids, counts, which) = (run.Tokens("ids", Batch(texts)), run.Numbers("counts", Batch(texts)), run.Numbers("which", Batch(texts)));
            for (var row = 0; row < texts.Length; row++)
            {
                for (var id = 0; id < size; id++)
                {
                    counts[(row * size) + id].ShouldBe(ids[row].Count(other => other == id));
                    which[(row * size) + id].ShouldBe(ids[row].Contains(id) ? 1 : 0);
                }
            }
        },
        iter: 25);

    [Fact]
    public async Task Weights_of_tokens_are_those_of_TensorFlow_Transform()
    {
        // The documents of its test: the ids 1 2 0 0 0 and 3 0.
        string[] texts = ["w1 w2 w0 w0 w0", "w3 w0"];
        using var run = await FitAsync(
            f =>
            {
                var ids = f.Text("c").Words().Vocabulary(top: 9, oovBuckets: 0);
                f.Output("smooth", ids.TfIdf());
                f.Output("plain", ids.TfIdf(smooth: false));
            },
            Batch(texts));

        // Of equally frequent tokens the greater comes first: w0, w3, w2, w1.
        float[] smooth = [0.6f, 0, 0.28109302f, 0.28109302f, 0.5f, 0.70273255f, 0, 0];
        float[] plain = [0.6f, 0, 0.33862942f, 0.33862942f, 0.5f, 0.84657355f, 0, 0];
        run.Numbers("smooth", Batch(texts)).Zip(smooth, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-6f);
        run.Numbers("plain", Batch(texts)).Zip(plain, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-6f);
        run.Numbers("smooth", Batch(new[] { "", null, "unknown" })).ShouldAllBe(weight => weight == 0);
    }

    [Fact]
    public async Task Ids_can_be_crossed()
    {
        var batch = Batch(("a", new string?[] { "x", "x", "y", null }), ("n", new[] { 0.0, 5, 5, 0 }));
        using var run = await FitAsync(f => f.Output("x", f.Text("a").Vocabulary(top: 2, oovBuckets: 0).Cross(f.Number("n").BucketizeAt(1, 3)).OneHot()), batch);

        run.Features[0].Size.ShouldBe(6);
        run.Ids("x", batch).ShouldBe([0, 2, 5, -1]);
    }

    [Fact]
    public async Task Whole_numbers_are_ids_already()
    {
        (await IdsAsync(f => f.Number("c").AsId(1, 3), new[] { 1, 3, 4, 0, 2.5, double.NaN, 1e300 })).ShouldBe([0, 2, -1, -1, -1, -1, -1]);
    }

    [Fact]
    public async Task Vectors_of_a_batch_without_any_token_are_zeros() =>
        (await VectorsAsync(f => f.Text("c").Words().NGrams(2, 2).HashBuckets(3).Counts(), null, "", "one")).ShouldAllBe(vector => vector.All(x => x == 0));
}
