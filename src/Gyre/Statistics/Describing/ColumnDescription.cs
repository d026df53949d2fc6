using Gyre.Statistics.Counting;
using Gyre.Statistics.Protos;
using FeaturePath = Gyre.Statistics.Protos.Path;

namespace Gyre.Statistics.Describing;

/// <summary>Makes the statistics of one column, in each slice, of what was counted.</summary>
sealed class ColumnDescription(ColumnCounts column, StatisticsOptions options, bool isWeighted)
{
    static readonly SliceCounts Nothing = new(new LengthTally(), default, NumberRun.Empty(weighted: true), IdTally.For(isWhole: false, weighted: true), new WordTally());

    /// <param name="slice">The name of a slice.</param>
    /// <param name="examples">How many examples it has.</param>
    public FeatureNameStatistics Of(string slice, Tally examples)
    {
        var counts = column.Slices.GetValueOrDefault(slice, Nothing);
        var common = CommonCounts.Of(counts.Lengths.Sorted(), examples, options, isWeighted);
        var feature = new FeatureNameStatistics { Path = new FeaturePath { Step = { column.Column.Name } }, Type = Type };
        var meaning = options.Meanings.GetValueOrDefault(column.Column.Name);
        feature.CustomStats.AddRange(IdDescription.KindOf(meaning));
        if (column.Column.Kind == ValueKind.Integer && IdDescription.TryDescribe(feature, meaning, counts, common, options, isWeighted))
        {
            // It reads like a column of texts.
        }
        else if (column.Column.IsNumber)
        {
            if (column.Column.Kind == ValueKind.Integer && options.CategoricalColumns.Contains(column.Column.Name, StringComparer.Ordinal))
                feature.StringStats = CategoryDescription.Of(counts.Numbers(), common, options, isWeighted);
            else
                feature.NumStats = NumberDescription.Of(counts, column.Column.Kind, common, options, isWeighted);
            feature.CustomStats.AddRange(NumberDescription.CustomOf(counts, column.Column.Kind, options));
        }
        else
        {
            var texts = new TextDescription(column.Texts!, counts, options, isWeighted);
            if (feature.Type == FeatureNameStatistics.Types.Type.Bytes)
                feature.BytesStats = texts.Bytes(common);
            else
                feature.StringStats = texts.Strings(common);
            feature.CustomStats.AddRange(texts.Custom(isBytes: feature.BytesStats is not null));
        }

        if (column.Column.IsList && counts.Lengths.Sorted() is [{ Length: 0 } empty, ..])
            feature.CustomStats.Add(new CustomStatistic { Name = CustomNames.EmptyLists, Num = empty.Tally.Count });
        return feature;
    }

    FeatureNameStatistics.Types.Type Type => column.Column.Kind switch
    {
        ValueKind.Integer => FeatureNameStatistics.Types.Type.Int,
        ValueKind.Real => FeatureNameStatistics.Types.Type.Float,
        _ => options.BytesColumns.Contains(column.Column.Name, StringComparer.Ordinal) ? FeatureNameStatistics.Types.Type.Bytes : FeatureNameStatistics.Types.Type.String,
    };
}

/// <summary>The names of statistics for which the format has no field. The first six are TensorFlow Data Validation's own.</summary>
static class CustomNames
{
    public const string MinusOnes = "int_-1";
    public const string EmptyTexts = "str_empty";
    public const string EmptyLists = "list_empty";
    public const string TimeShare = "time_match_ratio";
    public const string LanguageShare = "natural_language_match_rate";
    public const string Language = "nl_statistics";

    public const string Unique = "num_unique";
    public const string Percentiles = "percentiles";
    public const string LeastLength = "min_length";
    public const string GreatestLength = "max_length";
    public const string Lengths = "length_quantiles";
    public const string Earliest = "time_earliest";
    public const string Latest = "time_latest";
    public const string Vocabulary = "vocabulary_size";
    public const string LeastWords = "min_words";
    public const string MeanWords = "avg_words";
    public const string GreatestWords = "max_words";
    public const string TopWords = "top_words";

    /// <summary>Of columns of transformed examples: what kind of feature it is, and how many ids or numbers it has.</summary>
    public const string FeatureKind = "feature_kind";
    public const string FeatureSize = "feature_size";
    public const string GreatestId = "largest_id";

    /// <summary>How many values have no id (−1), an id that stands for all others, or one that does not exist.</summary>
    public const string NoId = "ids_none";
    public const string OtherIds = "ids_other";
    public const string OutsideIds = "ids_outside";

    /// <summary>What a column turned out to hold, in the text format of a schema.</summary>
    public static string Domain(StatisticsOptions options) => options.SemanticDomains ? "domain_info" : "semantic_domain";
}
