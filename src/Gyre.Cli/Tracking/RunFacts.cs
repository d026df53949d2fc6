using System.Globalization;
using System.Text.Json.Nodes;
using Gyre.Cli.History;
using Gyre.Cli.Terminal;
using Gyre.Cli.Verbs;
using Gyre.Evaluation;
using Gyre.Metadata;
using Gyre.Runners;
using Gyre.Training;

namespace Gyre.Cli.Tracking;

/// <summary>A training of a run: what each epoch achieved.</summary>
sealed record RunCurve(string Node, DateTimeOffset Started, TrainingRecord Training);

/// <summary>All of a run that can be set beside another: what went in and what came out, by name.</summary>
sealed record RunFacts
{
    const string ModelType = "Model";
    const string EvaluationType = "ModelEvaluation";
    const string ExamplesType = "Examples";
    const string FileType = "ExternalFile";

    /// <summary>More classes than this are more than one can compare by eye.</summary>
    const int MostClasses = 30;

    public required RunRecord Run { get; init; }

    /// <summary>The nodes that have results in it.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>What models achieved at the end, by node and metric, such as <c>evaluate-model.auc</c>.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>How well each model finds each class on the split that was watched, by node and class, such as <c>train-model recall of yes</c>.</summary>
    public required IReadOnlyDictionary<string, double> Classes { get; init; }

    /// <summary>Parameters by node and path, such as <c>train-model.trainer.epochs</c>, as JSON; the program's own options by their name.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>The data versions: fingerprints of files, spans, numbers of examples.</summary>
    public required IReadOnlyDictionary<string, string> Data { get; init; }

    /// <summary>The code of each node, the runtime, the machine, the libraries.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>How long each node took when it was executed, in seconds.</summary>
    public required IReadOnlyDictionary<string, double> Seconds { get; init; }

    public required IReadOnlyList<RunCurve> Curves { get; init; }

    /// <summary>Reads a run out of the store and its artifacts.</summary>
    public static RunFacts Of(Home home, MetadataTransaction transaction, StoredContext run)
    {
        var facts = new Collected();
        var record = RunRecord.Of(transaction, run);
        foreach (var (option, value) in record.Options?.Arguments ?? new Dictionary<string, string>(StringComparer.Ordinal))
            facts.Parameters[$"--{option}"] = value;
        foreach (var execution in LatestOf(transaction, run))
            facts.Take(home, transaction, execution);
        return new RunFacts
        {
            Run = record,
            Nodes = [.. facts.Seconds.Keys],
            Metrics = facts.Metrics,
            Classes = facts.Classes,
            Parameters = facts.Parameters,
            Data = facts.Data,
            Environment = facts.Environment,
            Seconds = facts.Seconds,
            Curves = facts.Curves,
        };
    }

    /// <summary>The metric that tells most of the model that the run evaluated, else of the one that it trained; null when there is neither.</summary>
    public static FinalMetric? FinalOf(MetadataTransaction transaction, StoredContext run)
    {
        var evaluations = LatestOf(transaction, run).SelectMany(execution => OutputsOf(transaction, execution, EvaluationType));
        foreach (var evaluation in evaluations.Reverse())
        {
            if (Metric.All.FirstOrDefault(metric => evaluation.Properties.ContainsKey(metric.Name)) is { } metric)
                return new FinalMetric(metric.Name, evaluation.Properties[metric.Name].AsReal());
        }

        return null;
    }

    /// <summary>The execution of each node that stands at the end of the run, those that used earlier results included.</summary>
    static IEnumerable<StoredExecution> LatestOf(MetadataTransaction transaction, StoredContext run) => new HistoryReader(transaction).ExecutionsOf(run)
        .Where(execution => execution.State is ExecutionState.Complete or ExecutionState.Cached)
        .GroupBy(execution => execution.Text(ExecutionProperties.Node), StringComparer.Ordinal).Select(node => node.Last());

    static IEnumerable<StoredArtifact> OutputsOf(MetadataTransaction transaction, StoredExecution execution, string type) =>
        transaction.EventsOfExecution(execution.Id).Where(happened => happened.IsOutput).Select(happened => transaction.Artifact(happened.ArtifactId)!).Where(artifact => artifact.Type == type);

    sealed class Collected
    {
        public SortedDictionary<string, double> Metrics { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, double> Classes { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, string> Parameters { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, string> Data { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, double> Seconds { get; } = new(StringComparer.Ordinal);

        public List<RunCurve> Curves { get; } = [];

        public void Take(Home home, MetadataTransaction transaction, StoredExecution execution)
        {
            var node = execution.Text(ExecutionProperties.Node);
            var made = HistoryReader.ReusedBy(execution) is { } reused ? transaction.Execution(reused) ?? execution : execution;
            Flatten(Parameters, node, Json(execution.Text(ExecutionProperties.Parameters)));
            Environment[$"{node} code"] = execution.Text(ExecutionProperties.Code);
            Flatten(Environment, "", Json(made.Text(ExecutionProperties.Environment)));
            if (made.Properties.TryGetValue(ExecutionProperties.Seconds, out var seconds))
                Seconds[node] = seconds.AsReal();
            foreach (var file in transaction.EventsOfExecution(execution.Id).Where(happened => happened.IsInput).Select(happened => transaction.Artifact(happened.ArtifactId)!).Where(artifact => artifact.Type == FileType))
                Data[$"{node} {Path.GetFileName(file.Uri)}"] = HistoryText.Short(file.Fingerprint);
            foreach (var examples in OutputsOf(transaction, execution, ExamplesType))
                TakeExamples(node, examples);
            foreach (var evaluation in OutputsOf(transaction, execution, EvaluationType))
            {
                foreach (var metric in Metric.All.Where(metric => evaluation.Properties.ContainsKey(metric.Name)))
                    Metrics[$"{node}.{metric.Name}"] = evaluation.Properties[metric.Name].AsReal();
            }

            foreach (var model in OutputsOf(transaction, execution, ModelType))
                TakeModel(home, node, made, model);
        }

        void TakeExamples(string node, StoredArtifact examples)
        {
            Data[$"{node} examples"] = HistoryText.Short(examples.Fingerprint);
            foreach (var name in new[] { "rows", "rows.train", "rows.eval", "span", "version", "rejected" })
            {
                if (examples.Properties.TryGetValue(name, out var value))
                    Data[$"{node} {name}"] = value.ToString();
            }
        }

        void TakeModel(Home home, string node, StoredExecution made, StoredArtifact model)
        {
            if (TrainingOf(home, model) is not { Epochs.Count: > 0 } training)
                return;
            Curves.Add(new RunCurve(node, HistoryText.Time(made.Created), training));
            foreach (var (name, value) in MetricsOf(training.Kept!))
                Metrics[$"{node}.{name}"] = value;
            Metrics[$"{node}.epochs"] = training.Epochs.Count;
            if (training.KeptEpoch is { } kept)
                Metrics[$"{node}.kept_epoch"] = kept;
            if (training.Outcome is { Classes.Count: <= MostClasses } outcome)
                TakeClasses(node, outcome);
            Flatten(Parameters, $"{node} tuned", training.Tuned);
        }

        void TakeClasses(string node, TrainingOutcome outcome)
        {
            foreach (var one in outcome.Classes)
            {
                if (one.Precision is { } precision)
                    Classes[$"{node} precision of {one.Name}"] = precision;
                if (one.Recall is { } recall)
                    Classes[$"{node} recall of {one.Name}"] = recall;
            }
        }

        static void Flatten(IDictionary<string, string> into, string path, JsonNode? node)
        {
            if (node is not JsonObject members)
            {
                if (node is not null)
                    into[path] = node is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : node.ToJsonString(Screen.CompactJson);
                return;
            }

            foreach (var (name, value) in members)
                Flatten(into, path.Length == 0 ? name : $"{path}.{name}", value);
        }

        static JsonNode? Json(string text) => text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>How the training of a model went; null when its content is gone or of another format.</summary>
    public static TrainingRecord? TrainingOf(Home home, StoredArtifact model)
    {
        try
        {
            return TrainingRecord.Load(Path.Combine(home.Artifacts.PathOf(model.Uri), "training.json"));
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>What an epoch achieved, by name; what is undefined is left out.</summary>
    public static IEnumerable<(string Name, double Value)> MetricsOf(EpochSummary epoch) =>
        new[] { ("train_loss", epoch.TrainLoss), ("eval_loss", epoch.EvalLoss), ("eval_auc", epoch.EvalAuc) }
            .Concat((epoch.Metrics ?? new Dictionary<string, double>(StringComparer.Ordinal)).Select(metric => (metric.Key.StartsWith("eval_", StringComparison.Ordinal) ? metric.Key : $"eval_{metric.Key}", metric.Value)))
            .Where(metric => double.IsFinite(metric.Item2)).DistinctBy(metric => metric.Item1, StringComparer.Ordinal);
}

/// <summary>The metric by which a run is remembered.</summary>
sealed record FinalMetric(string Name, double Value)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Value:0.0000}");
}
