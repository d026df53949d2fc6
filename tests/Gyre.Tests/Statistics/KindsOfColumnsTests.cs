using System.Globalization;
using Gyre.Statistics;
using Gyre.Statistics.Protos;

namespace Gyre.Tests.Statistics;

/// <summary>Lists, bytes, categories, weights, slices, times and free text.</summary>
public sealed class KindsOfColumnsTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-kinds-");

    public void Dispose() => _directory.Delete(recursive: true);

    IReadOnlyList<DatasetFeatureStatistics> Compute(StatisticsOptions? options, params (string Name, Array Values)[] columns)
    {
        var file = ExampleFile.Write(System.IO.Path.Combine(_directory.FullName, "rows.parquet"), columns);
        return [.. StatisticsEngine.ComputeAll(file, "rows", options, threads: 2, cancellationToken: TestContext.Current.CancellationToken).Select(dataset => dataset.Message)];
    }

    FeatureNameStatistics Count(Array values, StatisticsOptions? options = null) =>
        Compute(options ?? new StatisticsOptions { SemanticDomains = true }, ("x", values))[0].Features[0];

    static double Custom(FeatureNameStatistics feature, string name) => feature.CustomStats.Single(custom => custom.Name == name).Num;

    static string? Domain(FeatureNameStatistics feature) => feature.CustomStats.SingleOrDefault(custom => custom.Name == "domain_info")?.Str;

    [Fact]
    public void Lists_tell_how_many_values_examples_have()
    {
        var feature = Count(new long[]?[] { [1, 2, 3], [], null, [4] });

        feature.Type.ShouldBe(FeatureNameStatistics.Types.Type.Int);
        var common = feature.NumStats.CommonStats;
        (common.NumNonMissing, common.NumMissing, common.TotNumValues).ShouldBe((3u, 1u, 4u));
        (common.MinNumValues, common.MaxNumValues).ShouldBe((0u, 3u));
        common.AvgNumValues.ShouldBe(4 / 3f);
        common.NumValuesHistogram.Buckets.Select(bucket => bucket.HighValue).ShouldBe([0, 0, 0, 1, 1, 1, 3, 3, 3, 3]);
        feature.NumStats.Mean.ShouldBe(2.5);
        Custom(feature, "list_empty").ShouldBe(1);
        Custom(feature, "num_unique").ShouldBe(4);
    }

    [Fact]
    public void A_missing_value_within_a_list_is_none()
    {
        var texts = Count(new string?[]?[] { ["a", null, "b"], ["a"] }).StringStats;

        (texts.CommonStats.TotNumValues, texts.CommonStats.MaxNumValues, texts.Unique).ShouldBe((3u, 2u, 2u));
        texts.TopValues[0].ShouldBe(new StringStatistics.Types.FreqAndValue { Value = "a", Frequency = 2 });
    }

    [Fact]
    public void Bytes_that_are_no_text_are_counted_apart()
    {
        var texts = Count(new byte[]?[] { "abc"u8.ToArray(), [0xff, 0xfe], [0xc3], null }).StringStats;

        texts.InvalidUtf8Count.ShouldBe(2u);
        texts.Unique.ShouldBe(3u);
        texts.TopValues.Select(top => (top.Value, top.Frequency)).ShouldBe([("__BYTES_VALUE__", 2), ("abc", 1)]);
    }

    [Fact]
    public void Columns_declared_as_bytes_have_sizes()
    {
        var feature = Count(new byte[][] { [1], [1], [1, 2, 3, 4] }, new StatisticsOptions { BytesColumns = ["x"] });

        feature.Type.ShouldBe(FeatureNameStatistics.Types.Type.Bytes);
        (feature.BytesStats.Unique, feature.BytesStats.AvgNumBytes, feature.BytesStats.MinNumBytes, feature.BytesStats.MaxNumBytesInt).ShouldBe((2u, 2f, 1f, 4L));
    }

    [Fact]
    public void Whole_numbers_declared_as_categories_are_counted_like_texts()
    {
        var feature = Count(new long[] { 7, 7, -10, 12, 12 }, new StatisticsOptions { CategoricalColumns = ["x"] });

        feature.Type.ShouldBe(FeatureNameStatistics.Types.Type.Int);
        feature.StringStats.Unique.ShouldBe(3u);
        feature.StringStats.AvgLength.ShouldBe((1 + 1 + 3 + 2 + 2) / 5f);
        feature.StringStats.TopValues.Select(top => top.Value).ShouldBe(["12", "7", "-10"]);
    }

    [Fact]
    public void Empty_values_are_counted()
    {
        Custom(Count(new long[] { -1, 0, -1 }), "int_-1").ShouldBe(2);
        Custom(Count(new double[] { -1, 0.5 }), "int_-1").ShouldBe(1);
        Custom(Count(new[] { "", "a", "" }), "str_empty").ShouldBe(2);
        Count(new[] { "a" }).CustomStats.ShouldNotContain(custom => custom.Name == "str_empty");
    }

    [Fact]
    public void Rare_values_are_not_listed()
    {
        var texts = Count(new[] { "a", "a", "b" }, new StatisticsOptions { FrequencyThreshold = 2 }).StringStats;

        texts.Unique.ShouldBe(2u);
        texts.TopValues.Select(top => top.Value).ShouldBe(["a"]);
        texts.RankHistogram.Buckets.Count.ShouldBe(1);
    }

    [Fact]
    public void Weights_count_beside_the_examples()
    {
        var dataset = Compute(
            new StatisticsOptions { WeightColumn = "w" },
            ("number", new double?[] { 1, 2, null, 4 }), ("text", new[] { "a", "b", "b", null }), ("w", new double[] { 3, 0.5, 0.25, 0.5 }))[0];

        dataset.WeightedNumExamples.ShouldBe(4.25);
        var number = dataset.Features[0].NumStats;
        number.CommonStats.WeightedCommonStats.ShouldBe(new WeightedCommonStatistics { NumNonMissing = 4, NumMissing = 0.25, TotNumValues = 4, AvgNumValues = 1 });
        var mean = (3 + 1 + 2) / 4.0;
        number.WeightedNumericStats.Mean.ShouldBe(mean, 1e-15);
        number.WeightedNumericStats.StdDev.ShouldBe(Math.Sqrt(((3 * (1 - mean) * (1 - mean)) + (0.5 * (2 - mean) * (2 - mean)) + (0.5 * (4 - mean) * (4 - mean))) / 4), 1e-15);
        number.WeightedNumericStats.Median.ShouldBe(1);
        number.WeightedNumericStats.Histograms[0].Buckets.Sum(bucket => bucket.SampleCount).ShouldBe(4);
        var text = dataset.Features[1].StringStats;
        text.TopValues.Select(top => (top.Value, top.Frequency)).ShouldBe([("b", 2), ("a", 1)]);
        text.WeightedStringStats.TopValues.Select(top => (top.Value, top.Frequency)).ShouldBe([("a", 3)], "what weighs less than the threshold of 1 is not listed");
    }

    [Fact]
    public void Weights_that_are_none_are_refused()
    {
        foreach (var weights in new double?[][] { [1, null], [1, -1], [1, double.NaN], [1, double.PositiveInfinity] })
        {
            Should.Throw<InvalidDataException>(() => Compute(new StatisticsOptions { WeightColumn = "w" }, ("x", new long[] { 1, 2 }), ("w", weights)))
                .Message.ShouldContain("The weight column 'w'");
        }

        Should.Throw<InvalidDataException>(() => Compute(new StatisticsOptions { WeightColumn = "v" }, ("x", new long[] { 1 }))).Message.ShouldContain("no column 'v'");
        Should.Throw<InvalidDataException>(() => Compute(new StatisticsOptions { WeightColumn = "x" }, ("x", new[] { "a" }))).Message.ShouldContain("one number per example");
    }

    [Fact]
    public void Slices_are_data_sets_of_their_own()
    {
        var datasets = Compute(
            new StatisticsOptions { Slices = [SliceSpec.By("state"), SliceSpec.By("year", "state").Where("state", "CA")] },
            ("state", new[] { "CA", "NY", "CA", null }), ("year", new long[] { 1, 1, 2, 2 }), ("x", new double[] { 1, 2, 3, 4 }));

        datasets.Select(dataset => (dataset.Name, dataset.NumExamples)).ShouldBe(
            [("All Examples", 4u), ("state_CA", 2u), ("state_CA_year_1", 1u), ("state_CA_year_2", 1u), ("state_NY", 1u)]);
        datasets.Select(dataset => dataset.Features[2].NumStats.Mean).ShouldBe([2.5, 2, 1, 3, 2]);
        datasets[1].Features[0].StringStats.Unique.ShouldBe(1u);
    }

    [Fact]
    public void An_example_is_in_the_slice_of_each_value_of_a_list()
    {
        var datasets = Compute(new StatisticsOptions { Slices = [SliceSpec.By("tags")] }, ("tags", new string[][] { ["a", "b", "a"], ["b"], [] }));

        datasets.Select(dataset => (dataset.Name, dataset.NumExamples)).ShouldBe([("All Examples", 3u), ("tags_a", 1u), ("tags_b", 2u)]);
    }

    [Fact]
    public void Too_many_slices_are_refused()
    {
        var values = Enumerable.Range(0, 50).Select(i => (long)i).ToArray();

        Should.Throw<InvalidDataException>(() => Compute(new StatisticsOptions { Slices = [SliceSpec.By("x") with { MaxSlices = 20 }] }, ("x", values)))
            .Message.ShouldContain("more than 20 slices");
        Should.Throw<InvalidDataException>(() => Compute(new StatisticsOptions { Slices = [SliceSpec.By("y")] }, ("x", values))).Message.ShouldContain("no column 'y'");
    }

    [Theory]
    [InlineData("yyyy-MM-dd", "%Y-%m-%d")]
    [InlineData("yyyyMMdd", "%Y%m%d")]
    [InlineData("MM/dd/yyyy", "%m/%d/%Y")]
    [InlineData("dd-MM-yyyy", "%d-%m-%Y")]
    [InlineData("yyyy-MM-dd'T'HH:mm:ss", "%Y-%m-%dT%H:%M:%S")]
    [InlineData("yyyy-MM-dd'T'HH:mm:ss'Z'", "%Y-%m-%dT%H:%M:%S%z")]
    [InlineData("yyyy-MM-dd HH:mm:ss.ffffff", "%Y-%m-%d %H:%M:%S.%f")]
    [InlineData("ddd MMM dd HH:mm:ss yyyy", "%a %b %d %H:%M:%S %Y")]
    public void Dates_are_found_with_their_format(string format, string expected)
    {
        var start = new DateTime(2014, 2, 3, 4, 5, 6);
        var feature = Count(Enumerable.Range(0, 150).Select(i => i % 30 == 0 ? "unknown" : start.AddHours(31 * i).ToString(format, CultureInfo.InvariantCulture)).ToArray());

        Domain(feature).ShouldBe($"time_domain {{string_format: '{expected}'}}");
        Custom(feature, "time_match_ratio").ShouldBe(145 / 150.0);
        feature.CustomStats.Single(custom => custom.Name == "time_earliest").Str.ShouldBe(start.AddHours(31).ToString(format, CultureInfo.InvariantCulture));
        feature.CustomStats.Single(custom => custom.Name == "time_latest").Str.ShouldBe(start.AddHours(31 * 149).ToString(format, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(1_400_000_000L, "UNIX_SECONDS")]
    [InlineData(1_400_000_000_000L, "UNIX_MILLISECONDS")]
    [InlineData(1_400_000_000_000_000L, "UNIX_MICROSECONDS")]
    [InlineData(1_400_000_000_000_000_000L, "UNIX_NANOSECONDS")]
    [InlineData(16_000L, "UNIX_DAYS")]
    public void Whole_numbers_that_count_from_1970_are_times(long value, string expected)
    {
        var feature = Count(Enumerable.Repeat(value, 120).ToArray());

        Domain(feature).ShouldBe($"time_domain {{integer_format: {expected}}}");
        feature.CustomStats.Single(custom => custom.Name == "time_latest").Str.ShouldStartWith(expected == "UNIX_DAYS" ? "2013-10-22T00:00:00Z" : "2014-05-13T16:53:20Z");
    }

    [Fact]
    public void Few_values_or_too_few_that_match_are_no_times()
    {
        Domain(Count(Enumerable.Repeat("2014-01-02", 99).ToArray())).ShouldBeNull();
        Domain(Count(Enumerable.Range(0, 200).Select(i => i < 159 ? "2014-01-02" : "none").ToArray())).ShouldBeNull();
        Domain(Count(Enumerable.Range(0, 200).Select(i => i < 160 ? "2014-01-02" : "none").ToArray())).ShouldNotBeNull();
        Domain(Count(Enumerable.Repeat("2014-01-02", 200).ToArray(), new StatisticsOptions())).ShouldBeNull("it is proposed to the schema when that is asked for");
    }

    [Fact]
    public void Free_text_is_counted_by_words()
    {
        string[] texts = ["I paid the bill, twice!", "The BILL was not paid at all; Zoë said that, and nobody ever answered a single letter of the many sent.", "no"];
        var values = Enumerable.Range(0, 200).Select(i => i % 20 == 0 ? texts[2] : $"{texts[i % 2]} {i / 4}").ToArray();

        var feature = Count(values);

        Domain(feature).ShouldBe("natural_language_domain {}");
        Custom(feature, "natural_language_match_rate").ShouldBe(0.95);
        Custom(feature, "min_words").ShouldBe(6);
        Custom(feature, "max_words").ShouldBe(22);
        var nl = feature.CustomStats.Single(custom => custom.Name == "nl_statistics").Any.Unpack<NaturalLanguageStatistics>();
        var matching = values.Where(value => value != "no").ToList();
        var words = matching.SelectMany(value => value.ToLowerInvariant().Split([' ', ',', '!', ';', '.'], StringSplitOptions.RemoveEmptyEntries)).ToList();
        var groups = words.GroupBy(word => word, StringComparer.Ordinal).ToDictionary(group => group.Key, group => (double)group.Count(), StringComparer.Ordinal);
        Custom(feature, "vocabulary_size").ShouldBe(groups.Count);
        nl.RankHistogram.Buckets.ToDictionary(bucket => bucket.Label, bucket => bucket.SampleCount, StringComparer.Ordinal).ShouldBe(groups, ignoreOrder: true);
        nl.AvgTokenLength.ShouldBe(words.Average(word => word.Length), 1e-12);
        nl.TokenStatistics.Single(token => token.StringToken == "bill").FractionOfSequences.ShouldBe(1);
    }

    [Fact]
    public void Names_of_categories_are_no_free_text()
    {
        var feature = Count(Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? "Closed with explanation" : "Closed with monetary relief").ToArray());

        Domain(feature).ShouldBeNull();
        feature.CustomStats.ShouldNotContain(custom => custom.Name == "vocabulary_size");
    }

    [Fact]
    public void Words_are_the_same_wherever_they_stand()
    {
        Gen.String[Gen.Char["abzABZ09 .,-'\u00e4\u00c4\u6f22\u2019"], 0, 150].Array[100, 110].Sample(
            texts =>
            {
                var like = texts.Select(text => $"It was so long ago that nobody here could still remember a single thing of all that happened to us then: {text}").ToArray();
                var feature = Count(like);
                var expected = like.SelectMany(text => System.Text.RegularExpressions.Regex.Matches(text.ToLowerInvariant(), @"[\p{L}\p{N}\p{M}]+", default, TimeSpan.FromSeconds(1)).Select(match => match.Value))
                    .Where(word => System.Text.Encoding.UTF8.GetByteCount(word) <= 64).GroupBy(word => word, StringComparer.Ordinal).ToDictionary(group => group.Key, group => (double)group.Count(), StringComparer.Ordinal);
                Custom(feature, "vocabulary_size").ShouldBe(expected.Count);
                feature.CustomStats.Single(custom => custom.Name == "nl_statistics").Any.Unpack<NaturalLanguageStatistics>()
                    .RankHistogram.Buckets.ShouldAllBe(bucket => expected[bucket.Label] == bucket.SampleCount);
            },
            iter: 8, threads: 1);
    }

    [Fact]
    public void Lengths_are_described()
    {
        var feature = Count(new[] { "a", "bbb", "äää" });

        Custom(feature, "min_length").ShouldBe(1);
        Custom(feature, "max_length").ShouldBe(6);
        feature.CustomStats.Single(custom => custom.Name == "length_quantiles").Histogram.Buckets.Count.ShouldBe(10);
    }
}
