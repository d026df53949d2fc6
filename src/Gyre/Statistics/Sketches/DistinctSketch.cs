namespace Gyre.Statistics.Sketches;

/// <summary>
/// Estimates how many different values there are by keeping the least of their digests (Bar-Yossef and others, "Counting
/// distinct elements in a data stream", 2002; unbiased as in Beyer and others, 2007). Exact until the sketch is full.
/// What it holds depends on the set of values alone, so merging is free of error and of order.
/// </summary>
/// <param name="size">How many digests are kept.</param>
sealed class DistinctSketch(int size)
{
    readonly HashSet<ulong> _least = [];
    ulong _limit = ulong.MaxValue;

    /// <summary>Whether <see cref="Estimate"/> is the very number, but for digests that collide (one in 2⁶⁴ for each pair).</summary>
    public bool IsExact => _limit == ulong.MaxValue && _least.Count <= size;

    /// <summary>As a share of the number; 0 when it is exact.</summary>
    public double StandardError => IsExact ? 0 : 1 / Math.Sqrt(size - 2);

    public double Estimate
    {
        get
        {
            Cut(size);
            return IsExact ? _least.Count : (size - 1) / ((_least.Max() + 1.0) / Math.ScaleB(1, 64));
        }
    }

    public void Add(ReadOnlySpan<byte> value) => Add(Digest.Of(value));

    public void Add(ulong digest)
    {
        if (digest > _limit)
            return;
        _least.Add(digest);
        if (_least.Count >= 2 * size)
            Cut(size);
    }

    public void Merge(DistinctSketch other)
    {
        if (other.Size != size)
            throw new ArgumentException($"A sketch of size {other.Size} cannot be merged into one of size {size}. Expected equal sizes.", nameof(other));
        _limit = Math.Min(_limit, other._limit);
        _least.RemoveWhere(digest => digest > _limit);
        foreach (var digest in other._least)
            Add(digest);
    }

    int Size => size;

    public void Write(BinaryWriter writer)
    {
        Cut(size);
        writer.Write(size);
        writer.Write(_limit);
        writer.Write(_least.Count);
        foreach (var digest in _least.Order())
            writer.Write(digest);
    }

    public static DistinctSketch Read(BinaryReader reader)
    {
        var result = new DistinctSketch(reader.ReadInt32()) { _limit = reader.ReadUInt64() };
        for (var left = reader.ReadInt32(); left > 0; left--)
            result._least.Add(reader.ReadUInt64());
        return result;
    }

    /// <summary>Keeps the least digests; those above the greatest kept need not be looked at again.</summary>
    void Cut(int most)
    {
        if (_least.Count <= most)
            return;
        var ordered = _least.Order().Take(most).ToList();
        _limit = ordered[^1];
        _least.RemoveWhere(digest => digest > _limit);
    }
}
