using System.Text.Json;
using Gyre.Data;
using Gyre.Data.TfRecords;

namespace Gyre.Ingestion;

/// <summary>What becomes of the rows in one reading of all files: where they go, and how many went where.</summary>
sealed class RowPass : IDisposable
{
    readonly IngestionOptions _options;
    readonly DataEngine _engine;
    readonly string _outputDirectory;
    readonly RejectedRows _rejected;
    readonly SplitWriters? _writers;
    ExampleEncoder? _encoder;
    long _kept;
    bool _isInVain;

    /// <param name="options">How rows are read.</param>
    /// <param name="engine">What writes them.</param>
    /// <param name="outputDirectory">Where the splits and the rejected rows go.</param>
    /// <param name="rule">Which split each row belongs to.</param>
    /// <param name="columns">The columns to write; none when rows are only looked at.</param>
    public RowPass(IngestionOptions options, DataEngine engine, string outputDirectory, SplitRule rule, IReadOnlyList<ColumnPlan> columns)
    {
        (_options, _engine, _outputDirectory, Rule) = (options, engine, outputDirectory, rule);
        _rejected = new RejectedRows(Path.Join(outputDirectory, Examples.RejectedFile));
        if (columns.Count == 0)
            return;
        foreach (var split in options.Splits.Names)
            Directory.CreateDirectory(Path.GetDirectoryName(FileOf(split))!);
        _writers = new SplitWriters(engine, rule, columns, [.. options.Splits.Names.Select(split => (FileOf(split), Path.Join(outputDirectory, Examples.RelativeOriginsOf(split))))]);
    }

    public SplitRule Rule { get; }

    /// <summary>The rows read.</summary>
    public long Read { get; set; }

    /// <summary>Rows without a value that must be there.</summary>
    public long Filtered { get; set; }

    public void Reject(RowSource source, (long Line, long Position) place, string reason) =>
        _rejected.Add(new Rejection(source.Name, place.Line, place.Position, $"found {reason}", source.RowText()));

    /// <summary>Keeps the row on which a source stands.</summary>
    /// <param name="split">Its split; <see cref="SplitRule.Later"/> where its content decides.</param>
    /// <param name="source">The source.</param>
    /// <param name="file">The position of its file in the list of origins.</param>
    /// <param name="canBeWritten">Whether its values have the types that are written. After a row whose have not, none is written.</param>
    public void Keep(int split, RowSource source, int file, bool canBeWritten)
    {
        _kept++;
        _isInVain |= !canBeWritten;
        if (!_isInVain)
            _writers?.Add(split, source, file);
    }

    /// <summary>The row as TFX would write it, where the source has it otherwise.</summary>
    public ReadOnlySpan<byte> Encode(RowSource source, ColumnPlan[] columns)
    {
        _encoder ??= new ExampleEncoder([.. columns.Select(column => column.WrittenColumn)]);
        return _encoder.Encode(new SourceRow(source, columns));
    }

    /// <summary>Fails when too many rows were rejected, or nothing is left.</summary>
    public void RequireRows(IReadOnlyList<SourceFile> files, IReadOnlyList<ColumnPlan> columns)
    {
        var names = string.Join(", ", files.Select(file => file.Name));
        _rejected.RequireAtMost(_options.MaxRejected, Read);
        if (Read == 0)
            throw new InvalidDataException($"{names}: there are no rows{_options.BelowHeader}. Expected at least one: check how the file was made.");
        if (_kept == 0)
        {
            throw new InvalidDataException(
                $"{names}: no row is left of {Read}: {_rejected.Count} were rejected and {Filtered} lack a value in {string.Join(" or ", _options.RequireValues)}. "
                + "Expected at least one: look at the data, at NullTokens and at RequireValues.");
        }

        if (columns.Count == 0)
            throw new InvalidDataException($"{names}: no row has a column. Expected at least one: check how the file was made.");
    }

    /// <summary>Makes the files of all splits appear.</summary>
    public IngestionResult Finish(IReadOnlyList<SourceFile> files, IReadOnlyList<ColumnPlan> columns)
    {
        var rows = _writers!.Flush();
        if (_options.RequireEverySplit)
            SplitCounts.RequireRows(_options.Splits.Names, rows, _options.SplitBy is not null);
        _writers.Complete();
        var result = _options.Splits.Names.Select(split => KeyValuePair.Create(split, ParquetFile.Count(_engine, FileOf(split)))).ToList();
        var written = result.Sum(split => split.Value);
        if (written + _rejected.Count + Filtered != Read)
            throw new InvalidDataException($"Of {Read} rows, {written} were written, {_rejected.Count} rejected and {Filtered} filtered, which is not the same number. This is a fault of Gyre; please report it with the file.");
        File.WriteAllText(
            Path.Join(_outputDirectory, Examples.OriginsFile),
            JsonSerializer.Serialize(new { files = files.Select(file => new { file.Name, file.Fingerprint, file.Span, file.Version }) }, RowIngestion.OriginsJson));
        return new IngestionResult([.. columns.Select(column => column.Result)], result, _rejected.Count, Filtered)
        {
            ColumnsWithoutValues = [.. columns.Where(column => column.IsOpen && !column.Inference.HasValues).Select(column => column.Column.Name)],
        };
    }

    public void Dispose()
    {
        _writers?.Dispose();
        _rejected.Dispose();
        Rule.Dispose();
    }

    string FileOf(string split) => Path.Join(_outputDirectory, Examples.RelativeFileOf(split));

    /// <summary>The row on which a source stands, with the values that are being read.</summary>
    readonly struct SourceRow(RowSource source, ColumnPlan[] columns) : IExampleRow
    {
        public int CountOf(int column) => columns[column].Count;

        public long Integer(int column, int index) => NumberText.Integer(Bytes(column, index));

        public double Real(int column, int index) => NumberText.Real(Bytes(column, index));

        public ReadOnlySpan<byte> Bytes(int column, int index) => source.Value(columns[column].Field, index);
    }
}
