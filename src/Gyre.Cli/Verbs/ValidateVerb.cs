using System.CommandLine;
using Gyre.Cli.Arguments;
using Gyre.Cli.Inspection;
using Gyre.Cli.Terminal;
using Gyre.Cli.Watching;
using Gyre.Runners;
using Gyre.Schemas;

namespace Gyre.Cli.Verbs;

/// <summary>Holds data against a schema.</summary>
sealed class ValidateVerb : Verb
{
    readonly Argument<string?> _source = new("source")
    {
        HelpName = "FILE|ID",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "A CSV or Parquet file, a file of statistics (.pb), or an artifact (a45); by default the newest statistics of the home.",
    };

    readonly Option<string?> _schema = new("--schema") { HelpName = "FILE|ID", Description = "The schema (.pbtxt), or an artifact (a45); by default the newest schema of the home." };

    readonly Option<string?> _environment = new("--environment") { HelpName = "NAME", Description = "The environment that the data is of, for example SERVING, where the schema tells them apart." };

    readonly ComparisonArguments _comparison = new();

    readonly CsvArguments _csv = new();

    public ValidateVerb()
        : base("validate", "Hold data against a schema.")
    {
        Arguments.Add(_source);
        Options.Add(_schema);
        Options.Add(_environment);
        foreach (var option in _comparison.All.Concat(_csv.All))
            Options.Add(option);
    }

    public override string Explanation => "Exit code 0 when the data is as expected (warnings allowed), 3 when it is not.";

    public override IReadOnlyList<Example> Examples =>
    [
        new("validate new.csv --schema schema.pbtxt", "is this file as expected?"),
        new("validate new.csv", "by the schema of the last run"),
        new("validate", "is the data of the last run as expected?"),
        new("validate new.csv --previous old.csv --label disputed", "also: how far is it from earlier data, and how are its classes balanced?"),
        new("validate new.csv --schema schema.pbtxt --environment SERVING", "without what only training data has"),
    ];

    public override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        if ((session.Value(_source) is null || session.Value(_schema) is null) && !Home.Exists(session.HomeDirectory))
            throw new UsageException($"There is no home in '{session.HomeDirectory}' to take data and schema from. Name both, for example validate new.csv --schema schema.pbtxt, or a home with --home.");
        var (schemaSource, schema) = SchemaSource.Load(session, session.Value(_schema));
        using var data = await DataSet.OpenAsync(session, session.Value(_source), _csv.Read(session), cancellationToken);
        var options = new ValidationOptions { Environment = session.Value(_environment) };
        var others = await _comparison.OpenAsync(session, _csv.Read(session), cancellationToken);
        var reports = data.Parts.Select(part => (part.Name, Report: others.Validate(part, part.Statistics(cancellationToken), schema, options, cancellationToken))).ToList();
        var errors = reports.Sum(report => report.Report.Errors.Count());
        if (session.Screen.IsJson)
        {
            session.Screen.Json(new
            {
                source = data.Source,
                schema = schemaSource,
                valid = errors == 0,
                splits = reports.Select(report => new { name = report.Name, anomalies = report.Report.Found, comparison = others.IsWanted ? others.Reports[report.Name] : null }),
            });
        }
        else
        {
            if (session.Value(_source) is null || session.Value(_schema) is null)
                session.Screen.Note(session.Screen.Paint($"{data.Source} against the schema {schemaSource}", Tone.Faint));
            foreach (var report in others.IsWanted ? others.Reports.Values : [])
                ComparisonTable.Write(session.Screen, report);
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
            var table = new TextTable();
            foreach (var anomaly in report.Found)
            {
                table.Add(
                    new Cell(anomaly.Severity == AnomalySeverity.Error ? "error" : "warning", anomaly.Severity == AnomalySeverity.Error ? Tone.Bad : Tone.Warning),
                    anomaly.Feature.Length == 0 ? "(all)" : anomaly.Feature,
                    anomaly.Description);
            }

            table.Write(screen);
            screen.Line();
        }

        var warnings = reports.Sum(report => report.Report.Warnings.Count());
        screen.Line(errors == 0
            ? screen.Paint(warnings == 0 ? "The data is as expected." : $"The data is as expected, with {ProgressText.Count(warnings, "warning")}.", Tone.Good)
            : screen.Paint($"The data is not as expected: {ProgressText.Count(errors, "error")}, {ProgressText.Count(warnings, "warning")}.", Tone.Bad));
        if (errors > 0)
            screen.Note("Correct the data, or, if it is right, the schema.");
    }
}
