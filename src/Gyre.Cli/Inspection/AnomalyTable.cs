using Gyre.Cli.Terminal;
using Gyre.Schemas;

namespace Gyre.Cli.Inspection;

/// <summary>Shows what validation found, with the rows to blame under each anomaly.</summary>
static class AnomalyTable
{
    public static void Write(Screen screen, AnomalyReport report)
    {
        var table = new TextTable();
        foreach (var anomaly in report.Found)
        {
            var isError = anomaly.Severity == AnomalySeverity.Error;
            table.Add(new Cell(isError ? "error" : "warning", isError ? Tone.Bad : Tone.Warning), anomaly.Feature.Length == 0 ? "(all)" : anomaly.Feature, anomaly.Description);
            foreach (var example in ExamplesOf(anomaly, report))
                table.Add("", "", new Cell(example.ToString(), Tone.Faint));
        }

        table.Write(screen);
    }

    /// <summary>An anomaly with its rows, as <c>--json</c> writes it.</summary>
    public static object Document(FeatureAnomaly anomaly, AnomalyReport report) => new
    {
        anomaly.Feature,
        anomaly.Types,
        anomaly.Severity,
        anomaly.ShortDescription,
        anomaly.Description,
        examples = ExamplesOf(anomaly, report),
    };

    static IReadOnlyList<OffendingExample> ExamplesOf(FeatureAnomaly anomaly, AnomalyReport report) =>
        [.. report.Offenders.Where(offenders => offenders.Feature == anomaly.Feature).SelectMany(offenders => offenders.Examples).Distinct()];
}

/// <summary>The files of an artifact of anomalies.</summary>
static class AnomalyFiles
{
    public const string ArtifactType = "ExampleAnomalies";

    const string Prefix = "Split-";

    /// <summary>What was found in each split, with the rows to blame.</summary>
    public static List<(string Name, AnomalyReport Report)> Load(string directory) =>
    [
        .. Directory.EnumerateDirectories(directory, Prefix + "*").Order(StringComparer.Ordinal)
            .Select(split => (Path.GetFileName(split)[Prefix.Length..], AnomalyReport.LoadWithExamples(split)))
            .OrderBy(split => split.Item1 != "train"),
    ];
}
