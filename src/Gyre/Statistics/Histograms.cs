using Gyre.Statistics.Protos;

namespace Gyre.Statistics;

/// <summary>Histograms of sorted numbers, exact.</summary>
static class Histograms
{
    /// <summary>
    /// Buckets of equal count. Of n sorted values x, the i-th of k inner boundaries is x[⌈n·i/k⌉ − 1], so a boundary is
    /// always a value that occurs.
    /// </summary>
    /// <param name="count">How many values there are, at least one.</param>
    /// <param name="valueAt">The value of a rank from 0.</param>
    /// <param name="buckets">How many buckets to make.</param>
    public static Histogram Quantiles(long count, Func<long, double> valueAt, int buckets)
    {
        var result = new Histogram { Type = Histogram.Types.HistogramType.Quantiles };
        var low = valueAt(0);
        for (var bucket = 1; bucket <= buckets; bucket++)
        {
            var high = valueAt(RankOfQuantile(count, bucket, buckets));
            result.Buckets.Add(new Histogram.Types.Bucket { LowValue = low, HighValue = high, SampleCount = (double)count / buckets });
            low = high;
        }

        return result;
    }

    /// <summary>The rank, from 0, of the value below or at which <paramref name="part"/> of <paramref name="parts"/> of all values lie.</summary>
    public static long RankOfQuantile(long count, int part, int parts) =>
        Math.Max(0, (long)((((Int128)count * part) + parts - 1) / parts) - 1);

    /// <summary>
    /// Buckets of equal width from the least to the greatest finite value; each holds its lower bound, the last its upper
    /// one too. Infinities get buckets of their own at the ends; equal values make a single bucket.
    /// </summary>
    public static Histogram EqualWidth(ReadOnlySpan<double> sorted, int buckets)
    {
        var result = new Histogram { Type = Histogram.Types.HistogramType.Standard };
        var negative = FirstAtLeast(sorted, double.MinValue);
        var end = FirstAbove(sorted, double.MaxValue);
        Add(double.NegativeInfinity, double.NegativeInfinity, negative);
        AddFinite(sorted[negative..end]);
        Add(double.PositiveInfinity, double.PositiveInfinity, sorted.Length - end);
        return result;

        void Add(double low, double high, int count)
        {
            if (count > 0)
                result.Buckets.Add(new Histogram.Types.Bucket { LowValue = low, HighValue = high, SampleCount = count });
        }

        void AddFinite(ReadOnlySpan<double> finite)
        {
            if (finite.IsEmpty)
                return;
            var (least, greatest) = (finite[0], finite[^1]);
            if (least == greatest)
            {
                Add(least, greatest, finite.Length);
                return;
            }

            var (low, start) = (least, 0);
            for (var bucket = 1; bucket <= buckets; bucket++)
            {
                var high = bucket == buckets ? greatest : Bound(least, greatest, bucket, buckets);
                var stop = bucket == buckets ? finite.Length : FirstAtLeast(finite, high);
                result.Buckets.Add(new Histogram.Types.Bucket { LowValue = low, HighValue = high, SampleCount = stop - start });
                (low, start) = (high, stop);
            }
        }
    }

    /// <summary>The span of two doubles may be none.</summary>
    static double Bound(double least, double greatest, int part, int parts) => double.IsFinite(greatest - least)
        ? least + ((greatest - least) / parts * part)
        : (least / parts * (parts - part)) + (greatest / parts * part);

    /// <summary>How many of the sorted values are less than the bound.</summary>
    public static int FirstAtLeast(ReadOnlySpan<double> sorted, double bound) => Partition(sorted, value => value < bound);

    /// <summary>How many of the sorted values are not greater than the bound.</summary>
    public static int FirstAbove(ReadOnlySpan<double> sorted, double bound) => Partition(sorted, value => value <= bound);

    static int Partition(ReadOnlySpan<double> sorted, Func<double, bool> isBefore)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (isBefore(sorted[middle]))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
