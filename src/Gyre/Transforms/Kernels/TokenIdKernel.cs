using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Kernels;

/// <summary>Tokens cut out of texts and looked up in one go: most of the time of long texts goes here.</summary>
/// <param name="scanner">Finds the tokens.</param>
/// <param name="known">The vocabulary.</param>
/// <param name="unknown">The id of other tokens, −1 to leave them out.</param>
sealed class TokenIdKernel(TokenScanner scanner, TextTable known, int unknown)
{
    public IdLists Run(Texts texts)
    {
        var token = new byte[texts.Longest];
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
        var (count, at) = (0, 0);
        while (scanner.Next(text, ref at, token, out var hash) is > 0 and var length)
        {
            var id = known.Find(token[..length], hash);
            if (id < 0)
                id = unknown;
            if (id >= 0)
                ids[count++] = id;
        }

        return count;
    }
}

/// <summary>Tokens cut out of texts and counted in one go.</summary>
static class TokenCountKernel
{
    public static void Run(TokenScanner scanner, Texts texts, TextCounts counts)
    {
        var token = new byte[texts.Longest];
        for (var row = 0; row < texts.Count; row++)
        {
            var text = texts[row];
            var at = 0;
            while (scanner.Next(text, ref at, token, out var hash) is > 0 and var length)
                counts.Add(token.AsSpan(0, length), hash);
        }
    }
}
