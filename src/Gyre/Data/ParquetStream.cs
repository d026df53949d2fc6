using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Native;
using Functions = DuckDB.NET.Native.NativeMethods.TableFunction;

namespace Gyre.Data;

/// <summary>
/// Writes rows to a Parquet file (zstd) as they come: whoever makes them fills <see cref="Chunk"/>, and the engine, on a
/// thread of its own, takes full chunks and writes row groups. No more rows are in memory than a row group and a few
/// chunks. Equal rows give an equal file, byte by byte. The file appears with <see cref="Complete"/>; without it there is none.
/// </summary>
sealed class ParquetStream : IDisposable
{
    /// <summary>Rows in one row group: small enough that readers can share the groups of a modest file between threads.</summary>
    public const int RowGroup = 16_384;

    /// <summary>How many full chunks may wait for the engine.</summary>
    const int MostWaiting = 8;

    static int _streams;

    readonly DataEngine _engine;
    readonly string _path;
    readonly IReadOnlyList<ChunkColumn> _columns;
    readonly string _name = string.Create(CultureInfo.InvariantCulture, $"chunks_{Interlocked.Increment(ref _streams)}");
    readonly BlockingCollection<ChunkBuffer> _full = new(MostWaiting);
    readonly ConcurrentBag<ChunkBuffer> _empty = [];
    readonly CancellationTokenSource _stopped = new();
    readonly Thread _writer;
    ChunkBuffer? _taken;
    ExceptionDispatchInfo? _failure;

    /// <param name="engine">Has one thread, and may write several streams at once.</param>
    /// <param name="path">The file to write; its directory exists.</param>
    /// <param name="columns">The columns, at least one.</param>
    public ParquetStream(DataEngine engine, string path, IReadOnlyList<ChunkColumn> columns)
    {
        (_engine, _path, _columns) = (engine, path, columns);
        Chunk = new ChunkBuffer(columns);
        _writer = new Thread(Write) { IsBackground = true, Name = $"parquet {Path.GetFileName(path)}" };
        _writer.Start();
    }

    /// <summary>The chunk to fill at its <see cref="ChunkBuffer.Count"/>; another one after each <see cref="Advance"/>.</summary>
    public ChunkBuffer Chunk { get; private set; }

    /// <summary>The rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Counts rows that have been filled; a full chunk goes to the engine.</summary>
    public void Advance(int rows)
    {
        Rows += rows;
        Chunk.Count += rows;
        if (Chunk.Count == ChunkBuffer.Capacity)
            Send();
    }

    /// <summary>Writes what is left and makes the file appear.</summary>
    public void Complete()
    {
        if (Chunk.Count > 0)
            Send();
        _full.CompleteAdding();
        _writer.Join();
        _failure?.Throw();
        File.Move(Partial, _path, overwrite: true);
    }

    public void Dispose()
    {
        if (_writer.IsAlive)
        {
            _stopped.Cancel();
            _writer.Join();
        }

        if (File.Exists(Partial))
            File.Delete(Partial);
        _full.Dispose();
        _stopped.Dispose();
    }

    string Partial => $"{_path}.partial";

    void Send()
    {
        try
        {
            _full.Add(Chunk, _stopped.Token);
        }
        catch (OperationCanceledException)
        {
            _writer.Join();
            _failure?.Throw();
            throw;
        }

        Chunk = _empty.TryTake(out var empty) ? empty : new ChunkBuffer(_columns);
    }

    void Write()
    {
        var self = GCHandle.Alloc(this);
        try
        {
            using var engine = _engine.Duplicate();
            Register(engine.Connection.NativeConnection, _name, GCHandle.ToIntPtr(self));
            engine.Execute(ParquetWriter.CopyToParquet($"(SELECT * FROM {_name}())", Partial));
        }
        catch (Exception error)
        {
            // Whoever fills chunks learns of it with the next one.
            _failure = ExceptionDispatchInfo.Capture(error);
            _stopped.Cancel();
        }
        finally
        {
            self.Free();
        }
    }

    /// <summary>Makes the chunks a table function of the engine.</summary>
    static unsafe void Register(DuckDBNativeConnection connection, string name, IntPtr self)
    {
        var function = Functions.DuckDBCreateTableFunction();
        try
        {
            Functions.DuckDBTableFunctionSetName(function, name);
            Functions.DuckDBTableFunctionSetExtraInfo(function, self, null);
            Functions.DuckDBTableFunctionSetBind(function, &Bind);
            Functions.DuckDBTableFunctionSetInit(function, &Begin);
            Functions.DuckDBTableFunctionSetFunction(function, &Fill);
            if (!Functions.DuckDBRegisterTableFunction(connection, function).IsSuccess())
                throw new InvalidOperationException("The data engine does not take rows from outside.");
        }
        finally
        {
            Functions.DuckDBDestroyTableFunction(ref function);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void Bind(IntPtr info)
    {
        try
        {
            foreach (var column in Of(Functions.DuckDBBindGetExtraInfo(info))._columns)
            {
                using var value = NativeMethods.LogicalType.DuckDBCreateLogicalType(TypeOf(column.Value));
                using var list = column.IsList ? NativeMethods.LogicalType.DuckDBCreateListType(value) : null;
                Functions.DuckDBBindAddResultColumn(info, column.Name, list ?? value);
            }
        }
        catch (Exception error)
        {
            Functions.DuckDBBindSetError(info, error.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void Begin(IntPtr info)
    {
        // There is nothing to prepare, but the engine insists on being able to ask.
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void Fill(IntPtr info, IntPtr output)
    {
        try
        {
            Of(Functions.DuckDBFunctionGetExtraInfo(info)).FillNext(output);
        }
        catch (Exception error)
        {
            Functions.DuckDBFunctionSetError(info, error is OperationCanceledException ? "No more rows are wanted." : error.Message);
        }
    }

    void FillNext(IntPtr output)
    {
        // The engine is done with the chunk before: it asks for the next one.
        if (_taken is { } done)
        {
            done.Clear();
            _empty.Add(done);
            _taken = null;
        }

        using var chunk = new DuckDBDataChunk(output);
        if (!_full.TryTake(out var next, Timeout.Infinite, _stopped.Token))
        {
            NativeMethods.DataChunks.DuckDBDataChunkSetSize(chunk, 0);
            return;
        }

        _taken = next;
        for (var column = 0; column < next.Columns.Length; column++)
            next.Columns[column].CopyTo(NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, column), next.Count);
        NativeMethods.DataChunks.DuckDBDataChunkSetSize(chunk, (ulong)next.Count);
    }

    static ParquetStream Of(IntPtr handle) => (ParquetStream)GCHandle.FromIntPtr(handle).Target!;

    static DuckDBType TypeOf(ChunkValue value) => value switch
    {
        ChunkValue.Int32 => DuckDBType.Integer,
        ChunkValue.Int64 => DuckDBType.BigInt,
        ChunkValue.Single => DuckDBType.Float,
        ChunkValue.Double => DuckDBType.Double,
        ChunkValue.Bytes => DuckDBType.Blob,
        _ => DuckDBType.Varchar,
    };
}
