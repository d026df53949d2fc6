namespace Synthesis;

/// <summary>A table that is made up by stated rules: every row follows from the seed and the row's number alone.</summary>
public abstract class SyntheticTable
{
    /// <summary>What the rows are, in one lower-case word; the file bears it.</summary>
    public abstract string Name { get; }

    /// <summary>To be raised when the rows change, so that files of the old rules are made anew.</summary>
    public abstract int Version { get; }

    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Writes the fields of one row, the label among them, and tells the probability that it was drawn with.</summary>
    public abstract Outcome Fill(CsvRow row, Dice dice);
}

/// <summary>A label, and the probability with which it was to be positive.</summary>
public readonly record struct Outcome(double Probability, bool Positive)
{
    /// <summary>Throws the label for a stated logit.</summary>
    public static Outcome Draw(double logit, Dice dice)
    {
        var probability = 1 / (1 + Math.Exp(-logit));
        return new Outcome(probability, dice.Chance(probability));
    }
}
