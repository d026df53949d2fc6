using System.Globalization;
using System.Text.Json;
using Gyre.Metadata;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Schemas;

namespace Gyre.Cli.Alerting;

/// <summary>Makes alerts of what became of nodes.</summary>
static class AlertMessages
{
    const string AnomaliesType = "ExampleAnomalies";

    /// <summary>What there is to tell of a node's end, of the kinds wanted; null when nothing.</summary>
    public static AlertMessage? Of(Home home, RunStarted run, NodeOutcome outcome, AlertOn wanted, bool includeValues)
    {
        var kind = outcome switch
        {
            { State: NodeState.Failed } => AlertOn.Failures,
            { ClosedGate: not null } => AlertOn.ClosedGates,
            { State: NodeState.Complete } => AlertOn.Warnings,
            _ => AlertOn.None,
        };
        if (kind == AlertOn.None || !wanted.HasFlag(kind))
            return null;
        var (anomalies, isOfData) = kind == AlertOn.Failures ? ([], true) : AnomaliesOf(home, outcome, includeValues);
        if (kind == AlertOn.Warnings && anomalies.Count == 0)
            return null;
        var execution = outcome.ExecutionId == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"e{outcome.ExecutionId}");
        var text = kind == AlertOn.Failures ? outcome.Message : outcome.ClosedGate;
        return new AlertMessage
        {
            Kind = kind,
            Pipeline = run.Pipeline,
            Run = run.RunId,
            Node = outcome.NodeId,
            Execution = execution,
            Summary = kind switch
            {
                AlertOn.Failures => $"{outcome.NodeId} failed.",
                AlertOn.ClosedGates => $"{outcome.NodeId} stops the run{Counts(anomalies)}.",
                _ => $"{outcome.NodeId} has warnings{Counts(anomalies)}.",
            },

            // A verdict on a model names metrics, no data.
            Details = includeValues || !isOfData ? text : null,
            Next = execution is null ? "Look at the output of the run." : kind == AlertOn.Failures ? $"Its log: logs {execution}" : $"Look at it with: show {execution}",
            Anomalies = anomalies,
        };
    }

    static string Counts(List<AlertedAnomaly> anomalies)
    {
        if (anomalies.Count == 0)
            return "";
        var errors = anomalies.Count(anomaly => anomaly.Severity == AnomalySeverity.Error);
        return string.Create(CultureInfo.InvariantCulture, $": {errors} errors, {anomalies.Count - errors} warnings");
    }

    static (List<AlertedAnomaly> Anomalies, bool IsOfData) AnomaliesOf(Home home, NodeOutcome outcome, bool includeValues)
    {
        var artifacts = home.Store.Read(transaction => transaction.EventsOfExecution(outcome.ExecutionId)
            .Where(happened => happened.IsOutput).Select(happened => transaction.Artifact(happened.ArtifactId)!)
            .Where(artifact => artifact.Type == AnomaliesType).ToList());
        return ([.. artifacts.SelectMany(artifact => Read(home, artifact, includeValues))], artifacts.Count > 0);
    }

    static IEnumerable<AlertedAnomaly> Read(Home home, StoredArtifact artifact, bool includeValues)
    {
        var splits = artifact.Properties.TryGetValue("split_names", out var names) ? JsonSerializer.Deserialize<string[]>(names.ToString()) ?? [] : [];
        foreach (var split in splits)
        {
            var file = Path.Combine(home.Artifacts.PathOf(artifact.Uri), $"Split-{split}", "SchemaDiff.pb");
            foreach (var anomaly in File.Exists(file) ? AnomalyReport.Load(file).Found : [])
                yield return new AlertedAnomaly(split, anomaly.Feature, anomaly.Types, anomaly.Severity, anomaly.ShortDescription, includeValues ? anomaly.Description : null);
        }
    }
}
