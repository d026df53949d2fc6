using System.Text;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms.Kernels;

/// <summary>What operators compute that make texts and tokens of others.</summary>
static class TokenKernels
{
    /// <summary>What computes a step; null for other operators.</summary>
    public static Func<KernelFrame, object>? Of(Operator op, int[] inputs)
    {
        switch (op)
        {
            case NGrams grams:
                var between = Encoding.UTF8.GetBytes(grams.Separator);
                return frame => Grams(frame.Tokens(inputs[0]), grams.Min, grams.Max, between);
            case FirstTokens first:
                return frame => First(frame.Tokens(inputs[0]), first.Count);
            case JoinTexts join:
                var separator = Encoding.UTF8.GetBytes(join.Separator);
                return frame => Joined(frame.Texts(inputs[0]), frame.Texts(inputs[1]), separator);
            default:
                return null;
        }
    }

    static TokenTexts Grams(TokenTexts all, int min, int max, byte[] separator)
    {
        var tokens = all.Tokens;
        var (bytes, count) = (new byte[1024], 0);
        var (starts, lengths, offsets) = (new List<int>(), new List<int>(), new int[all.Offsets.Length]);
        for (var row = 0; row + 1 < offsets.Length; row++)
        {
            var end = all.Offsets[row + 1];
            for (var first = all.Offsets[row]; first < end; first++)
            {
                // Each run begins with the one before it, so it is written from there on.
                var start = count;
                for (var length = 1; length <= max && first + length <= end; length++)
                {
                    if (length > 1)
                        Append(separator);
                    Append(tokens[first + length - 1]);
                    if (length < min)
                        continue;
                    starts.Add(start);
                    lengths.Add(count - start);
                }
            }

            offsets[row + 1] = starts.Count;
        }

        return new TokenTexts(new Texts(bytes, [.. starts], [.. lengths]), offsets);

        void Append(ReadOnlySpan<byte> part)
        {
            if (bytes.Length - count < part.Length)
                Array.Resize(ref bytes, (int)Math.Min(Array.MaxLength, Math.Max(checked(count + part.Length), bytes.Length * 2L)));
            part.CopyTo(bytes.AsSpan(count));
            count += part.Length;
        }
    }

    static TokenTexts First(TokenTexts all, int most)
    {
        var (starts, lengths, offsets) = (new List<int>(), new List<int>(), new int[all.Offsets.Length]);
        for (var row = 0; row + 1 < offsets.Length; row++)
        {
            for (var i = all.Offsets[row]; i < all.Offsets[row + 1] && i - all.Offsets[row] < most; i++)
            {
                starts.Add(all.Tokens.Starts[i]);
                lengths.Add(all.Tokens.Lengths[i]);
            }

            offsets[row + 1] = starts.Count;
        }

        return new TokenTexts(new Texts(all.Tokens.Bytes, [.. starts], [.. lengths]), offsets);
    }

    static Texts Joined(Texts left, Texts right, byte[] separator)
    {
        var (starts, lengths) = (new int[left.Count], new int[left.Count]);
        var length = 0;
        for (var i = 0; i < starts.Length; i++)
        {
            lengths[i] = left.Lengths[i] == 0 || right.Lengths[i] == 0 ? 0 : left.Lengths[i] + separator.Length + right.Lengths[i];
            starts[i] = length;
            length = checked(length + lengths[i]);
        }

        var bytes = new byte[length];
        for (var i = 0; i < starts.Length; i++)
        {
            if (lengths[i] == 0)
                continue;
            var target = bytes.AsSpan(starts[i], lengths[i]);
            left[i].CopyTo(target);
            separator.CopyTo(target[left.Lengths[i]..]);
            right[i].CopyTo(target[^right.Lengths[i]..]);
        }

        return new Texts(bytes, starts, lengths);
    }
}
