using Gyre.Data;
using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>
/// What all components have in common that read files into examples: which columns to take, what is missing, how to split,
/// how many bad rows to bear. A row that breaks the format fails the node, unless <see cref="MaxRejected"/> allows for it.
/// </summary>
public abstract class IngestFiles : Component<Output<Examples>>
{
    readonly string _path;

    private protected IngestFiles(string path) => _path = path;

    /// <summary>The splits and their shares; by default nine in ten examples to train, one in ten to eval.</summary>
    public SplitPlan Splits { get; init; } = Split.ByHash(("train", 9), ("eval", 1));

    /// <summary>The columns whose values decide the split, so that rows that agree in them stay together; null for all columns.</summary>
    public IReadOnlyList<string>? SplitBy { get; init; }

    /// <summary>Which spans to read, where the path tells them; by default the newest.</summary>
    public SpanSelection Spans { get; init; } = Span.Latest;

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

    IngestionOptions Options => Format with
    {
        SplitBy = SplitBy,
        Columns = Columns,
        Types = Types,
        NullTokens = NullTokens,
        RequireValues = RequireValues,
        MaxRejected = MaxRejected,
    };

    protected internal override IReadOnlyList<string> ExternalFiles() => SpanFinder.Paths(_path, Splits, Spans);

    protected internal override void Check(DefinitionCheck check)
    {
        var problems = Options.Problems().Concat(SpanFinder.Problems(_path, Splits, Spans)).ToList();
        if (_path.Length == 0)
            problems.Add($"The path is empty. Expected {Options.Expected}.");
        if (problems.Count == 0 && Columns is null && KnownColumns(check, Outputs) is { } columns)
            problems.AddRange(Options.UnknownColumns(columns));
        problems.ForEach(check.Error);
    }

    protected internal override IReadOnlyCollection<string>? KnownColumns(DefinitionCheck check, Output output)
    {
        if (Columns is not null)
            return [.. Columns.Select(column => column.Name)];
        try
        {
            return Options.KnownFields(SpanFinder.Paths(_path, Splits, Spans)[0]);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            // The file's own faults are told when it is read, with all that is known then.
            return null;
        }
    }

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        SpanIngestion.Run(execution, Outputs, _path, Spans, Options, GetType(), cancellationToken);
        return Task.CompletedTask;
    }
}
