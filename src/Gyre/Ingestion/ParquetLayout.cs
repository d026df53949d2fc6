using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>A Parquet file that has been looked over: whole, as far as that can be told, and with these columns.</summary>
/// <param name="File">The file.</param>
/// <param name="Fields">Its columns, in order.</param>
/// <param name="Rows">The number of its rows.</param>
sealed record ParquetLayout(SourceFile File, IReadOnlyList<ParquetField> Fields, long Rows)
{
    /// <summary>The file as a table in SQL. Folders named year=2024 make no columns, and signs in its name are no wildcards.</summary>
    public string Source => $"read_parquet({SqlText.Literal(Plain(File.Path))}, hive_partitioning = false)";

    /// <exception cref="InvalidDataException">It is no Parquet file, or not a whole one.</exception>
    public static ParquetLayout Read(SourceFile file, CancellationToken cancellation)
    {
        ParquetFooter footer;
        using (var stream = Open(file.Path, file.Name))
        {
            footer = ParquetFooter.Read(stream, file.Name);
            ParquetPages.Check(stream, footer, file.Name, cancellation);
        }

        using var engine = new DataEngine();
        var layout = new ParquetLayout(file, [], footer.Rows);
        try
        {
            var columns = engine.Query($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {layout.Source})", row => (Name: row.GetString(0), Type: row.GetString(1))).ToList();
            if (columns.Count != footer.Columns.Count)
                throw new InvalidDataException($"{file.Name}: {columns.Count} columns were found and the footer names {footer.Columns.Count}. Expected the same number: the file is damaged, fetch it again.");

            // The engine gives columns of the same name other names; those in the file count.
            return layout with { Fields = [.. footer.Columns.Zip(columns, (name, column) => new ParquetField(name, SqlText.Identifier(column.Name), column.Type))] };
        }
        catch (Exception error) when (IsOfEngine(error))
        {
            throw Damaged(file, error);
        }
    }

    /// <exception cref="InvalidDataException">It cannot be opened.</exception>
    public static FileStream Open(string path, string name)
    {
        if (Directory.Exists(path))
            throw new InvalidDataException($"{name} is a directory. Expected a Parquet file: name one, or several with a wildcard ({System.IO.Path.Join(name, "*.parquet")}).");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{name} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The columns that hold a number which would not survive as one.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public IReadOnlyList<string> InexactNumbers(IEnumerable<ParquetField> among, CancellationToken cancellation)
    {
        var doubtful = among.Where(field => field.Doubt is not null).ToList();
        cancellation.ThrowIfCancellationRequested();
        if (doubtful.Count == 0)
            return [];
        using var engine = new DataEngine();
        try
        {
            var found = engine.Query(
                $"SELECT {string.Join(", ", doubtful.Select(field => field.Doubt))} FROM {Source}",
                row => doubtful.Where((_, index) => row.GetBoolean(index)).Select(field => field.Name).ToList());
            return found.Single();
        }
        catch (Exception error) when (IsOfEngine(error))
        {
            throw Damaged(File, error);
        }
    }

    /// <summary>What the data engine says of a file that it cannot read on.</summary>
    public static InvalidDataException Damaged(SourceFile file, Exception error) => new(
        $"{file.Name} cannot be read: {FirstLine(error.Message)}. Expected a whole Parquet file: it is damaged, or uses what is not supported; fetch it again, or write it anew.", error);

    public static bool IsOfEngine(Exception error) => error is DuckDB.NET.Data.DuckDBException || (error is InvalidDataException && error.Message.StartsWith(ChunkReader.FailurePrefix, StringComparison.Ordinal));

    static string FirstLine(string message) => message.AsSpan(message.StartsWith(ChunkReader.FailurePrefix, StringComparison.Ordinal) ? ChunkReader.FailurePrefix.Length : 0) is var rest
        && rest.IndexOfAny('\r', '\n') is var end and >= 0 ? rest[..end].TrimEnd('.').ToString() : rest.TrimEnd('.').ToString();

    static string Plain(string path) => string.Concat(path.Select(letter => letter is '*' or '?' or '[' ? $"[{letter}]" : letter.ToString()));
}
