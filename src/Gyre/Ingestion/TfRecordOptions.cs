namespace Gyre.Ingestion;

/// <summary>How TFRecord files become examples; see <see cref="IngestTfRecord"/>.</summary>
sealed record TfRecordOptions : IngestionOptions
{
    public string? Entry { get; init; }

    public override string Expected => "a TFRecord file";

    /// <summary>An empty text is a value here; what is missing is left out of the record.</summary>
    public override bool EmptyIsMissing => false;

    public override Func<SourceFile, RowSource> Prepare(IReadOnlyList<SourceFile> files, CancellationToken cancellation)
    {
        var survey = new FeatureSurvey();
        foreach (var file in files)
        {
            using var rows = new TfRecordRows(Open(file), file.Name, [], 0);
            while (rows.Next())
            {
                cancellation.ThrowIfCancellationRequested();
                survey.Add(rows);
            }
        }

        var fields = survey.Fields();
        return file => new TfRecordRows(Open(file), file.Name, fields, fields.Count);
    }

    Stream Open(SourceFile file) => PackedFile.Open(file.Path, file.Name, Entry, "*.tfrecord");
}
