using System.Globalization;
using System.Text.Json;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Schemas.Comparison;
using Gyre.Statistics;
using Microsoft.Extensions.Logging;

namespace Gyre.Schemas;

/// <summary>
/// Holds the statistics of every split against a schema. When data is not as expected, the run stops here with exit
/// code 3 and says which feature, which values, in which rows, and what to do; what chance explains, or harms nothing, is
/// a warning.
/// </summary>
/// <example><code>var anomalies = pipeline.Add(new ValidateExamples(statistics, schema));</code></example>
[CodeVersion(3)]
public sealed class ValidateExamples(Output<ExampleStatistics> statistics, Output<DataSchema> schema) : Component<Output<Anomalies>>
{
    const int NamedFeatures = 5;
    const int NamedRows = 3;

    readonly Output<ExampleStatistics> _statistics = statistics;
    readonly Output<DataSchema> _schema = schema;
    readonly Output<Examples>? _counted = (statistics.Producer as ComputeStatistics)?.Counted;
    readonly Output<ExampleStatistics>? _previous = Resolvers.PreviousSpan(statistics);

    /// <summary>Which earlier data is compared with, to see drift; by default the newest earlier span.</summary>
    public PreviousData Previous
    {
        get => _previous is null ? PreviousData.None : PreviousData.Span;
        init => _previous = value == PreviousData.None ? null : Resolvers.PreviousSpan(_statistics);
    }

    /// <summary>Statistics of what the model is asked in service, to see skew; null for none.</summary>
    public Output<ExampleStatistics>? Serving { get; init; }

    /// <summary>
    /// The examples themselves, where the label's leakage and repeated rows are to be looked for; null for none. The rows
    /// behind anomalies are found without it, when <see cref="ComputeStatistics"/> made the statistics.
    /// </summary>
    public Output<Examples>? Examples { get; init; }

    /// <summary>How to compare.</summary>
    public ValidationOptions Options { get; init; } = new();

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        var input = execution.Read(_statistics);
        var expected = execution.Read(_schema).Load();
        execution.TryRead(Examples ?? _counted, out var rows);
        var errors = new List<string>();
        var warnings = 0L;
        var allowed = expected;
        var others = new ComparisonInputs(execution, input, Options) { Previous = _previous, Serving = Serving, Examples = Examples };
        foreach (var split in input.Splits)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (found, comparison) = others.Of(split, cancellationToken).Validate(expected, Options);
            comparison.Save(execution.PathOf(Outputs, Anomalies.RelativeComparisonOf(split)));
            foreach (var missing in comparison.Comparisons.Where(each => each.NotCompared is not null))
                execution.Log.LogInformation("{Split}: not compared with {Other}: {Reason}", split, missing.Name, missing.NotCompared);
            var report = WithRows(found, rows, split, execution.Threads, cancellationToken);
            report.Save(execution.PathOf(Outputs, Anomalies.RelativeFileOf(split)));
            Offenders.Save(report.Offenders, execution.PathOf(Outputs, Anomalies.OffendersFileOf(split)));
            errors.AddRange(report.Errors.Select(anomaly => $"{split}: {anomaly}{RowsOf(anomaly, report)}"));
            LogAll(execution.Log, split, report);
            warnings += report.Warnings.Count();
            if (report.Found.Count > 0)
                allowed = (ReferenceEquals(allowed, expected) ? report : others.Of(split, cancellationToken).Validate(allowed, Options).Anomalies).Fixed!;
        }

        // What was described as one split has it may be different in another.
        allowed = SchemaValidation.Relax(allowed, input.Splits.Select(input.Of), Options);
        if (allowed.Text != expected.Text)
            allowed.Save(execution.PathOf(Outputs, Anomalies.FixedSchemaFile));
        execution.SetProperty(Outputs, Anomalies.SplitNamesProperty, JsonSerializer.Serialize(input.Splits));
        execution.SetProperty(Outputs, Anomalies.ErrorsProperty, errors.Count);
        execution.SetProperty(Outputs, Anomalies.WarningsProperty, warnings);
        if (errors.Count > 0)
        {
            execution.CloseGate(
                Outputs,
                ReasonOf(errors),
                "Correct the data; or, if it is right, accept it: 'schema accept --reason \"…\"' changes the schema file so far that it allows this, "
                + "'schema accept --dry-run' shows how. Then run again.");
        }

        return Task.CompletedTask;
    }

    protected internal override void Check(DefinitionCheck check)
    {
        foreach (var problem in Options.Comparison.Problems())
            check.Error(problem);
        if (Options.Label is { } label)
            check.RequireColumns(_statistics, [label], "as the label");
        else if (Options.ExpectedLabel is not null)
            check.Error($"There is nothing that {nameof(ValidationOptions.ExpectedLabel)} could be held against. Set {nameof(ValidationOptions.Label)} to the label's column.");
        if (Options.Significance is not (> 0 and <= 1))
            check.Error(FormattableString.Invariant($"{nameof(ValidationOptions.Significance)} is {Options.Significance}. Expected a probability above 0 and at most 1."));
        if (Options.OffendingExamples < 0)
            check.Error(FormattableString.Invariant($"{nameof(ValidationOptions.OffendingExamples)} is {Options.OffendingExamples}. Expected a number of examples, 0 for none."));
        foreach (var type in Options.Severities.Keys.Where(type => !AnomalyTypes.IsKnown(type)))
            check.Error($"{nameof(ValidationOptions.Severities)} names '{type}', which is no type of anomaly. Expected one of TFX's, such as SCHEMA_NEW_COLUMN.");
    }

    AnomalyReport WithRows(AnomalyReport report, Examples? examples, string split, int threads, CancellationToken cancellationToken) =>
        examples is null || !examples.Splits.Contains(split, StringComparer.Ordinal)
            ? report
            : report.WithExamples(examples.FilesOf(split), Options.OffendingExamples, threads, cancellationToken);

    static void LogAll(ILogger log, string split, AnomalyReport report)
    {
        foreach (var anomaly in report.Found)
        {
            log.Log(
                anomaly.Severity == AnomalySeverity.Error ? LogLevel.Error : LogLevel.Warning,
                "{Split}: {Anomaly} ({Types}){Rows}", split, anomaly, string.Join(", ", anomaly.Types), RowsOf(anomaly, report));
        }

        foreach (var note in report.Notes)
            log.LogInformation("{Split}: {Note}", split, note);
    }

    static string RowsOf(FeatureAnomaly anomaly, AnomalyReport report)
    {
        var rows = report.Offenders.Where(offenders => offenders.Feature == anomaly.Feature).SelectMany(offenders => offenders.Examples).ToList();
        return rows.Count == 0 ? "" : $" Rows: {string.Join(", ", rows.Take(NamedRows))}{(rows.Count > NamedRows ? ", …" : ".")}";
    }

    static string ReasonOf(List<string> errors)
    {
        var named = string.Join(Environment.NewLine, errors.Take(NamedFeatures));
        return errors.Count > NamedFeatures
            ? string.Create(CultureInfo.InvariantCulture, $"{named}{Environment.NewLine}and {errors.Count - NamedFeatures} more anomalies.")
            : named;
    }
}

/// <summary>Which earlier data is compared with.</summary>
public enum PreviousData
{
    /// <summary>None.</summary>
    None,

    /// <summary>
    /// The newest earlier span that this pipeline has seen, or an earlier version of the same span; where data does not come in
    /// spans, the data before. A first run has none, and says so.
    /// </summary>
    Span,
}
