using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Schemas;

namespace Gyre.Cli.Inspection;

/// <summary>Finds a schema that somebody names: a file, an artifact, or the newest of the home.</summary>
static class SchemaSource
{
    const string SchemaType = "Schema";

    /// <param name="session">Tells the home.</param>
    /// <param name="name">A path, or an artifact such as a45; null for the newest schema of the home.</param>
    /// <exception cref="UsageException">There is none, or the artifact is something else.</exception>
    public static (string Source, SchemaDefinition Schema) Load(Session session, string? name)
    {
        if (name is not null && !File.Exists(name) && HistoryReader.Other(name, "a schema file (.pbtxt), or an artifact (a45) of type Schema") is { } other)
            throw new UsageException(other);
        if (name is not null && (HistoryReader.Number(name, 'a') is null || File.Exists(name)))
            return (name, SchemaDefinition.Load(name));
        using var home = session.OpenHome();
        var artifact = home.Store.Read(transaction => name is not null
            ? new HistoryReader(transaction).FindArtifact(name)
            : transaction.ArtifactsOfType(SchemaType, limit: 1) is [var newest] ? newest
            : throw new UsageException("This home has no schema yet. Infer one: schema infer data.csv --output schema.pbtxt."));
        return artifact.Type == SchemaType
            ? (HistoryText.ArtifactName(artifact.Id), SchemaDefinition.Load(Path.Combine(home.Artifacts.PathOf(artifact.Uri), "schema.pbtxt")))
            : throw new UsageException($"{HistoryText.ArtifactName(artifact.Id)} is {HistoryText.WithArticle(artifact.Type)}. Expected a {SchemaType}.");
    }
}
