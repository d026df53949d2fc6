using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Runners.Local;

namespace Gyre.Testing;

/// <summary>A home in a temporary directory that is removed afterwards, for running pipelines in tests.</summary>
public sealed class TemporaryHome : IDisposable
{
    readonly List<RunEvent> _events = [];
    readonly Lock _lock = new();

    public TemporaryHome(TimeProvider? time = null)
    {
        Root = Directory.CreateTempSubdirectory("gyre-test-").FullName;
        Home = Home.Open(Path.Combine(Root, "home"), time);
    }

    /// <summary>A directory for the test's own files.</summary>
    public string Root { get; }

    public Home Home { get; }

    /// <summary>All that happened in the runs so far.</summary>
    public IReadOnlyList<RunEvent> Events
    {
        get
        {
            lock (_lock)
                return [.. _events];
        }
    }

    /// <summary>Writes a file of the test's own.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string content)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public Task<RunResult> RunAsync(Pipeline pipeline, RunOptions? options = null, int workers = 2, CancellationToken cancellationToken = default) =>
        new LocalRunner(Home) { Workers = workers, Observe = Keep }.RunAsync(pipeline, options ?? new RunOptions(), cancellationToken);

    /// <summary>The artifact that a run's node put out, bound to its content.</summary>
    /// <exception cref="InvalidOperationException">The node did not end well.</exception>
    public TArtifact Artifact<TArtifact>(RunResult result, Output<TArtifact> output)
        where TArtifact : Artifact, new()
    {
        var node = result.Nodes.First(outcome => outcome.NodeId == output.Producer!.NodeId);
        if (!node.EndedWell)
            throw new InvalidOperationException($"'{node.NodeId}' is {node.State}: {node.Message}");
        var stored = Home.Store.Read(transaction => CacheLookup.OutputsOf(transaction, node.ExecutionId))[output.Key];
        return (TArtifact)new TArtifact().Bind(stored.Id, Home.Artifacts.PathOf(stored.Uri), stored.Fingerprint, stored.Properties);
    }

    /// <summary>Closes the store and removes the directory.</summary>
    public void Dispose()
    {
        Home.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    void Keep(RunEvent happened)
    {
        lock (_lock)
            _events.Add(happened);
    }
}
