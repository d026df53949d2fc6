using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using Gyre.Data;
using Microsoft.Data.Sqlite;

namespace Gyre.Ingestion;

/// <summary>A file of SQLite.</summary>
/// <param name="File">Its path.</param>
sealed record SqliteDatabase(string File) : Database
{
    const int HeaderLength = 100;
    const int GenericError = 1;
    const int Busy = 5;
    const int Locked = 6;
    const int ReadOnly = 8;
    const int Corrupt = 11;
    const int CannotOpen = 14;
    const int NotADatabase = 26;

    internal override string? Path => File;

    internal override string Name => File;

    internal override IEnumerable<string> Problems() => File.Length == 0 ? ["The path of the database is empty. Expected a file of SQLite."] : [];

    internal override SqlRows Open(SqlQuery query, CancellationToken cancellation)
    {
        RequireWhole();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Run(connection, "PRAGMA query_only = 1");

            // One picture of the data for the look at its types and for the reading.
            var transaction = connection.BeginTransaction(deferred: true);
            var (names, declared) = Columns(connection, query);
            var columns = string.Join(", ", names.Select((_, index) => $"c{index}"));
            var all = $"WITH q({columns}) AS (\n{query.Body}\n)";
            var fields = FindTypes(connection, all, names, declared);
            cancellation.ThrowIfCancellationRequested();
            var order = string.Join(", ", names.Select((_, index) => $"typeof(c{index}), c{index} COLLATE BINARY"));
            return new SqlRows(Name, fields, Command(connection, query.IsOrdered ? query.Body : $"{all} SELECT * FROM q ORDER BY {order}").ExecuteReader(), Explain, [transaction, connection]);
        }
        catch (Exception error) when (Explain(error) is { } reason)
        {
            connection.Dispose();
            throw new InvalidDataException($"{Name}: {reason}", error);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The database's own check comes only to what a query touches; a file cut short shows in its header.</summary>
    void RequireWhole()
    {
        if (!System.IO.File.Exists(File))
            throw new InvalidDataException($"There is no file '{File}'. Expected a database of SQLite: correct the path, or bring the file there.");
        using var file = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[HeaderLength];
        var read = file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        if (read == 0)
            throw new InvalidDataException($"{Name} is empty (0 bytes). Expected a database of SQLite: check how it was made.");
        if (!header.StartsWith("SQLite format 3\0"u8))
            throw new InvalidDataException($"{Name} is no database of SQLite. Expected a file that begins with 'SQLite format 3': correct the path.");
        var pageSize = BinaryPrimitives.ReadUInt16BigEndian(header[16..]) is var size and not 1 ? size : 1 << 16;
        var pages = BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
        var isCounted = header[24..28].SequenceEqual(header[92..96]);
        if (read < HeaderLength || (isCounted && pages * (long)pageSize > file.Length))
            throw new InvalidDataException($"{Name} has {file.Length} bytes. Expected {pages * (long)pageSize}, as its header says: the file was cut, fetch it again.");
    }

    static (IReadOnlyList<string> Names, IReadOnlyList<string> Declared) Columns(SqliteConnection connection, SqlQuery query)
    {
        // In brackets it can be nothing but a SELECT; without them columns of the same name keep it.
        Run(connection, $"SELECT * FROM (\n{query.Body}\n) LIMIT 0");
        using var command = Command(connection, query.Body);
        using var reader = command.ExecuteReader();
        var fields = Enumerable.Range(0, reader.FieldCount).ToList();
        return ([.. fields.Select(reader.GetName)], [.. fields.Select(reader.GetDataTypeName)]);
    }

    /// <summary>SQLite has types of values rather than of columns, so all values are looked at.</summary>
    IReadOnlyList<SqlField> FindTypes(SqliteConnection connection, string all, IReadOnlyList<string> names, IReadOnlyList<string> declared)
    {
        var counts = string.Join(", ", names.Select((_, index) =>
            $"total(typeof(c{index}) = 'integer'), total(typeof(c{index}) = 'integer' AND c{index} NOT BETWEEN {-TypeInference.MostExact} AND {TypeInference.MostExact}), total(typeof(c{index}) = 'real'), total(typeof(c{index}) = 'text'), total(typeof(c{index}) = 'blob')"));
        using var command = Command(connection, $"{all} SELECT {counts} FROM q");
        using var reader = command.ExecuteReader();
        reader.Read();
        return [.. names.Select((name, index) => new SqlField(name, TypeOf(name, declared[index], reader, index * 5)))];
    }

    ColumnType TypeOf(string name, string declared, DbDataReader counts, int at)
    {
        var (whole, inexact, real, text, bytes) = (counts.GetDouble(at), counts.GetDouble(at + 1), counts.GetDouble(at + 2), counts.GetDouble(at + 3), counts.GetDouble(at + 4));
        if (bytes > 0 && whole + real + text > 0)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"{Name}: the column '{name}' holds bytes in {bytes} rows and other values in {whole + real + text}. Expected one of both: cast it in the query, for example CAST({name} AS TEXT)."));
        }

        if (bytes > 0)
            return ColumnType.Bytes;
        if (text > 0 || inexact > 0)
            return ColumnType.Text;
        if (whole + real == 0)
            return declared.Contains("INT", StringComparison.OrdinalIgnoreCase) ? ColumnType.Integer : declared is "REAL" or "DOUBLE" or "FLOAT" ? ColumnType.Real : ColumnType.Text;
        return real > 0 ? ColumnType.Real : ColumnType.Integer;
    }

    static string? Explain(Exception error) => error is not SqliteException failure ? null : failure.SqliteErrorCode switch
    {
        Busy or Locked => "the database is locked by another program. Expected one at rest: wait until it is done, and run again.",
        ReadOnly => "the query writes. Expected one SELECT: ingestion only reads.",
        Corrupt => "the database is damaged (database disk image is malformed). Expected a whole one: fetch it again, or look with PRAGMA integrity_check.",
        CannotOpen => "the database cannot be opened. Expected a file that may be read, in a directory that may be: check the permissions.",
        NotADatabase => "the file is no database of SQLite, or is encrypted. Expected one without encryption: correct the path.",
        GenericError => $"the query failed: {Plain(failure.Message)}. Expected one SELECT that SQLite understands: correct the query.",
        _ => $"reading failed: {Plain(failure.Message)}. Expected a database that can be read: look at it with sqlite3.",
    };

    /// <summary>The message is wrapped: «SQLite Error 1: 'no such table: x'.».</summary>
    static string Plain(string message) => message.IndexOf('\'', StringComparison.Ordinal) is var start and >= 0 && message.LastIndexOf('\'') is var end && end > start ? message[(start + 1)..end] : message;

    static void Run(SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        command.ExecuteNonQuery();
    }

    static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The query is the user's own; the database is open for reading only.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        return command;
    }
}
