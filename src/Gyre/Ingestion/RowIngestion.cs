using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gyre.Data;
using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>What came of reading.</summary>
/// <param name="Columns">The columns with the types found.</param>
/// <param name="RowsOfSplits">For each split, in order, its number of examples.</param>
/// <param name="Rejected">Rows that were not what the format demands.</param>
/// <param name="Filtered">Rows without a value that must be there.</param>
sealed record IngestionResult(IReadOnlyList<ExampleColumn> Columns, IReadOnlyList<KeyValuePair<string, long>> RowsOfSplits, long Rejected, long Filtered)
{
    /// <summary>Columns that had no value in any row, whose type is therefore open.</summary>
    public IReadOnlyList<string> ColumnsWithoutValues { get; init; } = [];
}

/// <summary>
/// Reads rows from any source into splits of typed columns. All values are kept as text until every row has been seen, for
/// only then the types are known; then each split is written.
/// </summary>
sealed class RowIngestion : IDisposable
{
    const int RowsBetweenReports = ChunkAppender.Capacity;

    internal static readonly JsonSerializerOptions OriginsJson = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly IngestionOptions _options;
    readonly string _outputDirectory;
    readonly string _temporaryDirectory;
    readonly Action<Progress> _report;
    readonly int _threads;
    readonly CancellationToken _cancellation;
    readonly RejectedRows _rejected;
    readonly long[] _rows;
    readonly byte[][] _nullTokens;
    ColumnPlan[] _columns = [];
    RowTables? _tables;
    SplitRule? _rule;
    int[] _splitBy = [];
    long _read;
    long _waiting;
    long _filtered;

    RowIngestion(IngestionOptions options, string outputDirectory, string temporaryDirectory, Action<Progress> report, int threads, CancellationToken cancellation)
    {
        (_options, _outputDirectory, _temporaryDirectory, _report, _threads, _cancellation) = (options, outputDirectory, temporaryDirectory, report, threads, cancellation);
        _rows = new long[options.Splits.Names.Count];
        _nullTokens = [.. options.NullTokens.Select(Encoding.UTF8.GetBytes)];
        _rejected = new RejectedRows(Path.Join(outputDirectory, Examples.RejectedFile));
    }

    /// <summary>Reads files and writes the content of an <see cref="Examples"/> artifact. The bytes written depend on the files and options alone.</summary>
    /// <param name="options">How to read.</param>
    /// <param name="files">The files; read in this order.</param>
    /// <param name="outputDirectory">Where the splits and the rejected rows go.</param>
    /// <param name="temporaryDirectory">Where rows may wait that do not fit into memory.</param>
    /// <param name="report">Is told how far the work is.</param>
    /// <param name="threads">How many threads may write; the bytes do not depend on it.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="InvalidDataException">The files do not hold what was expected; the message says where and what to do.</exception>
    public static IngestionResult Run(
        IngestionOptions options,
        IReadOnlyList<SourceFile> files,
        string outputDirectory,
        string temporaryDirectory,
        Action<Progress> report,
        int threads = 1,
        CancellationToken cancellation = default)
    {
        using var ingestion = new RowIngestion(options, outputDirectory, temporaryDirectory, report, threads, cancellation);
        var open = options.Prepare(files, cancellation);
        for (var file = 0; file < files.Count; file++)
        {
            using var source = open(files[file]);
            ingestion.ReadAll(source, file, files[file].Split);
        }

        return ingestion.Finish(files);
    }

    public void Dispose()
    {
        _tables?.Dispose();
        _rejected.Dispose();
        _rule?.Dispose();
    }

    void ReadAll(RowSource source, int file, int split)
    {
        if (_tables is null)
            Plan(source);
        Bind(source);
        _rule!.BeginFile(split);
        while (source.Next())
        {
            if (_read++ % RowsBetweenReports == 0)
            {
                _cancellation.ThrowIfCancellationRequested();
                _report(new Progress { Rows = _read, Message = $"reading {source.Name}" });
            }

            ReadRow(source, file);
        }
    }

    /// <summary>Decides on columns and makes a table for each split.</summary>
    void Plan(RowSource source)
    {
        var fields = FieldNames.Of(source);
        var columns = _options.Columns ?? fields.AllColumns();
        var positions = fields.Bind(columns);
        var names = columns.Select(column => column.Name).ToList();
        var unknown = _options.UnknownColumns(names).ToList();
        if (unknown.Count > 0)
            throw new InvalidDataException($"{source.Name}: {string.Join(" ", unknown)}");

        _columns = [.. columns.Zip(positions, (column, position) => new ColumnPlan(
            column,
            column.Type ?? (_options.Types.TryGetValue(column.Name, out var type) ? type : null),
            source.Fields[position],
            _options.Lists.Contains(column.Name, StringComparer.Ordinal),
            [.. _nullTokens, .. column.NullTokens.Select(Encoding.UTF8.GetBytes)],
            _options.EmptyIsMissing,
            _options.RequireValues.Contains(column.Name, StringComparer.Ordinal)))];

        _rule = _options.Splits.NewRule(names, _options.SplitBy);
        _splitBy = [.. _rule.Columns.Select(name => names.IndexOf(name))];
        _tables = new RowTables(_columns, _rows.Length, _rule.IsLate, _temporaryDirectory);
    }

    void Bind(RowSource source)
    {
        var fields = FieldNames.Of(source);
        var positions = fields.Bind([.. _columns.Select(column => column.Column)]);
        var surplus = _options.Columns is null ? fields.Names.Where((_, index) => !positions.Contains(index)).ToList() : [];
        if (surplus.Count > 0)
        {
            throw new InvalidDataException(
                $"{source.HeaderPlace}: the columns {string.Join(", ", surplus.Select(column => $"'{column}'"))} are not in the first file. "
                + "Expected the same columns in all files: correct the file, or choose with Columns what all have.");
        }

        for (var column = 0; column < _columns.Length; column++)
        {
            _columns[column].Field = positions[column];
            _columns[column].RequireSame(source.Fields[positions[column]], source.HeaderPlace);
        }
    }

    void ReadRow(RowSource source, int file)
    {
        if (source.Fault is { } fault)
        {
            Reject(source, (fault.Line, fault.Position), fault.Reason);
            return;
        }

        var isComplete = true;
        foreach (var column in _columns)
        {
            column.Count = source.CountOf(column.Field);
            if (column.Count == 1 && column.MeansMissing(source.Value(column.Field, 0)))
                column.Count = -1;
            if (column.Count < 0)
            {
                isComplete &= !column.IsRequired;
            }
            else if (column.Demanded is { } type && Misfit(source, column) is var misfit and >= 0)
            {
                Reject(source, source.PlaceOf(column.Field), $"'{Excerpt(source.Value(column.Field, misfit))}' in column '{column.Column.Name}'. Expected {Describe(type)}: correct the value, or give it as a null token");
                return;
            }
        }

        if (isComplete)
            Keep(source, file);
        else
            _filtered++;
    }

    static int Misfit(RowSource source, ColumnPlan column)
    {
        for (var index = 0; index < column.Count; index++)
        {
            if (!column.Fits(source.Value(column.Field, index)))
                return index;
        }

        return -1;
    }

    void Keep(RowSource source, int file)
    {
        foreach (var key in _splitBy)
        {
            var column = _columns[key];
            if (column.Count < 0)
                _rule!.AddMissing();
            else if (column.Count != 1)
                _rule!.AddList(column.Count);
            for (var index = 0; index < column.Count; index++)
                _rule!.Add(source.Value(column.Field, index));
        }

        var split = _rule!.Decide();
        if (split == SplitRule.Refused)
        {
            Reject(source, source.PlaceOf(_columns[_splitBy[0]].Field), _rule.Refusal);
            return;
        }

        _tables!.Add(Math.Max(0, split), source, file);
        if (split >= 0)
            _rows[split]++;
        else
            _waiting++;
        if (split < 0 && _rule is TfxRule tfx && source.Record is { IsEmpty: false } record)
            tfx.AddRecord(record);
    }

    void Reject(RowSource source, (long Line, long Position) place, string reason) =>
        _rejected.Add(new Rejection(source.Name, place.Line, place.Position, $"found {reason}", source.RowText()));

    IngestionResult Finish(IReadOnlyList<SourceFile> files)
    {
        var names = string.Join(", ", files.Select(file => file.Name));
        _rejected.RequireAtMost(_options.MaxRejected, _read);
        if (_read == 0)
            throw new InvalidDataException($"{names}: there are no rows{_options.BelowHeader}. Expected at least one: check how the file was made.");
        if (_rows.Sum() + _waiting == 0)
        {
            throw new InvalidDataException(
                $"{names}: no row is left of {_read}: {_rejected.Count} were rejected and {_filtered} lack a value in {string.Join(" or ", _options.RequireValues)}. "
                + "Expected at least one: look at the data, at NullTokens and at RequireValues.");
        }

        if (_columns.Length == 0)
            throw new InvalidDataException($"{names}: no row has a column. Expected at least one: check how the file was made.");
        if (_rule!.IsLate)
            Divide(_rule);
        if (_options.RequireEverySplit)
            SplitCounts.RequireRows(_options.Splits.Names, _rows, _options.SplitBy is not null);
        var result = _options.Splits.Names.Select((split, index) => KeyValuePair.Create(split, Write(split, index))).ToList();
        var written = result.Sum(split => split.Value);
        if (written + _rejected.Count + _filtered != _read)
            throw new InvalidDataException($"Of {_read} rows, {written} were written, {_rejected.Count} rejected and {_filtered} filtered, which is not the same number. This is a fault of Gyre; please report it with the file.");
        WriteOrigins(files);
        return new IngestionResult([.. _columns.Select(column => column.Result)], result, _rejected.Count, _filtered)
        {
            ColumnsWithoutValues = [.. _columns.Where(column => column.IsOpen && !column.Inference.HasValues).Select(column => column.Column.Name)],
        };
    }

    /// <summary>Tells rows that waited for all others their splits.</summary>
    void Divide(SplitRule rule)
    {
        if (rule is TfxRule tfx && tfx.Records < _waiting)
            _tables!.ReadRecords(tfx.AddRecord);
        var splits = rule.DecideAll();
        foreach (var split in splits)
            _rows[split]++;
        _tables!.Divide(splits);
    }

    /// <returns>The number of rows in the file, as the file itself says.</returns>
    long Write(string split, int index)
    {
        _report(new Progress { Rows = _read, TotalRows = _read, Message = $"writing {split}" });
        var path = Path.Join(_outputDirectory, Examples.RelativeFileOf(split));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return _tables!.Write(index, path, Path.Join(_outputDirectory, Examples.RelativeOriginsOf(split)), _threads, _cancellation);
    }

    void WriteOrigins(IReadOnlyList<SourceFile> files) => File.WriteAllText(
        Path.Join(_outputDirectory, Examples.OriginsFile),
        JsonSerializer.Serialize(new { files = files.Select(file => new { file.Name, file.Fingerprint, file.Span, file.Version }) }, OriginsJson));

    static string Excerpt(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value) is var text && text.Length > 40 ? $"{text[..40]}…" : text;

    static string Describe(ColumnType type) => type switch
    {
        ColumnType.Integer => "a whole number (at most 9007199254740992)",
        ColumnType.Real => "a number",
        _ => "text in UTF-8",
    };
}
