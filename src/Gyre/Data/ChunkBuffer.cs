using DuckDB.NET.Native;
using Vectors = DuckDB.NET.Native.NativeMethods.Vectors;
using System.Runtime.CompilerServices;

namespace Gyre.Data;

/// <summary>How the engine lays out a value of a column.</summary>
enum ChunkValue
{
    Int32,
    Int64,
    Single,
    Double,
    Text,
    Bytes,
}

/// <summary>A column of chunks.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What a value is.</param>
/// <param name="IsList">Whether a row holds any number of values.</param>
readonly record struct ChunkColumn(string Name, ChunkValue Value, bool IsList = false);

/// <summary>Some consecutive rows in memory of our own, laid out as the engine wants them, so that it takes them by copying blocks.</summary>
sealed class ChunkBuffer
{
    /// <summary>The engine's vector size.</summary>
    public const int Capacity = 2048;

    public ChunkBuffer(IReadOnlyList<ChunkColumn> columns) => Columns = [.. columns.Select(column => new ChunkColumnBuffer(column))];

    public ChunkColumnBuffer[] Columns { get; }

    /// <summary>The rows so far; the next one is filled at this position.</summary>
    public int Count { get; set; }

    public int Free => Capacity - Count;

    public void Clear()
    {
        Count = 0;
        foreach (var column in Columns)
            column.Clear();
    }
}

/// <summary>The values of one column of a chunk.</summary>
sealed unsafe class ChunkColumnBuffer
{
    const int LongestInlineText = 12;
    const int TextSize = 16;
    const int ListSize = 16;

    readonly ChunkColumn _column;
    readonly int _size;
    readonly ulong[] _validity;
    readonly ChunkColumnBuffer? _elements;
    byte[] _values;
    byte[] _texts = [];
    int _textLength;
    bool _hasMissing;

    public ChunkColumnBuffer(ChunkColumn column)
    {
        _column = column;
        _size = column.IsList ? ListSize : column.Value switch { ChunkValue.Int32 or ChunkValue.Single => 4, ChunkValue.Int64 or ChunkValue.Double => 8, _ => TextSize };
        _values = Pinned(ChunkBuffer.Capacity * _size);
        _validity = new ulong[ChunkBuffer.Capacity / 64];
        _elements = column.IsList ? new ChunkColumnBuffer(column with { IsList = false }) : null;
        Clear();
    }

    /// <summary>Whether values are stored as texts or bytes.</summary>
    public bool IsText => _column.Value is ChunkValue.Text or ChunkValue.Bytes;

    public ChunkValue Value => _column.Value;

    public bool IsList => _column.IsList;

    /// <summary>Of the elements of a list column: how many there are so far.</summary>
    int Length { get; set; }

    public void Clear()
    {
        (_textLength, Length) = (0, 0);
        if (_hasMissing)
            _validity.AsSpan().Fill(ulong.MaxValue);
        _hasMissing = false;
        _elements?.Clear();
    }

    /// <summary>The places of values, of a column of numbers.</summary>
    public Span<T> Values<T>()
        where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(_values.AsSpan());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set<T>(int row, T value)
        where T : unmanaged => Unsafe.WriteUnaligned(ref _values[row * _size], value);

    public void SetMissing(int row)
    {
        if (!_hasMissing)
            _validity.AsSpan().Fill(ulong.MaxValue);
        _hasMissing = true;
        _validity[row >> 6] &= ~(1UL << (row & 63));
        _values.AsSpan(row * _size, _size).Clear();
    }

    /// <summary>Stores a text.</summary>
    /// <param name="row">The position.</param>
    /// <param name="utf8">Valid UTF-8, checked by whoever made it; of a column of bytes, these.</param>
    public void SetText(int row, ReadOnlySpan<byte> utf8)
    {
        var target = _values.AsSpan(row * TextSize, TextSize);
        Unsafe.WriteUnaligned(ref target[0], utf8.Length);
        if (utf8.Length <= LongestInlineText)
        {
            target[4..].Clear();
            utf8.CopyTo(target[4..]);
            return;
        }

        // The position among the texts becomes an address when the engine takes the chunk: they may move until then.
        utf8[..4].CopyTo(target[4..]);
        Unsafe.WriteUnaligned(ref target[8], (long)_textLength);
        Reserve(utf8.Length);
        utf8.CopyTo(_texts.AsSpan(_textLength));
        _textLength += utf8.Length;
    }

    public void SetText(int row, string text)
    {
        var longest = System.Text.Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = longest <= 512 ? null : System.Buffers.ArrayPool<byte>.Shared.Rent(longest);
        var buffer = rented is null ? stackalloc byte[512] : rented.AsSpan();
        SetText(row, buffer[..System.Text.Encoding.UTF8.GetBytes(text, buffer)]);
        if (rented is not null)
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Begins the list of a row.</summary>
    /// <param name="row">The position.</param>
    /// <param name="length">How many elements it has.</param>
    /// <returns>Where the first of them stands in <paramref name="elements"/>.</returns>
    /// <param name="elements">Where the elements go.</param>
    public int BeginList(int row, int length, out ChunkColumnBuffer elements)
    {
        elements = _elements!;
        var start = elements.Length;
        Set(row, new ListEntry(start, length));
        elements.Length = checked(start + length);
        elements.ReserveElements();
        return start;
    }

    /// <summary>Copies the values into a vector of the engine, which keeps pointing at the longer texts here until it takes the next chunk.</summary>
    public void CopyTo(IntPtr vector, int rows)
    {
        CopyValues(vector, rows);
        if (_hasMissing)
        {
            Vectors.DuckDBVectorEnsureValidityWritable(vector);
            _validity.AsSpan(0, (rows + 63) / 64).CopyTo(new Span<ulong>(Vectors.DuckDBVectorGetValidity(vector), (rows + 63) / 64));
        }

        if (_elements is null)
            return;
        Require(Vectors.DuckDBListVectorReserve(vector, (ulong)_elements.Length));
        Require(Vectors.DuckDBListVectorSetSize(vector, (ulong)_elements.Length));
        if (_elements.Length > 0)
            _elements.CopyValues(Vectors.DuckDBListVectorGetChild(vector), _elements.Length);
    }

    void CopyValues(IntPtr vector, int rows)
    {
        var target = (byte*)Vectors.DuckDBVectorGetData(vector);
        _values.AsSpan(0, rows * _size).CopyTo(new Span<byte>(target, rows * _size));
        if (!IsText || IsList || _textLength == 0)
            return;
        var texts = (byte*)Unsafe.AsPointer(ref _texts[0]);
        for (var row = 0; row < rows; row++, target += TextSize)
        {
            if (*(int*)target > LongestInlineText)
                *(byte**)(target + 8) = texts + *(long*)(target + 8);
        }
    }

    static void Require(DuckDBState state)
    {
        if (!state.IsSuccess())
            throw new InvalidOperationException("The data engine has no memory for lists.");
    }

    void Reserve(int more)
    {
        if (_texts.Length - _textLength >= more)
            return;
        var larger = Pinned(Math.Max(_texts.Length * 2, checked(_textLength + Math.Max(more, 1 << 14))));
        _texts.AsSpan(0, _textLength).CopyTo(larger);
        _texts = larger;
    }

    void ReserveElements()
    {
        if (_values.Length >= (long)Length * _size)
            return;
        var larger = Pinned(Math.Max(_values.Length * 2, checked(Length * _size)));
        _values.AsSpan().CopyTo(larger);
        _values = larger;
    }

    /// <summary>Memory that does not move, for the engine reads it.</summary>
    static byte[] Pinned(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);
}
