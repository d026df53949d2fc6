using System.Runtime.InteropServices;

namespace Gyre.Statistics.Sketches;

/// <summary>
/// A mergeable sketch of quantiles with a certain bound of its error, after Manku, Rajagopalan and Lindsay ("Approximate
/// medians and other quantiles in one pass and with limited memory", 1998). Level h holds values that stand for 2^h each;
/// a full level is sorted and every second value moves up, now the odd, now the even ones. That moves no rank by more
/// than 2^h, so the sum of these is a bound, and it is kept. Nothing is left to chance.
/// </summary>
sealed class QuantileSketch
{
    readonly int _size;
    readonly List<List<double>> _levels = [[]];
    readonly List<bool> _takesOdd = [false];

    /// <param name="size">How many values a level holds before it is halved.</param>
    public QuantileSketch(int size) => _size = size;

    /// <summary>The values taken so far.</summary>
    public long Count { get; private set; }

    /// <summary>No rank that this sketch tells is off by more than this.</summary>
    public long RankError { get; private set; }

    /// <summary>Takes a value that is a number.</summary>
    public void Add(double value)
    {
        Count++;
        _levels[0].Add(value);
        if (_levels[0].Count >= _size)
            Halve(0);
    }

    /// <summary>Takes what another sketch holds; the errors add up.</summary>
    public void Merge(QuantileSketch other)
    {
        if (other._size != _size)
            throw new ArgumentException($"A sketch of size {other._size} cannot be merged into one of size {_size}. Expected equal sizes.", nameof(other));
        Count += other.Count;
        RankError += other.RankError;
        for (var level = 0; level < other._levels.Count; level++)
        {
            Grow(level);
            _levels[level].AddRange(other._levels[level]);
        }

        for (var level = 0; level < _levels.Count; level++)
        {
            if (_levels[level].Count >= _size)
                Halve(level);
        }
    }

    /// <summary>The values in order, each with the number of values that it stands for; equal ones together.</summary>
    public IReadOnlyList<(double Value, long Weight)> Values()
    {
        var all = _levels.SelectMany((values, level) => values.Select(value => (Value: value, Weight: 1L << level))).OrderBy(item => item.Value);
        var result = new List<(double Value, long Weight)>();
        foreach (var (value, weight) in all)
        {
            if (result.Count > 0 && result[^1].Value == value)
                result[^1] = (value, result[^1].Weight + weight);
            else
                result.Add((value, weight));
        }

        return result;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_size);
        writer.Write(Count);
        writer.Write(RankError);
        writer.Write(_levels.Count);
        for (var level = 0; level < _levels.Count; level++)
        {
            writer.Write(_takesOdd[level]);
            writer.Write(_levels[level].Count);
            foreach (var value in _levels[level])
                writer.Write(value);
        }
    }

    public static QuantileSketch Read(BinaryReader reader)
    {
        var result = new QuantileSketch(reader.ReadInt32()) { Count = reader.ReadInt64(), RankError = reader.ReadInt64() };
        var levels = reader.ReadInt32();
        if (levels is < 1 or > 63)
            throw new InvalidDataException($"A sketch of quantiles has {levels} levels. Expected 1 to 63: the sketch is damaged.");
        for (var level = 0; level < levels; level++)
        {
            result.Grow(level);
            result._takesOdd[level] = reader.ReadBoolean();
            for (var left = reader.ReadInt32(); left > 0; left--)
                result._levels[level].Add(reader.ReadDouble());
        }

        return result;
    }

    /// <summary>An odd value out stays behind, so that an even number is halved.</summary>
    void Halve(int level)
    {
        Grow(level + 1);
        var values = _levels[level];
        CollectionsMarshal.AsSpan(values).Sort();
        var even = values.Count & ~1;
        for (var index = _takesOdd[level] ? 1 : 0; index < even; index += 2)
            _levels[level + 1].Add(values[index]);
        values.RemoveRange(0, even);
        _takesOdd[level] = !_takesOdd[level];
        RankError += 1L << level;
        if (_levels[level + 1].Count >= _size)
            Halve(level + 1);
    }

    void Grow(int level)
    {
        while (_levels.Count <= level)
        {
            _levels.Add([]);
            _takesOdd.Add(item: false);
        }
    }
}
