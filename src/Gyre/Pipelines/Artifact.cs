namespace Gyre.Pipelines;

/// <summary>
/// An immutable, typed result of a component: a directory of files, properties that can be searched, and a
/// fingerprint of the content. Derive a sealed record to make a type of your own; its name is the type's name in
/// the metadata store, unless <see cref="ArtifactTypeAttribute"/> gives another.
/// </summary>
public abstract record Artifact
{
    /// <summary>The number of the artifact in the metadata store.</summary>
    public long Id { get; private set; }

    /// <summary>The absolute path of the directory (or, for a file outside the home, of the file) that holds the content.</summary>
    public string Location { get; private set; } = "";

    /// <summary>
    /// SHA-256 over names, lengths and contents of all files, in lower-case hexadecimal. Equal content has an equal
    /// fingerprint wherever and whenever it was made.
    /// </summary>
    public string Fingerprint { get; private set; } = "";

    public IReadOnlyDictionary<string, PropertyValue> Properties { get; private set; } =
        new Dictionary<string, PropertyValue>(StringComparer.Ordinal);

    /// <summary>The absolute path of a file of this artifact.</summary>
    /// <exception cref="ArgumentException">The path leaves the artifact's directory.</exception>
    public string PathOf(string relativePath) => SafePath.Join(Location, relativePath);

    internal Artifact Bind(
        long id, string location, string fingerprint, IReadOnlyDictionary<string, PropertyValue> properties)
    {
        (Id, Location, Fingerprint, Properties) = (id, location, fingerprint, properties);
        return this;
    }

    /// <summary>The name of an artifact type in the metadata store.</summary>
    public static string TypeName(Type type) =>
        type.GetCustomAttributes(typeof(ArtifactTypeAttribute), inherit: false) is [ArtifactTypeAttribute named]
            ? named.Name
            : type.Name;
}

/// <summary>Names an artifact type in the metadata store, where the class's own name is not the one wanted there.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ArtifactTypeAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>A file that a component reads from outside the home; its content is part of the cache key and the lineage.</summary>
public sealed record ExternalFile : Artifact;
