using Gyre.Transforms;
using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

public sealed class TextOperatorTests
{
    static readonly string?[] Odd = ["", null, " ", "\t\n", "\0", "é", "日本語", "😀", "\ud800", new('x', 100_000), "a\0b", "«»"];

    [Fact]
    public async Task A_vocabulary_numbers_texts_by_how_often_they_occur()
    {
        var ids = await IdsAsync(f => f.Text("c").Vocabulary(top: 10), new[] { "b", "a", "a", null, "", "c", "a", "c" });

        // Of b (once), a (three times) and c (twice) nothing is unknown; what is missing has no id.
        ids.ShouldBe([2, 0, 0, -1, -1, 1, 0, 1]);
    }

    [Fact]
    public async Task Equally_frequent_texts_are_ordered_by_their_bytes_from_the_greatest()
    {
        var ids = await IdsAsync(f => f.Text("c").Vocabulary(top: 10), new[] { "a", "b", "é", "Z", "😀", "\uffee" });

        // UTF-8: 61, 62, c3…, 5a, f0…, ef… – in UTF-16 the last two would stand the other way round.
        ids.ShouldBe([4, 3, 2, 5, 0, 1]);
    }

    [Fact]
    public async Task What_a_vocabulary_leaves_out_gets_the_id_behind_it()
    {
        using var run = await FitAsync(
            f =>
            {
                f.Output("one", f.Text("c").Vocabulary(top: 1).OneHot());
                f.Output("none", f.Text("c").Vocabulary(top: 1, oovBuckets: 0).OneHot());
                f.Output("rare", f.Text("c").Vocabulary(top: 9, minCount: 2).OneHot());
                f.Output("many", f.Text("c").Vocabulary(top: 1, oovBuckets: 3).AsCategory());
            },
            Batch(new[] { "a", "a", "b", "b", "b", "c" }));
        var batch = Batch(new[] { "a", "b", "c", "never seen", null });

        run.Ids("one", batch).ShouldBe([1, 0, 1, 1, -1]);
        run.Ids("none", batch).ShouldBe([-1, 0, -1, -1, -1]);
        run.Ids("rare", batch).ShouldBe([1, 0, 2, 2, -1]);
        var many = run.Ids("many", batch);
        many[1].ShouldBe(0);
        many[4].ShouldBe(-1);
        new[] { many[0], many[2], many[3] }.ShouldAllBe(id => id >= 1 && id <= 3);
        run.Features.ShouldBe([
            new FeatureSpec("many", FeatureKind.Category, 4), new FeatureSpec("none", FeatureKind.OneHot, 1),
            new FeatureSpec("one", FeatureKind.OneHot, 2), new FeatureSpec("rare", FeatureKind.OneHot, 3)]);
    }

    [Fact]
    public async Task A_missing_text_can_be_filled()
    {
        var ids = await IdsAsync(f => f.Text("c").FillMissing("none").Vocabulary(top: 5), new[] { "a", null, "", "a", "a" });

        ids.ShouldBe([0, 1, 1, 0, 0]);
    }

    [Fact]
    public async Task Lower_case_reaches_A_to_Z_and_leaves_all_else()
    {
        using var run = await FitAsync(f => f.Output("x", f.Text("c").Lower().Vocabulary(top: 9).OneHot()), Batch(new[] { "aéz", "aéz", "aÉz" }));

        run.Ids("x", Batch(new[] { "AéZ", "aÉZ", "" })).ShouldBe([0, 1, -1]);
    }

    [Fact]
    public async Task White_space_is_trimmed()
    {
        using var run = await FitAsync(f => f.Output("x", f.Text("c").Trim().Vocabulary(top: 9).OneHot()), Batch(new[] { "a b", "a\nb", "a\nb" }));

        run.Ids("x", Batch(new[] { " a b\t", "\r\na\nb\n", "   ", "", "a b" })).ShouldBe([1, 0, -1, -1, 1]);
    }

    [Fact]
    public async Task Extract_keeps_the_first_match()
    {
        var numbers = await NumbersAsync(
            f => f.Text("c").Extract("[0-9][0-9][0-9]").ToNumber().FillMissing(-1), new[] { "300XX", "12", "x123y456", "", null, "1234" });

        numbers.ShouldBe([300, -1, 123, -1, -1, 123]);
    }

    [Fact]
    public async Task Extract_finds_nothing_in_a_batch_without_matches() =>
        (await NumbersAsync(f => f.Text("c").Extract("[0-9]+").ToNumber().FillMissing(-1), new[] { "a", "", null })).ShouldBe([-1, -1, -1]);

    [Fact]
    public async Task Matches_asks_for_the_whole_text()
    {
        var numbers = await NumbersAsync(f => f.Text("c").Matches("[a-z]*"), new[] { "abc", "abc1", "", null, "é" });

        numbers.ShouldBe([1, 0, 0, 0, 0]);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData(" 7 ", 7)]
    [InlineData("-1.5", -1.5)]
    [InlineData("+.25", 0.25)]
    [InlineData("5.", 5)]
    [InlineData("1e3", 1000)]
    [InlineData("1E-2", 0.01)]
    [InlineData("00501", 501)]
    public async Task Decimal_numbers_are_read(string text, float expected) =>
        (await NumbersAsync(f => f.Text("c").ToNumber().FillMissing(-999), new[] { text })).ShouldBe([expected]);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("abc")]
    [InlineData("12abc")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("inf")]
    [InlineData("nan")]
    [InlineData("1e400")]
    [InlineData("1e-400")]
    [InlineData("4e-324")]
    [InlineData("-")]
    [InlineData("1 2")]
    [InlineData(".")]
    [InlineData("٣")]
    public async Task Anything_else_is_no_number_and_stops_nothing(string? text)
    {
        var numbers = await NumbersAsync(f => f.Text("c").ToNumber().FillMissing(-999), new[] { "1", text, new string('9', 400), "2" });

        numbers.ShouldBe([1, -999, -999, 2]);
    }

    [Fact]
    public async Task Missing_texts_can_be_told() =>
        (await NumbersAsync(f => f.Text("c").IsMissing(), new[] { "a", "", null, " " })).ShouldBe([0, 1, 1, 0]);

    [Fact]
    public async Task Length_counts_code_points() =>
        (await NumbersAsync(f => f.Text("c").Length(), new[] { "abc", "", null, "é😀\n", new string('x', 5000) })).ShouldBe([3, 0, 0, 3, 5000]);

    [Fact]
    public async Task Length_of_a_batch_without_texts_is_nothing() =>
        (await NumbersAsync(f => f.Text("c").Length(), new[] { "", null })).ShouldBe([0, 0]);

    [Fact]
    public async Task Hashes_are_stable_and_missing_has_none()
    {
        var ids = await IdsAsync(f => f.Text("c").HashBuckets(1000), new[] { "a", "", null, "é", "a" });

        // MurmurHash3 (x86, 32 bits, seed 0) of "a" is 0x3c2569b2 = 1,009,084,850.
        ids.ShouldBe([850, -1, -1, 495, 850]);
    }

    [Fact]
    public async Task Tokens_are_looked_up_in_order()
    {
        var tokens = await TokensAsync(
            f => f.Text("c").Lower().Tokens("[a-z0-9']+").Vocabulary(top: 3, minCount: 2), "The cat, the dog", "", null, "?!", "it's the CAT");

        // the ×3, cat ×2; dog and it's are too rare and share the id behind.
        tokens.ShouldBe([[0, 1, 0, 2], [], [], [], [2, 0, 1]]);
    }

    [Fact]
    public async Task Unknown_tokens_without_an_id_are_left_out() =>
        (await TokensAsync(f => f.Text("c").Tokens("[a-z]+").Vocabulary(top: 1, oovBuckets: 0), "a b a", "b", "a")).ShouldBe([[0, 0], [], [0]]);

    [Fact]
    public async Task Texts_without_any_token_give_empty_lists() =>
        (await TokensAsync(f => f.Text("c").Tokens("[a-z]+").HashBuckets(5), "", "12", null)).ShouldBe([[], [], []]);

    [Fact]
    public async Task Tokens_of_letters_of_any_script()
    {
        var tokens = await TokensAsync(f => f.Text("c").Tokens(@"[\p{L}\p{N}]+").Vocabulary(top: 9), "Äpfel äpfel 日本語", "日本語");

        tokens[0][2].ShouldBe(tokens[1][0]);
        tokens[0].Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Tokens_are_counted() =>
        (await NumbersAsync(f => f.Text("c").Tokens("[a-z]+").Count(), new[] { "a b c", "", null, "1 2" })).ShouldBe([3, 0, 0, 0]);

    [Fact]
    public async Task Odd_texts_go_through_every_operator()
    {
        using var run = await FitAsync(
            f =>
            {
                var text = f.Text("c");
                f.Output("a", text.Lower().Vocabulary(top: 3).OneHot());
                f.Output("b", text.Trim().Vocabulary(top: 3).OneHot());
                f.Output("c", text.ToNumber().FillMissing(0));
                f.Output("d", text.Length());
                f.Output("e", text.Tokens(".").HashBuckets(10));
                f.Output("f", text.Extract("x+").Length());
                f.Output("g", text.HashBuckets(10).AsCategory());
                f.Output("h", text.Matches("x*"));
            },
            Batch(Odd));

        run.All(Batch(Odd)).ShouldAllBe(column => column.Rows == Odd.Length);
        run.Numbers("f", Batch(Odd))[9].ShouldBe(100_000);
    }
}
