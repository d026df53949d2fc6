using System.Runtime.InteropServices;
using Gyre.Statistics.Counting;
using Gyre.Statistics.Protos;

namespace Gyre.Statistics.Describing;

/// <summary>Distinct numbers in ascending order, each with a mass: how often it occurs, or what its examples weigh.</summary>
sealed class Distribution
{
    readonly double[] _values;
    readonly long[] _counts;
    readonly Int128[]? _weights;

    Distribution(double[] values, long[] counts, Int128[]? weights)
    {
        (_values, _counts, _weights) = (values, counts, weights);
        for (var i = 0; i < values.Length; i++)
            Total += MassAt(i);
    }

    public static Distribution Counted(NumberRun run, ValueKind kind) => new(Values(run, kind), run.Counts, null);

    public static Distribution Weighted(NumberRun run, ValueKind kind) => new(Values(run, kind), run.Counts, run.Weights);

    /// <summary>Of lengths, or other whole numbers, and how often they occur.</summary>
    public static Distribution Counted(IReadOnlyCollection<(long Value, long Count)> ascending) =>
        new([.. ascending.Select(item => (double)item.Value)], [.. ascending.Select(item => item.Count)], null);

    /// <summary>The mass of all: a count, or a weight in its own unit, see <see cref="Weight"/>.</summary>
    public Int128 Total { get; }

    public double TotalMass => ToDouble(Total);

    public bool IsEmpty => _values.Length == 0;

    public double Least => _values[0];

    public double Greatest => _values[^1];

    public double MassOfZero => Array.BinarySearch(_values, 0.0) is >= 0 and var at ? ToDouble(MassAt(at)) : 0;

    public double Median => Quantiles(2)[0];

    /// <summary>
    /// The k least values at or below which lie i of k parts of all, for i from 1 to k: of n sorted values x, those are
    /// x[⌈n·i/k⌉ − 1], so a boundary is always a value that occurs.
    /// </summary>
    public double[] Quantiles(int parts)
    {
        var result = new double[parts];
        var (at, below) = (0, MassAt(0));
        for (var part = 1; part <= parts; part++)
        {
            var wanted = (Total / parts * part) + (((Total % parts * part) + parts - 1) / parts);
            while (below < wanted && at + 1 < _values.Length)
                below += MassAt(++at);
            result[part - 1] = _values[at];
        }

        return result;
    }

    /// <summary>Buckets of equal mass.</summary>
    public Histogram QuantileHistogram(int buckets)
    {
        var result = new Histogram { Type = Histogram.Types.HistogramType.Quantiles };
        var low = _values[0];
        foreach (var high in Quantiles(buckets))
        {
            result.Buckets.Add(new Histogram.Types.Bucket { LowValue = low, HighValue = high, SampleCount = TotalMass / buckets });
            low = high;
        }

        return result;
    }

    /// <summary>
    /// Buckets of equal width from the least to the greatest finite value; each holds its lower bound, the last its upper
    /// one too. Infinities get buckets of their own at the ends; equal values make a single bucket.
    /// </summary>
    public Histogram EqualWidthHistogram(int buckets)
    {
        var result = new Histogram { Type = Histogram.Types.HistogramType.Standard };
        var (first, end) = Finite();
        if (first > 0)
            Add(double.NegativeInfinity, double.NegativeInfinity, MassAt(0));
        if (first < end)
            AddFinite();
        if (end < _values.Length)
            Add(double.PositiveInfinity, double.PositiveInfinity, MassAt(end));
        return result;

        void Add(double low, double high, Int128 mass) =>
            result.Buckets.Add(new Histogram.Types.Bucket { LowValue = low, HighValue = high, SampleCount = ToDouble(mass) });

        void AddFinite()
        {
            var (least, greatest) = (_values[first], _values[end - 1]);
            if (least == greatest)
            {
                Add(least, greatest, MassAt(first));
                return;
            }

            var (low, at) = (least, first);
            for (var bucket = 1; bucket <= buckets; bucket++)
            {
                var high = bucket == buckets ? greatest : Bound(least, greatest, bucket, buckets);
                Int128 mass = 0;
                while (at < end && (_values[at] < high || bucket == buckets))
                    mass += MassAt(at++);
                Add(low, high, mass);
                low = high;
            }
        }
    }

    /// <summary>
    /// Mean and population standard deviation of the finite values, in two passes over the sorted values, so that they do
    /// not depend on the order of examples. Values are scaled where sums or squares would not fit into a double otherwise.
    /// </summary>
    public (double Mean, double Deviation) Moments()
    {
        var (first, end) = Finite();
        var total = new CompensatedSum();
        for (var i = first; i < end; i++)
            total.Add(ToDouble(MassAt(i)));
        if (!(total.Value > 0))
            return (double.NaN, double.NaN);
        var mean = Sum(value => value) / total.Value;
        if (!double.IsFinite(mean))
            mean = Sum(value => value / total.Value);
        var farthest = Math.Max(mean - _values[first], _values[end - 1] - mean);
        if (farthest == 0)
            return (mean, 0);
        return (mean, farthest * Math.Sqrt(Sum(value => (value - mean) / farthest * ((value - mean) / farthest)) / total.Value));

        double Sum(Func<double, double> of)
        {
            var sum = new CompensatedSum();
            for (var i = first; i < end; i++)
                sum.AddProduct(of(_values[i]), ToDouble(MassAt(i)));
            return sum.Value;
        }
    }

    static double[] Values(NumberRun run, ValueKind kind) =>
        kind == ValueKind.Real ? Array.ConvertAll(run.Keys, NumberKeys.ToDouble) : Array.ConvertAll(run.Keys, key => (double)key);

    /// <summary>The span of two doubles may be none.</summary>
    static double Bound(double least, double greatest, int part, int parts) => double.IsFinite(greatest - least)
        ? least + ((greatest - least) / parts * part)
        : (least / parts * (parts - part)) + (greatest / parts * part);

    (int First, int End) Finite() => IsEmpty ? (0, 0)
        : (double.IsNegativeInfinity(_values[0]) ? 1 : 0, double.IsPositiveInfinity(_values[^1]) ? _values.Length - 1 : _values.Length);

    Int128 MassAt(int index) => _weights is null ? _counts[index] : _weights[index];

    double ToDouble(Int128 mass) => _weights is null ? (double)mass : Weight.ToDouble(mass);
}

/// <summary>A sum whose rounding errors are summed beside it (Neumaier).</summary>
[StructLayout(LayoutKind.Auto)]
record struct CompensatedSum
{
    double _sum;
    double _lost;

    public readonly double Value => _sum + _lost;

    public void Add(double value)
    {
        var next = _sum + value;
        _lost += Math.Abs(_sum) >= Math.Abs(value) ? _sum - next + value : value - next + _sum;
        _sum = next;
    }

    /// <summary>Adds a product with what its rounding lost.</summary>
    public void AddProduct(double one, double other)
    {
        var product = one * other;
        Add(product);
        if (double.IsFinite(product))
            _lost += Math.FusedMultiplyAdd(one, other, -product);
    }
}
