using Gyre.Pipelines;

namespace Gyre.Schemas;

/// <summary>What is expected of examples, in <c>schema.pbtxt</c>.</summary>
[ArtifactType("Schema")]
public sealed record DataSchema : Artifact
{
    internal const string FileName = "schema.pbtxt";

    /// <summary>The absolute path of the schema's file.</summary>
    public string File => PathOf(FileName);

    /// <summary>Reads the schema.</summary>
    public SchemaDefinition Load() => SchemaDefinition.Load(File);
}
