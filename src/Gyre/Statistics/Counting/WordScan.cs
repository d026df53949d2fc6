using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;

namespace Gyre.Statistics.Counting;

/// <summary>
/// Cuts texts into words: the longest stretches of letters, digits and combining marks (Unicode), in lower case. What has
/// no spaces between words (Chinese, Japanese, Thai) is not cut inside.
/// </summary>
static class WordScan
{
    /// <summary>Takes the words of a text.</summary>
    public interface ITaker
    {
        /// <param name="text">All of the text, which is ASCII.</param>
        /// <param name="start">Where the word begins.</param>
        /// <param name="length">How many bytes it has. Letters may be capital ones.</param>
        void TakeAscii(ReadOnlySpan<byte> text, int start, int length);

        /// <param name="word">In lower case.</param>
        /// <param name="characters">How many characters it has.</param>
        void Take(ReadOnlySpan<byte> word, int characters);
    }

    public static void Run<TTaker>(ReadOnlySpan<byte> text, ref TTaker taker)
        where TTaker : struct, ITaker
    {
        if (Ascii.IsValid(text))
            OfAscii(text, ref taker);
        else
            OfUnicode(text, ref taker);
    }

    /// <summary>Thirty-two bytes at a time: a bit for each that belongs to a word; where it differs from the bit before, a word begins or ends.</summary>
    static void OfAscii<TTaker>(ReadOnlySpan<byte> text, ref TTaker taker)
        where TTaker : struct, ITaker
    {
        Span<byte> rest = stackalloc byte[Vector256<byte>.Count];
        var start = -1;
        for (var at = 0; at < text.Length; at += Vector256<byte>.Count)
        {
            Vector256<byte> bytes;
            if (at + Vector256<byte>.Count <= text.Length)
            {
                bytes = Vector256.Create(text[at..]);
            }
            else
            {
                rest.Clear();
                text[at..].CopyTo(rest);
                bytes = Vector256.Create(rest);
            }

            var letters = Vector256.LessThan((bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)26));
            var digits = Vector256.LessThan(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)10));
            var inside = (letters | digits).ExtractMostSignificantBits();
            var turns = inside ^ ((inside << 1) | (start >= 0 ? 1u : 0u));
            for (; turns != 0; turns &= turns - 1)
            {
                var turn = at + BitOperations.TrailingZeroCount(turns);
                if (start < 0)
                {
                    start = turn;
                }
                else
                {
                    taker.TakeAscii(text, start, turn - start);
                    start = -1;
                }
            }
        }

        if (start >= 0)
            taker.TakeAscii(text, start, text.Length - start);
    }

    static void OfUnicode<TTaker>(ReadOnlySpan<byte> text, ref TTaker taker)
        where TTaker : struct, ITaker
    {
        var buffer = ArrayPool<byte>.Shared.Rent((text.Length * 2) + 8);
        var (length, characters) = (0, 0);
        while (!text.IsEmpty)
        {
            var isWhole = Rune.DecodeFromUtf8(text, out var rune, out var read) == OperationStatus.Done;
            text = text[read..];
            if (isWhole && IsInWord(rune))
            {
                length += Rune.ToLowerInvariant(rune).EncodeToUtf8(buffer.AsSpan(length));
                characters++;
                continue;
            }

            if (length > 0)
                taker.Take(buffer.AsSpan(0, length), characters);
            (length, characters) = (0, 0);
        }

        if (length > 0)
            taker.Take(buffer.AsSpan(0, length), characters);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    static bool IsInWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
