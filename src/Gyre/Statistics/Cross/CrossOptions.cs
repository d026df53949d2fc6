namespace Gyre.Statistics.Cross;

/// <summary>Which statistics of two columns at a time are computed.</summary>
public sealed record CrossOptions
{
    /// <summary>The column that a model shall predict; null for none. With it, each other column is held against it.</summary>
    public string? Label { get; init; }

    /// <summary>A column of weights for lift; null counts examples. Other statistics count examples always.</summary>
    public string? Weight { get; init; }

    /// <summary>The columns to look at; null for all.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Whether columns are held against each other, not only against the label.</summary>
    public bool Pairs { get; init; } = true;

    /// <summary>How many columns of numbers are paired, in their order; further ones are skipped, and named.</summary>
    public int MaxNumbers { get; init; } = 40;

    /// <summary>How many columns of text are paired, in their order; further ones are skipped, and named.</summary>
    public int MaxTexts { get; init; } = 20;

    /// <summary>Columns of text with more different values are no categories: they are skipped, and named. At most 65,535.</summary>
    public int MaxDistinct { get; init; } = 1000;

    /// <summary>Labels that are numbers with more different values than this are cut into <see cref="Bins"/>.</summary>
    public int MaxLabelValues { get; init; } = 20;

    /// <summary>Into how many bins of equal count numbers are cut where categories are needed.</summary>
    public int Bins { get; init; } = 10;

    /// <summary>How many values with the greatest lift are listed for each value of the label; 0 for all.</summary>
    public int LiftTop { get; init; } = 10;

    /// <summary>How many values with the least lift are listed for each value of the label; 0 for none beyond the greatest.</summary>
    public int LiftBottom { get; init; } = 10;

    /// <summary>Lift is given for values that stand in more examples (or weight) than this.</summary>
    public double LiftMinimum { get; init; }

    internal void Check()
    {
        RequireBetween(nameof(MaxDistinct), MaxDistinct, 2, ushort.MaxValue);
        RequireBetween(nameof(Bins), Bins, 2, 1000);
        RequireBetween(nameof(MaxLabelValues), MaxLabelValues, 2, 1000);
        RequireBetween(nameof(MaxNumbers), MaxNumbers, 0, 1000);
        RequireBetween(nameof(MaxTexts), MaxTexts, 0, 1000);
        RequireBetween(nameof(LiftTop), LiftTop, 0, int.MaxValue);
        RequireBetween(nameof(LiftBottom), LiftBottom, 0, int.MaxValue);
    }

    static void RequireBetween(string option, int value, int least, int most)
    {
        if (value < least || value > most)
            throw new InvalidDataException($"{option} is {value}. Expected {least} to {most}.");
    }
}
