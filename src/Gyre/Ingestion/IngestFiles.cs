using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>What all components have in common that read files into examples.</summary>
public abstract class IngestFiles : IngestRows
{
    readonly string _path;

    private protected IngestFiles(string path) => _path = path;

    /// <summary>Which spans to read, where the path tells them; by default the newest.</summary>
    public SpanSelection Spans { get; init; } = Span.Latest;

    protected internal override IReadOnlyList<string> ExternalFiles() => SpanFinder.Paths(_path, Splits, Spans);

    protected internal override void Check(DefinitionCheck check)
    {
        var problems = Options.Problems().Concat(SpanFinder.Problems(_path, Splits, Spans)).ToList();
        if (_path.Length == 0)
            problems.Add($"The path is empty. Expected {Options.Expected}.");
        if (problems.Count == 0 && Columns is null && KnownColumns(check, Outputs) is { } columns)
            problems.AddRange(Options.UnknownColumns(columns));
        problems.ForEach(check.Error);
    }

    protected internal override IReadOnlyCollection<string>? KnownColumns(DefinitionCheck check, Output output)
    {
        if (Columns is not null)
            return [.. Columns.Select(column => column.Name)];
        try
        {
            return Options.KnownFields(SpanFinder.Paths(_path, Splits, Spans)[0]);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            // The file's own faults are told when it is read, with all that is known then.
            return null;
        }
    }

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        SpanIngestion.Run(execution, Outputs, _path, Spans, Options, GetType(), cancellationToken);
        return Task.CompletedTask;
    }
}
