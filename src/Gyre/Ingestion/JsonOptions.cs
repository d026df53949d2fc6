namespace Gyre.Ingestion;

/// <summary>How JSON lines become examples; see <see cref="IngestJson"/>.</summary>
sealed record JsonOptions : IngestionOptions
{
    public string? Entry { get; init; }

    public override string Expected => "a file of JSON lines";

    /// <summary>Looks at all lines for their keys first: they may differ from line to line.</summary>
    public override Func<SourceFile, RowSource> Prepare(IReadOnlyList<SourceFile> files, CancellationToken cancellation)
    {
        var shape = new JsonShape();
        foreach (var file in files)
        {
            using var rows = new JsonRows(Lines(file), file.Name, shape);
            while (rows.Next())
            {
                cancellation.ThrowIfCancellationRequested();
                if (rows.Fault is null)
                    rows.Learn();
            }
        }

        return file => new JsonRows(Lines(file), file.Name, shape);
    }

    LineReader Lines(SourceFile file) => new(PackedFile.Open(file.Path, file.Name, Entry, "*.json*"), file.Name);
}
