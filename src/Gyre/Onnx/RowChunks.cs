namespace Gyre.Onnx;

/// <summary>Decides which examples of a batch run together.</summary>
static class RowChunks
{
    const int MostRows = 1024;

    /// <summary>Rows times the length of the longest text among them; about what fits into a core's cache as tokens.</summary>
    const long MostPaddedCharacters = 256 * 1024;

    /// <summary>
    /// Cuts the rows 0 to <paramref name="count"/> − 1 into chunks. Texts of similar length come together, so that little is
    /// padded; a text longer than the budget runs alone.
    /// </summary>
    public static IEnumerable<int[]> Cut(int count, IReadOnlyList<Array> columns)
    {
        var rows = new int[count];
        var lengths = new int[count];
        for (var i = 0; i < count; i++)
        {
            rows[i] = i;
            foreach (var column in columns)
                lengths[i] = Math.Max(lengths[i], LengthOf(column, i));
        }

        if (count <= MostRows && (long)count * lengths.DefaultIfEmpty().Max() <= MostPaddedCharacters)
            return count == 0 ? [] : [rows];
        Array.Sort((int[])lengths.Clone(), rows);
        return Cut(rows, lengths);
    }

    /// <summary>The characters of a text, or of all texts of a list, of which each counts for one more; the numbers of a list.</summary>
    static int LengthOf(Array column, int row) => column switch
    {
        string?[] texts => texts[row]?.Length ?? 0,
        string[]?[] lists => lists[row]?.Sum(text => text.Length + 1) ?? 0,
        double[]?[] lists => lists[row]?.Length ?? 0,
        _ => 0,
    };

    static IEnumerable<int[]> Cut(int[] rows, int[] lengths)
    {
        var start = 0;
        for (var end = 0; end < rows.Length; end++)
        {
            var size = end - start + 1;
            if (end > start && (size > MostRows || (long)size * lengths[rows[end]] > MostPaddedCharacters))
            {
                yield return rows[start..end];
                start = end;
            }
        }

        yield return rows[start..];
    }
}
