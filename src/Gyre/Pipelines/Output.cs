namespace Gyre.Pipelines;

/// <summary>A wire of the graph: what one component produces and others may read. See <see cref="Output{TArtifact}"/>.</summary>
public abstract class Output
{
    private protected Output(Component? producer, string key, Type artifactType)
    {
        Producer = producer;
        Key = key;
        ArtifactType = artifactType;
    }

    /// <summary>The name of the output within its component, in snake_case.</summary>
    public string Key { get; }

    /// <summary>The component that produces it; null where the store is asked instead, see <see cref="Resolver"/>.</summary>
    internal Component? Producer { get; }

    internal Type ArtifactType { get; }

    /// <summary>How the store finds the artifact when no component of this run produces it.</summary>
    internal Resolver? Resolver { get; init; }

    public override string ToString() => Producer is null ? Resolver?.Strategy ?? Key : $"{Producer.NodeId}.{Key}";
}

/// <summary>
/// A typed wire: the constructor of a component takes the outputs of others, so a pipeline that is wired wrongly does
/// not compile. The artifact itself exists only while a run executes; see <see cref="Execution.Read{TArtifact}"/>.
/// </summary>
public sealed class Output<TArtifact> : Output
    where TArtifact : Artifact, new()
{
    internal Output(Component producer, string key)
        : base(producer, key, typeof(TArtifact))
    {
    }

    internal Output(Resolver resolver)
        : base(producer: null, resolver.Strategy, typeof(TArtifact)) => Resolver = resolver;
}

/// <summary>Finds an input in the store instead of in the run, for example the model that was blessed last.</summary>
/// <param name="Strategy">The name of the way to find it; see <see cref="Resolvers"/>.</param>
/// <param name="Candidate">The wire it is sought for; an artifact of equal content is never found.</param>
sealed record Resolver(string Strategy, Output Candidate);

/// <summary>Wires whose artifact the store finds when the node starts.</summary>
public static class Resolvers
{
    internal const string LatestBlessedStrategy = "latest_blessed";
    internal const string PreviousSpanStrategy = "previous_span";
    internal const string OwnEarlierStrategy = "own_earlier";
    internal const string OwnEarlierBlessedStrategy = "own_earlier_blessed";

    /// <summary>The property of an artifact that says of which data its node made it, for <see cref="OwnEarlier"/>.</summary>
    internal const string MadeOfProperty = "made_of";

    /// <summary>
    /// The newest artifact of the candidate's type that the node itself has blessed and whose content differs from the candidate's;
    /// none on the first run. The artifact found is an input like any other: part of the cache key and the lineage.
    /// </summary>
    public static Output<TArtifact> LatestBlessed<TArtifact>(Output<TArtifact> candidate)
        where TArtifact : Artifact, new() => new(new Resolver(LatestBlessedStrategy, candidate));

    /// <summary>
    /// What the node that has this wire itself made last of earlier data: of an earlier span, or where data does not come in spans of
    /// other content. None on the first run. The same data finds the same artifact again, so nothing is made anew without need.
    /// </summary>
    /// <param name="data">The data; the node records its fingerprint as <see cref="MadeOfProperty"/>, with its span and version.</param>
    /// <param name="blessed">Whether only a blessed one will do.</param>
    internal static Output<TArtifact> OwnEarlier<TArtifact>(Output data, bool blessed)
        where TArtifact : Artifact, new() => new(new Resolver(blessed ? OwnEarlierBlessedStrategy : OwnEarlierStrategy, data));

    /// <summary>
    /// What the same node of this pipeline made of the newest earlier span, or of an earlier version of the same span; where
    /// data does not come in spans, what it made last of other content. None on the first run.
    /// </summary>
    public static Output<TArtifact> PreviousSpan<TArtifact>(Output<TArtifact> candidate)
        where TArtifact : Artifact, new() => new(new Resolver(PreviousSpanStrategy, candidate));
}
