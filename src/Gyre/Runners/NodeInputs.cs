using System.Globalization;
using Gyre.Artifacts;
using Gyre.Metadata;
using Gyre.Pipelines;

namespace Gyre.Runners;

/// <summary>One wire into a node with the artifact found at its other end; null where a resolver found none.</summary>
sealed record ResolvedInput(string Name, int Index, InputSpec Wire, StoredArtifact? Artifact);

/// <summary>A file outside the home with its fingerprint.</summary>
sealed record FingerprintedFile(string Path, string Fingerprint);

/// <summary>Finds what a node reads, or says why it cannot be read yet.</summary>
sealed class NodeInputs
{
    NodeInputs(IReadOnlyList<ResolvedInput> wires, IReadOnlyList<StoredArtifact> after) => (Wires, After) = (wires, after);

    public IReadOnlyList<ResolvedInput> Wires { get; }

    /// <summary>The artifacts of the nodes named in After that are not read as well.</summary>
    public IReadOnlyList<StoredArtifact> After { get; }

    /// <summary>All artifacts whose gate must be open.</summary>
    IEnumerable<StoredArtifact> Gates => Read(Wires).Concat(After);

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Fingerprints => Wires.GroupBy(input => input.Name, StringComparer.Ordinal).ToDictionary(
        group => group.Key,
        group => (IReadOnlyList<string>)[.. group.OrderBy(input => input.Index).Select(input => input.Artifact?.Fingerprint ?? "none")],
        StringComparer.Ordinal);

    /// <param name="outputsOf">The output artifacts of a node by key; null when it has not run.</param>
    /// <returns>The inputs, or which nodes have to run first.</returns>
    public static (NodeInputs? Inputs, string? Missing) Resolve(
        MetadataTransaction transaction, PipelineSpec spec, NodeSpec node, Func<string, IReadOnlyDictionary<string, StoredArtifact>?> outputsOf)
    {
        var missing = node.Upstream.Where(other => outputsOf(other) is null).ToList();
        if (missing.Count > 0)
            return (null, $"'{node.Id}' needs {string.Join(", ", missing.Select(other => $"'{other}'"))}, which has no result yet. Run it first, or leave out --only and --from.");
        var wires = new List<ResolvedInput>();
        foreach (var (name, specs) in node.Inputs)
        {
            for (var i = 0; i < specs.Count; i++)
            {
                var plain = outputsOf(specs[i].Node)![specs[i].Output];
                wires.Add(new ResolvedInput(name, i, specs[i], specs[i].Resolver is { } strategy ? Find(transaction, spec, node, specs[i].Node, strategy, plain) : plain));
            }
        }

        var read = Read(wires).Select(artifact => artifact.Id).ToHashSet();
        var after = node.After.SelectMany(other => outputsOf(other)!.Values).Where(artifact => !read.Contains(artifact.Id));
        return (new NodeInputs(wires, [.. after]), null);
    }

    /// <summary>Which gate before the node is shut, in words with the cure; null when all are open.</summary>
    public string? ClosedGate(MetadataTransaction transaction) => ClosedGate(transaction, Gates);

    /// <summary>Which of some artifacts is a gate that is shut, in words with the cure; null when none is.</summary>
    public static string? ClosedGate(MetadataTransaction transaction, IEnumerable<StoredArtifact> artifacts)
    {
        foreach (var gate in artifacts)
        {
            if (!gate.Properties.TryGetValue(GateProperties.State, out var state) || state.ToString() == "open")
                continue;
            var decision = transaction.LatestDecision(gate.Id);
            if (decision is { Approved: true })
                continue;
            var reason = decision is null ? gate.Properties[GateProperties.Reason].ToString() : $"a{gate.Id} was rejected by {decision.By}: «{decision.Reason}».";
            return $"{reason} {gate.Properties[GateProperties.Cure]}";
        }

        return null;
    }

    /// <summary>Fingerprints the files outside the home that a component reads.</summary>
    /// <exception cref="FileNotFoundException">One is not there.</exception>
    public static IReadOnlyList<FingerprintedFile> Files(Component component) => [.. component.ExternalFiles().Select(path =>
    {
        var full = Path.GetFullPath(path);
        return File.Exists(full)
            ? new FingerprintedFile(full, ContentFingerprint.Of(full))
            : throw new FileNotFoundException($"There is no file '{path}' (looked for '{full}'). Correct the path, or bring the file there.", full);
    })];

    /// <summary>What a resolver finds is no gate: it was let through when it was made.</summary>
    static IEnumerable<StoredArtifact> Read(IEnumerable<ResolvedInput> wires) =>
        wires.Where(input => input.Wire.Resolver is null).Select(input => input.Artifact!);

    /// <param name="transaction">The store.</param>
    /// <param name="spec">The pipeline.</param>
    /// <param name="reader">The node that has the wire.</param>
    /// <param name="node">The node whose artifact the candidate is.</param>
    /// <param name="strategy">The way to find it.</param>
    /// <param name="candidate">The artifact that it is sought for.</param>
    static StoredArtifact? Find(MetadataTransaction transaction, PipelineSpec spec, NodeSpec reader, string node, string strategy, StoredArtifact candidate) => strategy switch
    {
        Resolvers.OwnEarlierStrategy => OwnEarlier(transaction, spec, reader, candidate, isGood: static _ => true),
        Resolvers.OwnEarlierBlessedStrategy => OwnEarlier(transaction, spec, reader, candidate, BlessedModels(transaction, transaction.Context("pipeline", spec.Name)).Select(model => model.Id).ToHashSet().Contains),
        Resolvers.LatestBlessedStrategy => LatestBlessed(transaction, spec, reader.Id, candidate),
        Resolvers.PreviousSpanStrategy => PreviousSpan(transaction, spec, node, candidate),
        _ => throw new InvalidOperationException(
            $"The way '{strategy}' to find an artifact is not known. Expected one of '{Resolvers.LatestBlessedStrategy}', '{Resolvers.PreviousSpanStrategy}', '{Resolvers.OwnEarlierStrategy}', '{Resolvers.OwnEarlierBlessedStrategy}'."),
    };

    /// <summary>
    /// Of what the node itself has blessed. Models that other nodes of the pipeline bless come and go while it waits: a baseline among them
    /// would depend on which node happens to be first.
    /// </summary>
    static StoredArtifact? LatestBlessed(MetadataTransaction transaction, PipelineSpec spec, string node, StoredArtifact candidate) =>
        BlessedModels(transaction, transaction.Context("node", CacheLookup.NodeContext(spec.Name, node)))
            .FirstOrDefault(model => model.Type == candidate.Type && model.Fingerprint != candidate.Fingerprint);

    /// <summary>The models that were blessed in a context, as the store orders their blessings.</summary>
    static IEnumerable<StoredArtifact> BlessedModels(MetadataTransaction transaction, StoredContext? context) =>
        context is null
            ? []
            : transaction.ArtifactsOfContext(context.Id, "ModelBlessing")
                .Where(blessing => blessing.State == ArtifactState.Live && IsApproved(transaction, blessing))
                .Select(blessing => blessing.Properties.TryGetValue("current_model_id", out var id) ? transaction.Artifact(AsId(id)) : null)
                .OfType<StoredArtifact>()
                .Where(model => model.State == ArtifactState.Live);

    static StoredArtifact? OwnEarlier(MetadataTransaction transaction, PipelineSpec spec, NodeSpec reader, StoredArtifact data, Func<long, bool> isGood)
    {
        if (transaction.Context("node", CacheLookup.NodeContext(spec.Name, reader.Id)) is not { } context)
            return null;
        var place = PlaceOf(data);
        return reader.Outputs.Values.Distinct(StringComparer.Ordinal).SelectMany(type => transaction.ArtifactsOfContext(context.Id, type))
            .Where(own => own.State == ArtifactState.Live && isGood(own.Id))
            .Where(own => own.Properties.TryGetValue(Resolvers.MadeOfProperty, out var of) && of.ToString() != data.Fingerprint)
            .Where(own => place == (0, 0) || PlaceOf(own).CompareTo(place) < 0)
            .OrderByDescending(own => place == (0, 0) ? (0, 0) : PlaceOf(own)).ThenByDescending(own => own.Id)
            .FirstOrDefault();
    }

    /// <summary>Data without spans has no order but that in which it came.</summary>
    static StoredArtifact? PreviousSpan(MetadataTransaction transaction, PipelineSpec spec, string node, StoredArtifact candidate)
    {
        if (transaction.Context("node", CacheLookup.NodeContext(spec.Name, node)) is not { } context)
            return null;
        var place = PlaceOf(candidate);
        var others = transaction.ArtifactsOfContext(context.Id, candidate.Type)
            .Where(other => other.State == ArtifactState.Live && other.Fingerprint != candidate.Fingerprint);
        return place == (0, 0)
            ? others.Where(other => other.Id < candidate.Id && PlaceOf(other) == place).MaxBy(other => other.Id)
            : others.Where(other => PlaceOf(other).CompareTo(place) < 0).OrderByDescending(PlaceOf).ThenByDescending(other => other.Id).FirstOrDefault();
    }

    static (long Span, long Version) PlaceOf(StoredArtifact artifact) => (Number(artifact, "span"), Number(artifact, "version"));

    static long Number(StoredArtifact artifact, string property) => artifact.Properties.TryGetValue(property, out var value) ? AsId(value) : 0;

    static bool IsApproved(MetadataTransaction transaction, StoredArtifact blessing) =>
        transaction.LatestDecision(blessing.Id) is { } decision
            ? decision.Approved
            : blessing.Properties.TryGetValue("blessed", out var blessed) && blessed.AsFlag();

    static long AsId(PropertyValue value) => value.Value is long id ? id : long.Parse(value.ToString(), CultureInfo.InvariantCulture);
}
