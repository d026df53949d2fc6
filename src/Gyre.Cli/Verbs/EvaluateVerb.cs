using System.CommandLine;
using System.Globalization;
using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Cli.Registering;
using Gyre.Cli.Terminal;
using Gyre.Cli.Watching;
using Gyre.Data;
using Gyre.Evaluation;
using Gyre.Metadata;

namespace Gyre.Cli.Verbs;

/// <summary>Shows evaluations.</summary>
sealed class EvaluateVerb : Verb
{
    const string EvaluationType = "ModelEvaluation";

    readonly Argument<string?> _id = new("id") { HelpName = "ID", Arity = ArgumentArity.ZeroOrOne, Description = "An evaluation (a45), or a model (NAME or NAME/VERSION); by default the newest evaluation." };

    public EvaluateVerb()
        : base("evaluate", "Show an evaluation: metrics, baseline, slices, thresholds.") => Arguments.Add(_id);

    public override IReadOnlyList<Example> Examples =>
    [
        new("evaluate", "the newest evaluation"),
        new("evaluate churn/2", "the one that a version was registered with"),
        new("evaluate --json", "with the calibration table, in full"),
    ];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var artifact = home.Store.Read(transaction => Find(transaction, session.Value(_id)));
        var report = EvaluationReport.Load(Path.Combine(home.Artifacts.PathOf(artifact.Uri), EvaluationReport.FileName));
        if (session.Screen.IsJson)
            session.Screen.Json(new { artifact = HistoryText.ArtifactName(artifact.Id), report });
        else
            Show(session.Screen, artifact, report);
        return Task.FromResult(ExitCodes.Done);
    }

    static StoredArtifact Find(MetadataTransaction transaction, string? name)
    {
        if (name is null)
        {
            return transaction.ArtifactsOfType(EvaluationType, limit: 1) is [var newest] ? newest
                : throw new UsageException("This home has no evaluation yet. EvaluateModel in a pipeline makes one.");
        }

        var artifact = new HistoryReader(transaction).FindArtifact(name);
        if (artifact.Properties.TryGetValue("evaluation_id", out var evaluation))
            artifact = transaction.Artifact(evaluation.AsInteger()) ?? artifact;
        return artifact.Type == EvaluationType ? artifact
            : throw new UsageException($"{HistoryText.ArtifactName(artifact.Id)} is {HistoryText.WithArticle(artifact.Type)}. Expected a {EvaluationType}, or a version of a model.");
    }

    static void Show(Screen screen, StoredArtifact artifact, EvaluationReport report)
    {
        screen.Line($"{screen.Paint(HistoryText.ArtifactName(artifact.Id), Tone.Strong)} on {report.Split}: {screen.Paint(report.Blessed ? "blessed" : "not blessed", report.Blessed ? Tone.Good : Tone.Bad)}");
        screen.Note(screen.Paint($"{Label(report)}, made {HistoryText.Moment(HistoryText.Time(artifact.Created))}", Tone.Faint));
        screen.Line();
        MetricTable.Write(screen, "model", report.Overall.Model, "baseline", report.Overall.Baseline);
        MetricTable.Classes(screen, report.Overall.Model, report.Overall.Baseline);
        if (report.NoBaseline is { } why)
            screen.Note(screen.Paint(why, Tone.Faint));
        foreach (var line in EvaluationText.References(report))
            screen.Line(line);
        Thresholds(screen, report);
        Slices(screen, report);
    }

    static IReadOnlyList<Metric> SliceMetrics(LearningTask task) =>
        task == LearningTask.Binary ? [Metric.Auc, Metric.LogLoss, Metric.Calibration] : [.. Metric.Of(task).Except([Metric.ExampleCount]).Take(3)];

    static string Label(EvaluationReport report)
    {
        var threshold = report.DecisionThreshold.ToString("0.##", CultureInfo.InvariantCulture);
        return report.Label.Task switch
        {
            LearningTask.Binary => $"label {report.Label.Column} = {string.Join(" or ", report.Label.Positive)}, decisions above {threshold}",
            LearningTask.Multilabel => $"{LabelText.Describe(report.Label)}, decisions above {threshold}",
            _ => LabelText.Describe(report.Label),
        };
    }

    static void Thresholds(Screen screen, EvaluationReport report)
    {
        if (report.Thresholds.Count == 0)
            return;
        screen.Line();
        screen.Line(screen.Paint("thresholds", Tone.Strong));
        var table = new TextTable { Indent = "  " };
        foreach (var threshold in report.Thresholds)
        {
            table.Add(
                new Cell(HistoryText.Word(threshold.Verdict), threshold.Verdict switch { Verdict.Passed => Tone.Good, Verdict.Failed => Tone.Bad, _ => Tone.Faint }),
                threshold.Message);
        }

        table.Write(screen);
    }

    static void Slices(Screen screen, EvaluationReport report)
    {
        if (report.Slices.Count > 0)
        {
            screen.Line();
            var metrics = SliceMetrics(report.Label.Task);
            var table = new TextTable(["slice", "examples", .. metrics.Select(metric => metric.Name.Replace('_', ' ')), $"{metrics[0].Name.Replace('_', ' ')} of baseline"])
            {
                RightAligned = [.. Enumerable.Range(1, metrics.Count + 2)],
            };
            foreach (var slice in report.Slices)
            {
                table.Add([
                    slice.Name,
                    ProgressText.Count(slice.Model.ExampleCount),
                    .. metrics.Select(metric => (Cell)MetricTable.Number(metric.Of(slice.Model))),
                    MetricTable.Number(slice.Baseline is { } baseline ? metrics[0].Of(baseline) : null),
                ]);
            }

            table.Write(screen);
        }

        foreach (var small in report.SmallSlices.Where(small => small.Slices > 0))
            screen.Note(screen.Paint($"{ProgressText.Count(small.Slices, "slice")} by {small.Column} {(small.Slices == 1 ? "is" : "are")} too small to be shown ({ProgressText.Count(small.ExampleCount, "example")}).", Tone.Faint));
    }
}
