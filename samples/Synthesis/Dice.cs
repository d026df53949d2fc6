namespace Synthesis;

/// <summary>
/// Chance that repeats itself: the same seed and row give the same throws, on every run and whatever rows were made
/// before. The generator is SplitMix64, which needs no warming up and so can start anew with every row.
/// </summary>
public sealed class Dice
{
    const ulong Golden = 0x9E3779B97F4A7C15;

    ulong _state;

    public Dice(long seed, long row) => _state = Mix(Mix((ulong)seed + Golden) ^ Mix((ulong)row * Golden));

    /// <summary>A number from 0 up to, but not including, 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 up to, but not including, <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    public bool Chance(double probability) => Unit() < probability;

    /// <summary>A number of the normal distribution with mean 0 and deviation 1 (Box and Muller's way, one of the two).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());

    public T One<T>(IReadOnlyList<T> of) => of[Below(of.Count)];

    /// <summary>Puts a list into random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = Below(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    ulong Next() => Mix(_state += Golden);

    static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
