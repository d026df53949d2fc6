using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Schemas;

namespace Gyre.Cli.Inspection;

/// <summary>Reads what an artifact of anomalies holds, split by split.</summary>
static class AnomalySource
{
    public const string AnomaliesType = "ExampleAnomalies";

    const string SplitPrefix = "Split-";
    const string ReportFile = "SchemaDiff.pb";

    /// <exception cref="UsageException">There is no such artifact, or it is something else.</exception>
    public static IReadOnlyList<KeyValuePair<string, AnomalyReport>> Load(Session session, string name)
    {
        using var home = session.OpenHome();
        var artifact = home.Store.Read(transaction => new HistoryReader(transaction).FindArtifact(name));
        return artifact.Type == AnomaliesType
            ? OfDirectory(home.Artifacts.PathOf(artifact.Uri))
            : throw new UsageException($"{HistoryText.ArtifactName(artifact.Id)} is {HistoryText.WithArticle(artifact.Type)}. Expected {AnomaliesType}.");
    }

    /// <summary>The reports that lie in the directory of an artifact.</summary>
    public static IReadOnlyList<KeyValuePair<string, AnomalyReport>> OfDirectory(string path) =>
        [.. Directory.EnumerateDirectories(path, SplitPrefix + "*").Order(StringComparer.Ordinal)
            .Select(split => KeyValuePair.Create(Path.GetFileName(split)[SplitPrefix.Length..], AnomalyReport.Load(Path.Combine(split, ReportFile))))];
}
