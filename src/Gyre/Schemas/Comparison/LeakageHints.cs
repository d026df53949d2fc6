using Gyre.Data;

namespace Gyre.Schemas.Comparison;

/// <summary>What counts as a hint that the label, or the data that models are measured on, leaks into training.</summary>
public sealed record LeakageOptions
{
    /// <summary>
    /// From which gain on a feature determines the label: the share of the errors of «always the most frequent class» that
    /// vanish when the label is guessed from this feature alone, each example from the others with the same value.
    /// </summary>
    public double DeterminesLabel { get; init; } = 0.9;

    /// <summary>From which share of distinct values on a column of texts or whole numbers looks like an identifier.</summary>
    public double IdentifierShare { get; init; } = 0.95;

    /// <summary>Which share of a split may occur in the first split too (all columns but the label equal).</summary>
    public double MaxDuplicateShare { get; init; } = 0.01;

    /// <summary>Which share of examples may contradict an equal one that has another label.</summary>
    public double MaxConflictShare { get; init; } = 0.01;

    /// <summary>How many duplicates and conflicts are named by file and line.</summary>
    public int Samples { get; init; } = 5;

    /// <summary>What a hint is.</summary>
    public AnomalySeverity Severity { get; init; } = AnomalySeverity.Warning;
}

/// <summary>What suggests leakage.</summary>
public sealed record LeakageHints
{
    /// <summary>How well each feature alone tells the label, the best first.</summary>
    public IReadOnlyList<LabelHint> Features { get; init; } = [];

    /// <summary>Columns that look like identifiers.</summary>
    public IReadOnlyList<IdentifierHint> Identifiers { get; init; } = [];

    /// <summary>Examples that the first split has too; null in the first split itself.</summary>
    public RepeatedRows? Duplicates { get; init; }

    /// <summary>Equal examples with different labels; null without a label.</summary>
    public RepeatedRows? Conflicts { get; init; }

    /// <summary>Looks at the examples of a split, exactly and over all rows. Rows are equal when the digests of all columns but the label are.</summary>
    /// <param name="files">The split's Parquet files.</param>
    /// <param name="firstSplit">Those of the first split; null when it is this one.</param>
    /// <param name="label">The label's column.</param>
    /// <param name="options">What is suspicious.</param>
    /// <param name="threads">How many threads may work; results do not depend on it.</param>
    /// <param name="temporaryDirectory">Where much data may spill; null keeps all in memory.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static LeakageHints Find(
        IReadOnlyList<string> files, IReadOnlyList<string>? firstSplit, string label, LeakageOptions? options = null, int threads = 1, string? temporaryDirectory = null, CancellationToken cancellationToken = default)
    {
        using var engine = new DataEngine(threads, temporaryDirectory);
        return new LeakageSearch(engine, label, options ?? new LeakageOptions()) { NameOf = new RowOrigins(engine).NameOf }.Search(files, firstSplit, cancellationToken);
    }
}

/// <summary>How well one feature alone tells the label.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Accuracy">The share of examples whose label is that of most others with the same value.</param>
/// <param name="MostFrequentClass">The share of the most frequent class: what guessing without features achieves.</param>
/// <param name="Gain">The share of the errors of such guessing that the feature removes; 1 when it determines the label.</param>
/// <param name="UncertaintyCoefficient">The share of the label's entropy that the feature explains (Theil's U); too high where values are rare.</param>
/// <param name="IsHint">Whether it is suspicious.</param>
public sealed record LabelHint(string Feature, double Accuracy, double MostFrequentClass, double Gain, double UncertaintyCoefficient, bool IsHint);

/// <summary>A column nearly all of whose values are distinct.</summary>
public sealed record IdentifierHint(string Feature, long Distinct, long Values);

/// <summary>Examples that repeat or contradict others.</summary>
/// <param name="Rows">How many there are.</param>
/// <param name="Share">Their share of the split.</param>
/// <param name="Samples">Some of them.</param>
/// <param name="IsHint">Whether there are too many.</param>
public sealed record RepeatedRows(long Rows, double Share, IReadOnlyList<RowPair> Samples, bool IsHint);

/// <summary>Two equal examples by where they come from, for example <c>a.csv:17</c>.</summary>
public sealed record RowPair(string Row, string Other);
