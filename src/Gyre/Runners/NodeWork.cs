using System.Runtime.InteropServices;
using System.Text.Json;
using Gyre.Metadata;
using Gyre.Pipelines;

namespace Gyre.Runners;

/// <summary>A node with all that it will read, ready to be reused or executed.</summary>
sealed record NodeWork(NodeSpec Node, NodeInputs Inputs, IReadOnlyList<FingerprintedFile> Files, int Attempt)
{
    public Identity Identity { get; } = Identity.Of(Node, Inputs.Fingerprints, Files.Select(file => file.Fingerprint));

    /// <summary>What the store keeps of an execution from its beginning.</summary>
    public Dictionary<string, PropertyValue> Describe(Run run, string reason) => new(StringComparer.Ordinal)
    {
        [ExecutionProperties.Pipeline] = run.Pipeline,
        [ExecutionProperties.Node] = Node.Id,
        [ExecutionProperties.Run] = run.Id,
        [ExecutionProperties.Reason] = reason,
        [ExecutionProperties.Code] = Node.Code,
        [ExecutionProperties.Parameters] = Node.Parameters.ToJsonString(SpecJson.Compact),
        [ExecutionProperties.Identity] = Identity.Json,
        [ExecutionProperties.Attempt] = (long)Attempt,
        [ExecutionProperties.GyreVersion] = GyreVersion.Text,
    };

    /// <summary>Puts an execution into its contexts and records what it reads.</summary>
    public void Link(MetadataTransaction transaction, Run run, long executionId)
    {
        foreach (var context in Contexts(transaction, run))
            transaction.Associate(context, executionId);
        foreach (var input in Inputs.Wires.Where(input => input.Artifact is not null))
            transaction.InsertEvent(input.Artifact!.Id, executionId, EventType.Input, input.Name, input.Index);
        for (var i = 0; i < Inputs.After.Count; i++)
            transaction.InsertEvent(Inputs.After[i].Id, executionId, EventType.InternalInput, "after", i);
        for (var i = 0; i < Files.Count; i++)
            transaction.InsertEvent(FileArtifact(transaction, Files[i]), executionId, EventType.Input, "file", i);
    }

    public long[] Contexts(MetadataTransaction transaction, Run run) =>
    [
        transaction.PutContext("pipeline", run.Pipeline),
        run.ContextId,
        transaction.PutContext("node", CacheLookup.NodeContext(run.Pipeline, Node.Id)),
    ];

    /// <summary>The same file with the same content is one artifact, however often it is read.</summary>
    static long FileArtifact(MetadataTransaction transaction, FingerprintedFile file) =>
        transaction.ArtifactByUri(file.Path, file.Fingerprint)?.Id
        ?? transaction.InsertArtifact(nameof(ExternalFile), file.Path, ArtifactState.Live, new Dictionary<string, PropertyValue>(StringComparer.Ordinal)
        {
            ["fingerprint"] = file.Fingerprint,
            ["bytes"] = new FileInfo(file.Path).Length,
        });

    /// <summary>The runtime, the machine, and every library beyond the framework that is loaded now.</summary>
    public static string Environment() => JsonSerializer.Serialize(new SortedDictionary<string, object>(StringComparer.Ordinal)
    {
        ["gyre"] = GyreVersion.Text,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["system"] = RuntimeInformation.OSDescription,
        ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
        ["processors"] = System.Environment.ProcessorCount,
        ["libraries"] = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName())
            .Where(name => name.Name is { } text && !text.StartsWith("System", StringComparison.Ordinal) && text is not ("netstandard" or "mscorlib"))
            .DistinctBy(name => name.Name, StringComparer.Ordinal).OrderBy(name => name.Name, StringComparer.Ordinal)
            .ToDictionary(name => name.Name!, name => name.Version?.ToString() ?? "", StringComparer.Ordinal),
    }, SpecJson.Compact);
}
