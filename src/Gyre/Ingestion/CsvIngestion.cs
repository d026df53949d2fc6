using System.Text;
using Gyre.Data;
using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>What came of reading CSV files.</summary>
/// <param name="Columns">The columns with the types found.</param>
/// <param name="RowsOfSplits">For each split, in order, its number of examples.</param>
/// <param name="Rejected">Rows that were not what the format demands.</param>
/// <param name="Filtered">Rows without a value that must be there.</param>
sealed record CsvResult(IReadOnlyList<ExampleColumn> Columns, IReadOnlyList<KeyValuePair<string, long>> RowsOfSplits, long Rejected, long Filtered);

/// <summary>
/// Reads CSV files into splits of typed columns. All values are kept as text until every row has been seen, for only
/// then the types are known; then each split is written.
/// </summary>
sealed class CsvIngestion : IDisposable
{
    /// <summary>What exceeds it goes to the temporary directory.</summary>
    const long MemoryLimit = 1L << 30;

    readonly CsvOptions _options;
    readonly string _outputDirectory;
    readonly Action<Progress> _report;
    readonly CancellationToken _cancellation;
    readonly DataEngine _engine;
    readonly SplitRule _rule;
    readonly RejectedRows _rejected;
    readonly List<ChunkAppender> _splits = [];
    readonly long[] _rows;
    readonly byte[][] _nullTokens;
    CsvColumnPlan[] _columns = [];
    int[] _splitBy = [];
    long _read;
    long _filtered;

    CsvIngestion(CsvOptions options, string outputDirectory, string temporaryDirectory, Action<Progress> report, CancellationToken cancellation)
    {
        (_options, _outputDirectory, _report, _cancellation) = (options, outputDirectory, report, cancellation);
        _engine = new DataEngine(threads: 1, temporaryDirectory, Math.Min(MemoryLimit, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4));
        _rule = new SplitRule(options.Splits);
        _rows = new long[options.Splits.Count];
        _nullTokens = [.. options.NullTokens.Select(Encoding.UTF8.GetBytes)];
        _rejected = new RejectedRows(Path.Join(outputDirectory, Examples.RejectedFile));
    }

    /// <summary>Reads files and writes the content of an <see cref="Examples"/> artifact. The bytes written depend on the files and options alone.</summary>
    /// <param name="options">How to read.</param>
    /// <param name="files">For each file its path and the name by which messages call it; read in this order.</param>
    /// <param name="outputDirectory">Where the splits and the rejected rows go.</param>
    /// <param name="temporaryDirectory">Where rows may wait that do not fit into memory.</param>
    /// <param name="report">Is told how far the work is.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="InvalidDataException">The files do not hold what was expected; the message says where and what to do.</exception>
    public static CsvResult Run(
        CsvOptions options,
        IReadOnlyList<(string Path, string Name)> files,
        string outputDirectory,
        string temporaryDirectory,
        Action<Progress> report,
        CancellationToken cancellation = default)
    {
        using var ingestion = new CsvIngestion(options, outputDirectory, temporaryDirectory, report, cancellation);
        foreach (var (path, name) in files)
            ingestion.ReadFile(path, name);
        return ingestion.Finish(string.Join(", ", files.Select(file => file.Name)));
    }

    public void Dispose()
    {
        foreach (var split in _splits)
            split.Dispose();
        _rejected.Dispose();
        _rule.Dispose();
        _engine.Dispose();
    }

    void ReadFile(string path, string name)
    {
        using var scanner = new CsvScanner(CsvSource.Open(path, name, _options.Entry), name, (byte)_options.Delimiter[0]);
        var header = CsvHeader.Read(scanner, name);
        if (_columns.Length == 0)
            Plan(header);
        Bind(header);
        while (scanner.Next(out var isSound))
        {
            if (_read++ % ChunkAppender.Capacity == 0)
            {
                _cancellation.ThrowIfCancellationRequested();
                _report(new Progress { Rows = _read, Message = $"reading {name}" });
            }

            ReadRow(scanner, header, isSound);
        }
    }

    /// <summary>Decides on columns and makes a table for each split.</summary>
    void Plan(CsvHeader header)
    {
        var columns = _options.Columns ?? header.AllColumns();
        header.Bind(columns);
        var names = columns.Select(column => column.Name).ToList();
        var unknown = _options.UnknownColumns(names).ToList();
        if (unknown.Count > 0)
            throw new InvalidDataException($"{header.File}: {string.Join(" ", unknown)}");

        _columns = [.. columns.Select(column => new CsvColumnPlan(
            column,
            column.Type ?? (_options.Types.TryGetValue(column.Name, out var type) ? type : null),
            [.. _nullTokens, .. column.NullTokens.Select(Encoding.UTF8.GetBytes)],
            _options.RequireValues.Contains(column.Name, StringComparer.Ordinal)))];

        // By name, so that the order of columns in the file does not decide.
        _splitBy = [.. (_options.SplitBy ?? names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => names.IndexOf(name))];
        for (var split = 0; split < _options.Splits.Count; split++)
        {
            _engine.Execute($"CREATE TABLE {Table(split)} ({string.Join(", ", names.Select(name => $"{SqlText.Identifier(name)} VARCHAR"))})");
            _splits.Add(new ChunkAppender(_engine, Table(split), names.Count));
        }
    }

    void Bind(CsvHeader header)
    {
        var positions = header.Bind([.. _columns.Select(column => column.Column)]);
        var surplus = _options.Columns is null ? header.Names.Where((_, index) => !positions.Contains(index)).ToList() : [];
        if (surplus.Count > 0)
        {
            throw new InvalidDataException(
                $"{header.File}:1: the columns {string.Join(", ", surplus.Select(column => $"'{column}'"))} are not in the first file. "
                + "Expected the same columns in all files: correct the file, or choose with Columns what all have.");
        }

        for (var column = 0; column < _columns.Length; column++)
            _columns[column].Field = positions[column];
    }

    void ReadRow(CsvScanner scanner, CsvHeader header, bool isSound)
    {
        if (!isSound)
        {
            Reject(scanner, header, scanner.PlaceOfFault(), scanner.Fault);
            return;
        }

        if (scanner.PlaceOfInvalidUtf8() is { } invalid)
        {
            Reject(scanner, header, invalid, "bytes that are no valid UTF-8. Expected a file in UTF-8; if it is in another encoding, convert it, for example with 'iconv -f LATIN1 -t UTF-8'");
            return;
        }

        if (scanner.FieldCount != header.Names.Count)
        {
            var reason = $"{scanner.FieldCount} fields. Expected {header.Names.Count}, as in the header: "
                + (scanner.FieldCount > header.Names.Count ? "enclose fields that hold the delimiter in quotes" : "add the fields that are missing, or look for a line break outside quotes");
            Reject(scanner, header, scanner.PlaceOf(Math.Min(scanner.FieldCount, header.Names.Count) - 1), reason);
            return;
        }

        var isComplete = true;
        foreach (var column in _columns)
        {
            var value = scanner.Value(column.Field);
            column.IsMissing = column.MeansMissing(value);
            if (column.IsMissing)
            {
                isComplete &= !column.IsRequired;
            }
            else if (column.Demanded is { } type && !TypeInference.Fits(value, type))
            {
                Reject(scanner, header, scanner.PlaceOf(column.Field), $"'{Excerpt(value)}' in column '{column.Column.Name}'. Expected {Describe(type)}: correct the value, or give it as a null token");
                return;
            }
        }

        if (isComplete)
            Keep(scanner);
        else
            _filtered++;
    }

    void Keep(CsvScanner scanner)
    {
        foreach (var key in _splitBy)
        {
            if (_columns[key].IsMissing)
                _rule.AddMissing();
            else
                _rule.Add(scanner.Value(_columns[key].Field));
        }

        var split = _rule.Decide();
        var rows = _splits[split];
        for (var column = 0; column < _columns.Length; column++)
        {
            if (_columns[column].IsMissing)
            {
                rows.SetMissing(column, rows.Count);
                continue;
            }

            var value = scanner.Value(_columns[column].Field);
            _columns[column].Inference.Observe(value);
            rows.SetUtf8(column, rows.Count, value);
        }

        rows.Advance(1);
        _rows[split]++;
    }

    void Reject(CsvScanner scanner, CsvHeader header, (long Line, long Position) place, string reason) =>
        _rejected.Add(new Rejection(header.File, place.Line, place.Position, $"found {reason}", Encoding.UTF8.GetString(scanner.Record).TrimEnd('\r', '\n')));

    CsvResult Finish(string files)
    {
        _rejected.RequireAtMost(_options.MaxRejected, _read);
        if (_read == 0)
            throw new InvalidDataException($"{files}: there are no rows below the header. Expected at least one: check how the file was made.");
        if (_rows.Sum() == 0)
        {
            throw new InvalidDataException(
                $"{files}: no row is left of {_read}: {_rejected.Count} were rejected and {_filtered} lack a value in {string.Join(" or ", _options.RequireValues)}. "
                + "Expected at least one: look at the data, at NullTokens and at RequireValues.");
        }

        RequireRowsInEverySplit();
        var result = _options.Splits.Select((split, index) => KeyValuePair.Create(split.Name, Write(split, index))).ToList();
        var written = result.Sum(split => split.Value);
        if (written + _rejected.Count + _filtered != _read)
            throw new InvalidDataException($"Of {_read} rows, {written} were written, {_rejected.Count} rejected and {_filtered} filtered, which is not the same number. This is a fault of Gyre; please report it with the file.");
        return new CsvResult([.. _columns.Select(column => new ExampleColumn(column.Column.Name, column.Type))], result, _rejected.Count, _filtered);
    }

    void RequireRowsInEverySplit()
    {
        var empty = _options.Splits.Where((_, index) => _rows[index] == 0).Select(split => $"'{split.Name}'").ToList();
        if (empty.Count > 0)
        {
            throw new InvalidDataException(
                $"The split {string.Join(" and ", empty)} got none of the {_rows.Sum()} examples. Expected some in every split: "
                + $"bring more rows, change the shares with Splits{(_options.SplitBy is null ? "" : ", or split by a column with more different values")}.");
        }
    }

    /// <returns>The number of rows in the file, as the file itself says.</returns>
    long Write(Split split, int index)
    {
        _splits[index].Complete();
        _report(new Progress { Rows = _read, TotalRows = _read, Message = $"writing {split.Name}" });
        var path = Path.Join(_outputDirectory, Examples.RelativeFileOf(split.Name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _engine.Run(
            ParquetWriter.CopyToParquet($"(SELECT {string.Join(", ", _columns.Select(column => column.Sql))} FROM {Table(index)})", path), _cancellation);
        _engine.Execute($"DROP TABLE {Table(index)}");
        return ParquetFile.Count(_engine, path);
    }

    static string Table(int split) => $"split_{split}";

    static string Excerpt(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value) is var text && text.Length > 40 ? $"{text[..40]}…" : text;

    static string Describe(ColumnType type) => type == ColumnType.Integer ? "a whole number (at most 9007199254740992)" : "a number";
}
