namespace Gyre.Ingestion;

/// <summary>A database to read from. What opens it, such as a password, is no parameter and is written nowhere.</summary>
public abstract record Database
{
    private protected Database()
    {
    }

    /// <summary>The file that holds it; null when a server does.</summary>
    internal abstract string? Path { get; }

    /// <summary>What messages call it.</summary>
    internal abstract string Name { get; }

    /// <summary>A file of SQLite; it is only read.</summary>
    public static Database Sqlite(string path) => new SqliteDatabase(path);

    /// <summary>A database on a server of PostgreSQL; it is only read.</summary>
    /// <param name="connectionStringFromEnvironment">
    /// The name of the environment variable that holds the connection string, such as
    /// <c>Host=db;Username=reader;Password=…;Database=trips</c>. Only this name is recorded.
    /// </param>
    public static Database Postgres(string connectionStringFromEnvironment) => new PostgresDatabase(connectionStringFromEnvironment);

    /// <summary>What is wrong, as far as it can be told without opening it.</summary>
    internal abstract IEnumerable<string> Problems();

    /// <summary>Runs a query.</summary>
    /// <exception cref="InvalidDataException">It cannot; the message says why, and the cure.</exception>
    internal abstract SqlRows Open(SqlQuery query, CancellationToken cancellation);
}
