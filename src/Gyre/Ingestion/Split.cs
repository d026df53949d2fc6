namespace Gyre.Ingestion;

/// <summary>A named part of the examples and its share of them.</summary>
/// <param name="Name">Letters, digits, '-' and '_'.</param>
/// <param name="Buckets">How many of all splits' buckets fall to this one: of train 9 and eval 1, train has nine in ten.</param>
public sealed record Split(string Name, int Buckets)
{
    /// <summary>
    /// Splits by a digest of each row's content: equal rows always go to the same split, on any machine, in any order and
    /// however many others there are.
    /// </summary>
    public static IReadOnlyList<Split> ByHash(params (string Name, int Buckets)[] splits) =>
        [.. splits.Select(split => new Split(split.Name, split.Buckets))];
}
