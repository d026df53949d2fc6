using System.Runtime.InteropServices;

namespace Gyre.Statistics.Counting;

/// <summary>How many examples have how many values in a column; those without the column are not among them.</summary>
sealed class LengthTally
{
    readonly Dictionary<long, Tally> _lengths = [];
    Tally _ones;

    /// <param name="length">How many values they have, most often one.</param>
    /// <param name="examples">The examples.</param>
    public void Add(long length, Tally examples)
    {
        if (length == 1)
            _ones.Add(examples);
        else
            CollectionsMarshal.GetValueRefOrAddDefault(_lengths, length, out _).Add(examples);
    }

    public void Add(LengthTally other)
    {
        foreach (var (length, tally) in other.Sorted())
            Add(length, tally);
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
