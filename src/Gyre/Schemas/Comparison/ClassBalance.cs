using System.Globalization;
using System.Text.Json.Serialization;
using Gyre.Statistics;
using Gyre.Statistics.Protos;
using HistogramType = Gyre.Statistics.Protos.Histogram.Types.HistogramType;

namespace Gyre.Schemas.Comparison;

/// <summary>One class of a label.</summary>
/// <param name="Class">The label's value.</param>
/// <param name="Count">How many examples have it.</param>
/// <param name="Share">Their share of all labelled examples.</param>
/// <param name="Weight">The weight that would make all classes count the same in training: n / (k · n of the class).</param>
public sealed record LabelClass(string Class, double Count, double Share, double Weight);

/// <summary>The label's classes held against others.</summary>
/// <param name="Against">What they are held against: <c>expected</c>, <c>train</c>, or the other data's name.</param>
/// <param name="Expected">The shares there, by class.</param>
/// <param name="GreatestDifference">The greatest difference of shares.</param>
/// <param name="Class">The class that has it.</param>
/// <param name="Test">The test whether it is chance.</param>
/// <param name="IsAlarm">Whether it is neither small nor chance.</param>
public sealed record BalanceCheck(
    string Against, IReadOnlyDictionary<string, double> Expected, double GreatestDifference, string? Class, TestResult Test, bool IsAlarm);

/// <summary>How many examples each class of the label has, and whether that is as expected.</summary>
public sealed record ClassBalance
{
    /// <summary>The label's column.</summary>
    public required string Label { get; init; }

    /// <summary>Examples without a label.</summary>
    public double Unlabelled { get; init; }

    /// <summary>The classes, the most frequent first.</summary>
    public IReadOnlyList<LabelClass> Classes { get; init; } = [];

    /// <summary>What they were held against.</summary>
    public IReadOnlyList<BalanceCheck> Checks { get; init; } = [];

    /// <summary>Why the classes could not be counted; null when they were.</summary>
    public string? NotCounted { get; init; }

    /// <summary>The counts by class.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, double> Counts => Classes.ToDictionary(each => each.Class, each => each.Count, StringComparer.Ordinal);

    /// <summary>Counts the classes.</summary>
    /// <param name="statistics">The statistics of the data.</param>
    /// <param name="label">The label's column.</param>
    public static ClassBalance Of(DatasetStatistics statistics, string label)
    {
        if (statistics.Message.Features.FirstOrDefault(feature => feature.PathText() == label) is not { } feature)
            return new ClassBalance { Label = label, NotCounted = $"There is no column '{label}'. Columns: {string.Join(", ", statistics.Features.Select(each => each.Name))}." };
        var missing = (double)(feature.Common()?.NumMissing ?? 0);
        if (CountsOf(feature) is not { } counts)
            return new ClassBalance { Label = label, Unlabelled = missing, NotCounted = $"The column '{label}' has more values than its statistics list, so it is no label of classes." };
        var all = counts.Values.Sum();
        return new ClassBalance
        {
            Label = label,
            Unlabelled = missing,
            Classes = [.. counts.Where(entry => entry.Value > 0).OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => new LabelClass(entry.Key, entry.Value, entry.Value / all, all / (counts.Count * entry.Value)))],
        };
    }

    /// <summary>The same, held against given shares.</summary>
    /// <param name="against">A name for them.</param>
    /// <param name="expected">Shares or counts by class, in any scale.</param>
    /// <param name="isSample">Whether they were counted in data, not wished for.</param>
    /// <param name="options">What is too far and what is chance.</param>
    public ClassBalance Against(string against, IReadOnlyDictionary<string, double> expected, bool isSample, BalanceOptions options)
    {
        if (Classes.Count == 0 || expected.Values.Sum() <= 0)
            return this;
        var (difference, where) = CategoryDistances.LInfinity(Counts, expected);
        var test = isSample ? SignificanceTests.ChiSquare(expected, Counts) : SignificanceTests.ChiSquareFit(Counts, expected);
        var all = expected.Values.Sum();
        var shares = new SortedDictionary<string, double>(expected.ToDictionary(entry => entry.Key, entry => entry.Value / all, StringComparer.Ordinal), StringComparer.Ordinal);
        var check = new BalanceCheck(against, shares, difference, where, test, difference > options.Threshold && test.Probability < options.Significance);
        return this with { Checks = [.. Checks, check] };
    }

    /// <summary>Exact counts, or null where statistics do not hold them.</summary>
    static Dictionary<string, double>? CountsOf(FeatureNameStatistics feature)
    {
        if (feature.StringStats is { } texts)
        {
            var ranked = texts.RankHistogram?.Buckets ?? [];
            return ranked.Count < (int)texts.Unique ? null : ranked.ToDictionary(bucket => bucket.Label, bucket => bucket.SampleCount, StringComparer.Ordinal);
        }

        if (feature.NumStats is not { } numbers || feature.Common() is not { TotNumValues: > 0 } common)
            return null;
        var histograms = numbers.Histograms.ToList();
        if (feature.Type == FeatureNameStatistics.Types.Type.Int && numbers is { Min: >= 0, Max: <= 1 })
            return new Dictionary<string, double>(StringComparer.Ordinal) { ["0"] = numbers.NumZeros, ["1"] = common.TotNumValues - (double)numbers.NumZeros };
        var exact = histograms.FirstOrDefault(histogram => histogram.Type == HistogramType.Standard && histogram.Buckets.Count > 0 && histogram.Buckets.All(bucket => bucket.LowValue == bucket.HighValue))
            ?? (feature.Type == FeatureNameStatistics.Types.Type.Int ? UnitWide(histograms) : null);
        return exact?.Buckets.Where(bucket => bucket.SampleCount > 0)
            .ToDictionary(bucket => bucket.LowValue.ToString("R", CultureInfo.InvariantCulture), bucket => bucket.SampleCount, StringComparer.Ordinal);
    }

    /// <summary>Equal widths below 1 part whole numbers: each bucket holds one value at most, the one at or above its lower bound.</summary>
    static Histogram? UnitWide(List<Histogram> histograms)
    {
        var standard = histograms.FirstOrDefault(histogram => histogram.Type == HistogramType.Standard);
        if (standard is null || standard.Buckets.Count < 2 || standard.Buckets.Any(bucket => !double.IsFinite(bucket.LowValue) || !double.IsFinite(bucket.HighValue) || bucket.HighValue - bucket.LowValue > 0.999999))
            return null;
        var result = new Histogram();
        foreach (var bucket in standard.Buckets.Where(bucket => bucket.SampleCount > 0))
        {
            // A bucket holds its lower bound and not its upper one, but for the last. Adding zero makes −0 a 0.
            var value = Math.Ceiling(bucket.LowValue - 1e-9) + 0.0;
            result.Buckets.Add(new Histogram.Types.Bucket { LowValue = value, HighValue = value, SampleCount = bucket.SampleCount });
        }

        return result.Buckets.Select(bucket => bucket.LowValue).Distinct().Count() == result.Buckets.Count ? result : null;
    }
}

/// <summary>When the label's classes count as out of balance.</summary>
public sealed record BalanceOptions
{
    /// <summary>Which difference of shares is too great; 0.05 is five percent points.</summary>
    public double Threshold { get; init; } = 0.05;

    /// <summary>Below which probability it is no chance.</summary>
    public double Significance { get; init; } = 0.01;

    /// <summary>What an alarm is.</summary>
    public AnomalySeverity Severity { get; init; } = AnomalySeverity.Warning;
}
