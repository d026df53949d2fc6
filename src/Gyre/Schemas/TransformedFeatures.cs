using System.Globalization;
using Gyre.Schemas.Protos;
using AnomalyType = Gyre.Schemas.Protos.AnomalyInfo.Types.Type;
using HistogramType = Gyre.Statistics.Protos.Histogram.Types.HistogramType;

namespace Gyre.Schemas;

/// <summary>
/// What is expected of features that came out of a transform, as their statistics tell: finite numbers, ids that exist, values that
/// are not all the same.
/// </summary>
static class TransformedFeatures
{
    const string KindStatistic = "feature_kind";
    const string SizeStatistic = "feature_size";
    const string OutsideStatistic = "ids_outside";
    const string UniqueStatistic = "num_unique";
    const string PercentilesStatistic = "percentiles";

    /// <summary>
    /// No transform that is meant to be learnt from gives greater numbers. What leaves the range of single precision is cut off at its
    /// end, 3.4E+38, so it looks finite.
    /// </summary>
    const float Greatest = 1e38f;

    /// <summary>A feature that has one value in more than this share of the training examples may well have no other in a smaller split.</summary>
    const double NearlyConstant = 0.95;

    /// <summary>The kind of a transformed feature; null for all that is none.</summary>
    public static string? KindOf(FeatureView found) => found.Custom(KindStatistic)?.Str;

    public static bool HasIds(FeatureView found) => KindOf(found) is "one_hot" or "category" or "tokens";

    /// <summary>The number of distinct values; of numbers they are counted beside.</summary>
    public static long? UniqueOf(FeatureView found) =>
        found.Unique ?? (KindOf(found) is not null && found.Custom(UniqueStatistic) is { } counted ? (long)counted.Num : null);

    /// <summary>Describes what a transformed feature must be like besides its type and shape.</summary>
    public static void Describe(Feature feature, FeatureView found)
    {
        if (KindOf(found) is "number" or "vector")
        {
            // In files of transformed examples NaN stands as nothing.
            feature.Presence = new FeaturePresence { MinFraction = 1, MinCount = 1 };
            feature.FloatDomain = new FloatDomain { Min = -Greatest, Max = Greatest, DisallowNan = true, DisallowInf = true };
        }
        else if (!HasIds(found))
        {
            return;
        }

        if (GreatestShare(found) is { } share && (share > NearlyConstant ? UniqueOf(found) == 1 : UniqueOf(found) > 1))
            feature.UniqueConstraints = new UniqueConstraints { Min = 2 };
    }

    /// <summary>Checks what no schema needs to say.</summary>
    public static void Check(FeatureView found, FeatureDraft draft)
    {
        if (!HasIds(found) || found.Custom(OutsideStatistic)?.Num is not { } outside || outside == 0 || found.Custom(SizeStatistic)?.Num is not { } size)
            return;
        draft.Add(
            AnomalyType.IntTypeBigInt, "Out-of-range values",
            string.Create(CultureInfo.InvariantCulture, $"{outside} ids do not exist in the fitted transform. Expected 0 to {size - 1}, or -1 for none: transform the examples by the same transform, or correct what made them."),
            offence: Offence.Outside(-1, (long)size - 1));
    }

    /// <summary>What to say of a transformed feature that has one value only; null for all others.</summary>
    public static string? DescribeConstant(FeatureView found, long unique) => KindOf(found) is null || unique != 1
        ? null
        : "All values are the same, and what never varies tells a model nothing. Expected at least 2 distinct ones: leave the feature out, or correct the data or the operators that make it.";

    /// <summary>
    /// A transformed feature of one value only says nothing. Few examples may all have the same by chance, when <see cref="NearlyConstant"/>
    /// of all would have it.
    /// </summary>
    public static FindingWeight WeightOfConstant(FeatureView found, double significance) =>
        KindOf(found) is null || Math.Pow(NearlyConstant, found.Present) < significance ? FindingWeight.Error : FindingWeight.Warning;

    /// <summary>Which part of the values the most frequent one makes, or nearly so for numbers: in hundredths, rounded down.</summary>
    static double? GreatestShare(FeatureView found)
    {
        if (found.Values is [var first, ..])
            return first.SampleCount / Math.Max(1, found.TotalValues);
        if (found.Custom(PercentilesStatistic)?.Histogram is not { Type: HistogramType.Quantiles, Buckets.Count: > 0 } percentiles)
            return null;
        var (longest, run) = (0, 0);
        for (var i = 0; i < percentiles.Buckets.Count; i++)
        {
            var bucket = percentiles.Buckets[i];
            run = bucket.LowValue != bucket.HighValue ? 0 : i > 0 && percentiles.Buckets[i - 1].HighValue == bucket.LowValue && run > 0 ? run + 1 : 1;
            longest = Math.Max(longest, run);
        }

        return (double)longest / percentiles.Buckets.Count;
    }
}
