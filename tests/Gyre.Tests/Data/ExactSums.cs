using System.Numerics;
using Gyre.Data;

namespace Gyre.Tests.Data;

public sealed class ExactSums
{
    static readonly double[] Special = [0, double.Epsilon, double.MaxValue, double.MinValue, 1e-310];

    static readonly Gen<double> AnyFinite = Gen.OneOf(
        Gen.Double.Where(double.IsFinite), Gen.Double[-1e6, 1e6], Gen.Int[0, 4].Select(index => Special[index]));

    [Fact]
    public void A_sum_is_the_whole_number_that_arithmetic_without_rounding_gives() =>
        AnyFinite.Array[0, 30].Sample(values =>
        {
            var sum = new ExactSum();
            Array.ForEach(values, sum.Add);
            sum.Units().ShouldBe(values.Aggregate(BigInteger.Zero, (total, value) => total + Units(value)));
        });

    [Fact]
    public void Products_are_not_rounded() =>
        Gen.Select(AnyFinite, AnyFinite).Array[0, 30].Sample(pairs =>
        {
            var sum = new ExactSum();
            foreach (var (one, other) in pairs)
                sum.AddProduct(one, other);
            sum.Units().ShouldBe(pairs.Aggregate(BigInteger.Zero, (total, pair) => total + ((Units(pair.Item1) * Units(pair.Item2)) >> 2148)));
        });

    [Fact]
    public void Neither_order_nor_grouping_matters() =>
        Gen.Select(AnyFinite.Array[0, 40], Gen.Int[0, 40], Gen.Int).Sample((values, cut, seed) =>
        {
            var shuffled = values.ToArray();
            new Random(seed).Shuffle(shuffled);
            var (whole, one, other) = (Sum(values), Sum(shuffled.Take(cut)), Sum(shuffled.Skip(cut)));
            one.Add(other);
            one.Units().ShouldBe(whole.Units());
            ExactSum.OfUnits(whole.Units()).Units().ShouldBe(whole.Units());
        });

    [Fact]
    public void A_ratio_is_rounded_to_the_nearest_double() =>
        Gen.Select(AnyFinite, Gen.Long[1, 1L << 40]).Sample((value, times) =>
        {
            ExactRatio.Round(Units(value) * times, times, ExactSum.UnitExponent).ShouldBe(value);
            ExactRatio.Round(Units(value), 3, ExactSum.UnitExponent).ShouldBe(value / 3);
        });

    [Fact]
    public void A_root_is_that_of_the_exact_ratio() =>
        AnyFinite.Where(value => Math.Abs(value) > 1e-300).Sample(value =>
            ExactRatio.SquareRoot(Units(value) * Units(value), 1, 2 * ExactSum.UnitExponent).ShouldBe(Math.Abs(value)));

    [Fact]
    public void Moments_survive_what_cancels()
    {
        var moments = new ExactMoments();
        foreach (var value in new[] { 1e15 + 1, 1e15 + 2, 1e15 + 3, 1e15 + 4 })
            moments.Add(value);

        moments.Mean.ShouldBe(1e15 + 2.5);
        moments.Deviation.ShouldBe(Math.Sqrt(1.25));
    }

    [Fact]
    public void Moments_of_the_greatest_doubles_are_finite()
    {
        var moments = new ExactMoments();
        moments.Add(double.MaxValue);
        moments.Add(-double.MaxValue);

        moments.Mean.ShouldBe(0);
        moments.Deviation.ShouldBe(double.MaxValue);
    }

    static ExactSum Sum(IEnumerable<double> values)
    {
        var sum = new ExactSum();
        foreach (var value in values)
            sum.Add(value);
        return sum;
    }

    /// <summary>The number in units of 2^−2148, by another way than the sum's own.</summary>
    static BigInteger Units(double value)
    {
        var exponent = value == 0 ? 0 : Math.Max(-1074, Math.ILogB(value) - 52);
        return new BigInteger(Math.ScaleB(value, -exponent / 2) is var half ? Math.ScaleB(half, -exponent - (-exponent / 2)) : 0) << (exponent + 2148);
    }
}
