using Gyre.Statistics;

namespace Gyre.Schemas.Comparison;

/// <summary>
/// A distribution of numbers as its histograms tell it: for every value which share lies up to it, by assumption (numbers
/// lie evenly inside a bucket of the finest histogram) and for certain (between which bounds the share must lie).
/// </summary>
public sealed class NumberDistribution
{
    readonly IReadOnlyList<NumberHistogram> _histograms;
    readonly NumberHistogram _finest;
    readonly double _finite;
    readonly double _negative;

    /// <param name="histograms">Histograms of the same numbers, at least one.</param>
    /// <exception cref="ArgumentException">There is no histogram.</exception>
    public NumberDistribution(IReadOnlyList<NumberHistogram> histograms)
    {
        _histograms = [.. histograms.Where(histogram => histogram.Total > 0)];
        if (_histograms.Count == 0)
            throw new ArgumentException("There is no histogram with values. Expected at least one.", nameof(histograms));
        _finest = _histograms.OrderByDescending(histogram => histogram.Kind == HistogramKind.Quantiles).ThenByDescending(histogram => histogram.Buckets.Count).First();
        NaNs = _finest.NaNs;
        Placed = _finest.Buckets.Sum(bucket => bucket.Count);
        _negative = _finest.Buckets.Where(bucket => double.IsNegativeInfinity(bucket.Low)).Sum(bucket => bucket.Count);
        _finite = _finest.Buckets.Where(bucket => double.IsFinite(bucket.Low) && double.IsFinite(bucket.High)).Sum(bucket => bucket.Count);
        Bounds = [.. _histograms.SelectMany(histogram => histogram.Buckets).SelectMany(bucket => new[] { bucket.Low, bucket.High }).Where(bound => !double.IsNaN(bound)).Distinct().Order()];
    }

    /// <summary>How many values are NaN.</summary>
    public double NaNs { get; }

    /// <summary>How many values are not.</summary>
    public double Placed { get; }

    internal bool HasFinite => _finite > 0;

    /// <summary>All bounds of buckets, rising.</summary>
    internal IReadOnlyList<double> Bounds { get; }

    /// <summary>The value below or at which a share of the numbers lies, from 0 to 1.</summary>
    public double Quantile(double share)
    {
        var wanted = share * Placed;
        var seen = 0.0;
        foreach (var bucket in _finest.Buckets)
        {
            if (seen + bucket.Count >= wanted && bucket.Count > 0)
                return Inside(bucket, (wanted - seen) / bucket.Count);
            seen += bucket.Count;
        }

        return _finest.Buckets.Count == 0 ? double.NaN : _finest.Buckets[^1].High;
    }

    /// <summary>The share of numbers that are not greater than a value, NaN left out.</summary>
    public double ShareUpTo(double value) => Of(Placed, _finest.Buckets.Sum(bucket => bucket.Count * Part(bucket, value, includes: true)));

    internal double ShareBelow(double value) => Of(Placed, _finest.Buckets.Sum(bucket => bucket.Count * Part(bucket, value, includes: false)));

    internal double FiniteShareUpTo(double value) => Of(_finite, (ShareUpTo(value) * Placed) - _negative);

    internal double FiniteShareBelow(double value) => Of(_finite, (ShareBelow(value) * Placed) - _negative);

    /// <summary>
    /// The share up to a value is at least this: buckets that end there lie below as a whole. That holds for quantiles (a
    /// boundary is a value with at least its share up to it) and for equal widths alike.
    /// </summary>
    internal double LeastUpTo(double value) => _histograms.Max(histogram => Share(histogram, bucket => bucket.High <= value));

    /// <summary>The share up to a value is at most this: buckets that begin above it lie above as a whole.</summary>
    internal double MostUpTo(double value) => _histograms.Min(histogram => Share(histogram, bucket => bucket.Low <= value));

    static double Share(NumberHistogram histogram, Func<HistogramBucket, bool> counts)
    {
        var placed = histogram.Buckets.Sum(bucket => bucket.Count);
        return Of(placed, histogram.Buckets.Where(counts).Sum(bucket => bucket.Count));
    }

    static double Of(double all, double part) => all <= 0 ? 0 : Math.Clamp(part / all, 0, 1);

    /// <summary>Which part of a bucket lies up to a value.</summary>
    static double Part(HistogramBucket bucket, double value, bool includes)
    {
        if (bucket.Low < value && bucket.High > value && double.IsFinite(bucket.Low) && double.IsFinite(bucket.High))
            return (value - bucket.Low) / (bucket.High - bucket.Low);
        if (double.IsNegativeInfinity(bucket.Low))
            return includes || value > bucket.Low ? 1 : 0;
        if (bucket.Low == bucket.High)
            return bucket.Low < value || (includes && bucket.Low == value) ? 1 : 0;
        return bucket.High <= value ? 1 : 0;
    }

    static double Inside(HistogramBucket bucket, double share) =>
        !double.IsFinite(bucket.Low) || !double.IsFinite(bucket.High) ? (double.IsFinite(bucket.High) ? bucket.High : bucket.Low)
        : bucket.Low + ((bucket.High - bucket.Low) * Math.Clamp(share, 0, 1));
}
