using Gyre.Cli.History;
using Gyre.Evaluation;
using Gyre.Metadata;
using Gyre.Runners;

namespace Gyre.Cli.Watching;

/// <summary>A model that a run brought to where servers look.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">Its number.</param>
/// <param name="Directory">Where it lies.</param>
/// <param name="Artifact">The artifact, for <c>lineage</c>.</param>
sealed record PushedFinding(string Name, long Version, string Directory, string Artifact);

/// <summary>What people want to know first of a run: how good the models are, and where they are.</summary>
/// <param name="Evaluations">The reports, by node.</param>
/// <param name="Pushed">The models pushed.</param>
sealed record RunFindings(IReadOnlyDictionary<string, EvaluationReport> Evaluations, IReadOnlyList<PushedFinding> Pushed)
{
    public static RunFindings Of(Home home, RunResult result)
    {
        var evaluations = new Dictionary<string, EvaluationReport>(StringComparer.Ordinal);
        var pushed = new List<PushedFinding>();
        foreach (var (node, artifact) in Outputs(home, result))
        {
            switch (artifact.Type)
            {
                case "ModelEvaluation" when Path.Combine(home.Artifacts.PathOf(artifact.Uri), EvaluationReport.FileName) is var path && File.Exists(path):
                    evaluations[node] = EvaluationReport.Load(path);
                    break;
                case "PushedModel" when artifact.Properties.ContainsKey("pushed_destination"):
                    pushed.Add(new PushedFinding(
                        artifact.Properties["name"].ToString(), artifact.Properties["pushed_version"].AsInteger(),
                        artifact.Properties["pushed_destination"].ToString(), HistoryText.ArtifactName(artifact.Id)));
                    break;
            }
        }

        return new RunFindings(evaluations, pushed);
    }

    static List<(string Node, StoredArtifact Artifact)> Outputs(Home home, RunResult result) => home.Store.Read(transaction => result.Nodes
        .Where(node => node.EndedWell)
        .SelectMany(node => transaction.EventsOfExecution(node.ExecutionId)
            .Where(happened => happened.IsOutput)
            .Select(happened => (node.NodeId, transaction.Artifact(happened.ArtifactId)!)))
        .ToList());
}
