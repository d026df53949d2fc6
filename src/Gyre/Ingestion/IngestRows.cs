using Gyre.Data;
using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>
/// What all components have in common that read rows into examples: which columns to take, what is missing, how to split,
/// how many bad rows to bear. A row that breaks the format fails the node, unless <see cref="MaxRejected"/> allows for it.
/// </summary>
public abstract class IngestRows : Component<Output<Examples>>
{
    private protected IngestRows()
    {
    }

    /// <summary>The splits and their shares; by default nine in ten examples to train, one in ten to eval.</summary>
    public SplitPlan Splits { get; init; } = Split.ByHash(("train", 9), ("eval", 1));

    /// <summary>The columns whose values decide the split, so that rows that agree in them stay together; null for all columns.</summary>
    public IReadOnlyList<string>? SplitBy { get; init; }

    /// <summary>The columns to take, in the order that the examples will have; null for all.</summary>
    public IReadOnlyList<Column>? Columns { get; init; }

    /// <summary>Types of columns, instead of those found from their values. A row whose value is of another type is rejected.</summary>
    public IReadOnlyDictionary<string, ColumnType> Types { get; init; } = new Dictionary<string, ColumnType>(StringComparer.Ordinal);

    /// <summary>Texts that mean in every column that the value is missing; the empty text always does, except in TFRecord files.</summary>
    public IReadOnlyList<string> NullTokens { get; init; } = [""];

    /// <summary>Columns that must have a value; a row without is left out, and counted.</summary>
    public IReadOnlyList<string> RequireValues { get; init; } = [];

    /// <summary>How many rows that break the format are left out before the node fails. They are listed in <c>rejected.csv</c>.</summary>
    public long MaxRejected { get; init; }

    /// <summary>The options of the format; those that all formats have are added to them.</summary>
    private protected abstract IngestionOptions Format { get; }

    private protected IngestionOptions Options => Format with
    {
        SplitBy = SplitBy,
        Columns = Columns,
        Types = Types,
        NullTokens = NullTokens,
        RequireValues = RequireValues,
        MaxRejected = MaxRejected,
    };
}
