using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>
/// What a column of examples means beyond the type of its values, told by the component that made it: with it statistics of
/// transformed examples speak of terms instead of ids.
/// </summary>
/// <param name="Kind">What it is, in a word that statistics keep.</param>
/// <param name="Size">How many ids there are, or how many numbers each example has.</param>
sealed record ColumnMeaning(string Kind, int Size)
{
    /// <summary>What an id stands for, in words; null for a column of numbers.</summary>
    public Func<long, string>? NameOf { get; init; }

    /// <summary>Whether an id stands for all that has no id of its own.</summary>
    public Func<long, bool> IsOther { get; init; } = static _ => false;
}

/// <summary>A component that makes examples whose columns mean more than their types say.</summary>
interface IColumnMeanings
{
    /// <summary>The wire to what tells the meaning of the columns behind a wire of examples; null where they mean what they hold.</summary>
    Output? MeaningOf(Output<Examples> examples);

    /// <summary>Reads it, in an execution that has the wire among its inputs.</summary>
    IReadOnlyDictionary<string, ColumnMeaning> ReadMeanings(Execution execution);
}
