using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>How rows become examples, wherever they come from; see <see cref="IngestCsv"/> for each.</summary>
abstract record IngestionOptions
{
    public required IReadOnlyList<Split> Splits { get; init; }

    public IReadOnlyList<string>? SplitBy { get; init; }

    public IReadOnlyList<Column>? Columns { get; init; }

    public IReadOnlyDictionary<string, ColumnType> Types { get; init; } = new Dictionary<string, ColumnType>(StringComparer.Ordinal);

    public IReadOnlyList<string> NullTokens { get; init; } = [];

    public IReadOnlyList<string> RequireValues { get; init; } = [];

    public long MaxRejected { get; init; }

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
            .Concat(Types.Keys.Select(name => (name, option: nameof(Types))))
            .Concat(RequireValues.Select(name => (name, option: nameof(RequireValues))));
        return used.Where(use => !columns.Contains(use.name, StringComparer.Ordinal)).Select(use =>
            $"{use.option} names the column '{use.name}', which is not among the columns: {string.Join(", ", columns)}. Correct the name, or add the column.");
    }

    IEnumerable<string> SplitProblems()
    {
        if (Splits.Count == 0)
            yield return "There are no splits. Expected at least one, for example Split.ByHash((\"train\", 9), (\"eval\", 1)).";
        foreach (var split in Splits.Where(split => split.Name.Length == 0 || !split.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')))
            yield return $"A split is named '{split.Name}'. Expected letters, digits, '-' and '_', for it names a directory.";
        foreach (var same in Splits.GroupBy(split => split.Name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
            yield return $"{same.Count()} splits are named '{same.Key}'. Expected different names.";
        foreach (var split in Splits.Where(split => split.Buckets is < 1 or > 1_000_000))
            yield return $"The split '{split.Name}' has {split.Buckets} buckets. Expected 1 to 1,000,000.";
        if (SplitBy is { Count: 0 })
            yield return "SplitBy is an empty list. Expected columns, or null for the whole row.";
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
