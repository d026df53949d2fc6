using Microsoft.Data.Sqlite;

namespace Gyre.Metadata;

/// <summary>
/// The record of everything: artifacts, executions, contexts and events in ML Metadata's relational schema, version 10,
/// in one SQLite file. Any number of processes may use it at once; every call is one transaction.
/// </summary>
public sealed class MetadataStore : IDisposable
{
    const int SecondsToWaitForOthers = 60;

    readonly string _connectionString;
    readonly TimeProvider _time;

    MetadataStore(string path, TimeProvider time)
    {
        Path = path;
        _time = time;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            DefaultTimeout = SecondsToWaitForOthers,
        }.ToString();
    }

    /// <summary>The path of the file.</summary>
    public string Path { get; }

    /// <summary>Opens the store, making it if it is not there.</summary>
    /// <exception cref="InvalidDataException">The file is no store of this schema version.</exception>
    /// <exception cref="IOException">The file cannot be made or written.</exception>
    public static MetadataStore Open(string path, TimeProvider time)
    {
        var store = new MetadataStore(path, time);
        try
        {
            using var connection = store.Connect();
            Prepare(connection, path);
        }
        catch (SqliteException error)
        {
            throw Translate(error, path);
        }

        return store;
    }

    /// <summary>Runs some changes as one transaction: all of them last, or none.</summary>
    public T Write<T>(Func<MetadataTransaction, T> work) => Run(work, deferred: false);

    /// <inheritdoc cref="Write{T}"/>
    public void Write(Action<MetadataTransaction> work) => Write(transaction =>
    {
        work(transaction);
        return 0;
    });

    /// <summary>Asks some questions of one and the same state of the store.</summary>
    public T Read<T>(Func<MetadataTransaction, T> work) => Run(work, deferred: true);

    public void Dispose()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    T Run<T>(Func<MetadataTransaction, T> work, bool deferred)
    {
        try
        {
            using var connection = Connect();
            using var transaction = connection.BeginTransaction(deferred);
            var result = work(new MetadataTransaction(connection, transaction, _time));
            transaction.Commit();
            return result;
        }
        catch (SqliteException error)
        {
            throw Translate(error, Path);
        }
    }

    SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();

        // With a write-ahead log this still survives any crash of the process; a lost power supply may cost the last runs' records, never their consistency.
        Execute(connection, "PRAGMA synchronous=NORMAL");
        return connection;
    }

    static void Prepare(SqliteConnection connection, string path)
    {
        if (Scalar(connection, "PRAGMA journal_mode") is not "wal")
            Execute(connection, "PRAGMA journal_mode=WAL");
        using (var transaction = connection.BeginTransaction(deferred: false))
        {
            if (Scalar(connection, "SELECT count(*) FROM sqlite_master WHERE name = 'MLMDEnv'", transaction) is 0L)
            {
                if (Scalar(connection, "SELECT count(*) FROM sqlite_master", transaction) is not 0L)
                    throw new InvalidDataException($"The file '{path}' is a database, but no metadata store. Choose another home, or move the file away.");
                foreach (var statement in MetadataSchema.Statements())
                    Execute(connection, statement, transaction);
            }

            transaction.Commit();
        }

        var version = Scalar(connection, "SELECT schema_version FROM MLMDEnv");
        if (version is not (long)MetadataSchema.Version)
        {
            throw new InvalidDataException(
                $"The metadata store '{path}' has schema version {version}. This Gyre reads version {MetadataSchema.Version}. Use the Gyre that made it, or another home.");
        }
    }

    static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = Command(connection, sql, transaction);
        command.ExecuteNonQuery();
    }

    static object? Scalar(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = Command(connection, sql, transaction);
        return command.ExecuteScalar();
    }

    static SqliteCommand Command(SqliteConnection connection, string sql, SqliteTransaction? transaction)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return command;
    }

    static Exception Translate(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT => new InvalidDataException(
            $"The metadata store '{path}' is damaged or no SQLite database ({error.Message}). Restore it from a copy, or choose another home.", error),
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM => new IOException(
            $"The metadata store '{path}' cannot be written ({error.Message}). Make the home writable, or choose another with --home.", error),
        SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR => new IOException(
            $"The disk refused to write the metadata store '{path}' ({error.Message}). Free some space and run again: finished nodes are kept.", error),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => new IOException(
            $"The metadata store '{path}' was held by another process for over {SecondsToWaitForOthers} s. Run again when it has ended.", error),
        _ => new IOException($"The metadata store '{path}' failed: {error.Message}", error),
    };
}
