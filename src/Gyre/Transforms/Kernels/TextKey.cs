using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gyre.Transforms.Kernels;

/// <summary>What tables of texts find a text by: its first eight bytes, its length, and a hash of all of it. A text of up to eight bytes is its key.</summary>
/// <param name="First">The first eight bytes, the first of them lowest, zeros behind a shorter text.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="Hash">The hash; its lowest bits are as good as the others.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct TextKey(ulong First, int Length, uint Hash)
{
    const int Word = sizeof(ulong);

    /// <summary>The bytes of a text of this length that its key holds.</summary>
    public bool IsWhole => Length <= Word;

    public static TextKey Of(ReadOnlySpan<byte> text)
    {
        if (text.Length <= Word)
            return Of(Load(text), text.Length);
        var hash = Begin(text.Length);
        var at = 0;
        for (; text.Length - at >= Word; at += Word)
            hash = Next(hash, BinaryPrimitives.ReadUInt64LittleEndian(text[at..]));
        return new TextKey(BinaryPrimitives.ReadUInt64LittleEndian(text), text.Length, End(at < text.Length ? Next(hash, Load(text[at..])) : hash));
    }

    /// <summary>The same for a text behind which there are at least eight more bytes, whatever they are.</summary>
    /// <param name="bytes">Where the text lies.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">How many bytes it has, at least one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TextKey OfPart(ReadOnlySpan<byte> bytes, int start, int length)
    {
        var first = BinaryPrimitives.ReadUInt64LittleEndian(bytes[start..]);
        return length <= Word ? Of(first & (ulong.MaxValue >> (8 * (Word - length))), length) : Of(bytes.Slice(start, length));
    }

    static TextKey Of(ulong first, int length) => new(first, length, End(length == 0 ? Begin(0) : Next(Begin(length), first)));

    static ulong Load(ReadOnlySpan<byte> text)
    {
        if (text.Length == Word)
            return BinaryPrimitives.ReadUInt64LittleEndian(text);
        var word = 0UL;
        for (var i = text.Length - 1; i >= 0; i--)
            word = (word << 8) | text[i];
        return word;
    }

    // Multiplication carries low bits upwards only, so the high ones are folded back after each.
    static ulong Begin(int length) => (uint)length * 0x9E3779B97F4A7C15UL;

    static ulong Next(ulong hash, ulong word)
    {
        var product = (hash ^ word) * 0xD6E8FEB86659FD93UL;
        return product ^ (product >> 32);
    }

    static uint End(ulong hash) => (uint)(hash ^ (hash >> 29));
}
