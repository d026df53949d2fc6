using Gyre.Statistics;
using Gyre.Statistics.Protos;

namespace Gyre.Schemas.Comparison;

/// <summary>How the buckets of a histogram were chosen.</summary>
public enum HistogramKind
{
    /// <summary>All equally wide; TFX calls it STANDARD.</summary>
    EqualWidth,

    /// <summary>All equally full.</summary>
    Quantiles,
}

/// <summary>
/// How many numbers lie between which bounds. A bucket whose bounds are equal holds that very value; infinities may be
/// bounds; numbers that are NaN are counted apart.
/// </summary>
/// <param name="Buckets">The buckets, by rising bounds and without overlap.</param>
/// <param name="NaNs">How many values are NaN.</param>
/// <param name="Kind">How the buckets were chosen.</param>
public sealed record NumberHistogram(IReadOnlyList<HistogramBucket> Buckets, double NaNs = 0, HistogramKind Kind = HistogramKind.EqualWidth)
{
    /// <summary>How many values there are, NaN included.</summary>
    public double Total => NaNs + Buckets.Sum(bucket => bucket.Count);

    internal static NumberHistogram Of(Histogram histogram) => new(
        [.. histogram.Buckets.Select(bucket => new HistogramBucket(bucket.LowValue, bucket.HighValue, bucket.SampleCount))],
        histogram.NumNan,
        histogram.Type == Histogram.Types.HistogramType.Quantiles ? HistogramKind.Quantiles : HistogramKind.EqualWidth);
}
