using Gyre.Data;
using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>How rows become examples, wherever they come from; see <see cref="IngestCsv"/> for each.</summary>
abstract record IngestionOptions
{
    public required SplitPlan Splits { get; init; }

    public IReadOnlyList<string>? SplitBy { get; init; }

    public IReadOnlyList<Column>? Columns { get; init; }

    public IReadOnlyDictionary<string, ColumnType> Types { get; init; } = new Dictionary<string, ColumnType>(StringComparer.Ordinal);

    public IReadOnlyList<string> NullTokens { get; init; } = [];

    public IReadOnlyList<string> RequireValues { get; init; } = [];

    public long MaxRejected { get; init; }

    /// <summary>Whether a split without rows is an error; where several spans make a split, one of them may have none for it.</summary>
    [NotAParameter]
    public bool RequireEverySplit { get; init; } = true;

    /// <summary>Columns that are lists, also where no row of these files has more than one value; other spans have.</summary>
    [NotAParameter]
    public IReadOnlyList<string> Lists { get; init; } = [];

    /// <summary>Whether an empty text means that the value is missing.</summary>
    public virtual bool EmptyIsMissing => true;

    /// <summary>What a file of this format is called, with its article.</summary>
    public abstract string Expected { get; }

    /// <summary>Where rows begin, in words, for the message that there are none.</summary>
    public virtual string BelowHeader => "";

    /// <summary>Gets ready to read files.</summary>
    /// <param name="files">All that will be read.</param>
    /// <param name="cancellation">Stops looking at them.</param>
    /// <returns>What opens each of them.</returns>
    /// <exception cref="InvalidDataException">They do not hold what was expected.</exception>
    public abstract Func<SourceFile, RowSource> Prepare(IReadOnlyList<SourceFile> files, CancellationToken cancellation);

    /// <summary>The names of a file's fields, where they are known without reading it whole.</summary>
    /// <exception cref="InvalidDataException">The file does not hold what was expected.</exception>
    public virtual IReadOnlyList<string>? KnownFields(string file) => null;

    /// <summary>The same with columns that are known already: these, in this order and of these types.</summary>
    public IngestionOptions WithTypes(IReadOnlyList<ExampleColumn> columns) => this with
    {
        Columns = [.. columns.Select(column => (Columns?.FirstOrDefault(own => own.Name == column.Name) ?? Column.Named(column.Name)).Of(column.Type))],
        Types = new Dictionary<string, ColumnType>(StringComparer.Ordinal),
        Lists = [.. columns.Where(column => column.IsList).Select(column => column.Name)],
    };

    /// <summary>Everything that is wrong, as far as the options alone tell.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var problem in FormatProblems())
            yield return problem;
        if (MaxRejected < 0)
            yield return $"MaxRejected is {MaxRejected}. Expected 0 or more.";
        foreach (var problem in SplitProblems().Concat(ColumnProblems()))
            yield return problem;
    }

    /// <summary>Names that the options use and no column bears.</summary>
    public IEnumerable<string> UnknownColumns(IReadOnlyCollection<string> columns)
    {
        var used = (SplitBy ?? []).Select(name => (name, option: nameof(SplitBy)))
            .Concat(Splits.Columns.Where(name => name.Length > 0).Select(name => (name, option: nameof(Splits))))
            .Concat(Types.Keys.Select(name => (name, option: nameof(Types))))
            .Concat(RequireValues.Select(name => (name, option: nameof(RequireValues))));
        return used.Where(use => !columns.Contains(use.name, StringComparer.Ordinal)).Select(use =>
            $"{use.option} names the column '{use.name}', which is not among the columns: {string.Join(", ", columns)}. Correct the name, or add the column.");
    }

    IEnumerable<string> SplitProblems()
    {
        foreach (var problem in Splits.Problems())
            yield return problem;
        if (SplitBy is { Count: 0 })
            yield return "SplitBy is an empty list. Expected columns, or null for the whole row.";
        else if (SplitBy is not null && !Splits.TakesSplitBy)
            yield return "SplitBy is set, but the splits are not made by hash. Expected Splits = Split.ByHash(…) with it, or no SplitBy.";
    }

    IEnumerable<string> ColumnProblems()
    {
        if (Columns is null)
            yield break;
        if (Columns.Count == 0)
            yield return "Columns is an empty list. Expected the columns to take, or null for all of the header.";
        foreach (var column in Columns.Where(column => column.Name.Length == 0 || column.Sources.Count == 0))
            yield return $"The column '{column.Name}' lacks a name or sources. Expected a name, and at least one name that it has in the header.";
        foreach (var same in Columns.GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
            yield return $"{same.Count()} columns are named '{same.Key}'. Expected names that differ otherwise than in upper and lower case.";
        foreach (var problem in UnknownColumns([.. Columns.Select(column => column.Name)]))
            yield return problem;
    }

    /// <summary>What is wrong with the options of this format.</summary>
    protected virtual IEnumerable<string> FormatProblems() => [];
}
