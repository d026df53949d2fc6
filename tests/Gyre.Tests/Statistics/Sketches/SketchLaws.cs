using System.Globalization;
using System.Text;
using Gyre.Statistics.Sketches;

namespace Gyre.Tests.Statistics.Sketches;

/// <summary>What sketches promise, on inputs that are made to break the promise and on random ones.</summary>
public sealed class SketchLaws
{
    const int Size = 64;

    static readonly SketchOptions Small = new() { QuantileSize = Size, DistinctSize = 256, FrequentSize = 32 };

    /// <summary>Orders of values that sketches of quantiles have been known to fail on.</summary>
    static double[] Arrange(int count, int pattern, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(index => pattern switch
        {
            0 => index,
            1 => count - index,
            2 => index % 2 == 0 ? index : count - index,
            3 => index % 7,
            4 => Math.Pow(10, random.Next(-300, 300)),
            5 => index < count / 2 ? 1 : random.NextDouble(),
            6 => (double)((index * 7919L) % count),
            _ => random.NextDouble(),
        })];
    }

    static QuantileSketch Quantiles(IEnumerable<double> values)
    {
        var sketch = new QuantileSketch(Size);
        foreach (var value in values)
            sketch.Add(value);
        return sketch;
    }

    /// <summary>The greatest distance between a rank in the sketch and the true one, over all values.</summary>
    static long WorstRank(QuantileSketch sketch, double[] values)
    {
        var sorted = values.Order().ToArray();
        var (worst, below, kept) = (0L, 0L, sketch.Values());
        var next = 0;
        foreach (var group in sorted.GroupBy(value => value).OrderBy(group => group.Key))
        {
            below += group.Count();
            var ours = 0L;
            while (next < kept.Count && kept[next].Value <= group.Key)
                next++;
            for (var index = 0; index < next; index++)
                ours += kept[index].Weight;
            worst = Math.Max(worst, Math.Abs(ours - below));
        }

        return worst;
    }

    [Fact]
    public void No_rank_is_off_by_more_than_the_bound_says() =>
        Gen.Select(Gen.Int[1, 5000], Gen.Int[0, 7], Gen.Int).Sample(
            (count, pattern, seed) =>
            {
                var values = Arrange(count, pattern, seed);
                var sketch = Quantiles(values);
                sketch.Count.ShouldBe(count);
                WorstRank(sketch, values).ShouldBeLessThanOrEqualTo(sketch.RankError);
                var promised = count < Size ? 0 : (1 + Math.Log2((double)count / Size)) / Size * count;
                ((double)sketch.RankError).ShouldBeLessThanOrEqualTo(Math.Max(0, promised) + 1);
            },
            iter: 60);

    [Fact]
    public void Merged_sketches_of_quantiles_keep_the_bound_in_whatever_order_they_are_merged() =>
        Gen.Select(Gen.Int[1, 3000], Gen.Int[0, 7], Gen.Int, Gen.Double[0, 1], Gen.Double[0, 1]).Sample(
            (count, pattern, seed, one, two) =>
            {
                var values = Arrange(count, pattern, seed);
                var (first, second) = ((int)(Math.Min(one, two) * count), (int)(Math.Max(one, two) * count));
                QuantileSketch A() => Quantiles(values[..first]);
                QuantileSketch B() => Quantiles(values[first..second]);
                QuantileSketch C() => Quantiles(values[second..]);
                foreach (var merged in new[] { Merge(Merge(A(), B()), C()), Merge(A(), Merge(B(), C())), Merge(C(), Merge(B(), A())) })
                {
                    merged.Count.ShouldBe(count);
                    WorstRank(merged, values).ShouldBeLessThanOrEqualTo(merged.RankError);
                }
            },
            iter: 40);

    static QuantileSketch Merge(QuantileSketch one, QuantileSketch other)
    {
        one.Merge(other);
        return one;
    }

    [Fact]
    public void Few_values_are_kept_exactly()
    {
        var sketch = Quantiles([3, 1, 2, 2]);
        sketch.RankError.ShouldBe(0);
        sketch.Values().ShouldBe([(1, 1), (2, 2), (3, 1)]);
    }

    [Fact]
    public void Weights_add_up_to_the_count() =>
        Gen.Select(Gen.Int[0, 4000], Gen.Int[0, 7], Gen.Int).Sample(
            (count, pattern, seed) => Quantiles(Arrange(count, pattern, seed)).Values().Sum(item => item.Weight).ShouldBe(count), iter: 50);

    [Fact]
    public void Counts_of_frequent_texts_are_never_too_high_and_too_low_by_no_more_than_stated() =>
        Gen.Select(Gen.Int[1, 4000], Gen.Int[1, 2000], Gen.Int).Sample(
            (count, different, seed) =>
            {
                var random = new Random(seed);
                var texts = Enumerable.Range(0, count).Select(_ => Text((int)(different * Math.Pow(random.NextDouble(), 3)))).ToList();
                var half = Frequent(texts.Take(count / 2));
                half.Merge(Frequent(texts.Skip(count / 2)));
                foreach (var sketch in new[] { Frequent(texts), half })
                {
                    var listed = sketch.Top(int.MaxValue).ToDictionary(item => item.Text, item => item.Count, StringComparer.Ordinal);
                    foreach (var group in texts.GroupBy(text => text, StringComparer.Ordinal))
                        ((double)listed.GetValueOrDefault(group.Key)).ShouldBeInRange(group.Count() - sketch.CountError, group.Count());
                    ((double)sketch.CountError).ShouldBeLessThanOrEqualTo((double)count / Small.FrequentSize);
                }
            },
            iter: 60);

    [Fact]
    public void Few_texts_are_counted_exactly()
    {
        var sketch = Frequent(["b", "a", "b"]);
        sketch.Top(5).ShouldBe([("b", 2), ("a", 1)]);
        sketch.CountError.ShouldBe(0);
    }

    static FrequentTexts Frequent(IEnumerable<string> texts)
    {
        var sketch = new FrequentTexts(Small.FrequentSize);
        foreach (var text in texts)
            sketch.Add(Encoding.UTF8.GetBytes(text));
        return sketch;
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public void Few_different_values_are_counted_exactly_and_many_within_the_error()
    {
        Distinct(Enumerable.Range(0, 1000).Select(index => index % 250)).ShouldSatisfyAllConditions(
            sketch => sketch.Estimate.ShouldBe(250), sketch => sketch.StandardError.ShouldBe(0));

        // Of forty counts of ten thousand, hardly any lies more than four standard errors off, and their mean is near.
        var estimates = Enumerable.Range(0, 40).Select(start => Distinct(Enumerable.Range(start * 1_000_000, 10_000))).ToList();
        estimates.ShouldAllBe(sketch => Math.Abs((sketch.Estimate / 10_000) - 1) < 4.5 * sketch.StandardError);
        (estimates.Average(sketch => sketch.Estimate) / 10_000).ShouldBe(1, 4.5 * estimates[0].StandardError / Math.Sqrt(40));
    }

    [Fact]
    public void Merging_sketches_of_distinct_values_is_the_sketch_of_the_union() =>
        Gen.Select(Gen.Int[0, 900].Array[0, 1500], Gen.Int[0, 900].Array[0, 1500]).Sample(
            (one, other) =>
            {
                var (merged, turned) = (Distinct(one), Distinct(other));
                merged.Merge(Distinct(other));
                turned.Merge(Distinct(one));
                var union = Written(Distinct(one.Concat(other)).Write);
                Written(merged.Write).ShouldBe(union);
                Written(turned.Write).ShouldBe(union);
            },
            iter: 40);

    static DistinctSketch Distinct(IEnumerable<int> values)
    {
        var sketch = new DistinctSketch(Small.DistinctSize);
        foreach (var value in values)
            sketch.Add(Encoding.UTF8.GetBytes(Text(value)));
        return sketch;
    }

    /// <summary>Digests of the specification's own reference implementation.</summary>
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void Digests_are_those_of_XXH64(string text, ulong digest) => Digest.Of(Encoding.UTF8.GetBytes(text)).ShouldBe(digest);

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 7], Gen.Int).Sample(
            (count, pattern, seed) =>
            {
                var numbers = new ColumnSketch(Small, isText: false);
                var texts = new ColumnSketch(Small, isText: true);
                foreach (var value in Arrange(count, pattern, seed))
                {
                    numbers.AddRow(1);
                    numbers.AddNumber(value);
                    texts.AddMissing();
                    texts.AddRow(1);
                    texts.AddBytes(Encoding.UTF8.GetBytes(Text((int)Math.Clamp(value, 0, 1e9))), isListed: true);
                }

                foreach (var sketch in new[] { numbers, texts })
                {
                    var bytes = Written(sketch.Write);
                    using var reader = new BinaryReader(new MemoryStream(bytes));
                    Written(ColumnSketch.Read(reader, Small).Write).ShouldBe(bytes);
                    reader.BaseStream.Position.ShouldBe(bytes.Length);
                }
            },
            iter: 40);

    static byte[] Written(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            write(writer);
        return stream.ToArray();
    }
}
