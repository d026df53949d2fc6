using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Pages;

namespace Gyre.Cli.Inspection;

/// <summary>Reads what an artifact of anomalies holds, split by split.</summary>
static class AnomalySource
{
    public const string AnomaliesType = "ExampleAnomalies";

    /// <exception cref="UsageException">There is no such artifact, or it is something else.</exception>
    public static IReadOnlyList<ValidationView> Load(Session session, string name)
    {
        using var home = session.OpenHome();
        var artifact = home.Store.Read(transaction => new HistoryReader(transaction).FindArtifact(name));
        return artifact.Type == AnomaliesType
            ? ValidationView.OfDirectory(home.Artifacts.PathOf(artifact.Uri))
            : throw new UsageException($"{HistoryText.ArtifactName(artifact.Id)} is {HistoryText.WithArticle(artifact.Type)}. Expected {AnomaliesType}.");
    }
}
