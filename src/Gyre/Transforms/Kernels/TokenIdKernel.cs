namespace Gyre.Transforms.Kernels;

/// <summary>Tokens cut out of texts and looked up in one go, where a pattern is runs of a class of bytes: most of the time of long texts goes here.</summary>
sealed class TokenIdKernel
{
    readonly TextTable _known;
    readonly int _unknown;

    /// <summary>What each byte becomes in a token; 0 for those that are in none.</summary>
    readonly byte[] _bytes = new byte[256];

    /// <param name="pattern">The tokens, of runs of any length.</param>
    /// <param name="isLower">Whether A to Z are made lower before.</param>
    /// <param name="known">The vocabulary.</param>
    /// <param name="unknown">The id of other tokens, −1 to leave them out.</param>
    public TokenIdKernel(BytePattern pattern, bool isLower, TextTable known, int unknown)
    {
        (_known, _unknown) = (known, unknown);
        for (var value = 1; value < _bytes.Length; value++)
        {
            var changed = isLower ? TextKernels.Lower((byte)value) : (byte)value;
            _bytes[value] = pattern.Has(changed) ? changed : (byte)0;
        }
    }

    public IdLists Run(Texts texts)
    {
        var longest = 0;
        foreach (var length in texts.Lengths)
            longest = Math.Max(longest, length);
        var token = new byte[longest];
        var (ids, count, offsets) = (new int[texts.Count * 16], 0, new int[texts.Count + 1]);
        for (var row = 0; row < texts.Count; row++)
        {
            // Between two tokens there is a byte at least.
            var most = count + (texts.Lengths[row] / 2) + 1;
            if (most > ids.Length)
                Array.Resize(ref ids, Math.Max(most, ids.Length * 2));
            count += Row(texts[row], token, ids.AsSpan(count));
            offsets[row + 1] = count;
        }

        return new IdLists(ids.AsSpan(0, count).ToArray(), offsets);
    }

    int Row(ReadOnlySpan<byte> text, Span<byte> token, Span<int> ids)
    {
        var bytes = (ReadOnlySpan<byte>)_bytes.AsSpan(0, 256);
        var count = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var value = bytes[text[at]];
            if (value == 0)
                continue;
            var (length, hash) = (0, TextTable.FirstHash);
            do
            {
                token[length++] = value;
                hash = TextTable.Next(hash, value);
                at++;
            }
            while (at < text.Length && (value = bytes[text[at]]) != 0);

            var id = _known.Find(token[..length], hash);
            if (id < 0)
                id = _unknown;
            if (id >= 0)
                ids[count++] = id;
        }

        return count;
    }
}
