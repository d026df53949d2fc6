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
/// Reads rows from any source into splits of typed columns. Rows are written as they are read, with the types that the
/// first of them suggest; every value is looked at, and when a later one shows that a column is of another type, reading
/// begins anew with the right ones. So do rules that divide rows by something that only all of them tell. No more
/// than a few thousand rows are in memory.
/// </summary>
sealed class RowIngestion : IDisposable
{
    const int RowsBetweenReports = ChunkBuffer.Capacity;

    /// <summary>How many rows suggest the types. Enough that those of most files are right, few enough not to matter.</summary>
    const int RowsOfFirstLook = 20_000;

    internal static readonly JsonSerializerOptions OriginsJson = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly IngestionOptions _options;
    readonly IReadOnlyList<SourceFile> _files;
    readonly Func<SourceFile, RowSource> _open;
    readonly string _outputDirectory;
    readonly Action<Progress> _report;
    readonly CancellationToken _cancellation;
    readonly byte[][] _nullTokens;
    readonly DataEngine _engine = new();
    ColumnPlan[] _columns = [];
    int[] _splitBy = [];
    RowPass? _pass;

    RowIngestion(IngestionOptions options, IReadOnlyList<SourceFile> files, string outputDirectory, Action<Progress> report, CancellationToken cancellation)
    {
        (_options, _files, _outputDirectory, _report, _cancellation) = (options, files, outputDirectory, report, cancellation);
        _nullTokens = [.. options.NullTokens.Select(Encoding.UTF8.GetBytes)];
        _open = options.Prepare(files, cancellation);
    }

    /// <summary>Reads files and writes the content of an <see cref="Examples"/> artifact. The bytes written depend on the files and options alone.</summary>
    /// <param name="options">How to read.</param>
    /// <param name="files">The files; read in this order.</param>
    /// <param name="outputDirectory">Where the splits and the rejected rows go.</param>
    /// <param name="report">Is told how far the work is.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="InvalidDataException">The files do not hold what was expected; the message says where and what to do.</exception>
    public static IngestionResult Run(
        IngestionOptions options, IReadOnlyList<SourceFile> files, string outputDirectory, Action<Progress> report, CancellationToken cancellation = default)
    {
        using var ingestion = new RowIngestion(options, files, outputDirectory, report, cancellation);
        return ingestion.Run();
    }

    public void Dispose()
    {
        _pass?.Dispose();
        _engine.Dispose();
    }

    IngestionResult Run()
    {
        LookAtFirstRows();
        int[]? decided = null;
        while (true)
        {
            var rule = NewRule();
            var isSurvey = rule.IsLate && decided is null;
            Begin(isSurvey ? rule : decided is null ? rule : new DecidedRule(rule, decided), writes: !isSurvey);
            for (var file = 0; file < _files.Count; file++)
            {
                using var source = _open(_files[file]);
                ReadAll(source, file, _files[file].Split);
            }

            _pass!.RequireRows(_files, _columns);
            if (isSurvey)
                decided = rule.DecideAll();
            else if (_columns.All(column => column.IsWrittenRight))
                return _pass.Finish(_files, _columns);
        }
    }

    /// <summary>Plans the columns, and looks for the types of those whose source has none.</summary>
    void LookAtFirstRows()
    {
        var seen = 0;
        foreach (var file in _files)
        {
            using var source = _open(file);
            if (_columns.Length == 0)
                Plan(source);
            if (!_columns.Any(column => column.IsOpen))
                return;
            Bind(source);
            while (source.Next())
            {
                if (source.Fault is null)
                    Array.ForEach(_columns, column => Look(source, column));
                if (++seen == RowsOfFirstLook)
                    return;
            }
        }
    }

    void Begin(SplitRule rule, bool writes)
    {
        _pass?.Dispose();
        Array.ForEach(_columns, column => column.BeginReading());
        _pass = new RowPass(_options, _engine, _outputDirectory, rule, writes ? _columns : []);
    }

    void ReadAll(RowSource source, int file, int split)
    {
        Bind(source);
        _pass!.Rule.BeginFile(split);
        while (source.Next())
        {
            if (_pass.Read++ % RowsBetweenReports == 0)
            {
                _cancellation.ThrowIfCancellationRequested();
                _report(new Progress { Rows = _pass.Read, Message = $"reading {source.Name}" });
            }

            ReadRow(source, file);
        }
    }

    SplitRule NewRule() => _options.Splits.NewRule([.. _columns.Select(column => column.Column.Name)], _options.SplitBy);

    /// <summary>Decides on columns.</summary>
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

        using var rule = NewRule();
        _splitBy = [.. rule.Columns.Select(name => names.IndexOf(name))];
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
            _pass!.Reject(source, (fault.Line, fault.Position), fault.Reason);
            return;
        }

        var isComplete = true;
        foreach (var column in _columns)
        {
            Count(source, column);
            if (column.Count < 0)
            {
                isComplete &= !column.IsRequired;
            }
            else if (column.Demanded is { } type && Misfit(source, column) is var misfit and >= 0)
            {
                _pass!.Reject(source, source.PlaceOf(column.Field), $"'{Excerpt(source.Value(column.Field, misfit))}' in column '{column.Column.Name}'. Expected {Describe(type)}: correct the value, or give it as a null token");
                return;
            }
        }

        if (isComplete)
            Keep(source, file);
        else
            _pass!.Filtered++;
    }

    static void Count(RowSource source, ColumnPlan column)
    {
        column.Count = source.CountOf(column.Field);
        if (column.Count == 1 && column.MeansMissing(source.Value(column.Field, 0)))
            column.Count = -1;
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
        var rule = _pass!.Rule;
        if (rule.DecidesByContent)
        {
            _pass.Keep(SplitRule.Later, source, file, canBeWritten: Observe(source));
            return;
        }

        foreach (var key in _splitBy)
        {
            var column = _columns[key];
            if (column.Count < 0)
                rule.AddMissing();
            else if (column.Count != 1)
                rule.AddList(column.Count);
            for (var index = 0; index < column.Count; index++)
                rule.Add(source.Value(column.Field, index));
        }

        // A record depends on the types; where there is one, no row is refused.
        if (rule.WantsRecord && Observe(source))
            rule.AddRecord(source.Record is { IsEmpty: false } record ? record : _pass.Encode(source, _columns));
        var split = rule.Decide();
        if (split == SplitRule.Refused)
            _pass.Reject(source, source.PlaceOf(_columns[_splitBy[0]].Field), rule.Refusal);
        else
            _pass.Keep(split, source, file, canBeWritten: Observe(source));
    }

    /// <summary>Looks at the values of the row for the types of columns.</summary>
    /// <returns>Whether they can be written with the types that were thought to be right.</returns>
    bool Observe(RowSource source)
    {
        var canBeWritten = true;
        foreach (var column in _columns)
        {
            if (!column.IsOpen)
                continue;
            Observe(source, column);
            canBeWritten &= column.CanBeWritten;
        }

        return canBeWritten;
    }

    static void Look(RowSource source, ColumnPlan column)
    {
        Count(source, column);
        if (column.IsOpen)
            Observe(source, column);
    }

    static void Observe(RowSource source, ColumnPlan column)
    {
        for (var index = 0; index < column.Count; index++)
            column.Inference.Observe(source.Value(column.Field, index), source.IsSurelyText(column.Field));
    }

    static string Excerpt(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value) is var text && text.Length > 40 ? $"{text[..40]}…" : text;

    static string Describe(ColumnType type) => type switch
    {
        ColumnType.Integer => "a whole number (at most 9007199254740992)",
        ColumnType.Real => "a number",
        _ => "text in UTF-8",
    };
}
