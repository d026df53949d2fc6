using System.Text;
using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Kernels;

/// <summary>What operators on texts compute.</summary>
static class TextKernels
{
    /// <summary>How the builder's Trim is written: from the first character that is no space to the last.</summary>
    const string TrimPattern = @"(?s)\S(?:.*\S)?";

    public static byte Lower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;

    public static Texts Lower(Texts texts)
    {
        // Texts may be parts of long ones, so only they are copied.
        var starts = new int[texts.Count];
        var length = 0;
        for (var i = 0; i < starts.Length; i++)
        {
            starts[i] = length;
            length += texts.Lengths[i];
        }

        var bytes = new byte[length];
        for (var i = 0; i < starts.Length; i++)
        {
            var source = texts[i];
            var target = bytes.AsSpan(starts[i], source.Length);
            for (var at = 0; at < source.Length; at++)
                target[at] = Lower(source[at]);
        }

        return new Texts(bytes, starts, texts.Lengths);
    }

    public static Texts Fill(Texts texts, string value)
    {
        // The value comes behind all others, once.
        var filled = new byte[texts.Bytes.Length + Encoding.UTF8.GetByteCount(value)];
        texts.Bytes.CopyTo(filled, 0);
        var length = Encoding.UTF8.GetBytes(value, filled.AsSpan(texts.Bytes.Length));
        var (starts, lengths) = ((int[])texts.Starts.Clone(), (int[])texts.Lengths.Clone());
        for (var i = 0; i < texts.Count; i++)
        {
            if (lengths[i] == 0)
                (starts[i], lengths[i]) = (texts.Bytes.Length, length);
        }

        return new Texts(filled, starts, lengths);
    }

    /// <summary>What finds the first match of a pattern; null where no kernel knows how.</summary>
    public static Texts.Part? Finder(string pattern) => pattern == TrimPattern ? Trim : BytePattern.Parse(pattern) is { } runs ? runs.Next : null;

    /// <summary>The number of Unicode code points.</summary>
    public static double Length(ReadOnlySpan<byte> text)
    {
        var length = 0;
        foreach (var value in text)
            length += (value & 0xc0) == 0x80 ? 0 : 1;
        return length;
    }

    public static void Count(Texts texts, TextCounts counts)
    {
        for (var i = 0; i < texts.Count; i++)
            counts.Add(texts[i]);
    }

    public static long[] Ids(Texts texts, TextTable known, long unknown, long missing)
    {
        var ids = new long[texts.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            var text = texts[i];
            var id = text.IsEmpty ? missing : known.Find(text);
            ids[i] = id >= 0 || text.IsEmpty ? id : unknown;
        }

        return ids;
    }

    public static IdLists Ids(TokenTexts tokens, TextTable known, int unknown)
    {
        var (ids, offsets) = (new List<int>(tokens.Tokens.Count), new int[tokens.Offsets.Length]);
        for (var row = 0; row + 1 < offsets.Length; row++)
        {
            for (var i = tokens.Offsets[row]; i < tokens.Offsets[row + 1]; i++)
            {
                var id = known.Find(tokens.Tokens[i]);
                if (id < 0)
                    id = unknown;
                if (id >= 0)
                    ids.Add(id);
            }

            offsets[row + 1] = ids.Count;
        }

        return new IdLists([.. ids], offsets);
    }

    static int Trim(ReadOnlySpan<byte> text, ref int start)
    {
        var end = text.TrimEnd("\t\n\f\r "u8).Length;
        start = end - text[..end].TrimStart("\t\n\f\r "u8).Length;
        return end - start;
    }
}
