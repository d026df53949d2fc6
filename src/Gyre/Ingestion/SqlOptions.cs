namespace Gyre.Ingestion;

/// <summary>How rows of a database become examples; see <see cref="IngestSql"/> for each.</summary>
sealed record SqlOptions : IngestionOptions
{
    public required Database Database { get; init; }

    public required string Query { get; init; }

    /// <summary>Is told the rows when they are open; when all are read they know their digest.</summary>
    [Pipelines.NotAParameter]
    public Action<SqlRows> Opened { get; init; } = _ => { };

    public override string Expected => "a database";

    public override Func<SourceFile, RowSource> Prepare(IReadOnlyList<SourceFile> files, CancellationToken cancellation) => _ =>
    {
        var rows = Database.Open(new SqlQuery(Query), cancellation);
        Opened(rows);
        return rows;
    };

    protected override IEnumerable<string> FormatProblems() => Database.Problems().Concat(new SqlQuery(Query).Problems());
}
