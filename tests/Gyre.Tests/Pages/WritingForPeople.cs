using System.Globalization;
using System.Text;
using Gyre.Pages;

namespace Gyre.Tests.Pages;

public sealed class WritingForPeople
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-3, "−3")]
    [InlineData(1234567, "1 234 567")]
    [InlineData(0.123456789, "0.12346")]
    [InlineData(3.14159265, "3.1416")]
    [InlineData(1234.5678, "1 234.57")]
    [InlineData(0.00001234, "1.234e-5")]
    [InlineData(1e300, "1e+300")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "−∞")]
    public void Numbers_are_short(double value, string text) => FigureText.Number(value).ShouldBe(text);

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.00001, "< 0.1 %")]
    [InlineData(0.5, "50 %")]
    [InlineData(0.99999, "> 99.9 %")]
    [InlineData(1, "100 %")]
    public void What_is_a_little_is_not_nothing(double share, string text) => FigureText.Percent(share).ShouldBe(text);

    [Theory]
    [InlineData("a\nb\tc", "a↵b→c")]
    [InlineData("\u001b[31mred", "␛[31mred")]
    [InlineData("x\u202Eevil", "x⟨U+202E⟩evil")]
    [InlineData("\u0085", "⟨U+0085⟩")]
    [InlineData("日本語", "日本語")]
    public void Nothing_that_a_terminal_obeys_is_shown(string text, string shown) => VisibleText.Of(text).ShouldBe(shown);

    [Fact]
    public void No_text_at_all_gets_a_control_through() => Gen.String.Sample(text =>
        VisibleText.Of(text).EnumerateRunes().ShouldAllBe(rune => Rune.GetUnicodeCategory(rune) != UnicodeCategory.Control));

    [Fact]
    public void Long_texts_are_cut_between_characters() => VisibleText.Of("😀😀😀", 2).ShouldBe("😀😀…");

    [Fact]
    public void A_name_of_nothing_is_called_so() => VisibleText.Name("").ShouldBe("(no name)");
}
