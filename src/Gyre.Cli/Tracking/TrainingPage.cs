using System.Globalization;
using System.Text.Json.Nodes;
using Gyre.Cli.History;
using Gyre.Cli.Terminal;
using Gyre.Cli.Watching;
using Gyre.Evaluation;
using Gyre.Metadata;
using Gyre.Pages;
using Gyre.Runners;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Cli.Tracking;

/// <summary>How a model was trained and what came of it, as a page: curves, confusions, features, options, time and memory.</summary>
sealed class TrainingPage(Home home, MetadataTransaction transaction, StoredArtifact model)
{
    const string GraphType = "TransformGraph";

    /// <summary>More classes than this make a table of confusions too wide to read.</summary>
    const int MostClasses = 30;

    public ReportView Draw(TrainingRecord training)
    {
        var reader = new HistoryReader(transaction);
        var maker = reader.ProducerOf(model.Id);
        var evaluation = Evaluation();
        return new ReportView
        {
            Title = $"Training of {HistoryText.ArtifactName(model.Id)} by {training.Trainer}",
            Source = maker is null ? null : $"{maker.Text(ExecutionProperties.Node)} {HistoryText.ExecutionName(maker.Id)} in {maker.Text(ExecutionProperties.Run)} of {maker.Text(ExecutionProperties.Pipeline)}",
            Sections =
            [
                new ReportSection("At a glance") { Tables = [Facts(training, maker)] },
                new ReportSection("Curves") { Plots = [.. Curves(training)] },
                .. evaluation is null ? [] : Outcome(evaluation),
                new ReportSection("Options") { Tables = [Options(training, maker)] },
                .. Features(maker) is { } features ? [features] : Array.Empty<ReportSection>(),
            ],
        };
    }

    static TableView Facts(TrainingRecord training, StoredExecution? maker)
    {
        var last = training.Epochs.Count > 0 ? training.Epochs[^1] : null;
        List<(string Name, string Value)> facts =
        [
            ("task", HistoryText.Word(training.Task)),
            ("examples learnt from", ProgressText.Count(training.TrainRows)),
            ("examples watched", ProgressText.Count(training.EvalRows)),
            ("epochs", ProgressText.Count(training.Epochs.Count)),
            .. last is null ? [] : RunFacts.MetricsOf(last).Select(metric => ($"{metric.Name.Replace('_', ' ')} at the end", FigureText.Number(metric.Value))),
            ("largest difference of model.onnx to the trainer", string.Create(CultureInfo.InvariantCulture, $"{training.Parity.LargestDifference:E1} on {training.Parity.Rows} examples of {training.Parity.Split}")),
        ];
        if (maker?.Properties.TryGetValue(ExecutionProperties.Seconds, out var seconds) == true)
            facts.Add(("time", ProgressText.Time(seconds.AsReal())));
        if (maker?.Properties.TryGetValue(ExecutionProperties.PeakBytes, out var peak) == true)
            facts.Add(("most memory of the process", HistoryText.Size(peak.AsInteger())));
        return new TableView(["", ""], [.. facts.Select(fact => (IReadOnlyList<TableCell>)[fact.Name, new TableCell(fact.Value) { IsText = true }])]);
    }

    static IEnumerable<PlotView> Curves(TrainingRecord training)
    {
        PlotSeries Series(string name, int colour, Func<EpochSummary, double> of) => new(name, colour, [.. training.Epochs.Select(epoch => new PlotPoint(epoch.Epoch, of(epoch)))]);
        yield return new PlotView("loss", [Series("train", 0, epoch => epoch.TrainLoss), .. training.EvalRows > 0 ? [Series("eval", 1, epoch => epoch.EvalLoss)] : Array.Empty<PlotSeries>()]) { Across = "epoch" };
        foreach (var name in training.Epochs.SelectMany(RunFacts.MetricsOf).Select(metric => metric.Name).Where(name => name is not ("train_loss" or "eval_loss")).Distinct(StringComparer.Ordinal))
            yield return new PlotView(name.Replace('_', ' '), [Series(name, 1, epoch => RunFacts.MetricsOf(epoch).Where(metric => metric.Name == name).Select(metric => metric.Value).DefaultIfEmpty(double.NaN).First())]) { Across = "epoch" };
    }

    /// <summary>The newest evaluation that looked at the model; null when none did.</summary>
    EvaluationReport? Evaluation()
    {
        var outputs = transaction.EventsOfArtifact(model.Id).Where(happened => happened.IsInput).Select(happened => happened.ExecutionId).OrderDescending()
            .SelectMany(id => transaction.EventsOfExecution(id)).Where(happened => happened.IsOutput).Select(happened => transaction.Artifact(happened.ArtifactId)!);
        foreach (var artifact in outputs.Where(artifact => artifact.Type == "ModelEvaluation"))
        {
            try
            {
                var report = EvaluationReport.Load(Path.Combine(home.Artifacts.PathOf(artifact.Uri), EvaluationReport.FileName));
                if (report.ModelFingerprint == model.Fingerprint)
                    return report;
            }
            catch (Exception error) when (error is IOException or InvalidDataException)
            {
                // What is gone or of another format has nothing to show; an older one may have.
            }
        }

        return null;
    }

    static IEnumerable<ReportSection> Outcome(EvaluationReport report)
    {
        var values = report.Overall.Model;
        yield return new ReportSection($"Evaluation on {report.Split}")
        {
            Note = report.Blessed ? "The model was blessed." : "The model was not blessed.",
            Tables = [new TableView(["metric", "value"], [.. Metric.All.Where(metric => metric.Of(values) is not null).Select(metric => (IReadOnlyList<TableCell>)[metric.Name.Replace('_', ' '), FigureText.Number(metric.Of(values))])])],
        };
        var tables = new List<TableView>();
        if (values.Confusion is { } pairs)
            tables.Add(Confusions(["no", "yes"], [[pairs.TrueNegatives, pairs.FalsePositives], [pairs.FalseNegatives, pairs.TruePositives]]));
        if (values.Classes is { } classes)
        {
            if (values.ConfusionMatrix is { } matrix && classes.Count <= MostClasses)
                tables.Add(Confusions([.. classes.Select(one => one.Name)], matrix));
            tables.Add(new TableView(["class", "examples", "precision", "recall", "f1", "auc"], [.. classes.Select(one => (IReadOnlyList<TableCell>)
                [one.Name, FigureText.Count(one.ExampleCount), FigureText.Number(one.Precision), new TableCell(FigureText.Number(one.Recall)) { Share = one.Recall }, FigureText.Number(one.F1), FigureText.Number(one.Auc)])]));
        }

        if (tables.Count > 0)
            yield return new ReportSection("Confusions") { Note = "A row to what examples are, a column to what they were taken for; the bars are shares of the row.", Tables = tables };
    }

    static TableView Confusions(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<int>> counts) => new(
        ["is", .. names.Select(name => $"taken for {name}"), "recall"],
        [.. counts.Select((row, index) =>
        {
            var all = Math.Max(1, row.Sum());
            return (IReadOnlyList<TableCell>)
            [
                names[index],
                .. row.Select((count, column) => new TableCell(FigureText.Count(count)) { Share = (double)count / all, IsStrong = column == index }),
                FigureText.Percent((double)row[index] / all),
            ];
        })]);

    static TableView Options(TrainingRecord training, StoredExecution? maker)
    {
        var rows = new List<IReadOnlyList<TableCell>>();
        if (maker is not null && maker.Text(ExecutionProperties.Parameters) is { Length: > 0 } json && JsonNode.Parse(json) is JsonObject parameters)
            Add(parameters, "");
        return new TableView(["option", "value", ""], rows);

        void Add(JsonObject members, string path)
        {
            foreach (var (name, value) in members)
            {
                if (value is JsonObject inner)
                    Add(inner, $"{path}{name}.");
                else
                    rows.Add(Row(path + name, value));
            }
        }

        IReadOnlyList<TableCell> Row(string name, JsonNode? value)
        {
            var tuned = name.StartsWith("trainer.", StringComparison.Ordinal) && training.Tuned?.TryGetPropertyValue(name["trainer.".Length..], out var found) == true ? found : null;
            return [name, new TableCell((tuned ?? value)?.ToJsonString(Screen.CompactJson) ?? "null") { IsText = true }, new TableCell(tuned is null ? "" : $"found by a search; given was {value?.ToJsonString(Screen.CompactJson)}") { IsText = true }];
        }
    }

    ReportSection? Features(StoredExecution? maker)
    {
        var graph = maker is null ? null : transaction.EventsOfExecution(maker.Id).Where(happened => happened.IsInput)
            .Select(happened => transaction.Artifact(happened.ArtifactId)!).FirstOrDefault(artifact => artifact.Type == GraphType);
        if (graph is null)
            return null;
        try
        {
            var description = TransformDescription.Load(Path.Combine(home.Artifacts.PathOf(graph.Uri), "transform.json"));
            return new ReportSection("Features")
            {
                Note = $"{ProgressText.Count(description.Features.Count, "feature")} of {ProgressText.Count(description.Inputs.Count, "raw column")}: {string.Join(", ", description.Inputs.Select(input => input.Name))}. The label is {description.Label.Column}.",
                Tables = [new TableView(["feature", "kind", "size"], [.. description.Features.Select(feature => (IReadOnlyList<TableCell>)[feature.Name, new TableCell(HistoryText.Word(feature.Kind)) { IsText = true }, FigureText.Count(feature.Size)])])],
            };
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            return null;
        }
    }
}
