using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Gyre.Data;

namespace Gyre.Transforms.Analysis;

/// <summary>Sees numbers, any number of them in an example, the missing ones left out. Their order does not matter to it.</summary>
abstract class NumberAnalyzer : Analyzer
{
    public override Observer Begin(AnalyzedBatch batch) => new Collecting();

    public override void End(Observer observer)
    {
        foreach (var number in ((Collecting)observer).Numbers)
            Add(number);
    }

    public abstract void Add(double number);

    sealed class Collecting : Observer
    {
        public List<double> Numbers { get; } = [];

        public override void See(AnalyzedValues values)
        {
            foreach (var number in values.Numbers(0))
            {
                if (!double.IsNaN(number))
                    Numbers.Add(number);
            }
        }
    }
}

/// <summary>Mean and standard deviation of the population; both 0 where there is no number at all.</summary>
sealed record FittedMoments(double Mean, double StandardDeviation, long Count) : Fitted
{
    public override bool IsEmpty => Count == 0;

    public override JsonObject ToJson() => new() { ["mean"] = Mean, ["standard_deviation"] = StandardDeviation, ["count"] = Count };

    public override string ToString() => FormattableString.Invariant($"mean {Mean}, standard deviation {StandardDeviation}");
}

/// <summary>Mean and variance from sums that are not rounded, so that neither order nor parts matter.</summary>
sealed class MomentsAnalyzer : NumberAnalyzer
{
    readonly ExactMoments _moments = new();

    public override void Add(double number) => _moments.Add(number);

    public override void Save(BinaryWriter writer)
    {
        writer.Write(_moments.Count);
        writer.Write(_moments.Sum);
        writer.Write(_moments.Squares);
    }

    public override void Merge(BinaryReader reader)
    {
        var other = ExactMoments.Of(reader.ReadInt64(), reader.ReadUnits(), reader.ReadUnits());
        _moments.Add(other);
    }

    public override Fitted Result() => _moments.Count == 0 ? new FittedMoments(0, 0, 0) : new FittedMoments(_moments.Mean, _moments.Deviation, _moments.Count);
}

/// <summary>The least and the greatest number; both 0 where there is none.</summary>
sealed record FittedRange(double Min, double Max, long Count) : Fitted
{
    public override bool IsEmpty => Count == 0;

    public override JsonObject ToJson() => new() { ["min"] = Min, ["max"] = Max, ["count"] = Count };

    public override string ToString() => FormattableString.Invariant($"{Min} to {Max}");
}

sealed class RangeAnalyzer : NumberAnalyzer
{
    double _min = double.NaN;
    double _max = double.NaN;
    long _count;

    public override Fitted Result() => _count == 0 ? new FittedRange(0, 0, 0) : new FittedRange(_min, _max, _count);

    public override void Add(double number) => Add(number, number, 1);

    public override void Save(BinaryWriter writer)
    {
        writer.Write(_min);
        writer.Write(_max);
        writer.Write(_count);
    }

    public override void Merge(BinaryReader reader) => Add(reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt64());

    void Add(double min, double max, long count)
    {
        if (count == 0)
            return;

        // Comparisons with the NaN at the beginning are false. Of the two zeros the first seen would stay; there is but one.
        _min = min >= _min ? _min : min + 0.0;
        _max = max <= _max ? _max : max + 0.0;
        _count += count;
    }
}

/// <summary>The numbers between buckets of equal size, in ascending order; none where there is no number at all.</summary>
sealed record FittedQuantiles(IReadOnlyList<double> Bounds) : Fitted
{
    public override bool IsEmpty => Bounds.Count == 0;

    public override JsonObject ToJson() => new() { ["bounds"] = new JsonArray([.. Bounds.Select(bound => JsonValue.Create(bound))]) };

    public override string ToString() => string.Join(", ", Bounds.Select(bound => bound.ToString("R", CultureInfo.InvariantCulture)));
}

/// <summary>Keeps all numbers, for what depends on their order.</summary>
abstract class SortingAnalyzer : NumberAnalyzer
{
    readonly List<double> _numbers = [];

    // There is but one zero: adding turns the negative one into it.
    public override void Add(double number) => _numbers.Add(number + 0.0);

    public override void Save(BinaryWriter writer)
    {
        _numbers.Sort();
        writer.Write(_numbers.Count);
        foreach (var number in _numbers)
            writer.Write(number);
    }

    public override void Merge(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        _numbers.EnsureCapacity(_numbers.Count + count);
        for (var i = 0; i < count; i++)
            _numbers.Add(reader.ReadDouble());
    }

    public override Fitted Result()
    {
        _numbers.Sort();
        return Result(_numbers);
    }

    protected abstract Fitted Result(IReadOnlyList<double> sorted);
}

/// <summary>Of N sorted numbers the i-th of k − 1 bounds is the one at ⌈N·i/k⌉, counted from 1.</summary>
sealed class QuantilesAnalyzer(int buckets) : SortingAnalyzer
{
    protected override Fitted Result(IReadOnlyList<double> sorted) => new FittedQuantiles(Bounds(sorted, buckets));

    public static double[] Bounds(IReadOnlyList<double> sorted, int buckets)
    {
        if (sorted.Count == 0)
            return [];
        var bounds = new double[buckets - 1];
        for (var i = 1; i < buckets; i++)
            bounds[i - 1] = sorted[(int)((((long)sorted.Count * i) + buckets - 1) / buckets) - 1];
        return bounds;
    }
}

/// <summary>The number that occurs most often; 0 where there is none.</summary>
sealed record FittedMode(double Value, long Count) : Fitted
{
    public override bool IsEmpty => Count == 0;

    public override JsonObject ToJson() => new() { ["value"] = Value, ["count"] = Count };

    public override string ToString() => FormattableString.Invariant($"{Value}, {Count} times");
}

/// <summary>Of equally frequent numbers the least.</summary>
sealed class ModeAnalyzer : SortingAnalyzer
{
    protected override Fitted Result(IReadOnlyList<double> sorted)
    {
        var (mode, most) = (0.0, 0L);
        for (var start = 0; start < sorted.Count;)
        {
            var end = start + 1;
            while (end < sorted.Count && sorted[end] == sorted[start])
                end++;
            if (end - start > most)
                (mode, most) = (sorted[start], end - start);
            start = end;
        }

        return new FittedMode(mode, most);
    }
}

/// <summary>Exact sums in files.</summary>
static class ExactSumFile
{
    public static void Write(this BinaryWriter writer, ExactSum sum)
    {
        var bytes = sum.Units().ToByteArray();
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    public static BigInteger ReadUnits(this BinaryReader reader) => new(reader.ReadBytes(reader.ReadInt32()));
}
