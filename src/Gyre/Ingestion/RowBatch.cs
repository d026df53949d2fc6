using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Gyre.Ingestion;

/// <summary>A row of a batch.</summary>
/// <param name="Start">Where its values begin.</param>
/// <param name="KeyEnd">Where those end that decide its split.</param>
/// <param name="Split">Its split; <see cref="SplitRule.Later"/> when it is yet to be decided by its content.</param>
/// <param name="File">The position of its file in the list of origins.</param>
/// <param name="Line">The line on which it begins.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct BatchRow(int Start, int KeyEnd, int Split, int File, long Line);

/// <summary>
/// Some consecutive rows on their way from the thread that reads to the one that writes. A value is its length, four
/// bytes, and its bytes; −1 in place of a length means that it is missing, −2 − n that n values follow. Where the content
/// of a row decides its split, this is the content.
/// </summary>
sealed class RowBatch
{
    const int MostRows = 2048;
    const int MostBytes = 4 << 20;

    readonly List<BatchRow> _rows = new(MostRows);
    byte[] _bytes = new byte[1 << 16];
    int _length;

    public ReadOnlySpan<BatchRow> Rows => CollectionsMarshal.AsSpan(_rows);

    public bool IsFull => _rows.Count == MostRows || _length >= MostBytes;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Clear()
    {
        _rows.Clear();
        _length = 0;
    }

    /// <summary>Adds the row on which a source stands.</summary>
    /// <param name="source">The source.</param>
    /// <param name="columns">The columns, those first that decide its split.</param>
    /// <param name="keys">How many these are.</param>
    /// <param name="split">Its split, or <see cref="SplitRule.Later"/>.</param>
    /// <param name="file">The position of its file in the list of origins.</param>
    public void Add(RowSource source, ColumnPlan[] columns, int keys, int split, int file)
    {
        var (start, keyEnd) = (_length, _length);
        for (var index = 0; index < columns.Length; index++)
        {
            Add(source, columns[index]);
            if (index + 1 == keys)
                keyEnd = _length;
        }

        _rows.Add(new BatchRow(start, keyEnd, split, file, source.Line));
    }

    void Add(RowSource source, ColumnPlan column)
    {
        if (column.Count != 1)
            BinaryPrimitives.WriteInt32LittleEndian(Extend(sizeof(int)), column.Count < 0 ? -1 : -2 - column.Count);
        for (var index = 0; index < column.Count; index++)
        {
            var value = source.Value(column.Field, index);
            var target = Extend(sizeof(int) + value.Length);
            BinaryPrimitives.WriteInt32LittleEndian(target, value.Length);
            value.CopyTo(target[sizeof(int)..]);
        }
    }

    Span<byte> Extend(int more)
    {
        if (_bytes.Length - _length < more)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, checked(_length + more)));
        _length += more;
        return _bytes.AsSpan(_length - more, more);
    }
}

/// <summary>Goes through the values of a row of a batch.</summary>
ref struct BatchValues(ReadOnlySpan<byte> values)
{
    ReadOnlySpan<byte> _rest = values;

    /// <summary>How many values the next column has; −1 when it is missing.</summary>
    public int NextCount()
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(_rest);
        if (length >= 0)
            return 1;
        _rest = _rest[sizeof(int)..];
        return length == -1 ? -1 : -2 - length;
    }

    public ReadOnlySpan<byte> NextValue()
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(_rest);
        var value = _rest.Slice(sizeof(int), length);
        _rest = _rest[(sizeof(int) + length)..];
        return value;
    }
}
