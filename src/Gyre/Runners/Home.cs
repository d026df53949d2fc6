using System.Globalization;
using Gyre.Artifacts;
using Gyre.Metadata;
using Gyre.Pipelines;

namespace Gyre.Runners;

/// <summary>
/// The directory of an installation: the metadata store, artifacts, logs, and pushed models. Any number of processes
/// may use one home at once.
/// </summary>
public sealed class Home : IDisposable
{
    Home(string directory, MetadataStore store, TimeProvider time)
    {
        Directory = directory;
        Store = store;
        Time = time;
        Artifacts = new ArtifactFolder(directory);
        Memo = new MemoFolder(directory);
    }

    /// <summary>The absolute path of the home.</summary>
    public string Directory { get; }

    public MetadataStore Store { get; }

    public ArtifactFolder Artifacts { get; }

    public TimeProvider Time { get; }

    internal MemoFolder Memo { get; }

    /// <summary>Opens a home, making it if it is not there.</summary>
    /// <exception cref="IOException">It cannot be made or written.</exception>
    public static Home Open(string directory, TimeProvider? time = null)
    {
        var full = Path.GetFullPath(directory);
        var clock = time ?? TimeProvider.System;
        try
        {
            System.IO.Directory.CreateDirectory(full);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new IOException($"The home '{full}' cannot be made: {error.Message} Choose a writable directory with --home.", error);
        }

        return new Home(full, MetadataStore.Open(Path.Combine(full, "metadata.sqlite"), clock), clock);
    }

    public static bool Exists(string directory) => File.Exists(Path.Combine(directory, "metadata.sqlite"));

    /// <summary>The log of an execution.</summary>
    public string LogOf(long executionId) =>
        Path.Combine(Directory, "logs", $"e{executionId.ToString(CultureInfo.InvariantCulture)}.log");

    /// <summary>The uris of all outputs of an execution of this node.</summary>
    internal static IReadOnlyDictionary<string, string> UrisOf(string pipeline, NodeSpec node, long executionId) => node.Outputs.Keys.ToDictionary(
        key => key, key => ArtifactFolder.UriOf(pipeline, node.Id, key, executionId), StringComparer.Ordinal);

    /// <summary>
    /// Clears up after processes that died: their executions are marked as failed, their half-written content is
    /// removed, their runs are marked as interrupted. Living processes are left alone.
    /// </summary>
    public void Sweep()
    {
        var dead = Store.Write(transaction =>
        {
            var abandoned = transaction.Claims().Where(claim => !ProcessOwner.IsAlive(claim, transaction.Now)).ToList();
            foreach (var claim in abandoned)
                Claiming.Abandon(transaction, claim);
            foreach (var run in transaction.ContextsOfType(Run.ContextType).Where(run => Run.WasCutOff(run)))
                transaction.PutContext(Run.ContextType, run.Name, new Dictionary<string, PropertyValue>(StringComparer.Ordinal) { [Run.StateProperty] = "interrupted" });
            return abandoned.Select(claim => (claim.ExecutionId, Uris: Claiming.PlannedUris(transaction, claim.ExecutionId))).ToList();
        });
        foreach (var (executionId, uris) in dead)
            Artifacts.Discard(executionId, uris);
        SweepStaging();
    }

    /// <summary>Closes the store.</summary>
    public void Dispose() => Store.Dispose();

    /// <summary>A claim is in the store before its staging directory is made, so one without a claim belongs to nobody.</summary>
    void SweepStaging()
    {
        var staging = Path.Combine(Directory, "artifacts", ".staging");
        if (!System.IO.Directory.Exists(staging))
            return;
        var found = System.IO.Directory.GetDirectories(staging);
        var claimed = Store.Read(transaction => transaction.Claims()).Select(claim => claim.ExecutionId).ToHashSet();
        foreach (var directory in found)
        {
            if (!long.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || !claimed.Contains(id))
                ArtifactFolder.Remove(directory);
        }
    }
}
