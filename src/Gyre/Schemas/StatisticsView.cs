using Gyre.Schemas.Protos;
using Gyre.Statistics;
using Gyre.Statistics.Protos;
using FieldCase = Gyre.Statistics.Protos.FeatureNameStatistics.FieldIdOneofCase;
using StatisticsType = Gyre.Statistics.Protos.FeatureNameStatistics.Types.Type;

namespace Gyre.Schemas;

/// <summary>
/// The statistics of a data set as rules look at them: features as a tree, and weighted counts wherever every feature
/// has them, as TensorFlow Data Validation does.
/// </summary>
sealed class StatisticsView
{
    StatisticsView(DatasetFeatureStatistics message, bool isWeighted) => (Message, IsWeighted) = (message, isWeighted);

    public DatasetFeatureStatistics Message { get; }

    /// <summary>Whether counts are sums of weights.</summary>
    public bool IsWeighted { get; }

    public double Examples => IsWeighted ? Message.WeightedNumExamples : Message.NumExamples;

    /// <summary>All features by their serialized paths, in the order of the statistics.</summary>
    public IReadOnlyList<FeatureView> Features { get; private set; } = [];

    /// <summary>The features that lie in no other one.</summary>
    public IReadOnlyList<FeatureView> Roots { get; private set; } = [];

    public static StatisticsView Of(DatasetStatistics statistics)
    {
        var message = statistics.Message;
        var counted = message.Features.Where(feature => feature.StatsCase != FeatureNameStatistics.StatsOneofCase.None || feature.CustomStats.Count > 0).ToList();
        var view = new StatisticsView(message, message.WeightedNumExamples != 0 && counted.TrueForAll(feature => HasWeights(feature.Common())));
        var paths = counted.Exists(feature => feature.FieldIdCase == FieldCase.Path)
            ? counted.Select(feature => feature.FieldIdCase == FieldCase.Path ? (IReadOnlyList<string>)[.. feature.Path.Step] : [feature.Name])
            : OfNames(counted);
        var features = counted.Zip(paths, (feature, path) => new FeatureView(view, feature, path)).ToList();
        var byKey = new Dictionary<string, FeatureView>(StringComparer.Ordinal);
        foreach (var feature in features)
            byKey.TryAdd(feature.Key, feature);
        var roots = new List<FeatureView>();
        foreach (var feature in features)
        {
            if (feature.Path.Count > 1 && byKey.TryGetValue(SchemaFeatures.Serialize([.. feature.Path.SkipLast(1)]), out var parent))
                parent.Children.Add(feature);
            else
                roots.Add(feature);
        }

        (view.Features, view.Roots) = (features, roots);
        return view;
    }

    static bool HasWeights(CommonStatistics? common) =>
        common?.WeightedCommonStats is not null && common.PresenceAndValencyStats.Count == common.WeightedPresenceAndValencyStats.Count;

    /// <summary>Older statistics name features by one text: what begins with the name of a structure and a dot lies in it.</summary>
    static List<IReadOnlyList<string>> OfNames(List<FeatureNameStatistics> features)
    {
        var paths = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var around = new Stack<string>();
        foreach (var feature in features.OrderBy(feature => feature.Name, StringComparer.Ordinal))
        {
            while (around.TryPeek(out var outer) && !(feature.Name.Length > outer.Length + 1 && feature.Name.StartsWith(outer, StringComparison.Ordinal)))
                around.Pop();
            paths[feature.Name] = around.TryPeek(out var parent) ? [.. paths[parent], feature.Name[(parent.Length + 1)..]] : [feature.Name];
            if (feature.Type == StatisticsType.Struct)
                around.Push(feature.Name);
        }

        return features.ConvertAll(feature => paths[feature.Name]);
    }
}

/// <summary>How many values there are at one level of nesting.</summary>
sealed record Level(long Least, long Most, double Missing);

/// <summary>The statistics of one feature as rules look at them.</summary>
sealed class FeatureView(StatisticsView data, FeatureNameStatistics message, IReadOnlyList<string> path)
{
    static readonly CommonStatistics Nothing = new();

    public StatisticsView Data => data;

    public FeatureNameStatistics Message => message;

    public IReadOnlyList<string> Path => path;

    public string Key { get; } = SchemaFeatures.Serialize(path);

    /// <summary>The features inside this structure.</summary>
    public List<FeatureView> Children { get; } = [];

    public CommonStatistics Common { get; } = message.Common() ?? Nothing;

    public FeatureType Type => SchemaFeatures.TypeOf(message.Type);

    public double Present => data.IsWeighted ? Common.WeightedCommonStats.NumNonMissing : Common.NumNonMissing;

    public double Missing => data.IsWeighted ? Common.WeightedCommonStats.NumMissing : Common.NumMissing;

    /// <summary>The share of examples that have the feature; null when it is unknown how many examples there are.</summary>
    public double? PresentShare => data.Examples <= 0 ? null : Missing == 0 ? 1 : Present / data.Examples;

    /// <summary>From the outermost level of nesting to the innermost; at least one.</summary>
    public IReadOnlyList<Level> Levels => Common.PresenceAndValencyStats.Count == 0
        ? [new Level((long)Common.MinNumValues, (long)Common.MaxNumValues, Missing)]
        : [.. Common.PresenceAndValencyStats.Select((level, index) => new Level(
            (long)level.MinNumValues, (long)level.MaxNumValues,
            data.IsWeighted ? Common.WeightedPresenceAndValencyStats[index].NumMissing : level.NumMissing))];

    /// <summary>The values of texts and of categories with their counts, the most frequent first; not all when there are many.</summary>
    public IReadOnlyList<RankHistogram.Types.Bucket> Values =>
        (data.IsWeighted ? message.StringStats?.WeightedStringStats?.RankHistogram : message.StringStats?.RankHistogram)?.Buckets ?? [];

    /// <summary>How many values there are in all examples together.</summary>
    public double TotalValues => data.IsWeighted
        ? Common.WeightedCommonStats.TotNumValues
        : Common.TotNumValues > 0 ? Common.TotNumValues : Common.NumNonMissing * (double)Common.AvgNumValues;

    public bool HasInvalidUtf8 => message.StringStats is { InvalidUtf8Count: > 0 };

    /// <summary>The number of distinct values; null when they are not counted.</summary>
    public long? Unique => message.StringStats is { } texts ? (long)texts.Unique
        : message.BytesStats is { Unique: > 0 } bytes ? (long)bytes.Unique : null;

    public CustomStatistic? Custom(string name) => message.CustomStats.FirstOrDefault(custom => custom.Name == name);

    public IEnumerable<FeatureView> WithDescendants() => Children.SelectMany(child => child.WithDescendants()).Prepend(this);
}
