using System.Globalization;
using System.Text;
using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>The rows of a Parquet file, read in place out of the data engine's vectors.</summary>
sealed class ParquetRows : RowSource
{
    const int LongestExcerpt = 200;

    readonly ParquetLayout _layout;
    readonly DataEngine _engine = new();
    readonly ChunkReader _reader;
    readonly CancellationToken _cancellation;

    /// <summary>For each field its position among what was asked for; −1 when it was not.</summary>
    readonly int[] _positions;
    readonly int[] _lists;
    long _before;
    int _row = -1;
    int _rows;

    /// <param name="layout">The file.</param>
    /// <param name="typeOf">What a field becomes; null when it is not wanted.</param>
    /// <param name="cancellation">Stops reading.</param>
    public ParquetRows(ParquetLayout layout, Func<ParquetField, ColumnType?> typeOf, CancellationToken cancellation)
        : base(layout.File.Name)
    {
        (_layout, _cancellation) = (layout, cancellation);
        Fields = [.. layout.Fields.Select(field => new SourceField(field.Name, typeOf(field) ?? ColumnType.Text, field.IsList))];
        var wanted = layout.Fields.Where(field => typeOf(field) is not null).ToList();
        _positions = [.. layout.Fields.Select(field => wanted.IndexOf(field))];
        _lists = [.. layout.Fields.Index().Where(field => field.Item.IsList && _positions[field.Index] >= 0).Select(field => field.Index)];
        try
        {
            var values = wanted.Count == 0 ? "NULL" : string.Join(", ", wanted.Select(field => field.Expression));
            _reader = new ChunkReader(_engine, $"SELECT {values} FROM {layout.Source}");
        }
        catch (InvalidDataException error)
        {
            _engine.Dispose();
            throw ParquetLayout.Damaged(layout.File, error);
        }
    }

    public override IReadOnlyList<SourceField> Fields { get; }

    public override long Line => _before + _row + 1;

    public override bool Next()
    {
        if (++_row == _rows && !NextChunk())
            return false;
        Fault = MissingElement();
        return true;
    }

    public override int CountOf(int field)
    {
        var column = Column(field);
        return column.IsMissing(_row) ? -1 : Fields[field].IsList ? checked((int)column.Lists[_row].Length) : 1;
    }

    public override ReadOnlySpan<byte> Value(int field, int index)
    {
        var column = Column(field);
        return Fields[field].IsList ? column.Elements.Utf8(checked((int)(column.Lists[_row].Offset + index))) : column.Utf8(_row);
    }

    public override string RowText() => string.Join(", ", Enumerable.Range(0, Fields.Count).Where(field => _positions[field] >= 0).Select(field => $"{Fields[field].Name}: {Show(field)}"));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _reader.Dispose();
            _engine.Dispose();
        }

        base.Dispose(disposing);
    }

    ColumnVector Column(int field) => _reader.Column(_positions[field]);

    bool NextChunk()
    {
        _cancellation.ThrowIfCancellationRequested();
        (_before, _row) = (_before + _rows, 0);
        try
        {
            _rows = _reader.Next() ? _reader.Rows : 0;
        }
        catch (InvalidDataException error)
        {
            throw ParquetLayout.Damaged(_layout.File, error);
        }

        if (_rows > 0)
            return true;
        return _before == _layout.Rows
            ? false
            : throw new InvalidDataException($"{Name} gave {_before} rows. Expected {_layout.Rows}, as its footer says: the file is damaged, fetch it again.");
    }

    /// <summary>Lists of examples have values only.</summary>
    RowFault? MissingElement()
    {
        foreach (var field in _lists)
        {
            var column = Column(field);
            if (column.IsMissing(_row) || column.Elements is { IsDense: true })
                continue;
            var (start, length) = column.Lists[_row];
            for (var index = 0; index < length; index++)
            {
                if (column.Elements.IsMissing(checked((int)(start + index))))
                {
                    return new RowFault(Line, field + 1, string.Create(
                        CultureInfo.InvariantCulture, $"a missing value as element {index + 1} of the list in column '{Fields[field].Name}'. Expected values only: leave missing ones out of lists, or give them a value"));
                }
            }
        }

        return null;
    }

    string Show(int field)
    {
        var count = CountOf(field);
        if (count < 0)
            return "NULL";
        if (Fields[field].IsList)
            return $"[{string.Join(", ", Enumerable.Range(0, Math.Min(count, 20)).Select(index => Column(field).Elements.IsMissing(checked((int)(Column(field).Lists[_row].Offset + index))) ? "NULL" : Show(field, index)))}{(count > 20 ? ", …" : "")}]";
        return Show(field, 0);
    }

    string Show(int field, int index)
    {
        var value = Value(field, index);
        if (Fields[field].Type == ColumnType.Bytes)
            return $"0x{Convert.ToHexString(value[..Math.Min(value.Length, 20)])}{(value.Length > 20 ? "…" : "")}";
        var text = Encoding.UTF8.GetString(value);
        return text.Length > LongestExcerpt ? $"{text[..LongestExcerpt]}…" : text;
    }
}
