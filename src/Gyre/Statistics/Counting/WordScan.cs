using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Gyre.Statistics.Counting;

/// <summary>
/// Cuts texts into words: the longest stretches of letters, digits and combining marks (Unicode), in lower case. What has
/// no spaces between words (Chinese, Japanese, Thai) is not cut inside.
/// </summary>
static class WordScan
{
    /// <summary>How many words a taker gets at once.</summary>
    public const int MostWords = (MostTurns + BlockBytes) / 2;

    const int BlockBytes = 64;
    const int TurnsAtOnce = 8;
    const int MostTurns = 512;

    /// <summary>Takes the words of a text.</summary>
    public interface ITaker
    {
        /// <param name="text">All of the text, which is ASCII. Letters may be capital ones.</param>
        /// <param name="turns">Where words begin and end, in turn; at most <see cref="MostWords"/> of them.</param>
        void TakeAscii(ReadOnlySpan<byte> text, ReadOnlySpan<int> turns);

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

    /// <summary>
    /// Sixty-four bytes at a time: a bit for each that belongs to a word; where it differs from the bit before, a word begins
    /// or ends. These places are noted eight at a time, whether so many are left or not, and are made words of afterwards, so
    /// that the processor has little to guess.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void OfAscii<TTaker>(ReadOnlySpan<byte> text, ref TTaker taker)
        where TTaker : struct, ITaker
    {
        Span<int> turns = stackalloc int[MostTurns + BlockBytes + TurnsAtOnce];
        Span<byte> rest = stackalloc byte[BlockBytes];
        var (count, before) = (0, 0UL);
        for (var at = 0; at < text.Length; at += BlockBytes)
        {
            var isWhole = at + BlockBytes <= text.Length;
            if (!isWhole)
            {
                rest.Clear();
                text[at..].CopyTo(rest);
            }

            var inside = InWords(isWhole ? text[at..] : rest);
            var turning = inside ^ ((inside << 1) | before);
            before = inside >> (BlockBytes - 1);
            ref var next = ref turns[count];
            count += BitOperations.PopCount(turning);
            while (turning != 0)
            {
                for (var i = 0; i < TurnsAtOnce; i++)
                {
                    Unsafe.Add(ref next, i) = at + BitOperations.TrailingZeroCount(turning);
                    turning &= turning - 1;
                }

                next = ref Unsafe.Add(ref next, TurnsAtOnce);
            }

            if (count < MostTurns)
                continue;
            taker.TakeAscii(text, turns[..(count & ~1)]);
            turns[0] = turns[count - 1];
            count &= 1;
        }

        if (count % 2 != 0)
            turns[count++] = text.Length;
        taker.TakeAscii(text, turns[..count]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong InWords(ReadOnlySpan<byte> block) =>
        InWords(Vector256.Create(block)) | ((ulong)InWords(Vector256.Create(block[Vector256<byte>.Count..])) << Vector256<byte>.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint InWords(Vector256<byte> bytes)
    {
        var letters = Vector256.LessThan((bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)26));
        var digits = Vector256.LessThan(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)10));
        return (letters | digits).ExtractMostSignificantBits();
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
