using System.Globalization;
using Gyre.Data;
using Gyre.Statistics.Protos;
using FeaturePath = Gyre.Statistics.Protos.Path;

namespace Gyre.Statistics;

/// <summary>Counts columns of text: distinct texts and how often each stands, by grouping in the data engine.</summary>
sealed class TextColumn(DataEngine engine, string parquetPath, long rows, StatisticsOptions options, CancellationToken cancellationToken)
{
    /// <summary>Texts of more bytes are told apart for <c>unique</c>, but stand together in lists, under <see cref="LongTexts"/>.</summary>
    internal const int LongestListed = 1024;

    /// <summary>The label under which TensorFlow Data Validation lists all texts that are too long to be listed.</summary>
    internal const string LongTexts = "__LARGE_BYTES__";

    readonly string _source = ParquetFile.Source(parquetPath);

    public FeatureNameStatistics Count(ExampleColumn column)
    {
        var counts = Group(SqlText.Identifier(column.Name));
        var ranked = Rank(counts);
        var statistics = new StringStatistics
        {
            CommonStats = CommonCounts.Of(rows, counts.Values, options),
            Unique = (ulong)counts.Unique,
        };
        if (counts.Values > 0)
        {
            statistics.AvgLength = (float)((double)counts.Bytes / counts.Values);
            statistics.RankHistogram = new RankHistogram();
            foreach (var (index, (text, frequency)) in ranked.Take(options.RankBuckets).Index())
            {
                statistics.RankHistogram.Buckets.Add(new RankHistogram.Types.Bucket
                {
                    LowRank = (ulong)index,
                    HighRank = (ulong)index,
                    Label = text,
                    SampleCount = frequency,
                });
            }

            foreach (var (text, frequency) in ranked.Take(options.TopValues))
                statistics.TopValues.Add(new StringStatistics.Types.FreqAndValue { Value = text, Frequency = frequency });
        }

        return new FeatureNameStatistics
        {
            Path = new FeaturePath { Step = { column.Name } },
            Type = FeatureNameStatistics.Types.Type.String,
            StringStats = statistics,
        };
    }

    /// <summary>
    /// One pass. Long texts are grouped by a digest of 64 bits and their length, so that a column of long free texts does
    /// not have to stand in memory: of a million different ones, two are taken for one with a chance of 1 in 10^9 or less.
    /// Of equal frequency, the text that is greater byte by byte comes first, as in TensorFlow Data Validation.
    /// </summary>
    Counts Group(string name)
    {
        var listed = Math.Max(options.RankBuckets, options.TopValues);
        var sql = string.Create(CultureInfo.InvariantCulture, $$"""
            CREATE OR REPLACE TEMPORARY TABLE counts AS
            WITH texts AS (
                SELECT CASE WHEN strlen({{name}}) <= {{LongestListed}} THEN {{name}} END AS text,
                       CASE WHEN strlen({{name}}) > {{LongestListed}} THEN hash({{name}}) END AS digest,
                       strlen({{name}}) AS length, count(*) AS frequency
                FROM {{_source}} WHERE {{name}} <> '' GROUP BY ALL),
            top AS (SELECT text, frequency FROM texts WHERE text IS NOT NULL ORDER BY frequency DESC, text DESC LIMIT {{listed}})
            SELECT NULL::VARCHAR AS text, count(*) AS count, coalesce(sum(frequency), 0)::BIGINT AS total,
                   coalesce(sum(frequency * length), 0)::BIGINT AS bytes, coalesce(sum(frequency) FILTER (text IS NULL), 0)::BIGINT AS long_texts FROM texts
            UNION ALL SELECT text, frequency, 0, 0, 0 FROM top
            """);
        engine.Run(sql, cancellationToken);
        Counts? totals = null;
        var top = new List<(string Text, long Frequency)>();
        foreach (var (text, numbers) in engine.Query("FROM counts", row => (row.IsDBNull(0) ? null : row.GetString(0), Enumerable.Range(1, 4).Select(row.GetInt64).ToArray())))
        {
            if (text is null)
                totals = new Counts(numbers[0], numbers[1], numbers[2], numbers[3], top);
            else
                top.Add((text, numbers[0]));
        }

        return totals!;
    }

    List<(string Text, long Frequency)> Rank(Counts counts)
    {
        IEnumerable<(string Text, long Frequency)> ranked = counts.Top
            .OrderByDescending(item => item.Frequency).ThenByDescending(item => item.Text, Utf8Order);
        if (counts.LongTexts > 0)
        {
            ranked = ranked.Append((Text: LongTexts, Frequency: counts.LongTexts))
                .OrderByDescending(item => item.Frequency).ThenByDescending(item => item.Text, Utf8Order);
        }

        return [.. ranked.Take(Math.Max(options.RankBuckets, options.TopValues))];
    }

    /// <summary>Byte by byte in UTF-8, which is not the order of .NET's UTF-16 strings.</summary>
    internal static readonly IComparer<string> Utf8Order = Comparer<string>.Create(
        (one, other) => System.Text.Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(other)));

    sealed record Counts(long Unique, long Values, long Bytes, long LongTexts, IReadOnlyList<(string Text, long Frequency)> Top);
}
