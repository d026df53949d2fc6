namespace Gyre.Transforms.Kernels;

/// <summary>Finds tokens that are runs of any length of a class of bytes, made lower on the way where that is asked for, with their hashes.</summary>
sealed class TokenScanner
{
    /// <summary>What each byte becomes in a token; 0 for those that are in none.</summary>
    readonly byte[] _bytes = new byte[256];

    /// <param name="pattern">The tokens, of runs of any length.</param>
    /// <param name="isLower">Whether A to Z are made lower before.</param>
    public TokenScanner(BytePattern pattern, bool isLower)
    {
        for (var value = 1; value < _bytes.Length; value++)
        {
            var changed = isLower ? TextKernels.Lower((byte)value) : (byte)value;
            _bytes[value] = pattern.Has(changed) ? changed : (byte)0;
        }
    }

    /// <summary>The next token from a position on.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where to begin; then what follows the token.</param>
    /// <param name="token">Where the token goes; as long as the text.</param>
    /// <param name="hash">The token's hash, see <see cref="TextTable"/>.</param>
    /// <returns>The length of the token, 0 where there is none.</returns>
    public int Next(ReadOnlySpan<byte> text, ref int at, Span<byte> token, out uint hash)
    {
        var bytes = (ReadOnlySpan<byte>)_bytes.AsSpan(0, 256);
        hash = TextTable.FirstHash;
        var (i, length) = (at, 0);
        byte value = 0;
        while (i < text.Length && (value = bytes[text[i]]) == 0)
            i++;
        if (i == text.Length)
        {
            at = i;
            return 0;
        }

        do
        {
            token[length++] = value;
            hash = TextTable.Next(hash, value);
            i++;
        }
        while (i < text.Length && (value = bytes[text[i]]) != 0);

        at = i;
        return length;
    }
}
