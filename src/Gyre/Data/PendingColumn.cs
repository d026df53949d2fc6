using System.Runtime.InteropServices;
using ParquetSharp;
using ParquetSharp.Schema;
using Encoding = System.Text.Encoding;

namespace Gyre.Data;

/// <summary>The values of one column of a row group that is yet to be written, with Parquet's levels, which say what is missing and where lists begin.</summary>
abstract class PendingColumn(ParquetColumn column)
{
    /// <summary>The names that Parquet prescribes for the parts of a list (LogicalTypes.md of Apache Parquet).</summary>
    public const string List = "list";

    /// <inheritdoc cref="List"/>
    public const string Element = "element";

    /// <summary>Values are there on this level: of lists an empty one stands on the level below.</summary>
    readonly short _present = (short)(column.IsList ? 2 : 1);

    short[] _definitions = [];
    short[] _repetitions = [];
    int _levels;

    protected ParquetColumn Column => column;

    protected ReadOnlySpan<short> Definitions => _definitions.AsSpan(0, _levels);

    protected ReadOnlySpan<short> Repetitions => column.IsList ? _repetitions.AsSpan(0, _levels) : default;

    public static PendingColumn Of(ParquetColumn column) => column.Type switch
    {
        ParquetType.Float => new PendingNumbers<float>(column, PhysicalType.Float, float.IsNaN),
        ParquetType.Double => new PendingNumbers<double>(column, PhysicalType.Double, double.IsNaN),
        ParquetType.Integer => new PendingNumbers<long>(column, PhysicalType.Int64, static _ => false),
        ParquetType.IntegerList => new PendingNumbers<int>(column, PhysicalType.Int32, static _ => false),
        _ => new PendingTexts(column),
    };

    /// <summary>How the schema describes the column.</summary>
    public Node Node()
    {
        if (!column.IsList)
            return Primitive(column.Name, Repetition.Optional);
        using var element = Primitive(Element, Repetition.Required);
        using var list = new GroupNode(List, Repetition.Repeated, [element]);
        using var type = LogicalType.List();
        return new GroupNode(column.Name, Repetition.Optional, [list], type);
    }

    /// <summary>Adds some rows.</summary>
    public abstract void Add(ColumnValues values, int start, int count);

    /// <summary>Writes all rows, and forgets them.</summary>
    public void WriteTo(ColumnWriter writer)
    {
        Write(writer);
        _levels = 0;
    }

    protected abstract Node Primitive(string name, Repetition repetition);

    protected abstract void Write(ColumnWriter writer);

    protected void AddLevel(bool isPresent)
    {
        Reserve(1);
        _definitions[_levels++] = isPresent ? _present : (short)0;
    }

    /// <summary>A list of so many elements; an empty one has a level, but no element.</summary>
    protected void AddList(int length)
    {
        var levels = Math.Max(1, length);
        Reserve(levels);
        _definitions.AsSpan(_levels, levels).Fill(length == 0 ? (short)1 : _present);
        _repetitions.AsSpan(_levels, levels).Fill(1);
        _repetitions[_levels] = 0;
        _levels += levels;
    }

    protected static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            Array.Resize(ref array, (int)Math.Min(Array.MaxLength, Math.Max(length, array.Length * 2L)));
    }

    void Reserve(int more)
    {
        Grow(ref _definitions, _levels + more);
        if (column.IsList)
            Grow(ref _repetitions, _levels + more);
    }
}

/// <summary>Numbers, or lists of them.</summary>
sealed class PendingNumbers<T>(ParquetColumn column, PhysicalType type, Func<T, bool> isMissing) : PendingColumn(column)
    where T : unmanaged
{
    T[] _values = [];
    int _count;

    public override void Add(ColumnValues values, int start, int count)
    {
        switch (values)
        {
            case FloatValues { Width: > 1 } floats:
                for (var row = 0; row < count; row++)
                    AddList(floats.Width);
                Append(Cast(floats.Values.AsSpan(start * floats.Width, count * floats.Width)));
                break;
            case IntegerListValues lists:
                for (var row = start; row < start + count; row++)
                    AddList(lists.Offsets[row + 1] - lists.Offsets[row]);
                Append(Cast(lists.Values.AsSpan(lists.Offsets[start]..lists.Offsets[start + count])));
                break;
            case FloatValues floats:
                AddPresent(Cast(floats.Values.AsSpan(start, count)));
                break;
            case DoubleValues doubles:
                AddPresent(Cast(doubles.Values.AsSpan(start, count)));
                break;
            case IntegerValues integers:
                AddPresent(Cast(integers.Values.AsSpan(start, count)));
                break;
        }
    }

    protected override Node Primitive(string name, Repetition repetition)
    {
        using var none = LogicalType.None();
        return new PrimitiveNode(name, repetition, none, type);
    }

    protected override void Write(ColumnWriter writer)
    {
        ((ColumnWriter<T>)writer).WriteBatch(Definitions.Length, Definitions, Repetitions, _values.AsSpan(0, _count));
        _count = 0;
    }

    void AddPresent(ReadOnlySpan<T> values)
    {
        Grow(ref _values, _count + values.Length);
        foreach (var value in values)
        {
            var isPresent = !isMissing(value);
            AddLevel(isPresent);
            _values[_count] = value;
            _count += isPresent ? 1 : 0;
        }
    }

    void Append(ReadOnlySpan<T> values)
    {
        Grow(ref _values, _count + values.Length);
        values.CopyTo(_values.AsSpan(_count));
        _count += values.Length;
    }

    static ReadOnlySpan<T> Cast<TGiven>(ReadOnlySpan<TGiven> values)
        where TGiven : unmanaged => MemoryMarshal.Cast<TGiven, T>(values);
}

/// <summary>Texts, as UTF-8.</summary>
sealed class PendingTexts(ParquetColumn column) : PendingColumn(column)
{
    readonly List<int> _ends = [];
    byte[] _bytes = [];
    int _length;

    public override void Add(ColumnValues values, int start, int count)
    {
        foreach (var text in ((TextValues)values).Values.AsSpan(start, count))
        {
            AddLevel(text is not null);
            if (text is null)
                continue;
            Grow(ref _bytes, _length + Encoding.UTF8.GetMaxByteCount(text.Length));
            _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
            _ends.Add(_length);
        }
    }

    protected override Node Primitive(string name, Repetition repetition)
    {
        using var text = LogicalType.String();
        return new PrimitiveNode(name, repetition, text, PhysicalType.ByteArray);
    }

    protected override unsafe void Write(ColumnWriter writer)
    {
        var texts = new ByteArray[_ends.Count];
        fixed (byte* bytes = _bytes)
        {
            for (int i = 0, start = 0; i < texts.Length; start = _ends[i++])
                texts[i] = new ByteArray((nint)(bytes + start), _ends[i] - start);
            ((ColumnWriter<ByteArray>)writer).WriteBatch(Definitions.Length, Definitions, Repetitions, texts);
        }

        _ends.Clear();
        _length = 0;
    }
}
