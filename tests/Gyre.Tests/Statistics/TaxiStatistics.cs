using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Gyre.Data;
using Gyre.Statistics;
using Gyre.Statistics.Protos;

namespace Gyre.Tests.Statistics;

/// <summary>Counts the Chicago taxi trips as TFX did, split as TFX splits, and compares with what TFX counted.</summary>
public sealed class TaxiStatistics : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-taxi-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Statistics_equal_those_of_TFX()
    {
        var golden = DatasetStatistics.Load(SharedData.File("conformance/tfx/testdata/statistics_gen/Split-train/FeatureStats.pb")).Message;
        var file = TrainSplit(golden);

        var ours = StatisticsEngine.Compute(file, options: new StatisticsOptions { EmptyCells = EmptyCells.EmptyList }, threads: 2, cancellationToken: TestContext.Current.CancellationToken).Message;

        ours.NumExamples.ShouldBe(golden.NumExamples);
        ours.Features.Count.ShouldBe(golden.Features.Count);
        foreach (var expected in golden.Features)
        {
            var name = expected.PathText();
            var found = ours.Features.Single(feature => feature.PathText() == name);
            found.Type.ShouldBe(expected.Type, name);
            found.StatsCase.ShouldBe(expected.StatsCase, name);
            found.FieldIdCase.ShouldBe(expected.FieldIdCase, name);
            CompareCommon(found.Common()!, expected.Common()!, name);
            if (expected.StatsCase == FeatureNameStatistics.StatsOneofCase.StringStats)
                CompareTexts(found.StringStats, expected.StringStats, name);
            else
                CompareNumbers(found.NumStats, expected.NumStats, name);
        }
    }

    static void CompareCommon(CommonStatistics found, CommonStatistics expected, string name)
    {
        found.NumNonMissing.ShouldBe(expected.NumNonMissing, name);
        found.NumMissing.ShouldBe(expected.NumMissing, name);
        found.TotNumValues.ShouldBe(expected.TotNumValues, name);
        found.MinNumValues.ShouldBe(expected.MinNumValues, name);
        found.MaxNumValues.ShouldBe(expected.MaxNumValues, name);
        found.AvgNumValues.ShouldBe(expected.AvgNumValues, name);
        found.WeightedCommonStats.ShouldBe(expected.WeightedCommonStats, name);
        found.FeatureListLengthHistogram.ShouldBe(expected.FeatureListLengthHistogram, name);
        found.PresenceAndValencyStats.ShouldBe(expected.PresenceAndValencyStats, name);
        found.NumValuesHistogram.Type.ShouldBe(expected.NumValuesHistogram.Type, name);
        found.NumValuesHistogram.Buckets.Select(bucket => bucket.SampleCount).ShouldBe(expected.NumValuesHistogram.Buckets.Select(bucket => bucket.SampleCount), 1e-9, name);
        found.NumValuesHistogram.Buckets.Count(bucket => bucket.HighValue != expected.NumValuesHistogram.Buckets[found.NumValuesHistogram.Buckets.IndexOf(bucket)].HighValue)
            .ShouldBeLessThanOrEqualTo(1, $"{name}: a boundary between 0 and 1 that TFX's sketch puts one rank aside");
    }

    static void CompareTexts(StringStatistics found, StringStatistics expected, string name)
    {
        found.Unique.ShouldBe(expected.Unique, name);
        found.AvgLength.ShouldBe(expected.AvgLength, name);
        found.TopValues.ShouldBe(expected.TopValues, name);
        found.RankHistogram.ShouldBe(expected.RankHistogram, name);
        found.InvalidUtf8Count.ShouldBe(expected.InvalidUtf8Count, name);
        found.VocabularyFile.ShouldBe(expected.VocabularyFile, name);
        found.WeightedStringStats.ShouldBe(expected.WeightedStringStats, name);
    }

    /// <summary>
    /// TFX takes medians and histograms from a sketch. Ours are those of a plain sort; where TFX's differ is listed in the
    /// test's output, as a table.
    /// </summary>
    [Fact]
    public void Medians_and_histograms_are_those_of_a_sort_and_differences_of_TFX_are_listed()
    {
        var golden = DatasetStatistics.Load(SharedData.File("conformance/tfx/testdata/statistics_gen/Split-train/FeatureStats.pb")).Message;
        var file = TrainSplit(golden);
        var ours = StatisticsEngine.Compute(file, options: new StatisticsOptions { EmptyCells = EmptyCells.EmptyList }, threads: 2, cancellationToken: TestContext.Current.CancellationToken).Message;
        using var engine = new DataEngine();
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine("feature | median ours / TFX | quantile boundaries that differ | greatest error of TFX's in ranks | greatest error of a bucket of equal width");
        foreach (var (found, expected) in ours.Features.Join(golden.Features, feature => feature.PathText(), feature => feature.PathText(), (one, other) => (one, other), StringComparer.Ordinal))
        {
            var name = found.PathText();
            if (found.NumStats is not { Histograms.Count: > 0 } numbers)
                continue;
            var column = SqlText.Identifier(name);
            var sorted = engine.Query($"SELECT {column}::DOUBLE FROM read_parquet({SqlText.Literal(file)}) WHERE {column} IS NOT NULL", row => row.GetDouble(0)).Order().ToArray();
            double At(int part, int parts) => sorted[(int)((((long)sorted.Length * part) + parts - 1) / parts) - 1];

            numbers.Median.ShouldBe(At(1, 2), name);
            var quantiles = numbers.Histograms[1].Buckets;
            quantiles.Select(bucket => bucket.HighValue).ShouldBe(Enumerable.Range(1, 10).Select(part => At(part, 10)), name);
            quantiles.Select(bucket => bucket.LowValue).ShouldBe(Enumerable.Range(1, 9).Select(part => At(part, 10)).Prepend(sorted[0]), name);
            quantiles.ShouldAllBe(bucket => bucket.SampleCount == sorted.Length / 10.0);
            var equal = numbers.Histograms[0].Buckets;
            foreach (var (index, bucket) in equal.Index())
            {
                bucket.LowValue.ShouldBe(sorted[0] + ((sorted[^1] - sorted[0]) / 10 * index), (Math.Abs(bucket.LowValue) * 1e-12) + 1e-300, name);
                bucket.SampleCount.ShouldBe(sorted.Count(value => value >= bucket.LowValue && (value < bucket.HighValue || index == equal.Count - 1)), name);
            }

            var theirs = expected.NumStats.Histograms[1].Buckets.Select(bucket => bucket.HighValue).ToList();
            var different = theirs.Index().Count(item => item.Item != quantiles[item.Index].HighValue);
            var ranks = theirs.Index().Max(item => Math.Abs(Nearest(item.Item, sorted.Length * (item.Index + 1) / 10.0) - (sorted.Length * (item.Index + 1) / 10.0)));
            var widest = expected.NumStats.Histograms[0].Buckets.Zip(equal).Max(pair => Math.Abs(pair.First.SampleCount - pair.Second.SampleCount));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} | {numbers.Median} / {expected.NumStats.Median} | {different} of 10 | {ranks:0.#} of {sorted.Length} | {widest:0.##}"));
            (ranks / sorted.Length).ShouldBeLessThan(0.01, "the error that TFX's sketch promises");

            // Equal values share all their ranks; the nearest counts.
            double Nearest(double value, double wanted) =>
                Math.Clamp(wanted, sorted.Count(other => other < value), sorted.Count(other => other <= value));
        }
    }

    /// <summary>TFX's quantiles come from a sketch, off by up to 1 % of the ranks, and its histograms from those quantiles.</summary>
    static void CompareNumbers(NumericStatistics found, NumericStatistics expected, string name)
    {
        found.NumZeros.ShouldBe(expected.NumZeros, name);
        found.Min.ShouldBe(expected.Min, name);
        found.Max.ShouldBe(expected.Max, name);
        found.Mean.ShouldBe(expected.Mean, (Math.Abs(expected.Mean) * 1e-9) + 1e-300, name);
        found.StdDev.ShouldBe(expected.StdDev, (Math.Abs(expected.StdDev) * 1e-6) + 1e-300, name);
        found.Histograms.Select(histogram => (histogram.Type, histogram.Buckets.Count)).ShouldBe(
            expected.Histograms.Select(histogram => (histogram.Type, histogram.Buckets.Count)), name);
        foreach (var (ours, theirs) in found.Histograms.Zip(expected.Histograms).Where(pair => pair.First.Type == Histogram.Types.HistogramType.Standard))
        {
            foreach (var (one, other) in ours.Buckets.Zip(theirs.Buckets))
            {
                one.LowValue.ShouldBe(other.LowValue, (Math.Abs(other.LowValue) * 1e-12) + 1e-12, name);
                one.SampleCount.ShouldBe(other.SampleCount, expected.CommonStats.TotNumValues * 0.0017, name);
            }
        }
    }

    /// <summary>The rows whose serialised tf.Example, as a number, leaves less than 2 when divided by 3: hashed by SHA-256.</summary>
    string TrainSplit(DatasetFeatureStatistics golden)
    {
        var types = golden.Features.ToDictionary(feature => feature.PathText(), feature => feature.Type, StringComparer.Ordinal);
        var names = types.Keys.Order(StringComparer.Ordinal).ToList();
        var csv = $"read_csv({SqlText.Literal(SharedData.File("conformance/tfx/chicago_taxi/simple/data.csv"))}, all_varchar = true, header = true)";
        using var engine = new DataEngine();
        var select = string.Join(", ", names.Select(SqlText.Identifier));
        var train = engine.Query($"SELECT {select} FROM {csv}", row => names.Select((_, i) => row.IsDBNull(i) ? null : row.GetString(i)).ToArray())
            .Where(row => new BigInteger(SHA256.HashData(Serialize(names, row, types)), isUnsigned: true, isBigEndian: true) % 3 < 2).ToList();
        train.Count.ShouldBe(10_036);

        var path = System.IO.Path.Combine(_directory.FullName, "train.parquet");
        return ExampleFile.Write(path, [.. names.Select((name, i) => (name, types[name] switch
        {
            FeatureNameStatistics.Types.Type.Int => (Array)train.Select(row => row[i] is { } text ? (long?)Integer(text) : null).ToArray(),
            FeatureNameStatistics.Types.Type.Float => train.Select(row => row[i] is { } text ? (double?)Single(text) : null).ToArray(),
            _ => train.Select(row => row[i]).ToArray(),
        }))]);
    }

    static long Integer(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    static float Single(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>An empty cell is a list of the column's type without a value.</summary>
    static byte[] Serialize(List<string> names, string?[] row, Dictionary<string, FeatureNameStatistics.Types.Type> types)
    {
        var features = new List<byte>();
        foreach (var (i, name) in names.Index())
        {
            var feature = types[name] switch
            {
                FeatureNameStatistics.Types.Type.Int => Field(3, row[i] is { } text ? Field(1, Varint((ulong)Integer(text))) : []),
                FeatureNameStatistics.Types.Type.Float => Field(2, row[i] is { } text ? Field(1, Bytes(Single(text))) : []),
                _ => Field(1, row[i] is { } text ? Field(1, Encoding.UTF8.GetBytes(text)) : []),
            };
            features.AddRange(Field(1, [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(2, feature)]));
        }

        return Field(1, [.. features]);
    }

    static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), .. Varint((ulong)content.Length), .. content];

    static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    static byte[] Bytes(float value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return bytes;
    }
}
