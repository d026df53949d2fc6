using System.Globalization;
using System.Text;
using Gyre.Statistics.Counting;

namespace Gyre.Tests.Statistics.Counting;

/// <summary>Words are counted as a plain walk over characters counts them, however they lie in the text.</summary>
public sealed class WordTallyTests
{
    /// <summary>Words of all lengths around the limits of 16 and 64 bytes, ends of lines, digits, what is no letter; some not of ASCII.</summary>
    static Gen<string> Pieces(bool isAscii) => Gen.OneOf(
        Gen.Char['a', 'e'].Array[0, 3].Select(letters => new string(letters)),
        Gen.Select(Gen.Char['A', 'z'], Gen.Int[1, 70], (letter, length) => new string(letter, length)),
        Gen.Int[0, 120].Select(number => number.ToString(CultureInfo.InvariantCulture)),
        OneOf(isAscii ? ["XXXX", "@", "`", "[", "{", "/", ":", "\u007f", "\0"] : ["Ä", "straße", "日本", "e\u0301", "—", "ÀÉÎ", "\u2019", "😀"]),
        OneOf(" ", "  ", ". ", "\r\n", "-", ""));

    static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    static readonly Gen<string> Texts = Gen.Bool.SelectMany(isAscii => Pieces(isAscii).Array[0, 900].Select(string.Concat));

    [Fact]
    public void Words_are_counted_as_by_a_plain_walk()
    {
        Gen.Select(Texts, Gen.Long[1, 3]).Array[1, 4].Sample(
            texts =>
            {
                var tally = new WordTally();
                foreach (var (text, times) in texts)
                    tally.Add(Encoding.UTF8.GetBytes(text), times);

                var words = texts.SelectMany(item => Walk(item.Item1).Select(word => (Word: word, Times: item.Item2, Text: item.Item1))).ToList();
                var expected = words.Where(word => Encoding.UTF8.GetByteCount(word.Word) <= WordTally.LongestListed).GroupBy(word => word.Word, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => group.Sum(word => word.Times), StringComparer.Ordinal);
                tally.All().ToDictionary(word => word.Word, word => word.Count.Occurrences, StringComparer.Ordinal).ShouldBe(expected, ignoreOrder: true);
                foreach (var (word, count) in tally.All())
                    count.Texts.ShouldBe(texts.Where(item => Walk(item.Item1).Contains(word, StringComparer.Ordinal)).Sum(item => item.Item2));
                tally.WordsPerText.ShouldBe(texts.GroupBy(item => (long)Walk(item.Item1).Count).OrderBy(group => group.Key).Select(group => (group.Key, group.Sum(item => item.Item2))));
                tally.Lengths.ToArray().Sum().ShouldBe(words.Sum(word => word.Times));
            },
            iter: 100, threads: 1);
    }

    static List<string> Walk(string text)
    {
        var (words, word) = (new List<string>(), new StringBuilder());
        foreach (var rune in text.EnumerateRunes().Append(new Rune(' ')))
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return words;
    }
}
