using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace Gyre.Data;

/// <summary>
/// Runs a query and gives its result as the engine holds it: vectors of up to 2,048 values, read in place. Ten times as
/// fast as row by row, above all for lists.
/// </summary>
sealed class ChunkReader : IDisposable
{
    /// <summary>What messages of failed queries begin with.</summary>
    public const string FailurePrefix = "The data engine failed: ";

    readonly DuckDBPreparedStatement _statement;
    DuckDBResult _result;
    DuckDBDataChunk? _chunk;

    public ChunkReader(DataEngine engine, string sql)
    {
        var prepared = NativeMethods.PreparedStatements.DuckDBPrepare(engine.Connection.NativeConnection, sql, out _statement);
        if (!prepared.IsSuccess())
            throw Failure(NativeMethods.PreparedStatements.DuckDBPrepareError(_statement));
        if (!NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(_statement, out _result).IsSuccess())
            throw Failure(NativeMethods.Query.DuckDBResultError(ref _result));
    }

    /// <summary>The number of rows in the chunk on which the reader stands.</summary>
    public int Rows { get; private set; }

    /// <summary>Goes to the next chunk; what was handed out of the last one is void then.</summary>
    public bool Next()
    {
        _chunk?.Dispose();
        _chunk = Fetch();
        if (_chunk is null)
            return false;
        Rows = checked((int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(_chunk));
        return true;
    }

    /// <summary>
    /// The next chunk, for whoever asks: it stays whole until it is disposed, whatever is fetched after it. Null at the
    /// end. Not for use by several threads at once; what it gives may be read by any.
    /// </summary>
    public Chunk? Take() => Fetch() is { } chunk ? new Chunk(chunk) : null;

    DuckDBDataChunk? Fetch()
    {
        var chunk = NativeMethods.Query.DuckDBFetchChunk(_result);
        if (!chunk.IsInvalid)
            return chunk;
        chunk.Dispose();
        return NativeMethods.Query.DuckDBResultErrorType(ref _result) == DuckDBErrorType.Invalid
            ? null
            : throw Failure(NativeMethods.Query.DuckDBResultError(ref _result));
    }

    public DuckDBType TypeOf(int column)
    {
        using var type = NativeMethods.Query.DuckDBColumnLogicalType(ref _result, column);
        return NativeMethods.LogicalType.DuckDBGetTypeId(type);
    }

    public ColumnVector Column(int column) => new(NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk!, column), Rows);

    public void Dispose()
    {
        _chunk?.Dispose();
        NativeMethods.Query.DuckDBDestroyResult(ref _result);
        _statement.Dispose();
    }

    static InvalidDataException Failure(string message) => new($"{FailurePrefix}{message}");
}

/// <summary>Some consecutive rows of a result, held on their own.</summary>
sealed class Chunk(DuckDBDataChunk chunk) : IDisposable
{
    public int Rows { get; } = checked((int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk));

    public ColumnVector Column(int column) => new(NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, column), Rows);

    public void Dispose() => chunk.Dispose();
}

/// <summary>One column of a chunk.</summary>
[StructLayout(LayoutKind.Auto)]
readonly unsafe ref struct ColumnVector
{
    const int LongestInlineText = 12;

    readonly IntPtr _vector;
    readonly int _rows;
    readonly byte* _data;
    readonly ulong* _validity;

    public ColumnVector(IntPtr vector, int rows)
    {
        (_vector, _rows) = (vector, rows);
        _data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(vector);
        _validity = NativeMethods.Vectors.DuckDBVectorGetValidity(vector);
    }

    public int Rows => _rows;

    /// <summary>Whether no value can be missing.</summary>
    public bool IsDense => _validity is null;

    public bool IsMissing(int row) => _validity is not null && (_validity[row >> 6] & (1UL << (row & 63))) == 0;

    /// <summary>The values as they lie there; those of missing rows mean nothing.</summary>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged => new(_data, _rows);

    public ReadOnlySpan<byte> Utf8(int row)
    {
        var text = _data + (row * 16L);
        var length = *(int*)text;
        return new ReadOnlySpan<byte>(length <= LongestInlineText ? text + 4 : *(byte**)(text + 8), length);
    }

    /// <summary>Where the elements of each row's list stand among those of <see cref="Elements"/>.</summary>
    public ReadOnlySpan<ListEntry> Lists => new(_data, _rows);

    public ColumnVector Elements => new(
        NativeMethods.Vectors.DuckDBListVectorGetChild(_vector), checked((int)NativeMethods.Vectors.DuckDBListVectorGetSize(_vector)));
}

/// <summary>The engine's own layout of a list's place.</summary>
[StructLayout(LayoutKind.Sequential)]
readonly record struct ListEntry(long Offset, long Length);
