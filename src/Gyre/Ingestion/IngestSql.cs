using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>
/// Reads the rows that a query gives into examples. The types of columns are those of the database: whole numbers and
/// flags (0, 1) become whole numbers, floats and decimals real numbers, dates and times text by ISO 8601, arrays lists; a
/// column with a number that a double cannot hold becomes text. SQLite has types of values, so all are looked at. The
/// database is only read, all of it as it is at one moment. Rows come in the order that the query asks for; without an
/// ORDER BY they come in order of their values, so that equal data gives equal examples.
/// </summary>
/// <remarks>
/// Results are reused while the data is the same: of SQLite the file (with its write-ahead log) is fingerprinted; of a
/// server the query is run and a digest of its rows compared with that of the rows ingested, which <c>plan</c> does as well.
/// </remarks>
/// <param name="database">Where to read.</param>
/// <param name="query">One SELECT. An ORDER BY should leave no ties: how they fall is up to the database.</param>
/// <example>
/// <code>
/// new IngestSql(Database.Sqlite("trips.db"), "SELECT fare, tips FROM trips WHERE fare > 0")
/// new IngestSql(Database.Postgres("PG_CONNECTION"), "SELECT * FROM trips ORDER BY id") { SplitBy = ["customer"] }
/// </code>
/// </example>
[CodeVersion(1)]
public sealed class IngestSql(Database database, string query) : IngestRows
{
    const string DigestProperty = "rows_digest";

    private protected override IngestionOptions Format => Sql;

    SqlOptions Sql => new() { Splits = Splits, Database = database, Query = query };

    /// <summary>What is written to SQLite may stand in its write-ahead log only.</summary>
    protected internal override IReadOnlyList<string> ExternalFiles() => database.Path is not { } path ? []
        : new FileInfo($"{path}-wal") is { Exists: true, Length: > 0 } log ? [path, log.FullName]
        : [path];

    protected internal override void Check(DefinitionCheck check)
    {
        var problems = Options.Problems().ToList();
        if (Splits is FolderSplits)
            problems.Add("The splits are those of folders, and rows of a database lie in none. Expected another way to split, for example Split.ByHash((\"train\", 9), (\"eval\", 1)).");
        problems.ForEach(check.Error);
    }

    protected internal override IReadOnlyCollection<string>? KnownColumns(DefinitionCheck check, Output output) =>
        Columns is null ? null : [.. Columns.Select(column => column.Name)];

    protected internal override string? WhyStale(Reuse reuse)
    {
        if (database.Path is not null)
            return null;
        try
        {
            using var rows = database.Open(new SqlQuery(query), CancellationToken.None);
            while (rows.Next())
            {
                // The digest is of all rows.
            }

            return reuse.Artifacts.Values.Single().Properties.TryGetValue(DigestProperty, out var before) && before.ToString() == rows.Digest
                ? null
                : $"the query gives other rows of {database.Name} than before";
        }
        catch (InvalidDataException error)
        {
            return $"it is not known whether the data is the same: {error.Message}";
        }
    }

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        SqlRows? rows = null;
        var options = (SqlOptions)Options with { Opened = opened => rows = opened };
        var result = RowIngestion.Run(
            options,
            [new SourceFile(database.Path is { } path ? Path.GetFullPath(path) : "", database.Name, execution.ExternalFiles is [var file, ..] ? file.Fingerprint : "")],
            execution.DirectoryOf(Outputs),
            execution.Report,
            cancellationToken);
        Examples.Describe(execution, Outputs, result.RowsOfSplits, result.Rejected, result.Filtered);
        execution.SetProperty(Outputs, Examples.SpanProperty, 0L);
        execution.SetProperty(Outputs, Examples.VersionProperty, 0L);
        execution.SetProperty(Outputs, DigestProperty, rows!.Digest);
        return Task.CompletedTask;
    }
}
