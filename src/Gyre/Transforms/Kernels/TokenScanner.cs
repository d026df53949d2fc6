using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gyre.Transforms.Kernels;

/// <summary>
/// Finds tokens that are runs of any length of a class of bytes, made lower before where that is asked for. Looks at sixteen bytes at a time: the
/// lower half of a byte picks a row of bits, the upper half one of them (after Geoff Langdale and Daniel Lemire, «Parsing Gigabytes of JSON per Second», 2019).
/// </summary>
sealed class TokenScanner
{
    /// <summary>Bytes that are looked at in one go, a bit of a word to each.</summary>
    public const int Block = 64;

    readonly Vector128<byte> _rows;
    readonly bool _hasBeyondAscii;
    readonly bool _isLower;

    /// <param name="pattern">The tokens, of runs of any length; of the bytes beyond ASCII all or none, and not the byte 0.</param>
    /// <param name="isLower">Whether A to Z are made lower before.</param>
    public TokenScanner(BytePattern pattern, bool isLower)
    {
        _isLower = isLower;
        _hasBeyondAscii = pattern.Has(128);
        var rows = new byte[Vector128<byte>.Count];
        for (var value = 0; value < 128; value++)
            rows[value & 15] |= (byte)(pattern.Has((byte)value) ? 1 << (value >> 4) : 0);
        _rows = Vector128.Create(rows);
    }

    static Vector128<byte> Bits => Vector128.Create((byte)1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Finds the tokens of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">Where they go.</param>
    public void Scan(ReadOnlySpan<byte> text, ScannedTokens tokens)
    {
        // Behind the text there is at least one byte that is in no token, so every token ends.
        var length = (text.Length + Block) & -Block;
        tokens.Reserve(length);
        var (bytes, borders) = (tokens.Buffer, tokens.Borders);
        text.CopyTo(bytes);
        bytes.AsSpan(text.Length, length - text.Length).Clear();
        var (count, before) = (0, 0UL);
        for (var start = 0; start < length; start += Block)
        {
            var inside = Inside(ref bytes[start]);
            var changes = inside ^ ((inside << 1) | before);
            before = inside >> (Block - 1);
            while (changes != 0)
            {
                borders[count++] = start + BitOperations.TrailingZeroCount(changes);
                changes &= changes - 1;
            }
        }

        tokens.Count = count / 2;
    }

    /// <summary>Makes a block lower and says which of its bytes are in tokens.</summary>
    ulong Inside(ref byte block)
    {
        var inside = 0UL;
        for (var i = 0; i < Block; i += Vector128<byte>.Count)
        {
            var bytes = Vector128.LoadUnsafe(ref block, (nuint)i);
            if (_isLower)
            {
                var isUpper = Vector128.LessThan(bytes - Vector128.Create((byte)'A'), Vector128.Create((byte)26));
                bytes |= isUpper & Vector128.Create((byte)0x20);
                bytes.StoreUnsafe(ref block, (nuint)i);
            }

            var row = Vector128.Shuffle(_rows, bytes & Vector128.Create((byte)15));
            var bit = Vector128.Shuffle(Bits, bytes >>> 4);
            var isOutside = Vector128.Equals(row & bit, Vector128<byte>.Zero);
            if (_hasBeyondAscii)
                isOutside &= Vector128.GreaterThanOrEqual(bytes.AsSByte(), Vector128<sbyte>.Zero).AsByte();
            inside |= (ulong)(~isOutside).ExtractMostSignificantBits() << i;
        }

        return inside;
    }
}

/// <summary>The tokens of one text at a time.</summary>
sealed class ScannedTokens
{
    /// <summary>Behind each token there are so many bytes at least.</summary>
    const int Behind = 8;

    /// <summary>The text, made lower where that was asked for.</summary>
    public byte[] Buffer { get; private set; } = [];

    /// <summary>Where each token begins, and behind it where it ends.</summary>
    public int[] Borders { get; private set; } = [];

    /// <summary>The number of tokens.</summary>
    public int Count { get; set; }

    /// <summary>Makes room for a text.</summary>
    public void Reserve(int length)
    {
        if (Borders.Length > length)
            return;
        var most = (int)Math.Min(Array.MaxLength - Behind, Math.Max(4096, length * 2L));
        (Buffer, Borders) = (new byte[most + Behind], new int[most + 1]);
    }

    /// <summary>One of the tokens.</summary>
    /// <param name="index">Its position.</param>
    /// <param name="key">Its key.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Token(int index, out TextKey key)
    {
        var start = Borders[index * 2];
        var length = Borders[(index * 2) + 1] - start;
        key = TextKey.OfPart(Buffer, start, length);
        return MemoryMarshal.CreateReadOnlySpan(ref Buffer[start], length);
    }
}
