using Gyre.Statistics.Protos;

namespace Gyre.Statistics;

/// <summary>
/// Statistics that look at several columns of the same example: correlation, association, information, lift. They are
/// computed from the examples themselves, after the columns have been counted one by one, and are written into the same
/// data set: <c>cross_features</c>, or <c>custom_stats</c> of a feature.
/// </summary>
interface IAcrossColumns
{
    /// <summary>Adds to a data set that already describes each column; does nothing where the options do not ask for it.</summary>
    void AddTo(DatasetFeatureStatistics dataset, CountedExamples examples);
}

/// <summary>The examples that a data set was counted from.</summary>
/// <param name="Files">Parquet files of equal columns, one per span.</param>
/// <param name="Options">How to count.</param>
/// <param name="Threads">How many threads may work.</param>
/// <param name="TemporaryDirectory">Where the data engine may spill; null keeps all in memory.</param>
/// <param name="CancellationToken">Stops the work.</param>
sealed record CountedExamples(
    IReadOnlyList<string> Files, StatisticsOptions Options, int Threads, string? TemporaryDirectory, CancellationToken CancellationToken)
{
    /// <summary>A condition in SQL that the counted examples fulfil; null for all examples.</summary>
    public string? Condition { get; init; }
}
