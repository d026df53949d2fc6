namespace Gyre.Statistics.Counting;

/// <summary>
/// Distinct numbers in ascending order with how often each occurs. Numbers stand as keys of 64 bits whose order is theirs:
/// whole numbers as they are, real ones by <see cref="NumberKeys"/>.
/// </summary>
/// <param name="Keys">The numbers.</param>
/// <param name="Counts">How often each occurs.</param>
/// <param name="Weights">The weights of the examples in which each occurs; null where examples have none.</param>
sealed record NumberRun(long[] Keys, long[] Counts, Int128[]? Weights)
{
    public static NumberRun Empty(bool weighted) => new([], [], weighted ? [] : null);

    public long Total => Counts.Sum();

    /// <summary>Makes a run of keys in any order; the arrays are sorted in place.</summary>
    public static NumberRun Of(long[] keys, int length, Int128[]? weights)
    {
        if (weights is null)
            RadixSort.Sort(keys.AsSpan(0, length));
        else
            Array.Sort(keys, weights, 0, length);
        var distinct = length == 0 ? 0 : 1;
        for (var i = 1; i < length; i++)
        {
            if (keys[i] != keys[i - 1])
                distinct++;
        }

        var run = new NumberRun(new long[distinct], new long[distinct], weights is null ? null : new Int128[distinct]);
        var last = -1;
        for (var i = 0; i < length; i++)
        {
            if (i == 0 || keys[i] != keys[i - 1])
                run.Keys[++last] = keys[i];
            run.Counts[last]++;
            if (weights is not null)
                run.Weights![last] += weights[i];
        }

        return run;
    }

    /// <summary>Both runs together.</summary>
    public static NumberRun Merge(NumberRun one, NumberRun other)
    {
        if (one.Keys.Length == 0)
            return other;
        if (other.Keys.Length == 0)
            return one;
        var distinct = CountDistinct(one.Keys, other.Keys);
        var (keys, counts) = (new long[distinct], new long[distinct]);
        var weights = one.Weights is null || other.Weights is null ? null : new Int128[distinct];
        var (i, j) = (0, 0);
        for (var k = 0; k < distinct; k++)
        {
            var takeOne = j == other.Keys.Length || (i < one.Keys.Length && one.Keys[i] <= other.Keys[j]);
            var takeOther = i == one.Keys.Length || (j < other.Keys.Length && other.Keys[j] <= one.Keys[i]);
            keys[k] = takeOne ? one.Keys[i] : other.Keys[j];
            if (takeOne)
            {
                counts[k] += one.Counts[i];
                if (weights is not null)
                    weights[k] += one.Weights![i];
                i++;
            }

            if (takeOther)
            {
                counts[k] += other.Counts[j];
                if (weights is not null)
                    weights[k] += other.Weights![j];
                j++;
            }
        }

        return new NumberRun(keys, counts, weights);
    }

    /// <summary>The same numbers, whole so far, as keys of real ones.</summary>
    public NumberRun ToReal()
    {
        var keys = Array.ConvertAll(Keys, key => NumberKeys.Of((double)key));
        var distinct = keys.Distinct().Count();
        if (distinct == keys.Length)
            return this with { Keys = keys };
        var merged = new NumberRun(new long[distinct], new long[distinct], Weights is null ? null : new Int128[distinct]);
        var last = -1;
        for (var i = 0; i < keys.Length; i++)
        {
            if (last < 0 || merged.Keys[last] != keys[i])
                merged.Keys[++last] = keys[i];
            merged.Counts[last] += Counts[i];
            if (Weights is not null)
                merged.Weights![last] += Weights[i];
        }

        return merged;
    }

    static int CountDistinct(long[] one, long[] other)
    {
        var (i, j, count) = (0, 0, 0);
        while (i < one.Length && j < other.Length)
        {
            var (a, b) = (one[i], other[j]);
            i += a <= b ? 1 : 0;
            j += b <= a ? 1 : 0;
            count++;
        }

        return count + (one.Length - i) + (other.Length - j);
    }
}

/// <summary>Real numbers as whole ones of the same order; there is one zero, and NaN has no place.</summary>
static class NumberKeys
{
    public static long Of(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value);
        return bits < 0 ? bits ^ long.MaxValue : bits;
    }

    public static double ToDouble(long key) => BitConverter.Int64BitsToDouble(key < 0 ? key ^ long.MaxValue : key);
}
