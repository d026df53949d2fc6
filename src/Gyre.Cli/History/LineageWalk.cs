using Gyre.Metadata;

namespace Gyre.Cli.History;

/// <summary>What an artifact came from and what came from it.</summary>
/// <param name="Of">The artifact.</param>
/// <param name="Ancestors">Everything it came from, nearest first.</param>
/// <param name="Descendants">Everything that came from it, nearest first.</param>
sealed record LineageDocument(ArtifactDocument Of, LineageSide Ancestors, LineageSide Descendants);

/// <param name="Executions">Executions, each with all its parameters, code and version of Gyre.</param>
/// <param name="Artifacts">The artifacts that went into them or came out.</param>
sealed record LineageSide(IReadOnlyList<ExecutionDocument> Executions, IReadOnlyList<ArtifactDocument> Artifacts);

/// <summary>Follows events through the store, in both directions, each artifact and execution once.</summary>
sealed class LineageWalk(MetadataTransaction transaction)
{
    readonly HistoryReader _reader = new(transaction);

    public LineageDocument Of(StoredArtifact artifact) => new(_reader.Describe(artifact), Ancestors(artifact), Descendants(artifact));

    LineageSide Ancestors(StoredArtifact start)
    {
        var executions = new List<StoredExecution>();
        var artifacts = new List<StoredArtifact>();
        var seen = new HashSet<long> { start.Id };
        var open = new Queue<StoredArtifact>([start]);
        while (open.TryDequeue(out var artifact))
        {
            if (_reader.ProducerOf(artifact.Id) is not { } producer || executions.Any(known => known.Id == producer.Id))
                continue;
            executions.Add(producer);
            foreach (var input in Ends(producer, happened => happened.IsInput).Where(input => seen.Add(input.Id)))
            {
                artifacts.Add(input);
                open.Enqueue(input);
            }
        }

        return Describe(executions, artifacts);
    }

    /// <summary>
    /// An execution that used earlier results again read this artifact too, so what came out counts as made from it; it is
    /// the execution that made those results which is named.
    /// </summary>
    LineageSide Descendants(StoredArtifact start)
    {
        var executions = new List<StoredExecution>();
        var artifacts = new List<StoredArtifact>();
        var seen = new HashSet<long> { start.Id };
        var open = new Queue<StoredArtifact>([start]);
        while (open.TryDequeue(out var artifact))
        {
            foreach (var reader in Readers(artifact))
            {
                if (executions.All(known => known.Id != reader.Id))
                    executions.Add(reader);
                foreach (var output in Ends(reader, happened => happened.IsOutput).Where(output => seen.Add(output.Id)))
                {
                    artifacts.Add(output);
                    open.Enqueue(output);
                }
            }
        }

        return Describe(executions, artifacts);
    }

    IEnumerable<StoredExecution> Readers(StoredArtifact artifact) =>
        from happened in transaction.EventsOfArtifact(artifact.Id)
        where happened.IsInput
        let execution = transaction.Execution(happened.ExecutionId)
        let maker = HistoryReader.ReusedBy(execution) is { } reused ? transaction.Execution(reused) : execution
        where maker is { State: ExecutionState.Complete }
        select maker;

    IEnumerable<StoredArtifact> Ends(StoredExecution execution, Func<StoredEvent, bool> side) =>
        transaction.EventsOfExecution(execution.Id).Where(side).Select(happened => transaction.Artifact(happened.ArtifactId)!);

    LineageSide Describe(List<StoredExecution> executions, List<StoredArtifact> artifacts) =>
        new([.. executions.Select(_reader.Describe)], [.. artifacts.Select(_reader.Describe)]);
}
