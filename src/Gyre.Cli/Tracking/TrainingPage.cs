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
                new ReportSection("Curves")
                {
                    Note = training.KeptEpoch is { } kept ? $"The ring marks epoch {kept}, the best one, which the model is of." : null,
                    Plots = [.. Curves(training)],
                },
                .. training.Outcome is { } outcome ? [Decisions(outcome)] : Array.Empty<ReportSection>(),
                .. evaluation is null ? [] : Outcome(evaluation),
                new ReportSection("Options") { Tables = [Options(training, maker)] },
                .. Features(training, maker) is { } features ? [features] : Array.Empty<ReportSection>(),
            ],
        };
    }

    static TableView Facts(TrainingRecord training, StoredExecution? maker)
    {
        List<(string Name, string Value)> facts =
        [
            ("task", HistoryText.Word(training.Task)),
            ("examples learnt from", ProgressText.Count(training.TrainRows)),
            ("examples watched", ProgressText.Count(training.EvalRows)),
            ("epochs", training.KeptEpoch is { } epoch ? $"{ProgressText.Count(training.Epochs.Count)}, of which epoch {epoch} was kept" : ProgressText.Count(training.Epochs.Count)),
            .. training.Kept is { } kept ? RunFacts.MetricsOf(kept).Select(metric => ($"{metric.Name.Replace('_', ' ')} of the model", FigureText.Number(metric.Value))) : [],
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
        PlotSeries Series(string name, int colour, Func<EpochSummary, double> of) => new(name, colour, [.. training.Epochs.Select(epoch => new PlotPoint(epoch.Epoch, of(epoch)))]) { Ring = training.KeptEpoch };
        yield return new PlotView("loss", [Series("train", 0, epoch => epoch.TrainLoss), .. training.EvalRows > 0 ? [Series("eval", 1, epoch => epoch.EvalLoss)] : Array.Empty<PlotSeries>()]) { Across = "epoch" };
        if (training.Steps is { TrainLoss.Count: > 1 } steps)
            yield return StepPlot(steps);
        foreach (var name in training.Epochs.SelectMany(RunFacts.MetricsOf).Select(metric => metric.Name).Where(name => name is not ("train_loss" or "eval_loss")).Distinct(StringComparer.Ordinal))
            yield return new PlotView(name.Replace('_', ' '), [Series(name, 1, epoch => RunFacts.MetricsOf(epoch).Where(metric => metric.Name == name).Select(metric => metric.Value).DefaultIfEmpty(double.NaN).First())]) { Across = "epoch" };
    }

    static PlotView StepPlot(StepCurve steps)
    {
        var points = steps.TrainLoss.Select((loss, point) => new PlotPoint((point + 1L) * steps.Every, loss)).ToList();
        return new PlotView(steps.Every == 1 ? "train loss of each step" : $"train loss, mean of {steps.Every} steps", [new PlotSeries("train", 0, points)]) { Across = "step" };
    }

    /// <summary>What the model decides on the watched examples: how well each class is found, and what it is taken for.</summary>
    static ReportSection Decisions(TrainingOutcome outcome)
    {
        var tables = new List<TableView>
        {
            new(["class", "examples", "taken for it", "precision", "recall"], [.. outcome.Classes.Select(one => (IReadOnlyList<TableCell>)
            [
                one.Name, FigureText.Count(one.Examples), FigureText.Count(one.Taken),
                new TableCell(FigureText.Number(one.Precision)) { Share = one.Precision }, new TableCell(FigureText.Number(one.Recall)) { Share = one.Recall },
            ])]),
        };
        if (outcome.Confusion is { } matrix && outcome.Classes.Count <= MostClasses)
            tables.Add(Confusions([.. outcome.Classes.Select(one => one.Name)], matrix));
        return new ReportSection($"Decisions on {outcome.Split}")
        {
            Note = "Precision is the share of right ones among those taken for a class, recall the share of a class that was found. In the table of confusions a row is what examples are, a column what they were taken for; the bars are shares of the row.",
            Tables = tables,
        };
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

    ReportSection? Features(TrainingRecord training, StoredExecution? maker)
    {
        var graph = maker is null ? null : transaction.EventsOfExecution(maker.Id).Where(happened => happened.IsInput)
            .Select(happened => transaction.Artifact(happened.ArtifactId)!).FirstOrDefault(artifact => artifact.Type == GraphType);
        if (graph is null)
            return null;
        try
        {
            var description = TransformDescription.Load(Path.Combine(home.Artifacts.PathOf(graph.Uri), "transform.json"));
            var importance = training.Importance?.Features.ToDictionary(feature => feature.Feature, StringComparer.Ordinal) ?? [];
            var most = Math.Max(importance.Values.Select(feature => feature.Value).DefaultIfEmpty(0).Max(), double.Epsilon);
            var hasSplits = importance.Values.Any(feature => feature.Splits is not null);
            return new ReportSection("Features")
            {
                Note = $"{ProgressText.Count(description.Features.Count, "feature")} of {ProgressText.Count(description.Inputs.Count, "raw column")}: {string.Join(", ", description.Inputs.Select(input => input.Name))}. The label is {description.Label.Column}."
                    + (training.Importance is null ? "" : " The most important come first."),
                Tables =
                [
                    new TableView(
                        ["feature", "kind", "size", .. training.Importance is { } measured ? [measured.Measure] : Array.Empty<string>(), .. hasSplits ? ["splits"] : Array.Empty<string>()],
                        [.. description.Features.OrderByDescending(feature => importance.GetValueOrDefault(feature.Name)?.Value ?? 0).Select(Row)]),
                ],
            };

            IReadOnlyList<TableCell> Row(FeatureSpec feature)
            {
                var own = importance.GetValueOrDefault(feature.Name);
                return
                [
                    feature.Name,
                    new TableCell(feature.MayBeMissing ? $"{HistoryText.Word(feature.Kind)}, may be missing" : HistoryText.Word(feature.Kind)) { IsText = true },
                    FigureText.Count(feature.Size),
                    .. training.Importance is null ? [] : new[] { new TableCell(FigureText.Number(own?.Value)) { Share = (own?.Value ?? 0) / most } },
                    .. hasSplits ? [FigureText.Count(own?.Splits ?? 0)] : Array.Empty<TableCell>(),
                ];
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            return null;
        }
    }
}
