using Gyre.Statistics.Cross;
using Gyre.Statistics.Sketches;

namespace Gyre.Statistics;

/// <summary>How examples are counted; the defaults are those of TensorFlow Data Validation.</summary>
public sealed record StatisticsOptions
{
    /// <summary>How many of the most frequent texts are listed.</summary>
    public int TopValues { get; init; } = 20;

    /// <summary>How many of the most frequent texts the rank histogram holds.</summary>
    public int RankBuckets { get; init; } = 1000;

    /// <summary>How many buckets the histograms of numbers and of list lengths have.</summary>
    public int HistogramBuckets { get; init; } = 10;

    /// <summary>What an empty cell means.</summary>
    public EmptyCells EmptyCells { get; init; }

    /// <summary>Which statistics of two columns at a time are computed beside those of each column; null for none.</summary>
    public CrossOptions? Cross { get; init; }

    /// <summary>Asks for sketches, whose error is stated, instead of exact counts: for data beyond memory; null for exact.</summary>
    public SketchOptions? Sketch { get; init; }
}

/// <summary>What an empty cell of a table means in statistics whose features are lists of values.</summary>
public enum EmptyCells
{
    /// <summary>The feature is missing from the example.</summary>
    Missing,

    /// <summary>The feature is there with no value in it: so TFX counts what it read from CSV files.</summary>
    EmptyList,
}
