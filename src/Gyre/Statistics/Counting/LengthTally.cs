using System.Runtime.InteropServices;

namespace Gyre.Statistics.Counting;

/// <summary>How many examples have how many values in a column; those without the column are not among them.</summary>
sealed class LengthTally
{
    readonly Dictionary<long, Tally> _lengths = [];
    Tally _ones;

    /// <summary>An example with exactly one value, which is the most frequent case.</summary>
    public void AddOne(Int128 weight) => _ones.Add(1, weight);

    public void Add(long length, long count, Int128 weight)
    {
        if (length == 1)
            _ones.Add(count, weight);
        else
            CollectionsMarshal.GetValueRefOrAddDefault(_lengths, length, out _).Add(count, weight);
    }

    public void Add(LengthTally other)
    {
        foreach (var (length, tally) in other.Sorted())
            Add(length, tally.Count, tally.Weight);
    }

    /// <summary>Lengths that occur, ascending.</summary>
    public IReadOnlyList<(long Length, Tally Tally)> Sorted()
    {
        var all = _lengths.Select(pair => (Length: pair.Key, Tally: pair.Value));
        if (_ones.Count > 0)
            all = all.Append((1, _ones));
        return [.. all.OrderBy(pair => pair.Length)];
    }
}
