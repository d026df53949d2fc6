using System.Text;
using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Training;
using Microsoft.Extensions.Logging;

namespace Gyre.Evaluation;

/// <summary>
/// Measures a model on a split it was not trained on, whole and slice by slice, beside the model blessed last, and blesses
/// it when it keeps all thresholds. Without the blessing the run stops here.
/// </summary>
/// <example>
/// <code>
/// var evaluation = pipeline.Add(new EvaluateModel(model, examples)
/// {
///     Slices = ["product"],
///     Thresholds = [Metric.Auc.AtLeast(0.6), Metric.Auc.ChangeAtLeast(-0.01)],
/// });
/// </code>
/// </example>
/// <param name="model">The model.</param>
/// <param name="examples">Raw examples, with the label's column.</param>
[CodeVersion(1)]
public sealed class EvaluateModel(Output<Model> model, Output<Examples> examples) : Component<EvaluationOutputs>
{
    const int BatchRows = 1024;

    readonly Output<Model>? _baselineModel = Resolvers.LatestBlessed(model);

    /// <summary>The split to measure on.</summary>
    public string Split { get; init; } = "eval";

    /// <summary>Columns by whose values the examples are sliced; any raw column, also one that the model does not see.</summary>
    public IReadOnlyList<string> Slices { get; init; } = [];

    /// <summary>Slices with fewer labelled examples are only counted: their metrics would be chance.</summary>
    public int MinSliceExamples { get; init; } = 30;

    /// <summary>A probability above it counts as «yes» in the decisions of binary and multilabel models: accuracy, precision, recall and f1.</summary>
    public double DecisionThreshold { get; init; } = 0.5;

    /// <summary>What the model must achieve to be blessed; without any, every model is.</summary>
    public IReadOnlyList<MetricThreshold> Thresholds { get; init; } = [];

    /// <summary>What the model is compared with.</summary>
    public Baseline Baseline
    {
        get => _baselineModel is null ? Baseline.None : Baseline.LatestBlessed;
        init => _baselineModel = value == Baseline.None ? null : Resolvers.LatestBlessed(model);
    }

    /// <summary>Known values to show beside the model's.</summary>
    public IReadOnlyList<MetricReference> References { get; init; } = [];

    protected internal override void Check(DefinitionCheck check)
    {
        foreach (var problem in EvaluationChecks.Problems(this, (model.Producer as TrainModel)?.LearningTask))
            check.Error(problem);
        check.RequireColumns(examples, Slices, "as a slice");
    }

    protected internal override async Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        var candidate = execution.Read(model);
        var files = FilesOf(execution.Read(examples));
        var signature = ModelSignature.Load(candidate.PathOf(ModelSignature.FileName));
        var columns = ExampleReader.Columns(files);
        RequireColumns(signature, columns, files[0]);
        var (baseline, loadedBaseline, noBaseline) = FindBaseline(execution, signature, columns);
        using var comparison = loadedBaseline;
        if (noBaseline is not null)
            execution.Log.LogInformation("Evaluating without a baseline: {Reason}.", noBaseline);

        using var loaded = new OnnxModel(candidate.GraphPath);
        using var labels = LabelReader.Open(signature.Label, candidate.PathOf(LabelReader.RuleFile));
        var scores = await Task.Run(() => Score(execution, loaded, comparison, labels, files, cancellationToken), cancellationToken);
        if (scores.Model.Count == 0)
        {
            throw new InvalidDataException(
                $"None of the {scores.Unlabelled} examples of the split '{Split}' has a label in the column '{signature.Label.Column}'. "
                + "Expected at least one: evaluate on a split with labels, or correct the label's column.");
        }

        var report = Report(candidate, baseline, noBaseline, signature, scores);
        report.Save(execution.PathOf(Outputs.Evaluation, EvaluationReport.FileName));
        Describe(execution, report);
        Bless(execution, report, candidate, baseline);
    }

    IReadOnlyList<string> FilesOf(Examples artifact) => artifact.Splits.Contains(Split, StringComparer.Ordinal)
        ? artifact.FilesOf(Split)
        : throw new InvalidDataException(
            $"The examples have no split '{Split}', on which the model is to be evaluated. Splits: {string.Join(", ", artifact.Splits)}. "
            + $"Set {nameof(Split)} to one of them.");

    void RequireColumns(ModelSignature signature, IReadOnlyList<ExampleColumn> columns, string file)
    {
        if (Misfit(signature, columns) is { } misfit)
            throw new InvalidDataException($"The model does not fit the examples in {file}: {misfit}. Evaluate on examples with the columns that the model was trained on.");
        var missing = Slices.Where(slice => columns.All(column => column.Name != slice)).ToList();
        if (missing.Count > 0)
        {
            throw new InvalidDataException(
                $"There is no column {string.Join(", ", missing.Select(name => $"'{name}'"))} to slice by among {string.Join(", ", columns.Select(column => column.Name))}. "
                + $"Correct {nameof(Slices)}.");
        }
    }

    /// <summary>Whatever is wrong with the model blessed last must not keep a new one from being evaluated; it is said in the report.</summary>
    (Model? Artifact, OnnxModel? Loaded, string? Reason) FindBaseline(Execution execution, ModelSignature signature, IReadOnlyList<ExampleColumn> columns)
    {
        if (_baselineModel is null)
            return (null, null, "none was asked for");
        if (!execution.TryRead(_baselineModel, out var baseline))
            return (null, null, "no other model has been blessed yet");
        try
        {
            var other = ModelSignature.Load(baseline.PathOf(ModelSignature.FileName));
            if (other.Label.Column != signature.Label.Column)
                return (null, null, $"the model blessed last predicts '{other.Label.Column}', not '{signature.Label.Column}'");
            if (other.Task != signature.Task)
                return (null, null, $"the model blessed last is a {Words(other.Task)} model, not a {Words(signature.Task)} one");
            if (!other.Label.Classes.SequenceEqual(signature.Label.Classes, StringComparer.Ordinal))
                return (null, null, $"the model blessed last knows other classes: {string.Join(", ", other.Label.Classes)}");
            return Misfit(other, columns) is { } misfit
                ? (null, null, $"the model blessed last does not fit these examples: {misfit}")
                : (baseline, new OnnxModel(baseline.GraphPath), null);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            execution.Log.LogWarning("The model blessed last cannot be read: {Message}", error.Message);

            // The report must not name paths or numbers that differ from home to home.
            return (null, null, "the content of the model blessed last is damaged or gone");
        }
    }

    static string Words(LearningTask task) => task.ToString().ToLowerInvariant();

    static string? Misfit(ModelSignature signature, IReadOnlyList<ExampleColumn> columns)
    {
        var label = signature.Label;
        var numbers = label.Task is LearningTask.Regression or LearningTask.Ranking && label.Sources is null ? [label.Column, label.Weight] : new[] { label.Weight };
        foreach (var input in signature.Inputs.Concat(label.Columns.Select(column => new SignatureInput(column, numbers.Contains(column) ? SignatureInput.Number : SignatureInput.Text))))
        {
            if (columns.FirstOrDefault(column => column.Name == input.Name) is not { } column)
                return $"it reads the column '{input.Name}', which is not among {string.Join(", ", columns.Select(other => other.Name))}";
            if (label.Task == LearningTask.Multilabel && input.Name == label.Column)
            {
                if (!column.IsList || column.Type == ColumnType.Bytes)
                    return $"it predicts the classes in the lists of the column '{input.Name}', which here holds single values";
                continue;
            }

            if (input.IsList && !column.IsList)
                return $"it reads the column '{input.Name}' as lists, which here holds single values";
            if ((column.IsList && !input.IsList) || column.Type == ColumnType.Bytes)
                return $"it reads the column '{input.Name}' as single values, which here holds {(column.IsList ? "lists" : "bytes")}";
            if (!input.IsText && column.Type == ColumnType.Text)
                return $"it reads the column '{input.Name}' as numbers, which here holds texts";
        }

        return null;
    }

    SlicedScores Score(
        Execution execution, OnnxModel current, OnnxModel? baseline, LabelReader labels, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var columns = current.Inputs.Concat(baseline?.Inputs ?? []).Select(input => input.Name)
            .Concat(labels.Spec.Columns).Concat(Slices).Distinct(StringComparer.Ordinal).ToList();
        var total = ExampleReader.Count(files);
        var scores = new SlicedScores(Split, labels.Spec, Slices, baseline is not null);
        long done = 0;
        foreach (var batches in ExampleReader.Read(files, columns, BatchRows).Chunk(Math.Max(1, execution.Threads)))
        {
            var predictions = new (float[] Model, float[]? Baseline)[batches.Length];
            Parallel.For(
                0,
                batches.Length,
                new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Math.Max(1, execution.Threads) },
                i => predictions[i] = (current.Predict(batches[i]), baseline?.Predict(batches[i])));
            for (var i = 0; i < batches.Length; i++)
            {
                scores.Add(batches[i], labels.Read(batches[i]), predictions[i].Model, predictions[i].Baseline);
                done += batches[i].Rows;
            }

            execution.Report(new Progress { Rows = done, TotalRows = total });
        }

        return scores;
    }

    EvaluationReport Report(Model candidate, Model? baseline, string? noBaseline, ModelSignature signature, SlicedScores scores)
    {
        var overall = scores.Overall(DecisionThreshold);
        var slices = scores.Slices(DecisionThreshold, MinSliceExamples);
        var verdicts = Thresholds.SelectMany(threshold => ThresholdJudge.Judge(threshold, overall, slices, noBaseline)).ToList();
        return new EvaluationReport
        {
            Blessed = verdicts.All(verdict => verdict.Verdict != Verdict.Failed),
            Split = Split,
            Label = signature.Label,
            DecisionThreshold = DecisionThreshold,
            UnlabelledExamples = scores.Unlabelled,
            UnknownLabels = scores.Unknown,
            ModelFingerprint = candidate.Fingerprint,
            BaselineFingerprint = baseline?.Fingerprint,
            NoBaseline = noBaseline,
            Thresholds = verdicts,
            References = References,
            Overall = overall,
            CalibrationTable = signature.Task == LearningTask.Binary ? BinaryMetrics.Calibration(scores.Model.AsBinary(0, static label => label[0] > 0)) : [],
            Slices = slices,
            SmallSlices = scores.SmallSlices(MinSliceExamples),
        };
    }

    void Describe(Execution execution, EvaluationReport report)
    {
        foreach (var metric in Metric.Of(report.Label.Task))
        {
            if (metric.Of(report.Overall.Model) is { } value)
                execution.SetProperty(Outputs.Evaluation, metric.Name, metric == Metric.ExampleCount ? (long)value : value);
            if (report.Overall.Baseline is { } baseline && metric != Metric.ExampleCount && metric.Of(baseline) is { } other)
                execution.SetProperty(Outputs.Evaluation, $"baseline.{metric.Name}", other);
        }

        if (report.UnlabelledExamples > 0)
            execution.Log.LogWarning("{Count} examples of the split '{Split}' have no label and were left out.", report.UnlabelledExamples, Split);
        if (report.UnknownLabels > 0)
            execution.Log.LogWarning("{Count} of them have a label that is none of the model's classes: train on newer examples if it matters.", report.UnknownLabels);
        if (report.Overall.Model is { PositiveCount: 0 } or { PositiveShare: 1 })
            execution.Log.LogWarning("All examples of the split '{Split}' have the same label, so most metrics are undefined.", Split);
        foreach (var verdict in report.Thresholds)
            execution.Log.Log(verdict.Verdict == Verdict.Passed ? LogLevel.Information : LogLevel.Warning, "{Verdict}: {Message}.", verdict.Verdict, verdict.Message);
    }

    void Bless(Execution execution, EvaluationReport report, Model candidate, Model? baseline)
    {
        var lines = report.Thresholds.Select(verdict => $"{verdict.Verdict}: {verdict.Message}.").DefaultIfEmpty("No thresholds were asked for.");
        File.WriteAllText(
            execution.PathOf(Outputs.Blessing, report.Blessed ? Blessing.BlessedFile : Blessing.NotBlessedFile),
            string.Join('\n', lines) + "\n",
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        execution.SetProperty(Outputs.Blessing, Blessing.BlessedProperty, report.Blessed ? 1L : 0L);
        execution.SetProperty(Outputs.Blessing, Blessing.ModelIdProperty, candidate.Id);
        execution.SetProperty(Outputs.Blessing, Blessing.ModelFingerprintProperty, candidate.Fingerprint);
        if (baseline is not null)
            execution.SetProperty(Outputs.Blessing, Blessing.BaselineIdProperty, baseline.Id);
        if (report.Blessed)
            return;
        execution.CloseGate(
            Outputs.Blessing,
            $"The model is not blessed: {string.Join("; ", report.Thresholds.Where(verdict => verdict.Verdict == Verdict.Failed).Select(verdict => verdict.Message))}.",
            $"Look at the metrics by slice with 'evaluate', improve the features, the training or the data, or lower the {nameof(Thresholds)} of '{execution.NodeId}'; then run again.");
    }
}
