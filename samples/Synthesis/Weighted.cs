namespace Synthesis;

/// <summary>A choice between things of unequal weight.</summary>
public sealed class Weighted<T>
{
    readonly T[] _items;
    readonly double[] _upTo;

    /// <param name="items">What to choose from, with weights above or equal to 0 that are not all 0.</param>
    public Weighted(IEnumerable<(T Item, double Weight)> items)
    {
        var list = items.ToList();
        _items = [.. list.Select(item => item.Item)];
        _upTo = new double[_items.Length];
        var sum = 0.0;
        for (var i = 0; i < _upTo.Length; i++)
            _upTo[i] = sum += list[i].Weight;
        if (!(sum > 0) || list.Exists(item => item.Weight < 0))
            throw new ArgumentException($"The {_items.Length} weights sum to {sum}. Expected weights of 0 or more with a sum above 0.", nameof(items));
    }

    public IReadOnlyList<T> Items => _items;

    /// <summary>The chance that a draw gives a certain item.</summary>
    public double ShareOf(T item)
    {
        var position = Array.IndexOf(_items, item);
        return position < 0 ? 0 : (_upTo[position] - (position > 0 ? _upTo[position - 1] : 0)) / _upTo[^1];
    }

    public T Draw(Dice dice)
    {
        var found = Array.BinarySearch(_upTo, dice.Unit() * _upTo[^1]);
        // The first border above the throw; one that was hit exactly belongs to the next item.
        return _items[Math.Min(found < 0 ? ~found : found + 1, _items.Length - 1)];
    }
}
