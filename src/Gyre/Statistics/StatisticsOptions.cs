using Gyre.Ingestion;
using Gyre.Statistics.Counting;
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

    /// <summary>Texts that occur less often are not listed.</summary>
    public long FrequencyThreshold { get; init; } = 1;

    /// <summary>Texts whose examples weigh less together are not listed among the weighted ones.</summary>
    public double WeightedFrequencyThreshold { get; init; } = 1;

    /// <summary>What an empty cell means.</summary>
    public EmptyCells EmptyCells { get; init; }

    /// <summary>Which statistics of two columns at a time are computed beside those of each column; null for none.</summary>
    public CrossOptions? Cross { get; init; }

    /// <summary>Asks for sketches, whose error is stated, instead of exact counts: for data beyond memory; null for exact.</summary>
    public SketchOptions? Sketch { get; init; }

    /// <summary>
    /// The column that says how much each example weighs: one number, not negative, in every example. With it everything is
    /// counted twice, with and without weights.
    /// </summary>
    public string? WeightColumn { get; init; }

    /// <summary>Parts of the examples that are described on their own, besides all of them.</summary>
    public IReadOnlyList<SliceSpec> Slices { get; init; } = [];

    /// <summary>Columns of whole numbers that stand for categories: their values are counted like texts.</summary>
    public IReadOnlyList<string> CategoricalColumns { get; init; } = [];

    /// <summary>Columns whose values are no text but bytes, such as pictures: only sizes and distinct values are counted.</summary>
    public IReadOnlyList<string> BytesColumns { get; init; } = [];

    /// <summary>
    /// Whether columns that turn out to be dates, times or free text are proposed to the schema as such: under the name
    /// <c>domain_info</c>, by which TensorFlow Data Validation knows it, instead of <c>semantic_domain</c>. They are described
    /// in any case.
    /// </summary>
    public bool SemanticDomains { get; init; }

    /// <summary>What columns mean beyond their types, by name.</summary>
    internal IReadOnlyDictionary<string, ColumnMeaning> Meanings { get; init; } = new Dictionary<string, ColumnMeaning>(StringComparer.Ordinal);

    internal CountingOptions Counting => new(WeightColumn, Slices);
}

/// <summary>What an empty cell of a table means in statistics whose features are lists of values.</summary>
public enum EmptyCells
{
    /// <summary>The feature is missing from the example.</summary>
    Missing,

    /// <summary>The feature is there with no value in it: so TFX counts what it read from CSV files.</summary>
    EmptyList,
}
