using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Gyre.Statistics.Counting;
using Gyre.Statistics.Protos;

namespace Gyre.Statistics.Describing;

/// <summary>Describes columns of text or bytes.</summary>
sealed class TextDescription
{
    const double LeastDistinctShare = 0.1;

    /// <summary>As <see cref="Any.Pack(IMessage)"/> would name it, which reads descriptions of all messages for it.</summary>
    const string LanguageType = "type.googleapis.com/tensorflow.metadata.v0.NaturalLanguageStatistics";

    readonly TextTable _texts;
    readonly SliceCounts _counts;
    readonly StatisticsOptions _options;
    readonly bool _isWeighted;
    readonly SortedDictionary<int, long> _lengths = [];
    readonly long _distinct;
    readonly long _values;
    readonly long _invalid;
    readonly long _likeLanguage;

    public TextDescription(TextTable texts, SliceCounts counts, StatisticsOptions options, bool isWeighted)
    {
        (_texts, _counts, _options, _isWeighted) = (texts, counts, options, isWeighted);
        var lengths = new Dictionary<int, long>();
        foreach (var (id, tally) in counts.Texts!.All())
        {
            ref readonly var entry = ref texts.Entries[id];
            _distinct++;
            _values += tally.Count;
            _invalid += entry.Traits.HasFlag(TextTraits.InvalidUtf8) ? tally.Count : 0;
            _likeLanguage += entry.Traits.HasFlag(TextTraits.LikeLanguage) ? tally.Count : 0;
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(lengths, entry.Length, out _) += tally.Count;
        }

        _lengths = new SortedDictionary<int, long>(lengths);
    }

    /// <summary>
    /// Most values read like sentences, as in TensorFlow Data Validation, and are not the same few again and again: names of
    /// categories are often of several words.
    /// </summary>
    bool IsFreeText => _likeLanguage >= TimeFormats.LeastShare * _values && _distinct >= LeastDistinctShare * _values;

    double MeanLength => _lengths.Sum(pair => (double)pair.Key * pair.Value) / _values;

    public StringStatistics Strings(CommonStatistics common)
    {
        var result = new StringStatistics { CommonStats = common, Unique = (ulong)_distinct, InvalidUtf8Count = (ulong)_invalid };
        if (_values == 0)
            return result;
        result.AvgLength = (float)MeanLength;
        var ranking = new TextRanking(_texts);
        (result.RankHistogram, var top) = Ranks.Of(
            ranking.Of(_counts.Texts!, tally => tally.Count, _options.FrequencyThreshold, Ranks.Listed(_options)), _options);
        result.TopValues.AddRange(top);
        if (_isWeighted)
        {
            result.WeightedStringStats = new WeightedStringStatistics();
            (result.WeightedStringStats.RankHistogram, var weightedTop) = Ranks.Of(
                ranking.Of(_counts.Texts!, tally => Weight.ToDouble(tally.Weight), _options.WeightedFrequencyThreshold, Ranks.Listed(_options)), _options);
            result.WeightedStringStats.TopValues.AddRange(weightedTop);
        }

        return result;
    }

    public BytesStatistics Bytes(CommonStatistics common)
    {
        var result = new BytesStatistics { CommonStats = common, Unique = (ulong)_distinct };
        if (_values == 0)
            return result;
        result.AvgNumBytes = (float)MeanLength;
        (result.MinNumBytes, result.MaxNumBytes, result.MaxNumBytesInt) = (_lengths.Keys.First(), _lengths.Keys.Last(), _lengths.Keys.Last());
        return result;
    }

    public IEnumerable<CustomStatistic> Custom(bool isBytes)
    {
        if (_values == 0)
            yield break;
        if (_lengths.TryGetValue(0, out var empty))
            yield return new CustomStatistic { Name = CustomNames.EmptyTexts, Num = empty };
        if (isBytes)
            yield break;
        yield return new CustomStatistic { Name = CustomNames.LeastLength, Num = _lengths.Keys.First() };
        yield return new CustomStatistic { Name = CustomNames.GreatestLength, Num = _lengths.Keys.Last() };
        yield return new CustomStatistic
        {
            Name = CustomNames.Lengths,
            Histogram = Distribution.Counted([.. _lengths.Select(pair => ((long)pair.Key, pair.Value))]).QuantileHistogram(_options.HistogramBuckets),
        };
        if (_invalid > 0 || _values < TimeFormats.FewestValues)
            yield break;
        var times = TimeColumn.CustomOf(_texts, _counts.Texts!, _values, _options);
        var language = times.Count == 0 && IsFreeText ? Language() : [];
        foreach (var custom in times.Concat(language))
            yield return custom;
    }

    IEnumerable<CustomStatistic> Language()
    {
        var words = _counts.Words!;
        var perText = words.WordsPerText;
        var total = perText.Sum(pair => (double)pair.Words * pair.Texts);
        var top = words.All().OrderByDescending(word => word.Count.Occurrences).ThenBy(word => word.Word, StringComparer.Ordinal).Take(_options.RankBuckets).ToList();
        var ranks = Ranks.Histogram(top.Select(word => (word.Word, (double)word.Count.Occurrences)));
        var texts = perText.Sum(pair => pair.Texts);
        var lengths = words.Lengths.ToArray().Index().Where(length => length.Item > 0).Select(length => ((long)length.Index, length.Item)).ToList();
        var statistics = new NaturalLanguageStatistics
        {
            FeatureCoverage = 1,
            AvgTokenLength = lengths.Sum(length => (double)length.Item1 * length.Item) / total,
            TokenLengthHistogram = Distribution.Counted(lengths).QuantileHistogram(_options.HistogramBuckets),
            MinSequenceLength = perText[0].Words,
            MaxSequenceLength = perText[^1].Words,
            SequenceLengthHistogram = Distribution.Counted([.. perText]).QuantileHistogram(_options.HistogramBuckets),
            RankHistogram = ranks,
        };
        statistics.TokenStatistics.AddRange(top.Take(_options.TopValues).Select(word => new NaturalLanguageStatistics.Types.TokenStatistics
        {
            StringToken = word.Word,
            Frequency = word.Count.Occurrences,
            FractionOfSequences = (double)word.Count.Texts / texts,
            PerSequenceAvgFrequency = (double)word.Count.Occurrences / word.Count.Texts,
        }));
        return
        [
            new CustomStatistic { Name = CustomNames.Domain(_options), Str = "natural_language_domain {}" },
            new CustomStatistic { Name = CustomNames.LanguageShare, Num = (double)_likeLanguage / _values },
            new CustomStatistic { Name = CustomNames.Vocabulary, Num = words.Distinct },
            new CustomStatistic { Name = CustomNames.LeastWords, Num = perText[0].Words },
            new CustomStatistic { Name = CustomNames.MeanWords, Num = total / texts },
            new CustomStatistic { Name = CustomNames.GreatestWords, Num = perText[^1].Words },
            new CustomStatistic { Name = CustomNames.TopWords, RankHistogram = Ranks.Histogram(top.Take(_options.TopValues).Select(word => (word.Word, (double)word.Count.Occurrences))) },
            new CustomStatistic { Name = CustomNames.Language, Any = new Any { TypeUrl = LanguageType, Value = statistics.ToByteString() } },
        ];
    }
}
