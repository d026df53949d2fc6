namespace Gyre.Statistics.Counting;

/// <summary>Sorts many whole numbers byte by byte, which for millions of them is several times as fast as by comparing.</summary>
static class RadixSort
{
    const int FewValues = 4096;

    public static void Sort(Span<long> values)
    {
        if (values.Length < FewValues)
        {
            values.Sort();
            return;
        }

        var counts = new int[8, 256];
        foreach (var value in values)
        {
            var bits = (ulong)value ^ (1UL << 63);
            for (var place = 0; place < 8; place++)
                counts[place, (byte)(bits >> (8 * place))]++;
        }

        var buffer = new long[values.Length];
        var from = values;
        var to = buffer.AsSpan();
        Span<int> next = stackalloc int[256];
        for (var place = 0; place < 8; place++)
        {
            if (!Starts(counts, place, values.Length, next))
                continue;
            foreach (var value in from)
                to[next[(byte)(((ulong)value ^ (1UL << 63)) >> (8 * place))]++] = value;
            var swap = from;
            from = to;
            to = swap;
        }

        if (from != values)
            from.CopyTo(values);
    }

    /// <summary>Where the values with each byte begin; false when all have the same, so that there is nothing to do.</summary>
    static bool Starts(int[,] counts, int place, int total, Span<int> next)
    {
        var sum = 0;
        for (var digit = 0; digit < 256; digit++)
        {
            if (counts[place, digit] == total)
                return false;
            next[digit] = sum;
            sum += counts[place, digit];
        }

        return true;
    }
}
