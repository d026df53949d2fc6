using Gyre.Transforms;

namespace Gyre.LightGbm.Tests;

public sealed class ExampleMatrixTests
{
    static readonly FeatureSpec[] Features = [new("pair", FeatureKind.Number, 2), new("city", FeatureKind.OneHot, 5), new("words", FeatureKind.Tokens, 4)];

    [Fact]
    public void Every_example_is_a_row_of_its_numbers_ids_and_counts() =>
        Gen.Select(Gen.Float[-3, 3], Gen.Float[-3, 3], Gen.Int[-1, 4], Gen.Int[0, 3].Array[0, 9]).Array[1, 30].Sample(examples =>
        {
            var set = Of(examples);
            var columns = TreeColumns.Of(Features, 100);
            columns.Names.ShouldBe(["pair/0", "pair/1", "city", "words/0", "words/1", "words/2", "words/3"]);
            var matrix = ExampleMatrix.Of(columns, set, 0, set.Rows);
            matrix.IsSparse.ShouldBeTrue();
            var seen = 0;
            matrix.ForEach(0, set.Rows, (row, values) =>
            {
                var (first, second, city, words) = examples[row];
                values.ToArray().ShouldBe([first, second, city < 0 ? float.NaN : city, .. Enumerable.Range(0, 4).Select(word => (float)words.Count(other => other == word))]);
                row.ShouldBe(seen++);
            });
            seen.ShouldBe(examples.Length);
        });

    [Fact]
    public void Without_tokens_the_table_is_dense_and_holds_the_same() =>
        Gen.Select(Gen.Float[-3, 3], Gen.Float[-3, 3], Gen.Int[-1, 4], Gen.Const(Array.Empty<int>())).Array[1, 30].Sample(examples =>
        {
            var set = Of(examples);
            var dense = ExampleMatrix.Of(TreeColumns.Of(Features[..2], 100), set, 0, set.Rows);
            dense.IsSparse.ShouldBeFalse();
            dense.Values.ShouldBe(examples.SelectMany(example => new[] { example.Item1, example.Item2, example.Item3 < 0 ? float.NaN : example.Item3 }));
        });

    [Fact]
    public void Some_examples_are_the_rows_from_there_on()
    {
        var set = Of([(1, 2, 3, [1]), (4, 5, -1, []), (6, 7, 0, [2, 2, 0])]);
        var matrix = ExampleMatrix.Of(TreeColumns.Of(Features, 100), set, 2, 1);
        matrix.Rows.ShouldBe(1);
        matrix.Starts.ShouldBe([0, 4]);
        matrix.Positions[..4].ShouldBe([0, 1, 3, 5], "a zero is left out");
        matrix.Values[..4].ShouldBe([6, 7, 1, 2]);
    }

    static FeatureSet Of((float First, float Second, int City, int[] Words)[] examples)
    {
        var offsets = new int[examples.Length + 1];
        for (var i = 0; i < examples.Length; i++)
            offsets[i + 1] = offsets[i] + examples[i].Words.Length;
        return new FeatureSet
        {
            Rows = examples.Length,
            Labels = new float[examples.Length],
            Numbers = new Dictionary<string, float[]>(StringComparer.Ordinal) { ["pair"] = [.. examples.SelectMany(example => new[] { example.First, example.Second })] },
            Ids = new Dictionary<string, int[]>(StringComparer.Ordinal) { ["city"] = [.. examples.Select(example => example.City)] },
            Tokens = new Dictionary<string, TokenLists>(StringComparer.Ordinal) { ["words"] = new TokenLists([.. examples.SelectMany(example => example.Words)], offsets) },
        };
    }
}
