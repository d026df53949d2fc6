namespace Gyre.Ingestion;

/// <summary>A named part of the examples and its share of them.</summary>
/// <param name="Name">Letters, digits, '-' and '_'.</param>
/// <param name="Buckets">How many of all splits' buckets fall to this one: of train 9 and eval 1, train has nine in ten.</param>
public sealed record Split(string Name, int Buckets)
{
    /// <summary>
    /// Splits by a digest of each row's content, or of some columns (<c>SplitBy</c>): rows that agree always go to the same
    /// split, on any machine, in any order and however many others there are.
    /// </summary>
    public static SplitPlan ByHash(params (string Name, int Buckets)[] splits) => new HashSplits(Shares(splits));

    /// <summary>
    /// Splits by time: a row goes to the first split whose end lies behind it. The ends rise, and the last split has none
    /// (null). A row without a time, or with one that cannot be read, is rejected.
    /// </summary>
    /// <param name="column">The column with the time: ISO dates or moments (2015-03-01, 2015-03-01T12:30:00Z), or numbers.</param>
    /// <param name="splits">For each split the moment, not included, up to which it reaches, in the column's form.</param>
    /// <example><code>Split.ByTime("date", ("train", "2015-01-01"), ("eval", null))</code></example>
    public static SplitPlan ByTime(string column, params (string Name, string? Until)[] splits) =>
        new TimeSplits(column, [.. splits.Select(split => new TimeSplit(split.Name, split.Until))]);

    /// <summary>
    /// Splits by time in shares: the oldest rows go to the first split, the newest to the last. Rows of one moment stay
    /// together; each border lies between the two moments where the shares are nearest to what was asked for.
    /// </summary>
    /// <param name="column">The column with the time, as in <see cref="ByTime"/>.</param>
    /// <param name="splits">The splits from the oldest to the newest with their shares.</param>
    public static SplitPlan ByTimeShares(string column, params (string Name, int Buckets)[] splits) => new TimeShareSplits(column, Shares(splits));

    /// <summary>
    /// Splits so that every split has its share of each class of a column, as exactly as whole rows allow. Which rows these
    /// are is decided by digests of their content, not by their order; with more rows, others may be chosen.
    /// </summary>
    public static SplitPlan Stratified(string column, params (string Name, int Buckets)[] splits) => new StratifiedSplits(column, Shares(splits));

    /// <summary>Keeps splits that the source has already: each is made of the files that its pattern means.</summary>
    /// <param name="splits">For each split a path with wildcards and placeholders, below the path of the component.</param>
    /// <example><code>new IngestCsv("data") { Splits = Split.FromFolders(("train", "train/*.csv"), ("eval", "eval/*.csv")) }</code></example>
    public static SplitPlan FromFolders(params (string Name, string Pattern)[] splits) =>
        new FolderSplits([.. splits.Select(split => new FolderSplit(split.Name, split.Pattern))]);

    /// <summary>
    /// Splits exactly as TFX does: by SHA-256 of the row written as a tf.Example. For data whose splits must be the same as
    /// in a pipeline of TFX; <see cref="ByHash"/> does the same work faster.
    /// </summary>
    public static SplitPlan ByTfx(params (string Name, int Buckets)[] splits) => new TfxSplits(Shares(splits), null);

    /// <summary>
    /// Splits exactly as TFX does with a partition feature: by SHA-256 of one text, or of one whole number in decimal. A
    /// row that has none is rejected.
    /// </summary>
    public static SplitPlan ByTfxFeature(string feature, params (string Name, int Buckets)[] splits) => new TfxSplits(Shares(splits), feature);

    static IReadOnlyList<Split> Shares((string Name, int Buckets)[] splits) => [.. splits.Select(split => new Split(split.Name, split.Buckets))];
}

/// <summary>A split that ends at a moment.</summary>
/// <param name="Name">Letters, digits, '-' and '_'.</param>
/// <param name="Until">The moment, not included, up to which it reaches; null for no end.</param>
sealed record TimeSplit(string Name, string? Until);

/// <summary>A split that is there already.</summary>
/// <param name="Name">Letters, digits, '-' and '_'.</param>
/// <param name="Pattern">Which files it is made of, below the path of the component.</param>
sealed record FolderSplit(string Name, string Pattern);
