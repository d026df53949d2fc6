using System.Globalization;
using Gyre.Cli.History;
using Gyre.Metadata;
using Gyre.Runners;
using Gyre.Training;
using Gyre.Tuning;

namespace Gyre.Cli.Tracking;

/// <summary>A curve that is written for TensorBoard: of a training, or of a trial of a search.</summary>
/// <param name="Folder">Where it goes, relative to the directory of all.</param>
/// <param name="Epochs">What each epoch achieved.</param>
/// <param name="Started">When the training began.</param>
/// <param name="Seconds">How long it took.</param>
sealed record LoggedCurve(string Folder, IReadOnlyList<EpochSummary> Epochs, DateTimeOffset Started, double Seconds)
{
    const string SearchType = "Hyperparameters";

    /// <summary>The loss within epochs; null where it is not known.</summary>
    public StepCurve? Steps { get; init; }

    /// <summary>All curves of a run.</summary>
    public static IEnumerable<LoggedCurve> Of(Home home, MetadataTransaction transaction, StoredContext run)
    {
        foreach (var execution in new HistoryReader(transaction).ExecutionsOf(run).Where(execution => execution.State is ExecutionState.Complete or ExecutionState.Cached))
        {
            var node = execution.Text(ExecutionProperties.Node);
            var made = HistoryReader.ReusedBy(execution) is { } reused ? transaction.Execution(reused) ?? execution : execution;
            var (started, seconds) = (HistoryText.Time(made.Created), made.Properties.TryGetValue(ExecutionProperties.Seconds, out var time) ? time.AsReal() : 0);
            foreach (var artifact in transaction.EventsOfExecution(execution.Id).Where(happened => happened.IsOutput).Select(happened => transaction.Artifact(happened.ArtifactId)!))
            {
                if (artifact.Type == "Model" && RunFacts.TrainingOf(home, artifact) is { } training)
                    yield return new LoggedCurve(Path.Combine(run.Name, node), training.Epochs, started, seconds) { Steps = training.Steps };
                if (artifact.Type == SearchType && ReportOf(home, artifact) is { } report)
                {
                    foreach (var trial in report.Trials.Where(trial => trial.Curve.Count > 0))
                        yield return new LoggedCurve(Path.Combine(run.Name, node, string.Create(CultureInfo.InvariantCulture, $"trial-{trial.Number}")), trial.Curve, started, seconds);
                }
            }
        }
    }

    /// <returns>The path of the file.</returns>
    public string Write(string directory) => TensorBoardLog.Write(Path.Combine(directory, Folder), Epochs, Started, Seconds, Steps);

    static TuningReport? ReportOf(Home home, StoredArtifact artifact)
    {
        try
        {
            return TuningReport.Load(Path.Combine(home.Artifacts.PathOf(artifact.Uri), "trials.json"));
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            return null;
        }
    }
}
