using System.Globalization;
using Npgsql;

namespace Gyre.Ingestion;

#pragma warning disable MA0054 // Exceptions of the library name the server and the user, which go into no log.

/// <summary>A database on a server of PostgreSQL.</summary>
/// <param name="ConnectionStringFromEnvironment">The environment variable that holds the connection string.</param>
sealed record PostgresDatabase(string ConnectionStringFromEnvironment) : Database
{
    const string ConnectionFailed = "the connection to the server failed or broke. Expected a server that answers: check that it runs and can be reached, then run again.";

    internal override string? Path => null;

    internal override string Name => $"the PostgreSQL database of ${ConnectionStringFromEnvironment}";

    internal override IEnumerable<string> Problems()
    {
        if (ConnectionStringFromEnvironment.Length == 0 || !ConnectionStringFromEnvironment.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            yield return "The name of the environment variable for the connection to PostgreSQL is not one (letters, digits, '_'). Expected its name, for example PG_CONNECTION, never the connection string itself.";
    }

    internal override SqlRows Open(SqlQuery query, CancellationToken cancellation)
    {
        var connection = Connect();
        try
        {
            connection.Open();

            // One picture of the data for the look at its types and for the reading, and one form of texts whatever the server's settings.
            Run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL intervalstyle = 'iso_8601'");
            var columns = Columns(connection, query);
            var all = $"WITH q({string.Join(", ", columns.Select((_, index) => $"c{index}"))}) AS (\n{query.Body}\n)";
            columns = WithoutLoss(connection, all, columns);
            cancellation.ThrowIfCancellationRequested();
            var values = string.Join(", ", columns.Select((column, index) => column.Expression($"c{index}")));
            var order = query.IsOrdered ? "" : $" ORDER BY {string.Join(", ", columns.Select((_, index) => $"c{index}::text COLLATE \"C\""))}";
            return new SqlRows(Name, [.. columns.Select(column => column.Field)], Command(connection, $"{all} SELECT {values} FROM q{order}").ExecuteReader(), error => Explain(error, query), [connection]);
        }
        catch (Exception error) when (Explain(error, query) is { } reason)
        {
            connection.Dispose();
            throw new InvalidDataException($"{Name}: {reason}");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>What the variable holds goes into no message, and no message of the library that might quote it does.</summary>
    NpgsqlConnection Connect()
    {
        var text = Environment.GetEnvironmentVariable(ConnectionStringFromEnvironment);
        if (string.IsNullOrWhiteSpace(text))
            throw new InvalidDataException($"The environment variable {ConnectionStringFromEnvironment} is not set. Expected the connection string of a PostgreSQL database, for example Host=localhost;Username=reader;Password=…;Database=trips.");
        try
        {
            return new NpgsqlConnection(new NpgsqlConnectionStringBuilder(text) { Pooling = false, CommandTimeout = 0, PersistSecurityInfo = false, IncludeErrorDetail = false }.ToString());
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"The environment variable {ConnectionStringFromEnvironment} holds no connection string. Expected settings such as Host=localhost;Username=reader;Password=…;Database=trips.");
        }
    }

    static List<PostgresColumn> Columns(NpgsqlConnection connection, SqlQuery query)
    {
        using var command = Command(connection, $"SELECT * FROM (\n{query.Body}\n) AS q LIMIT 0");
        using var reader = command.ExecuteReader();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(field => new PostgresColumn(reader.GetName(field), reader.GetDataTypeName(field), IsExact: true))];
    }

    /// <summary>Columns with a number that a double cannot hold become text.</summary>
    static List<PostgresColumn> WithoutLoss(NpgsqlConnection connection, string all, List<PostgresColumn> columns)
    {
        var doubtful = columns.Select((column, index) => (column, Doubt: column.Doubt($"c{index}"))).Where(each => each.Doubt is not null).ToList();
        if (doubtful.Count == 0)
            return columns;
        using var command = Command(connection, $"{all} SELECT {string.Join(", ", doubtful.Select(each => each.Doubt))} FROM q");
        using var reader = command.ExecuteReader();
        reader.Read();
        var inexact = doubtful.Where((_, index) => reader.GetBoolean(index)).Select(each => each.column).ToList();
        return [.. columns.Select(column => inexact.Contains(column) ? column with { IsExact = false } : column)];
    }

    static string? Explain(Exception error, SqlQuery query) => error switch
    {
        PostgresException failure => Explain(failure, query),
        NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException or ObjectDisposedException => ConnectionFailed,
        _ => null,
    };

    static string Explain(PostgresException failure, SqlQuery query) => failure.SqlState switch
    {
        "25006" => "the query writes. Expected one SELECT: ingestion only reads.",
        "3D000" => "the server has no database of the name in the connection string. Expected one that is there: correct the connection string.",
        ['2', '8', ..] => "the server refused the user or the password. Expected those of a user that may read: correct the connection string.",
        ['5', '7', 'P', ..] => ConnectionFailed,
        ['0', '8', ..] => ConnectionFailed,
        ['4', '2', '5', '0', '1'] => $"the query failed: {failure.MessageText}. Expected a query on tables that the user may read: grant SELECT, or ask another.",
        _ => $"the query failed: {failure.MessageText} ({failure.SqlState}){Place(failure, query)}. Expected one SELECT that PostgreSQL can run: correct the query.",
    };

    /// <summary>The place counts from what was sent, where the query begins on the second line.</summary>
    static string Place(PostgresException failure, SqlQuery query)
    {
        if (failure.Position <= 0 || failure.InternalQuery is not null)
            return "";
        var at = failure.Position - 1 - "SELECT * FROM (\n".Length;
        if (at < 0 || at > query.Body.Length)
            return "";
        var before = query.Body.AsSpan(0, at);
        return string.Create(CultureInfo.InvariantCulture, $" at line {before.Count('\n') + 1}, column {at - before.LastIndexOf('\n')}");
    }

    static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        command.ExecuteNonQuery();
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // The query is the user's own; the transaction is for reading only.
        return new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
    }
}
