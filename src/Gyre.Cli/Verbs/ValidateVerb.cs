using System.CommandLine;
using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Cli.Inspection;
using Gyre.Cli.Terminal;
using Gyre.Cli.Watching;
using Gyre.Runners;
using Gyre.Schemas;
using Gyre.Schemas.Comparison;
using Gyre.Statistics;

namespace Gyre.Cli.Verbs;

/// <summary>Holds data against a schema.</summary>
sealed class ValidateVerb : Verb
{
    readonly Argument<string?> _source = new("source")
    {
        HelpName = "FILE|ID",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "A CSV or Parquet file, a file of statistics (.pb), or an artifact (a45), also anomalies that a run found; by default the newest statistics of the home.",
    };

    readonly Option<string?> _schema = new("--schema") { HelpName = "FILE|ID", Description = "The schema (.pbtxt), or an artifact (a45); by default the newest schema of the home." };

    readonly Option<string?> _environment = new("--environment") { HelpName = "NAME", Description = "The environment that the data is of, for example SERVING, where the schema tells them apart." };

    readonly Option<int> _examples = new("--examples") { HelpName = "N", Description = "How many rows are shown of each anomaly.", DefaultValueFactory = _ => 5 };

    readonly Option<string?> _config = new("--config") { HelpName = "FILE", Description = "Severities by type of anomaly: TFX's ValidationConfig in text format." };

    readonly Option<string?> _proposal = new("--fixed-schema") { HelpName = "FILE", Description = "Write the schema, relaxed as little as is needed to allow this data, to this file." };

    readonly Option<string> _emptyCells = new("--empty-cells")
    {
        HelpName = "missing|list|auto",
        Description = "What an empty cell means: a missing feature, or, as TFX reads CSV, a feature without a value; auto decides by the schema.",
        DefaultValueFactory = _ => "auto",
    };

    readonly ComparisonArguments _comparison = new();

    readonly CsvArguments _csv = new();

    public ValidateVerb()
        : base("validate", "Hold data against a schema.")
    {
        Arguments.Add(_source);
        Options.Add(_schema);
        Options.Add(_environment);
        Options.Add(_examples);
        Options.Add(_emptyCells);
        Options.Add(_config);
        Options.Add(_proposal);
        foreach (var option in _comparison.All.Concat(_csv.All))
            Options.Add(option);
    }

    public override string Explanation => "Exit code 0 when the data is as expected (warnings allowed), 3 when it is not.";

    public override IReadOnlyList<Example> Examples =>
    [
        new("validate new.csv --schema schema.pbtxt", "is this file as expected?"),
        new("validate new.csv", "by the schema of the last run"),
        new("validate", "is the data of the last run as expected?"),
        new("validate new.csv --previous old.csv --label bought", "also: how far is it from earlier data, and how are its classes balanced?"),
        new("validate new.csv --schema schema.pbtxt --environment SERVING", "without what only training data has"),
    ];

    public override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        if ((session.Value(_source) is null || session.Value(_schema) is null) && !Home.Exists(session.HomeDirectory))
            throw new UsageException($"There is no home in '{session.HomeDirectory}' to take data and schema from. Name both, for example validate new.csv --schema schema.pbtxt, or a home with --home.");
        if (Found(session) is { } known)
            return Report(session, known.Source, known.Source, known.Reports, null);
        var (schemaSource, schema) = SchemaSource.Load(session, session.Value(_schema));
        using var data = await DataSet.OpenAsync(session, session.Value(_source), _csv.Read(session), cancellationToken);
        var options = new ValidationOptions
        {
            Environment = session.Value(_environment),
            Severities = session.Value(_config) is { } config ? ValidationConfiguration.Load(config) : new ValidationOptions().Severities,
        };
        var counting = new StatisticsOptions { EmptyCells = EmptyCellsOf(session, schema) };
        var statistics = data.Parts.Select(part => part.Statistics(cancellationToken, counting)).ToList();
        var others = await _comparison.OpenAsync(session, _csv.Read(session), cancellationToken);
        var reports = data.Parts.Zip(statistics, (part, counted) => (part.Name, Report: WithExamples(others.Validate(part, counted, schema, options, cancellationToken), part, session.Value(_examples), cancellationToken))).ToList();
        if (session.Value(_proposal) is { } proposal)
            SchemaValidation.Relax(schema, statistics, options).Save(proposal);
        return Report(session, data.Source, schemaSource, reports, others.IsWanted ? others.Reports : null);
    }

    /// <summary>What an earlier run found, when its artifact is named.</summary>
    (string Source, List<(string Name, AnomalyReport Report)> Reports)? Found(Session session)
    {
        if (session.Value(_source) is not { } name || HistoryReader.Number(name, 'a') is null || File.Exists(name) || !Home.Exists(session.HomeDirectory))
            return null;
        using var home = session.OpenHome();
        var artifact = home.Store.Read(transaction => new HistoryReader(transaction).FindArtifact(name));
        return artifact.Type == AnomalyFiles.ArtifactType ? (name, AnomalyFiles.Load(home.Artifacts.PathOf(artifact.Uri))) : null;
    }

    /// <summary>
    /// A schema that TFX inferred from a CSV file demands a column everywhere, but no value in it: its empty cells were
    /// features without a value. Held against it any other way, every such column would be an anomaly.
    /// </summary>
    EmptyCells EmptyCellsOf(Session session, SchemaDefinition schema)
    {
        switch (session.Value(_emptyCells))
        {
            case "missing": return EmptyCells.Missing;
            case "list": return EmptyCells.EmptyList;
            case "auto" when schema.MayBeEmpty is [var first, ..] columns:
                session.Screen.Note(session.Screen.Paint(
                    $"Empty cells count as present, without a value: the schema demands {ProgressText.Count(columns.Count, "column")} such as '{first}' everywhere, but no value there, as TFX does for CSV. --empty-cells missing counts them as missing.", Tone.Faint));
                return EmptyCells.EmptyList;
            case "auto": return EmptyCells.Missing;
            case var other: throw new UsageException($"--empty-cells is '{other}'. Expected missing, list or auto.");
        }
    }

    static AnomalyReport WithExamples(AnomalyReport report, DataPart part, int most, CancellationToken cancellationToken) => part.Files.Count > 0
        ? report.WithExamples(part.Files, most, cancellationToken: cancellationToken)
        : report;

    int Report(Session session, string source, string schema, List<(string Name, AnomalyReport Report)> reports, IReadOnlyDictionary<string, ComparisonReport>? comparisons)
    {
        var errors = reports.Sum(report => report.Report.Errors.Count());
        if (session.Screen.IsJson)
        {
            session.Screen.Json(new
            {
                source,
                schema,
                valid = errors == 0,
                splits = reports.Select(report => new { name = report.Name, anomalies = report.Report.Found.Select(anomaly => AnomalyTable.Document(anomaly, report.Report)), comparison = comparisons?.GetValueOrDefault(report.Name) }),
            });
        }
        else
        {
            if (session.Value(_source) is null || session.Value(_schema) is null)
                session.Screen.Note(session.Screen.Paint(source == schema ? source : $"{source} against the schema {schema}", Tone.Faint));
            foreach (var comparison in comparisons?.Values ?? [])
                ComparisonTable.Write(session.Screen, comparison);
            Show(session.Screen, reports, errors);
        }

        return errors == 0 ? ExitCodes.Done : ExitCodes.Gate;
    }

    static void Show(Screen screen, List<(string Name, AnomalyReport Report)> reports, int errors)
    {
        foreach (var (name, report) in reports.Where(report => report.Report.Found.Count > 0))
        {
            if (reports.Count > 1)
                screen.Line(screen.Paint(name, Tone.Strong));
            AnomalyTable.Write(screen, report);
            screen.Line();
        }

        var warnings = reports.Sum(report => report.Report.Warnings.Count());
        screen.Line(errors == 0
            ? screen.Paint(warnings == 0 ? "The data is as expected." : $"The data is as expected, with {ProgressText.Count(warnings, "warning")}.", Tone.Good)
            : screen.Paint($"The data is not as expected: {ProgressText.Count(errors, "error")}, {ProgressText.Count(warnings, "warning")}.", Tone.Bad));
        if (errors > 0)
            screen.Note("Correct the data, or, if it is right, the schema: --fixed-schema FILE writes one that allows it; in a pipeline use 'schema accept'.");
    }
}
