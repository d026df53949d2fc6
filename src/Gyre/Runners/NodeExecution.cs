using System.Diagnostics.CodeAnalysis;
using Gyre.Pipelines;
using Microsoft.Extensions.Logging;

namespace Gyre.Runners;

/// <summary>What a component is given while this process runs it.</summary>
sealed class NodeExecution : Execution
{
    readonly Home _home;
    readonly NodeSpec _node;
    readonly NodeInputs _inputs;
    readonly Action<Progress> _report;
    readonly Dictionary<string, Dictionary<string, PropertyValue>> _properties;
    readonly string _resume;
    readonly ExecutionParts _parts;
    int _memos;

    public NodeExecution(
        Home home, Run run, NodeSpec node, long id, string workKey, NodeInputs inputs, IReadOnlyList<ExternalFile> files, int threads, ILogger log, Action<Progress> report)
    {
        (_home, _node, _inputs, _report) = (home, node, inputs, report);
        (Id, PipelineName, RunId, NodeId) = (id, run.Pipeline, run.Id, node.Id);
        (ExternalFiles, Threads, Log) = (files, threads, log);
        _resume = home.Memo.ResumeOf(workKey);
        _parts = new ExecutionParts(home, run, node, id);
        _properties = node.Outputs.Keys.ToDictionary(key => key, _ => new Dictionary<string, PropertyValue>(StringComparer.Ordinal), StringComparer.Ordinal);
        TemporaryDirectory = home.Artifacts.StagingOf(id, ".tmp");
        Directory.CreateDirectory(TemporaryDirectory);
        foreach (var key in node.Outputs.Keys)
            Directory.CreateDirectory(home.Artifacts.StagingOf(id, key));
    }

    public override long Id { get; }

    public override string PipelineName { get; }

    public override string RunId { get; }

    public override string NodeId { get; }

    public override string HomeDirectory => _home.Directory;

    public override string TemporaryDirectory { get; }

    public override string ResumeDirectory => Directory.CreateDirectory(_resume).FullName;

    public override int Threads { get; }

    public override TimeProvider Time => _home.Time;

    public override ILogger Log { get; }

    public override IReadOnlyList<ExternalFile> ExternalFiles { get; }

    public IReadOnlyDictionary<string, PropertyValue> PropertiesOf(string output) => _properties[output];

    public override bool TryRead<TArtifact>(Output<TArtifact>? input, [NotNullWhen(true)] out TArtifact? artifact)
        where TArtifact : class
    {
        var wire = input?.Resolver?.Candidate ?? input;
        var found = _inputs.Wires.FirstOrDefault(resolved =>
            resolved.Wire.Node == wire?.Producer?.NodeId && resolved.Wire.Output == wire.Key && resolved.Wire.Resolver == input?.Resolver?.Strategy);
        artifact = found?.Artifact is { } stored
            ? (TArtifact)new TArtifact().Bind(stored.Id, _home.Artifacts.PathOf(stored.Uri), stored.Fingerprint, stored.Properties)
            : null;
        return artifact is not null;
    }

    public override string DirectoryOf(Output output) => _home.Artifacts.StagingOf(Id, OwnKey(output));

    public override void SetProperty(Output output, string name, PropertyValue value) => _properties[OwnKey(output)][name] = value;

    public override long NumberFor(string sequence, string key) => _home.Store.Write(transaction => transaction.Number(sequence, key));

    public override string Memo(string key, Action<string> make) =>
        _home.Memo.Get(key, _home.Artifacts.StagingOf(Id, $".memo-{Interlocked.Increment(ref _memos)}"), make);

    public override void Record(ExecutionPart part) => _parts.Record(part);

    public override void Report(Progress progress) => _report(progress);

    internal override IWorkerProcesses? Processes => WorkerProcesses;

    public IWorkerProcesses? WorkerProcesses { get; init; }

    string OwnKey(Output output) => output.Producer?.NodeId == NodeId && _node.Outputs.ContainsKey(output.Key)
        ? output.Key
        : throw new ArgumentException($"'{output}' is no output of node '{NodeId}'. Write only to its own: {string.Join(", ", _node.Outputs.Keys)}.", nameof(output));
}
