using Gyre.Data;

namespace Gyre.Transforms.Kernels;

/// <summary>Texts in UTF-8 that lie somewhere in an array of bytes; a missing one is empty.</summary>
/// <param name="bytes">The array.</param>
/// <param name="starts">Where each text begins.</param>
/// <param name="lengths">How many bytes it has.</param>
sealed class Texts(byte[] bytes, int[] starts, int[] lengths)
{
    public byte[] Bytes => bytes;

    public int[] Starts => starts;

    public int[] Lengths => lengths;

    public int Count => starts.Length;

    public ReadOnlySpan<byte> this[int index] => bytes.AsSpan(starts[index], lengths[index]);

    public static Texts Of(Utf8Column column)
    {
        var lengths = new int[column.Rows];
        for (var row = 0; row < lengths.Length; row++)
            lengths[row] = column.Offsets[row + 1] - column.Offsets[row];
        return new Texts(column.Bytes, column.Offsets[..^1], lengths);
    }

    /// <summary>Each text, or a part of it, by its first byte and its length.</summary>
    public Texts Select(Part part)
    {
        var (cutStarts, cutLengths) = ((int[])starts.Clone(), new int[Count]);
        for (var i = 0; i < Count; i++)
        {
            var start = 0;
            cutLengths[i] = part(this[i], ref start);
            cutStarts[i] += start;
        }

        return new Texts(bytes, cutStarts, cutLengths);
    }

    public double[] ToNumbers(Func<ReadOnlySpan<byte>, double> number)
    {
        var numbers = new double[Count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = number(this[i]);
        return numbers;
    }

    /// <summary>Finds a part of a text from a position on.</summary>
    /// <returns>Its length, 0 where there is none; the position becomes where it begins.</returns>
    public delegate int Part(ReadOnlySpan<byte> text, ref int start);
}

/// <summary>The tokens of texts: those of row i are from <c>Offsets[i]</c> to <c>Offsets[i + 1]</c>.</summary>
sealed record TokenTexts(Texts Tokens, int[] Offsets)
{
    public static TokenTexts Of(Texts texts, Texts.Part next)
    {
        var (starts, lengths, offsets) = (new List<int>(texts.Count * 8), new List<int>(texts.Count * 8), new int[texts.Count + 1]);
        for (var row = 0; row < texts.Count; row++)
        {
            var text = texts[row];
            var at = 0;
            while (next(text, ref at) is > 0 and var length)
            {
                starts.Add(texts.Starts[row] + at);
                lengths.Add(length);
                at += length;
            }

            offsets[row + 1] = starts.Count;
        }

        return new TokenTexts(new Texts(texts.Bytes, [.. starts], [.. lengths]), offsets);
    }
}

/// <summary>Ids of variable number per example, −1 left out, as files hold them.</summary>
sealed record IdLists(int[] Ids, int[] Offsets);
