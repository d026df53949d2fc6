namespace Gyre.Torch.Learning;

/// <summary>
/// Seeds for single decisions, each derived from the trainer's seed and from where in the training it is made. No generator
/// outlives a step, so training that is taken up again in the middle needs none restored.
/// </summary>
static class Chance
{
    /// <summary>What a seed is for; equal numbers elsewhere then give other seeds.</summary>
    public enum Purpose
    {
        Order = 1,
        Sampling = 2,
        Dropout = 3,
        Module = 4,
    }

    /// <summary>A seed of 64 bits, each of which depends on all that is given (SplitMix64).</summary>
    public static ulong Seed(int seed, Purpose purpose, long first, long second = 0)
    {
        var state = (ulong)(uint)seed;
        foreach (var part in (ReadOnlySpan<ulong>)[(ulong)purpose, (ulong)first, (ulong)second])
            state = Mix(state + 0x9E3779B97F4A7C15 + part);
        return state;
    }

    /// <summary>A generator of .NET for one decision; its numbers are the same in every version.</summary>
    public static Random Generator(int seed, Purpose purpose, long first, long second = 0) => new((int)(Seed(seed, purpose, first, second) >> 33));

    static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
