using System.Data;
using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;

namespace Gyre.Data;

/// <summary>
/// An in-memory DuckDB database of its own: SQL over Parquet files (<c>FROM read_parquet('…')</c>) and tables. It fetches
/// nothing from the network, keeps rows in order, and spills only into the directory it is given. Not for use by several
/// threads at once. For results that must be equal bit by bit, sums and means of real numbers need one thread.
/// </summary>
public sealed class DataEngine : IDisposable
{
    const long Megabyte = 1 << 20;

    readonly DuckDBConnection _connection;

    /// <param name="threads">How many threads a query may use.</param>
    /// <param name="temporaryDirectory">Where a query may spill what exceeds the memory limit; null forbids spilling, so such a query fails.</param>
    /// <param name="memoryLimit">In bytes; by default half of the memory that this process may use. The limit is soft.</param>
    public DataEngine(int threads = 1, string? temporaryDirectory = null, long? memoryLimit = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _connection = new DuckDBConnection("Data Source=:memory:");
        _connection.Open();
        var megabytes = Math.Max(64, (memoryLimit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2) / Megabyte);
        Execute(string.Create(CultureInfo.InvariantCulture, $"""
            SET autoinstall_known_extensions = false;
            SET autoload_known_extensions = false;
            SET enable_progress_bar = false;
            SET preserve_insertion_order = true;
            SET threads = {threads};
            SET memory_limit = '{megabytes}MiB';
            SET temp_directory = {SqlText.Literal(temporaryDirectory ?? "")};
            """));
    }

    DataEngine(DuckDBConnection connection) => _connection = connection;

    internal DuckDBConnection Connection => _connection;

    /// <summary>
    /// The same database for another thread, at a small part of the cost of a new one. Lives until both are disposed.
    /// </summary>
    internal DataEngine Duplicate()
    {
        var connection = _connection.Duplicate();
        connection.Open();
        return new DataEngine(connection);
    }

    /// <summary>Runs statements that return nothing of interest.</summary>
    public void Execute(string sql) => Run(sql, CancellationToken.None);

    /// <summary>The same for statements that take long.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal void Run(string sql, CancellationToken cancellationToken)
    {
        using var command = Command(sql);
        using var cancellation = cancellationToken.Register(command.Cancel);
        try
        {
            command.ExecuteNonQuery();
        }
        catch (DuckDBException error) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The query was cancelled.", error, cancellationToken);
        }
    }

    /// <summary>Runs a query and hands out its rows one by one as they come; nothing is held in memory.</summary>
    /// <param name="sql">One query.</param>
    /// <param name="read">Makes a value of the row on which the reader stands.</param>
    public IEnumerable<T> Query<T>(string sql, Func<DbDataReader, T> read)
    {
        using var command = Command(sql);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return read(reader);
    }

    /// <summary>The first value of the first row.</summary>
    /// <exception cref="InvalidOperationException">There is no row, or the value is missing.</exception>
    public T Scalar<T>(string sql)
    {
        using var command = Command(sql);
        using var reader = command.ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0)
            ? reader.GetFieldValue<T>(0)
            : throw new InvalidOperationException($"The query gave no value: {sql}");
    }

    public void Dispose() => _connection.Dispose();

    DuckDBCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandType = CommandType.Text;
        command.UseStreamingMode = true;
#pragma warning disable CA2100 // Callers quote with SqlText; the engine has no parameters for names and files.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
