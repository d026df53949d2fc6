using Gyre.Statistics;
using Gyre.Statistics.Protos;

namespace Gyre.Pages;

/// <summary>Everything that statistics tell about a data set, ready to be shown in a terminal, as JSON or as a page.</summary>
public sealed record DataSetView
{
    /// <summary>What people call the set: a split, a slice, a file.</summary>
    public required string Name { get; init; }

    /// <summary>The number of examples.</summary>
    public required long Examples { get; init; }

    /// <summary>The sum of their weights; null where weights were not used.</summary>
    public double? WeightedExamples { get; init; }

    /// <summary>The features in the order of the columns.</summary>
    public IReadOnlyList<FeatureView> Features { get; init; } = [];

    /// <summary>What was counted of pairs of features, strongest relations first.</summary>
    public IReadOnlyList<PairView> Pairs { get; init; } = [];

    /// <summary>Views statistics.</summary>
    /// <param name="statistics">The statistics.</param>
    /// <param name="name">The name to show; by default the statistics' own.</param>
    public static DataSetView Of(DatasetStatistics statistics, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var message = statistics.Message;
        var features = message.Features.Select(FeatureReading.Read).ToList();
        return new DataSetView
        {
            Name = name ?? statistics.Name,
            Examples = statistics.Examples,
            WeightedExamples = features.Exists(feature => feature.Weighted is not null) ? message.WeightedNumExamples : null,
            Features = features,
            Pairs = [.. message.CrossFeatures.Select(PairReading.Read).OrderByDescending(pair => pair.Strength)],
        };
    }

    /// <summary>The feature of a name; null when there is none.</summary>
    public FeatureView? Find(string name) => Features.FirstOrDefault(feature => feature.Name == name);
}

/// <summary>What two features have to do with each other.</summary>
public sealed record PairView(string First, string Second, long Count)
{
    /// <summary>Pearson's correlation, from −1 to 1; for numbers.</summary>
    public double? Correlation { get; init; }

    public double? Covariance { get; init; }

    /// <summary>How much more often values stand together than by chance, the farthest from 1 first; for categories.</summary>
    public IReadOnlyList<LiftView> Lifts { get; init; } = [];

    /// <summary>By what the pairs are sorted.</summary>
    internal double Strength => Correlation is { } correlation ? Math.Abs(correlation) : Lifts.Count > 0 ? Math.Min(1, Math.Abs(Math.Log(Math.Max(Lifts[0].Lift, 1e-9))) / 10) : 0;
}

/// <summary>
/// How often a value of the first feature stands beside a value of the second, relative to what chance would do:
/// P(x | y) / P(x).
/// </summary>
public sealed record LiftView(string X, string Y, double Lift, double Together, bool IsWeighted);

static class PairReading
{
    public static PairView Read(CrossFeatureStatistics pair) => new(Name(pair.PathX), Name(pair.PathY), checked((long)pair.Count))
    {
        Correlation = pair.NumCrossStats?.Correlation,
        Covariance = pair.NumCrossStats?.Covariance,
        Lifts = pair.CategoricalCrossStats?.Lift is { } lift
            ? [.. lift.LiftSeries.SelectMany(series => Read(series, false)).Concat(lift.WeightedLiftSeries.SelectMany(series => Read(series, true)))
                .OrderByDescending(value => Math.Abs(Math.Log(Math.Max(value.Lift, 1e-9)))).ThenBy(value => value.X, StringComparer.Ordinal).ThenBy(value => value.Y, StringComparer.Ordinal)]
            : [],
    };

    static IEnumerable<LiftView> Read(LiftSeries series, bool isWeighted) => series.LiftValues.Select(value => new LiftView(
        value.XValueCase == LiftSeries.Types.LiftValue.XValueOneofCase.XInt ? FigureText.Number(value.XInt) : value.XString,
        series.YValueCase switch
        {
            LiftSeries.YValueOneofCase.YInt => FigureText.Number(series.YInt),
            LiftSeries.YValueOneofCase.YBucket => $"{FigureText.Number(series.YBucket.LowValue)} … {FigureText.Number(series.YBucket.HighValue)}",
            _ => series.YString,
        },
        value.Lift,
        value.XAndYCountValueCase == LiftSeries.Types.LiftValue.XAndYCountValueOneofCase.WeightedXAndYCount ? value.WeightedXAndYCount : value.XAndYCount,
        isWeighted));

    static string Name(Gyre.Statistics.Protos.Path? path) => string.Join('.', path?.Step ?? []);
}
