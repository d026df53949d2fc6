using System.Buffers;
using System.Text;

namespace Gyre.Statistics.Counting;

/// <summary>Tells sentences from names and codes, by the rule of TensorFlow Data Validation.</summary>
static class FreeText
{
    const int LooksAt = 100;
    const int FewestWords = 3;
    const double ShortestWords = 2.5;
    const double LongestWords = 8;

    /// <summary>
    /// Whether the first 100 characters hold at least three words, parted by white space, of 2.5 to 8 characters on average.
    /// </summary>
    /// <param name="text">Valid UTF-8.</param>
    public static bool IsLikeLanguage(ReadOnlySpan<byte> text)
    {
        var (words, characters, seen) = (0, 0, 0);
        var isInWord = false;
        for (var at = 0; at < text.Length && seen < LooksAt; seen++)
        {
            bool isSpace;
            if (text[at] < 0x80)
            {
                isSpace = text[at] is (byte)' ' or (>= 9 and <= 13) or (>= 28 and <= 31);
                at++;
            }
            else
            {
                if (Rune.DecodeFromUtf8(text[at..], out var rune, out var length) != OperationStatus.Done)
                    return false;
                isSpace = Rune.IsWhiteSpace(rune);
                at += length;
            }

            if (isSpace)
            {
                isInWord = false;
                continue;
            }

            words += isInWord ? 0 : 1;
            characters++;
            isInWord = true;
        }

        return words >= FewestWords && (double)characters / words is >= ShortestWords and <= LongestWords;
    }
}
