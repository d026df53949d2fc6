using Gyre.Onnx;

namespace Gyre.Tests.Onnx;

public sealed class RowChunksTests
{
    [Fact]
    public void Every_row_runs_exactly_once_and_little_is_padded() => Gen.Int[0, 3000].Array[0, 40].Select(Gen.Int[1, 100], (lengths, times) => (lengths, times)).Sample(
        given =>
        {
            var texts = Enumerable.Repeat(given.lengths, given.times).SelectMany(lengths => lengths).Select(length => length == 0 ? null : new string('x', length)).ToArray();
            var chunks = RowChunks.Cut(texts.Length, [texts]).ToList();

            chunks.SelectMany(rows => rows).Order().ShouldBe(Enumerable.Range(0, texts.Length));
            chunks.ShouldAllBe(rows => rows.Length == 1 || (long)rows.Length * rows.Max(row => texts[row] == null ? 0 : texts[row]!.Length) <= 256 * 1024);
        },
        iter: 30);

    [Fact]
    public void A_long_text_runs_alone()
    {
        var texts = Enumerable.Range(0, 100).Select(i => (string?)new string('x', i == 50 ? 1_000_000 : 10)).ToArray();

        RowChunks.Cut(100, [texts]).Select(rows => rows.Length).ShouldBe([99, 1]);
    }

    [Fact]
    public void Rows_without_texts_are_cut_by_number_only() =>
        RowChunks.Cut(2500, []).Select(rows => rows.Length).ShouldBe([1024, 1024, 452]);

    [Fact]
    public void No_rows_make_no_chunk() => RowChunks.Cut(0, [Array.Empty<string?>()]).ShouldBeEmpty();
}
