using System.Globalization;
using Gyre.Ingestion;

namespace Gyre.Tests.Ingestion;

public sealed class SplitPlans : IDisposable
{
    readonly CsvBench _bench = new();

    public void Dispose() => _bench.Dispose();

    static string Csv(string header, IEnumerable<string> rows) => $"{header}\n{string.Concat(rows.Select(row => $"{row}\n"))}";

    IngestionResult Ingest(string csv, SplitPlan splits, CsvOptions? options = null) => _bench.IngestText(csv, (options ?? CsvBench.Options) with { Splits = splits, RequireEverySplit = false });

    string Message(string csv, SplitPlan splits) => Should.Throw<InvalidDataException>(() => Ingest(csv, splits)).Message;

    HashSet<string> Ids(string split) => [.. _bench.Rows(split).Select(row => row[0]!)];

    // By time.

    [Fact]
    public void Rows_go_to_the_first_split_that_ends_after_them()
    {
        Ingest(
            Csv("id,date", ["a,2014-12-31", "b,2015-01-01", "c,2014-12-31T23:59:59.999Z", "d,2015-06-30 23:00:00", "e,2015-07-01T01:30:00+02:00", "f,2015-07-01", "g,1999-05"]),
            Split.ByTime("date", ("train", "2015-01-01"), ("eval", "2015-07-01"), ("test", null)));

        _bench.Lines("train").ShouldBe("a|2014-12-31/c|2014-12-31T23:59:59.999Z/g|1999-05");
        Ids("eval").ShouldBe(["b", "d", "e"], ignoreOrder: true, "01:30 at +02:00 is still June in UTC");
        Ids("test").ShouldBe(["f"]);
    }

    [Fact]
    public void Numbers_are_times_too()
    {
        Ingest(Csv("id,t", ["a,-5", "b,99.5", "c,100", "d,1e3", "e,9"]), Split.ByTime("t", ("old", "100"), ("new", null)));

        Ids("old").ShouldBe(["a", "b", "e"], ignoreOrder: true);
        Ids("new").ShouldBe(["c", "d"], ignoreOrder: true);
    }

    [Fact]
    public void A_row_without_a_time_is_rejected_with_its_place()
    {
        var plan = Split.ByTime("date", ("train", "2015-01-01"), ("eval", null));

        Message("id,date\na,2015-01-01\nb,\n", plan).ShouldContain("data.csv:3:3: found no value in column 'date', by whose time the splits are made. Expected an ISO date");
        Message("id,date\na,2015-01-01\nb,12/31/2015\n", plan).ShouldContain("data.csv:3:3: found '12/31/2015' in column 'date', by which the splits are made");
        Message("id,date\na,20150101\n", plan).ShouldContain("data.csv:2:3: found a number in column 'date', where dates are compared");
        var result = Ingest("id,date\na,2015-01-01\nb,2015-02-29\n", plan, CsvBench.Options with { MaxRejected = 1 });
        (result.Rejected, result.RowsOfSplits.Sum(split => split.Value)).ShouldBe((1, 1));
    }

    [Fact]
    public void Moments_of_one_kind_are_ordered_as_dotnet_orders_them() => Gen.Select(Gen.DateTimeOffset, Gen.DateTimeOffset).Sample((first, second) =>
    {
        static Moment Of(DateTimeOffset time) => Moment.Parse(time.ToString("yyyy-MM-ddTHH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture))!.Value;
        var (a, b) = (Of(first.ToOffset(TimeSpan.FromMinutes(first.Minute - 30))), Of(second));
        Math.Sign(a.Order.CompareTo(b.Order)).ShouldBe(Math.Sign(first.UtcTicks.CompareTo(second.UtcTicks)));
    }, iter: 1000);

    [Fact]
    public void Numbers_are_ordered_as_numbers() => Gen.Select(Gen.Double[-1e300, 1e300], Gen.Double[-1e300, 1e300]).Sample((a, b) =>
    {
        static long Of(double number) => Moment.Parse(number.ToString("R", CultureInfo.InvariantCulture))!.Value.Order;
        Math.Sign(Of(a).CompareTo(Of(b))).ShouldBe(Math.Sign(a.CompareTo(b)));
    }, iter: 1000);

    [Theory]
    [InlineData("2015-13-01")]
    [InlineData("2015-02-29")]
    [InlineData("2015-1-1")]
    [InlineData("2015-01-01T")]
    [InlineData("2015-01-01T25:00")]
    [InlineData("2015-01-01T10")]
    [InlineData("2015-01-01T10:00:00.")]
    [InlineData("2015-01-01T10:00:00+1")]
    [InlineData("2015-01-01x")]
    [InlineData("0000-01-01")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1 2")]
    [InlineData("")]
    [InlineData("yesterday")]
    public void What_is_no_moment_is_none(string text) => Moment.Parse(text).ShouldBeNull();

    // By shares of time.

    [Fact]
    public void The_newest_share_goes_to_the_last_split_whatever_the_order_of_rows()
    {
        var rows = Enumerable.Range(0, 1000).Select(i => $"{i},{new DateOnly(2010, 1, 1).AddDays(i):yyyy-MM-dd}").ToArray();
        new Random(3).Shuffle(rows);

        Ingest(Csv("id,date", rows), Split.ByTimeShares("date", ("train", 8), ("eval", 1), ("test", 1)));

        _bench.Rows("train").Select(row => int.Parse(row[0]!, CultureInfo.InvariantCulture)).Order().ShouldBe(Enumerable.Range(0, 800));
        _bench.Rows("eval").Select(row => int.Parse(row[0]!, CultureInfo.InvariantCulture)).Order().ShouldBe(Enumerable.Range(800, 100));
        _bench.Rows("train").Select(row => row[0]).ShouldBe(rows.Select(row => row.Split(',')[0]).Where(id => int.Parse(id, CultureInfo.InvariantCulture) < 800), "rows keep the order of the file");
    }

    [Fact]
    public void No_moment_is_on_both_sides_and_the_border_is_as_near_as_moments_allow() => Gen.Select(Gen.Int[0, 30].Array[2, 200], Gen.Int[1, 9], Gen.Int[1, 9]).Sample((times, older, newer) =>
    {
        var rule = new TimeShareRule("t", [older, newer]);
        foreach (var time in times)
        {
            rule.Add(System.Text.Encoding.UTF8.GetBytes(time.ToString(CultureInfo.InvariantCulture)));
            rule.Decide().ShouldBe(SplitRule.Later);
        }

        var splits = rule.DecideAll();

        var old = times.Where((_, row) => splits[row] == 0).ToList();
        var young = times.Where((_, row) => splits[row] == 1).ToList();
        if (old.Count > 0 && young.Count > 0)
            old.Max().ShouldBeLessThan(young.Min());
        var target = (double)times.Length * older / (older + newer);
        var possible = times.Distinct().Select(border => times.Count(time => time < border)).Where(count => count > 0);
        if (possible.Any())
            Math.Abs(old.Count - target).ShouldBe(possible.Min(count => Math.Abs(count - target)), 1e-9);
    }, iter: 100, threads: 1);

    // Stratified.

    [Fact]
    public void Every_class_is_divided_as_exactly_as_whole_rows_allow_in_any_order() => Gen.Select(
        Gen.Int[0, 4].Array[1, 300], Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[1, 9]).Sample((classes, a, b, c) =>
    {
        var shares = new[] { a, b, c };
        int[] Divide(IEnumerable<int> order)
        {
            using var rule = new StratifiedRule("label", ["id", "label"], shares);
            var numbers = order.ToList();
            foreach (var id in numbers)
            {
                foreach (var value in new[] { $"c{classes[id]}", $"row {id}", $"c{classes[id]}" })
                    rule.Add(System.Text.Encoding.UTF8.GetBytes(value));
                rule.Decide();
            }

            var decided = rule.DecideAll();
            var byId = new int[numbers.Count];
            for (var i = 0; i < numbers.Count; i++)
                byId[numbers[i]] = decided[i];
            return byId;
        }

        var splits = Divide(Enumerable.Range(0, classes.Length));

        foreach (var group in Enumerable.Range(0, classes.Length).GroupBy(id => classes[id]))
        {
            for (var split = 0; split < shares.Length; split++)
                Math.Abs(group.Count(id => splits[id] == split) - ((double)group.Count() * shares[split] / shares.Sum())).ShouldBeLessThan(1);
        }

        Divide(Enumerable.Range(0, classes.Length).Reverse()).ShouldBe(splits);
    }, iter: 100, threads: 1);

    [Fact]
    public void Stratified_splits_have_the_shares_of_the_label_exactly()
    {
        var rows = Enumerable.Range(0, 1000).Select(i => $"{i},{(i % 10 == 0 ? "yes" : i % 50 == 1 ? "" : "no")}").ToArray();
        new Random(7).Shuffle(rows);

        var result = Ingest(Csv("id,label", rows), Split.Stratified("label", ("train", 8), ("eval", 2)));

        foreach (var (label, count) in new[] { ("yes", 100), ("no", 880), (null, 20) })
        {
            _bench.Rows("train").Count(row => row[1] == label).ShouldBe(count * 8 / 10);
            _bench.Rows("eval").Count(row => row[1] == label).ShouldBe(count * 2 / 10);
        }

        result.RowsOfSplits.Sum(split => split.Value).ShouldBe(1000);
        _bench.Rows("train").Select(row => row[0]).ShouldBe(rows.Select(row => row.Split(',')[0]).Where(id => !Ids("eval").Contains(id)), "rows keep the order of the file");
    }

    // From folders.

    [Fact]
    public async Task Splits_of_the_source_are_kept()
    {
        using var home = new Gyre.Testing.TemporaryHome();
        home.Write("data/train/a.csv", "id\n1\n2\n");
        home.Write("data/train/b.csv", "id\n3\n");
        home.Write("data/eval/a.csv", "id\n4\n");
        var pipeline = new Gyre.Pipelines.Pipeline("test");
        var output = pipeline.Add(new IngestCsv(Path.Combine(home.Root, "data")) { Splits = Split.FromFolders(("train", "train/*.csv"), ("eval", "eval/*.csv")) });

        var examples = home.Artifact(await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken), output);

        examples.Splits.ShouldBe(["train", "eval"]);
        Gyre.Data.ExampleReader.Read(examples.FileOf("train")).Single().Number("id").ShouldBe([1, 2, 3]);
        Gyre.Data.ExampleReader.Read(examples.FileOf("eval")).Single().Number("id").ShouldBe([4]);
    }

    // By hash, by group.

    [Fact]
    public void No_group_is_on_both_sides_and_more_rows_never_move_the_others()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 3000).Select(i => $"{i},g{random.Next(200)},{random.Next(5)}").ToArray();
        var options = CsvBench.Options with { SplitBy = ["group"] };
        var plan = Split.ByHash(("train", 2), ("eval", 1));
        Ingest(Csv("id,group,x", rows.Take(1000)), plan, options);
        var before = (Train: Ids("train"), Eval: Ids("eval"));

        Ingest(Csv("id,group,x", rows), plan, options);

        Ids("train").IsSupersetOf(before.Train).ShouldBeTrue();
        Ids("eval").IsSupersetOf(before.Eval).ShouldBeTrue();
        _bench.Rows("train").Select(row => row[1]).Intersect(_bench.Rows("eval").Select(row => row[1])).ShouldBeEmpty();
        Ids("eval").Count.ShouldBeInRange(700, 1300);
    }

    // As TFX.

    [Fact]
    public void A_partition_feature_is_split_by_its_digest()
    {
        // The expected splits are int(hashlib.sha256(text).hexdigest(), 16) % 3 of Python.
        var rule = new TfxRule("f", [0, 1, 2]);
        foreach (var (text, expected) in PartitionFeature)
        {
            rule.Add(System.Text.Encoding.UTF8.GetBytes(text));
            rule.Decide().ShouldBe(expected, text);
        }

        rule.AddMissing();
        rule.Decide().ShouldBe(SplitRule.Refused);
        Message("f,id\na,1\n,2\n", Split.ByTfxFeature("f", ("train", 2), ("eval", 1))).ShouldContain("data.csv:3:1: found no value in column 'f', by which the splits are made");
    }

    [Fact]
    public void The_taxi_data_is_split_as_TFX_splits_it()
    {
        File.Copy(SharedData.File("conformance/tfx/chicago_taxi/simple/data.csv"), Path.Combine(_bench.Root, "taxi.csv"));

        var result = _bench.Ingest(CsvBench.Options with { Splits = Split.ByTfx(("train", 2), ("eval", 1)) }, "taxi.csv");

        result.RowsOfSplits.ShouldBe([new("train", 10_036), new("eval", 4_966)]);
    }

    static readonly (string Text, int Split)[] PartitionFeature = [("a", 1), ("b", 2), ("c", 1), ("7", 2), ("-12", 1), ("Flash Cab", 1), ("2015-01-01", 0)];
}
