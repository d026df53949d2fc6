using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using DuckDB.NET.Native;

namespace Gyre.Data;

/// <summary>
/// Appends rows to a table of the engine by filling its vectors in place. Chunks are always cut after
/// <see cref="Capacity"/> rows, so that a table's layout does not depend on how its rows came.
/// </summary>
sealed unsafe class ChunkAppender : IDisposable
{
    /// <summary>The engine's vector size.</summary>
    public const int Capacity = 2048;

    readonly DuckDBAppender _appender;
    readonly DuckDBDataChunk _chunk;
    readonly IntPtr[] _vectors;

    public ChunkAppender(DataEngine engine, string table, int columns)
    {
        Require(NativeMethods.Appender.DuckDBAppenderCreate(engine.Connection.NativeConnection, null!, table, out _appender));
        var types = new DuckDBLogicalType[columns];
        try
        {
            for (var column = 0; column < columns; column++)
                types[column] = NativeMethods.Appender.DuckDBAppenderColumnType(_appender, (ulong)column);
            _chunk = NativeMethods.DataChunks.DuckDBCreateDataChunk(Array.ConvertAll(types, type => type.DangerousGetHandle()), (ulong)columns);
            _vectors = [.. Enumerable.Range(0, columns).Select(column => NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk, column))];
        }
        finally
        {
            foreach (var type in types)
                type?.Dispose();
        }
    }

    /// <summary>Rows in the chunk so far; the caller fills each column at this position and then calls <see cref="Advance"/>.</summary>
    public int Count { get; private set; }

    public int Free => Capacity - Count;

    public void SetMissing(int column, int row)
    {
        var vector = Vector(column);
        NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(vector);
        NativeMethods.Vectors.DuckDBVectorGetValidity(vector)[row >> 6] &= ~(1UL << (row & 63));
    }

    /// <summary>The places of a column's values in this chunk.</summary>
    public Span<T> Values<T>(int column)
        where T : unmanaged => new(NativeMethods.Vectors.DuckDBVectorGetData(Vector(column)), Capacity);

    /// <param name="column">The column.</param>
    /// <param name="row">The position in the chunk.</param>
    /// <param name="utf8">Valid UTF-8, checked by whoever made it; of a column of bytes, these.</param>
    public void SetUtf8(int column, int row, ReadOnlySpan<byte> utf8)
    {
        fixed (byte* bytes = utf8)
        {
            byte none = 0;
            NativeMethods.Vectors.DuckDBUnsafeVectorAssignStringElementLength(Vector(column), (ulong)row, bytes is null ? &none : bytes, utf8.Length);
        }
    }

    public void SetText(int column, int row, string text)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = longest <= 512 ? null : System.Buffers.ArrayPool<byte>.Shared.Rent(longest);
        var buffer = rented is null ? stackalloc byte[512] : rented.AsSpan();
        SetUtf8(column, row, buffer[..Encoding.UTF8.GetBytes(text, buffer)]);
        if (rented is not null)
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Appends lists that lie one after the other, to the rows from <see cref="Count"/> on.</summary>
    /// <param name="column">The column.</param>
    /// <param name="elements">The elements of all lists.</param>
    /// <param name="lengths">The length of each list.</param>
    public void SetLists<T>(int column, ReadOnlySpan<T> elements, ReadOnlySpan<int> lengths)
        where T : unmanaged
    {
        var vector = Vector(column);
        var start = NativeMethods.Vectors.DuckDBListVectorGetSize(vector);
        var size = (ulong)(start + elements.Length);
        Require(NativeMethods.Vectors.DuckDBListVectorReserve(vector, size));
        Require(NativeMethods.Vectors.DuckDBListVectorSetSize(vector, size));
        var target = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(NativeMethods.Vectors.DuckDBListVectorGetChild(vector));
        MemoryMarshal.AsBytes(elements).CopyTo(new Span<byte>(target + (start * Unsafe.SizeOf<T>()), elements.Length * Unsafe.SizeOf<T>()));
        var entries = Values<ListEntry>(column)[Count..];
        for (var row = 0; row < lengths.Length; row++)
        {
            entries[row] = new ListEntry(start, lengths[row]);
            start += lengths[row];
        }
    }

    /// <summary>Makes room for the list of the row at <see cref="Count"/>.</summary>
    /// <param name="column">The column, of lists of texts or bytes.</param>
    /// <param name="length">How many elements it has.</param>
    /// <returns>Where the first of them stands, for <see cref="SetElement"/>.</returns>
    public long BeginList(int column, int length)
    {
        var vector = Vector(column);
        var start = NativeMethods.Vectors.DuckDBListVectorGetSize(vector);
        Require(NativeMethods.Vectors.DuckDBListVectorReserve(vector, (ulong)(start + length)));
        Require(NativeMethods.Vectors.DuckDBListVectorSetSize(vector, (ulong)(start + length)));
        Values<ListEntry>(column)[Count] = new ListEntry(start, length);
        return start;
    }

    /// <summary>Fills an element of a list of texts or bytes.</summary>
    public void SetElement(int column, long position, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value)
        {
            byte none = 0;
            NativeMethods.Vectors.DuckDBUnsafeVectorAssignStringElementLength(
                NativeMethods.Vectors.DuckDBListVectorGetChild(Vector(column)), (ulong)position, bytes is null ? &none : bytes, value.Length);
        }
    }

    /// <summary>Counts rows that have been filled; a full chunk goes to the table.</summary>
    public void Advance(int rows)
    {
        Count += rows;
        if (Count == Capacity)
            Flush();
    }

    /// <summary>Brings everything into the table.</summary>
    public void Complete()
    {
        Flush();
        Require(NativeMethods.Appender.DuckDBAppenderClose(_appender));
    }

    public void Dispose()
    {
        _chunk?.Dispose();
        _appender?.Dispose();
    }

    void Flush()
    {
        if (Count == 0)
            return;
        NativeMethods.DataChunks.DuckDBDataChunkSetSize(_chunk, (ulong)Count);
        Require(NativeMethods.Appender.DuckDBAppendDataChunk(_appender, _chunk));
        NativeMethods.DataChunks.DuckDBDataChunkReset(_chunk);
        foreach (var vector in _vectors)
            ResetList(vector);
        Count = 0;
    }

    /// <summary>A reset keeps the elements of lists.</summary>
    void ResetList(IntPtr vector)
    {
        using var type = NativeMethods.Vectors.DuckDBVectorGetColumnType(vector);
        if (NativeMethods.LogicalType.DuckDBGetTypeId(type) == DuckDBType.List)
            Require(NativeMethods.Vectors.DuckDBListVectorSetSize(vector, 0));
    }

    IntPtr Vector(int column) => _vectors[column];

    void Require(DuckDBState state, [CallerArgumentExpression(nameof(state))] string call = "")
    {
        if (state.IsSuccess())
            return;
        using var error = NativeMethods.Appender.DuckDBAppenderErrorData(_appender);
        throw new InvalidOperationException($"The data engine failed: {error.Message ?? call}");
    }
}
