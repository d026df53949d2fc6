using Google.Protobuf;
using Gyre.Data;
using Gyre.Statistics;
using Gyre.Statistics.Protos;

namespace Gyre.Tests.Statistics;

public sealed class StatisticsEngineTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-statistics-");

    public void Dispose() => _directory.Delete(recursive: true);

    string File(string name = "examples.parquet") => System.IO.Path.Combine(_directory.FullName, name);

    FeatureNameStatistics Count(Array values, StatisticsOptions? options = null)
    {
        ExampleFile.Write(File(), ("column", values));
        return Compute(File(), options: options).Message.Features.ShouldHaveSingleItem();
    }

    static DatasetStatistics Compute(string path, string name = "", StatisticsOptions? options = null, int threads = 1) =>
        StatisticsEngine.Compute(path, name, options, threads, cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public void Numbers_are_described()
    {
        var feature = Count(new double?[] { 4, 0, null, 1, 0, 5 });

        feature.Type.ShouldBe(FeatureNameStatistics.Types.Type.Float);
        var numbers = feature.NumStats;
        numbers.CommonStats.NumNonMissing.ShouldBe(5u);
        numbers.CommonStats.NumMissing.ShouldBe(1u);
        numbers.CommonStats.TotNumValues.ShouldBe(5u);
        numbers.CommonStats.MinNumValues.ShouldBe(1u);
        numbers.CommonStats.MaxNumValues.ShouldBe(1u);
        numbers.Mean.ShouldBe(2);
        numbers.StdDev.ShouldBe(Math.Sqrt((4 + 4 + 1 + 4 + 9) / 5.0), 1e-15);
        numbers.NumZeros.ShouldBe(2u);
        numbers.Min.ShouldBe(0);
        numbers.Median.ShouldBe(1);
        numbers.Max.ShouldBe(5);
    }

    [Fact]
    public void Histograms_of_equal_width_hold_their_lower_bounds_and_the_last_its_upper_one()
    {
        var histogram = Count(Enumerable.Range(0, 11).ToArray()).NumStats.Histograms[0];

        histogram.Type.ShouldBe(Histogram.Types.HistogramType.Standard);
        histogram.Buckets.Select(bucket => bucket.SampleCount).ShouldBe([1, 1, 1, 1, 1, 1, 1, 1, 1, 2]);
        histogram.Buckets.Select(bucket => bucket.LowValue).ShouldBe([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        histogram.Buckets[^1].HighValue.ShouldBe(10);
    }

    [Fact]
    public void Quantiles_are_values_that_occur()
    {
        var histogram = Count(Enumerable.Range(1, 25).ToArray()).NumStats.Histograms[1];

        histogram.Type.ShouldBe(Histogram.Types.HistogramType.Quantiles);
        histogram.Buckets.Select(bucket => bucket.LowValue).ShouldBe([1, 3, 5, 8, 10, 13, 15, 18, 20, 23]);
        histogram.Buckets.Select(bucket => bucket.HighValue).ShouldBe([3, 5, 8, 10, 13, 15, 18, 20, 23, 25]);
        histogram.Buckets.ShouldAllBe(bucket => bucket.SampleCount == 2.5);
    }

    [Fact]
    public void Equal_numbers_make_one_bucket()
    {
        var numbers = Count(new double[] { 7, 7, 7 }).NumStats;

        numbers.Histograms[0].Buckets.ShouldHaveSingleItem().SampleCount.ShouldBe(3);
        numbers.StdDev.ShouldBe(0);
        numbers.Median.ShouldBe(7);
    }

    [Fact]
    public void Numbers_that_are_none_and_infinite_ones_stand_apart()
    {
        var numbers = Count(new double[] { double.NaN, 1, 3, double.PositiveInfinity, double.NegativeInfinity, double.NaN }).NumStats;

        numbers.CommonStats.NumNonMissing.ShouldBe(6u);
        numbers.Histograms.ShouldAllBe(histogram => histogram.NumNan == 2);
        numbers.Mean.ShouldBe(2);
        numbers.Min.ShouldBe(double.NegativeInfinity);
        numbers.Max.ShouldBe(double.PositiveInfinity);
        numbers.Histograms[0].Buckets.Sum(bucket => bucket.SampleCount).ShouldBe(4);
        numbers.Histograms[0].Buckets[0].HighValue.ShouldBe(double.NegativeInfinity);
        numbers.Histograms[0].Buckets[^1].LowValue.ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public void Numbers_at_the_ends_of_the_range_do_not_overflow()
    {
        var numbers = Count(new double[] { double.MaxValue, -double.MaxValue, double.MaxValue, -double.MaxValue }).NumStats;

        numbers.Mean.ShouldBe(0);
        numbers.StdDev.ShouldBe(double.MaxValue);
        numbers.Histograms[0].Buckets.Select(bucket => bucket.SampleCount).ShouldBe([2, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
        numbers.Histograms[0].Buckets.ShouldAllBe(bucket => double.IsFinite(bucket.LowValue) && bucket.LowValue < bucket.HighValue);
    }

    [Fact]
    public void A_small_spread_around_a_great_mean_is_not_lost()
    {
        var numbers = Count(new double[] { 1e15 + 1, 1e15 + 2, 1e15 + 3 }).NumStats;

        numbers.Mean.ShouldBe(1e15 + 2);
        numbers.StdDev.ShouldBe(Math.Sqrt(2 / 3.0), 1e-12);
    }

    [Fact]
    public void Texts_are_ranked_by_frequency_and_equals_by_their_bytes_downwards()
    {
        var feature = Count(new[] { "b", "a", "ä", "c", "c", null, "", "\uFFFD", "😀" });

        feature.Type.ShouldBe(FeatureNameStatistics.Types.Type.String);
        var texts = feature.StringStats;
        texts.CommonStats.NumNonMissing.ShouldBe(8u);
        texts.CommonStats.NumMissing.ShouldBe(1u);
        texts.Unique.ShouldBe(7u);
        texts.AvgLength.ShouldBe((1 + 1 + 2 + 1 + 1 + 3 + 4) / 8f);
        texts.TopValues.Select(top => top.Value).ShouldBe(["c", "😀", "\uFFFD", "ä", "b", "a", ""]);
        texts.TopValues.Select(top => top.Frequency).ShouldBe([2, 1, 1, 1, 1, 1, 1]);
        texts.RankHistogram.Buckets.Select(bucket => (bucket.LowRank, bucket.HighRank)).ShouldBe([.. Enumerable.Range(0, 7).Select(rank => ((ulong)rank, (ulong)rank))]);
    }

    [Fact]
    public void Lists_of_texts_end_where_they_are_told_to()
    {
        var texts = Count(Enumerable.Range(0, 50).Select(i => $"text {i:00}").ToArray(), new StatisticsOptions { TopValues = 3, RankBuckets = 7 }).StringStats;

        texts.Unique.ShouldBe(50u);
        texts.TopValues.Select(top => top.Value).ShouldBe(["text 49", "text 48", "text 47"]);
        texts.RankHistogram.Buckets.Count.ShouldBe(7);
    }

    [Fact]
    public void Long_texts_are_told_apart_but_listed_under_one_label()
    {
        var texts = Count(new[] { new string('x', 1024), new string('y', 1025), new string('z', 1025), new string('z', 1025), "short" }).StringStats;

        texts.Unique.ShouldBe(4u);
        texts.AvgLength.ShouldBe((1024 + (3 * 1025) + 5) / 5f);
        texts.TopValues.Select(top => (top.Value.Length, top.Frequency)).ShouldBe([("__LARGE_BYTES__".Length, 3), (1024, 1), ("short".Length, 1)]);
    }

    [Fact]
    public void A_column_without_values_is_all_missing()
    {
        foreach (var empty in new Array[] { new string?[] { null, null }, new long?[] { null, null }, new double?[] { null, null } })
        {
            var feature = Count(empty);

            feature.Common()!.NumMissing.ShouldBe(2u);
            feature.Common()!.NumNonMissing.ShouldBe(0u);
            feature.Common()!.NumValuesHistogram.ShouldBeNull();
            (feature.StringStats?.TopValues.Count ?? feature.NumStats.Histograms.Count).ShouldBe(0);
        }
    }

    [Fact]
    public void Empty_cells_may_count_as_empty_lists()
    {
        var common = Count(new long?[] { 1, null, null, 4 }, new StatisticsOptions { EmptyCells = EmptyCells.EmptyList }).Common()!;

        common.NumNonMissing.ShouldBe(4u);
        common.NumMissing.ShouldBe(0u);
        common.MinNumValues.ShouldBe(0u);
        common.MaxNumValues.ShouldBe(1u);
        common.AvgNumValues.ShouldBe(0.5f);
        common.NumValuesHistogram.Buckets.Select(bucket => bucket.HighValue).ShouldBe([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    }

    [Fact]
    public void No_rows_are_no_fault()
    {
        ExampleFile.Write(File(), ("text", Array.Empty<string>()), ("number", Array.Empty<double>()));

        var statistics = Compute(File(), "empty");

        statistics.Examples.ShouldBe(0);
        statistics.Name.ShouldBe("empty");
        statistics.Features.Select(feature => feature.Name).ShouldBe(["text", "number"]);
        statistics.Features.ShouldAllBe(feature => feature.Present == 0 && feature.Missing == 0);
    }

    [Fact]
    public void Numbers_equal_those_of_a_plain_count()
    {
        Gen.Double[-1e6, 1e6].Array[1, 60].Sample(
            values =>
            {
                var numbers = Count(values.Select(value => Math.Round(value, 2)).ToArray()).NumStats;
                var sorted = values.Select(value => Math.Round(value, 2)).Order().ToArray();
                numbers.Mean.ShouldBe(sorted.Average(), 1e-6);
                numbers.Min.ShouldBe(sorted[0]);
                numbers.Max.ShouldBe(sorted[^1]);
                numbers.Median.ShouldBe(sorted[(int)Math.Ceiling(sorted.Length / 2.0) - 1]);
                numbers.Histograms[0].Buckets.Sum(bucket => bucket.SampleCount).ShouldBe(sorted.Length);
                foreach (var bucket in numbers.Histograms[0].Buckets.SkipLast(1))
                    bucket.SampleCount.ShouldBe(sorted.Count(value => value >= bucket.LowValue && value < bucket.HighValue));
                for (var i = 1; i <= 10; i++)
                    numbers.Histograms[1].Buckets[i - 1].HighValue.ShouldBe(sorted[(int)Math.Ceiling(sorted.Length * i / 10m) - 1]);
            },
            iter: 40, threads: 1);
    }

    [Fact]
    public void Texts_equal_those_of_a_plain_count()
    {
        Gen.String[Gen.Char['a', 'c'], 0, 2].Array[1, 80].Sample(
            values =>
            {
                var texts = Count(values).StringStats;
                var groups = values.GroupBy(value => value, StringComparer.Ordinal)
                    .OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key, StringComparer.Ordinal).ToList();
                texts.Unique.ShouldBe((ulong)groups.Count);
                (texts.RankHistogram?.Buckets ?? []).Select(bucket => (bucket.Label, bucket.SampleCount)).ShouldBe(groups.Select(group => (group.Key, (double)group.Count())));
            },
            iter: 40, threads: 1);
    }

    [Fact]
    public void Neither_threads_nor_the_order_of_rows_change_a_byte()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 60_000).Select(i => (Number: random.NextDouble() * Math.Pow(10, random.Next(-8, 8)), Text: $"value {random.Next(3000)}")).ToList();
        Write("rows.parquet", rows);
        Write("reversed.parquet", Enumerable.Reverse(rows).ToList());

        var one = Compute(File("rows.parquet"), threads: 1).Message.ToByteArray();

        Compute(File("rows.parquet"), threads: 4).Message.ToByteArray().ShouldBe(one);
        Compute(File("reversed.parquet"), threads: 4).Message.ToByteArray().ShouldBe(one);

        void Write(string name, List<(double Number, string Text)> rows)
        {
            using var writer = new ParquetWriter(File(name), [new("number", ParquetType.Double), new("text", ParquetType.Text)]);
            writer.Write(new DoubleValues([.. rows.Select(row => row.Number)]), new TextValues([.. rows.Select(row => row.Text)]));
            writer.Complete();
        }
    }

    [Fact]
    public void Statistics_are_saved_and_read_back()
    {
        ExampleFile.Write(File(), ("name \"x\"", new[] { "a", "b" }), ("number", new long[] { 1, 2 }));
        var statistics = Compute(File(), "train");

        statistics.Save(File("FeatureStats.pb"));

        DatasetStatistics.Load(File("FeatureStats.pb")).Message.ShouldBe(statistics.Message);
        DatasetStatistics.Load(File("FeatureStats.pb")).Features.Select(feature => feature.Name).ShouldBe(["name \"x\"", "number"]);
    }

    [Fact]
    public void A_file_that_holds_no_statistics_is_named()
    {
        System.IO.File.WriteAllText(File("text.pb"), "no statistics at all");

        Should.Throw<InvalidDataException>(() => DatasetStatistics.Load(File("text.pb"))).Message.ShouldContain("text.pb holds no statistics");
        Should.Throw<FileNotFoundException>(() => DatasetStatistics.Load(File("none.pb"))).Message.ShouldContain("none.pb");
    }
}
