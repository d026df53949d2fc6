using System.Buffers;
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
        var tokens = new ScannedTokens();
        var (count, offsets) = (0, new int[texts.Count + 1]);

        // Between two tokens there is a byte at least.
        var ids = ArrayPool<int>.Shared.Rent(texts.Lengths.Sum(length => (length / 2) + 1));
        for (var row = 0; row < texts.Count; row++)
        {
            scanner.Scan(texts[row], tokens);
            for (var i = 0; i < tokens.Count; i++)
            {
                var id = known.Find(tokens.Token(i, out var key), key);
                if (id < 0)
                    id = unknown;
                if (id >= 0)
                    ids[count++] = id;
            }

            offsets[row + 1] = count;
        }

        var kept = GC.AllocateUninitializedArray<int>(count);
        ids.AsSpan(0, count).CopyTo(kept);
        ArrayPool<int>.Shared.Return(ids);
        return new IdLists(kept, offsets);
    }
}

/// <summary>Tokens cut out of texts and counted in one go.</summary>
static class TokenCountKernel
{
    public static void Run(TokenScanner scanner, Texts texts, TextCounts counts)
    {
        var tokens = new ScannedTokens();
        for (var row = 0; row < texts.Count; row++)
        {
            scanner.Scan(texts[row], tokens);
            for (var i = 0; i < tokens.Count; i++)
                counts.Add(tokens.Token(i, out var key), key);
        }
    }
}
