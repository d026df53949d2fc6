using Google.Protobuf;
using Gyre.Statistics;

namespace Gyre.Tests.Statistics;

/// <summary>The law of partial statistics: those of parts, merged, are those of all, to the last bit.</summary>
public sealed class PartialStatisticsTests : IDisposable
{
    static readonly StatisticsOptions Options = new()
    {
        WeightColumn = "weight",
        Slices = [SliceSpec.By("text"), SliceSpec.By("whole").Where("text", "b")],
        CategoricalColumns = ["code"],
        TopValues = 3,
        RankBuckets = 5,
    };

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-partial-");
    int _files;

    public void Dispose() => _directory.Delete(recursive: true);

    sealed record Row(string? Text, long? Whole, double? Real, string[]? List, double Weight, string? Long);

    static readonly double[] Odd = [double.NaN, double.PositiveInfinity, 0.0, -0.0, 1e300];

    static readonly Gen<Row> Rows = Gen.Select(
        Gen.Int[0, 4], Gen.Long[-3, 3], Gen.OneOf(Gen.Double[-1, 1], Gen.Int[0, 4].Select(i => Odd[i])),
        Gen.Char['a', 'c'].Array[0, 3], Gen.Double[0, 2], Gen.Int[0, 5],
        (text, whole, real, list, weight, length) => new Row(
            text == 4 ? null : ((char)('a' + text)).ToString(),
            whole == 3 ? null : whole,
            real < -0.9 ? null : real,
            list.Length == 3 ? null : [.. list.Select(c => $"{c}")],
            weight,
            length == 5 ? null : string.Concat(Enumerable.Repeat($"The card of {(char)('A' + (text * 2))} was never sent to me. ", (length * 9) + 1))));

    [Fact]
    public void Statistics_of_parts_merged_are_those_of_all_examples()
    {
        Gen.Select(Rows.Array[1, 40], Gen.Int[0, 40], Gen.Int[0, 40]).Sample(
            (rows, one, other) =>
            {
                var (first, second) = (Math.Min(Math.Min(one, other), rows.Length), Math.Min(Math.Max(one, other), rows.Length));
                using var all = Count(rows);
                using var a = Count(rows[..first]);
                using var b = Count(rows[first..second]);
                using var c = Count(rows[second..]);

                var expected = Bytes(all);

                Bytes(a.Merge(b, c)).ShouldBe(expected);
                Bytes(c.Merge(a).Merge(b)).ShouldBe(expected, "in any order");
                using var saved = Saved(b.Merge(c));
                Bytes(saved.Merge(a)).ShouldBe(expected, "saved in between");
            },
            iter: 25, threads: 1);
    }

    [Fact]
    public void Threads_do_not_change_a_byte()
    {
        var random = new Random(7);
        var rows = Enumerable.Range(0, 9000).Select(i => new Row(
            $"{(char)('a' + random.Next(4))}", random.Next(2, 9), Math.Pow(random.NextDouble(), 9), [$"{random.Next(50)}"], random.NextDouble(),
            $"A letter of {random.Next(500)} words, and more than sixty-four bytes of them in any case. {random.Next()}")).ToArray();
        using var one = Count(rows, threads: 1);
        using var four = Count(rows, threads: 4);

        Bytes(four).ShouldBe(Bytes(one));
    }

    [Fact]
    public void Whole_numbers_in_one_part_and_real_ones_in_another_are_real_ones()
    {
        using var whole = CountFile(("x", new long[] { 1, 2, -3 }));
        using var real = CountFile(("x", new double[] { 1, 2.5 }));
        using var all = CountFile(("x", new double[] { 1, 2, -3, 1, 2.5 }));

        Bytes(whole.Merge(real)).ShouldBe(Bytes(all));
        Bytes(real.Merge(whole)).ShouldBe(Bytes(all));
    }

    [Fact]
    public void A_column_that_one_part_lacks_is_missing_there_and_one_without_values_takes_any_type()
    {
        using var both = CountFile(("x", new long[] { 1, 2 }), ("y", new string?[] { null, null }));
        using var other = CountFile(("x", new long[] { 3 }));
        using var numbers = CountFile(("x", new long[] { 4 }), ("y", new double[] { 7 }));
        using var all = CountFile(("x", new long[] { 1, 2, 3, 4 }), ("y", new double?[] { null, null, null, 7 }));

        Bytes(both.Merge(other, numbers)).ShouldBe(Bytes(all));
    }

    [Fact]
    public void Text_in_one_part_and_numbers_in_another_are_no_column()
    {
        using var text = CountFile(("x", new[] { "a" }));
        using var number = CountFile(("x", new long[] { 1 }));

        Should.Throw<InvalidDataException>(() => text.Merge(number).ToStatistics()).Message.ShouldContain("'x' holds Text in one part of the data and Integer in another");
    }

    [Fact]
    public void Parts_counted_with_different_weights_or_slices_are_not_merged()
    {
        using var plain = Count([new Row("a", 1, 1, [], 1, null)], options: new StatisticsOptions());
        using var weighted = Count([new Row("a", 1, 1, [], 1, null)]);

        Should.Throw<InvalidDataException>(() => plain.Merge(weighted)).Message.ShouldContain("different weights or slices");
    }

    [Fact]
    public void Damaged_files_are_noticed()
    {
        using (Count([new Row("a", 1, 1, ["b"], 1, "word")]))
        {
        }

        var bytes = File.ReadAllBytes(Path("1.partial"));
        bytes[40] ^= 1;
        File.WriteAllBytes(Path("broken"), bytes);
        File.WriteAllBytes(Path("short"), bytes[..(bytes.Length / 2)]);
        File.WriteAllText(Path("other"), "no partial statistics at all, but long enough to look at");

        using var broken = PartialStatistics.Load(Path("broken"));
        Should.Throw<InvalidDataException>(() => broken.ToStatistics()).Message.ShouldContain("damaged");
        Should.Throw<InvalidDataException>(() => PartialStatistics.Load(Path("short"))).Message.ShouldContain("holds no partial statistics");
        Should.Throw<InvalidDataException>(() => PartialStatistics.Load(Path("other"))).Message.ShouldContain("holds no partial statistics");
        Should.Throw<FileNotFoundException>(() => PartialStatistics.Load(Path("none")));
    }

    string Path(string name) => System.IO.Path.Combine(_directory.FullName, name);

    PartialStatistics Count(Row[] rows, int threads = 1, StatisticsOptions? options = null) => CountFile(options ?? Options, threads,
        ("text", rows.Select(row => row.Text).ToArray()),
        ("whole", rows.Select(row => row.Whole).ToArray()),
        ("real", rows.Select(row => row.Real).ToArray()),
        ("list", rows.Select(row => row.List).ToArray()),
        ("code", rows.Select(row => row.Whole).ToArray()),
        ("weight", rows.Select(row => row.Weight).ToArray()),
        ("long", rows.Select(row => row.Long).ToArray()));

    PartialStatistics CountFile(params (string Name, Array Values)[] columns) => CountFile(new StatisticsOptions(), 1, columns);

    PartialStatistics CountFile(StatisticsOptions options, int threads, params (string Name, Array Values)[] columns)
    {
        var name = $"{++_files}";
        ExampleFile.Write(Path($"{name}.parquet"), columns);
        return PartialStatistics.Of(Path($"{name}.parquet"), Path($"{name}.partial"), options, threads, cancellationToken: TestContext.Current.CancellationToken);
    }

    PartialStatistics Saved(PartialStatistics statistics)
    {
        var path = Path($"{++_files}.saved");
        statistics.Save(path);
        return PartialStatistics.Load(path);
    }

    static byte[] Bytes(PartialStatistics statistics) => [.. statistics.ToStatistics("all", Options).SelectMany(dataset => dataset.Message.ToByteArray())];
}
