using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Transforms;
using Microsoft.Extensions.Logging;

namespace Gyre.Training;

/// <summary>
/// Learns a model from transformed examples and appends it to the transform, so that one ONNX file leads from raw columns to
/// the prediction. Before it ends well, that file must predict from the raw eval split what the trainer predicts from
/// the transformed one.
/// </summary>
/// <param name="transform">What <see cref="FitTransform"/> gave.</param>
/// <param name="trainer">The way to learn, with its options.</param>
[CodeVersion(2)]
public sealed class TrainModel(TransformOutputs transform, Trainer trainer) : Component<Output<Model>>
{
    /// <summary>The property of a model that says which fitted transform its features came from.</summary>
    const string TransformProperty = "transform_fingerprint";

    readonly TransformOutputs _transform = transform;
    readonly Output<Examples> _examples = FitTransform.RawExamplesOf(transform);

    readonly Output<Model>? _earlier;

    [NotAParameter]
    readonly LabelSpec _label = FitTransform.LabelOf(transform);

    [NotAParameter]
    readonly IReadOnlyList<string> _featuresThatKeepMissing = FitTransform.FeaturesThatKeepMissing(transform);

    public Trainer Trainer { get; } = trainer;

    /// <summary>What is to be learnt.</summary>
    [NotAParameter]
    internal LearningTask LearningTask => _label.Task;

    /// <summary>The split that is learnt from; the transform must have been fitted to it too.</summary>
    public string TrainSplit { get; init; } = "train";

    /// <summary>The split on which progress is watched; null when there is none.</summary>
    public string? EvalSplit { get; init; } = "eval";

    /// <summary>
    /// Puts one raw example of the eval split into the model's directory, for trying the server out. Off by default: the
    /// example would travel with the model to wherever it is pushed.
    /// </summary>
    public bool InputExample { get; init; }

    /// <summary>
    /// A model to go on from instead of beginning from nothing: of the same trainer, which must be one that can. Trees go on only from
    /// what was learnt on the same fitted transform, for example from another split; networks match their weights by names and
    /// texts. Null begins from nothing.
    /// </summary>
    public Output<Model>? WarmStart { get; init; }

    /// <summary>
    /// Goes on from the model that this node itself learnt last from earlier data, in whatever run: of an earlier span, or of other
    /// content where data does not come in spans. The first time, and after another trainer, it begins from nothing.
    /// </summary>
    public EarlierModel StartFrom
    {
        get => _earlier?.Resolver?.Strategy switch
        {
            Resolvers.OwnEarlierStrategy => EarlierModel.LatestTrained,
            Resolvers.OwnEarlierBlessedStrategy => EarlierModel.LatestBlessed,
            _ => EarlierModel.None,
        };
        init => _earlier = value == EarlierModel.None ? null : Resolvers.OwnEarlier<Model>(_transform.Examples, blessed: value == EarlierModel.LatestBlessed);
    }

    /// <summary>What a search found best; these options stand in place of the trainer's own. Null trains with the trainer as it is.</summary>
    public Output<Hyperparameters>? Hyperparameters { get; init; }

    protected internal override void Check(DefinitionCheck check)
    {
        foreach (var problem in Trainer.Problems())
            check.Error(problem);
        if (Trainer.Tasks.Contains(_label.Task))
        {
            foreach (var problem in Trainer.ProblemsWith(_label))
                check.Error(problem);
        }
        else
        {
            check.Error(
                $"{Trainer.GetType().Name} cannot learn the label '{_label.Column}', a {Words(_label.Task)} task. It learns {string.Join(", ", Trainer.Tasks.Select(Words))}: "
                + "use another trainer, or declare the label as what it is.");
        }

        if (Trainer.ProblemWithMissing(_featuresThatKeepMissing) is { } missing)
            check.Error(missing);
        if (WarmStart is not null && !Trainer.CanWarmStart)
            check.Error($"{Trainer.GetType().Name} cannot go on from an earlier model. Set WarmStart = null, or use a trainer that can.");
        if (StartFrom != EarlierModel.None && !Trainer.WarmStartsAcrossTransforms)
            check.Error($"{Trainer.GetType().Name} cannot go on from a model that learnt on features of an earlier fitted transform. Set StartFrom = EarlierModel.None, or use a network.");
        if (StartFrom != EarlierModel.None && WarmStart is not null)
            check.Error("WarmStart and StartFrom both say which model to go on from. Set one of them.");
        if (EvalSplit == TrainSplit)
            check.Error($"EvalSplit and TrainSplit are both '{TrainSplit}'. Watch progress on another split, or set EvalSplit = null.");
    }

    protected internal override async Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        var graph = execution.Read(_transform.Graph);
        var transformed = execution.Read(_transform.Examples);
        var raw = execution.Read(_examples);
        var description = graph.Describe();
        var train = Load(transformed, TrainSplit, description, execution.Threads);
        var eval = EvalSplit is null ? train.Take([]) : Load(transformed, EvalSplit, description, execution.Threads);
        TrainingData.RequireLearnable(description.Features, description.Label, train, TrainSplit);

        var tuned = Hyperparameters is null ? null : execution.Read(Hyperparameters).LoadBest();
        var chosen = tuned?.ApplyTo(Trainer) ?? Trainer;
        using var learnt = chosen.Train(
            new TrainingInput
            {
                Features = description.Features,
                Label = description.Label,
                Train = train,
                Eval = eval.Labelled(),
                Threads = execution.Threads,
                TemporaryDirectory = execution.TemporaryDirectory,
                ResumeDirectory = execution.ResumeDirectory,
                WarmStart = FindWarmStart(execution, graph),
                Terms = TermsOf(graph, description),
                Log = execution.Log,
                Report = execution.Report,
            },
            cancellationToken);

        var path = execution.PathOf(Outputs, Model.GraphFile);
        SaveGraph(graph.LoadGraph(), learnt, description, path).Save(execution.PathOf(Outputs, ModelSignature.FileName));

        SaveWarmStart(learnt, execution.PathOf(Outputs, Model.WarmStartFolder));
        execution.SetProperty(Outputs, TransformProperty, graph.Fingerprint);
        execution.SetProperty(Outputs, Resolvers.MadeOfProperty, transformed.Fingerprint);
        foreach (var property in new[] { Examples.SpanProperty, Examples.VersionProperty })
        {
            if (transformed.Properties.TryGetValue(property, out var number))
                execution.SetProperty(Outputs, property, number);
        }

        var (watched, split) = eval.Rows > 0 ? (eval, EvalSplit!) : (train, TrainSplit);
        execution.Report(new Progress { Message = $"comparing model.onnx with the trainer on {split}" });
        using var model = new OnnxModel(path);
        using var labels = LabelReader.Open(description.Label, graph.PathOf(LabelReader.RuleFile));
        var parity = new ParityCheck(model, labels, split);
        // Transformed training examples are the labelled ones only.
        var predictions = learnt.Predict(watched);
        await parity.RunAsync(raw.FilesOf(split), predictions, labelledOnly: split == TrainSplit, execution.Threads, cancellationToken);

        if (description.Label.Sources is not null)
            File.Copy(graph.PathOf(LabelReader.RuleFile), execution.PathOf(Outputs, LabelReader.RuleFile));
        Record(execution, learnt, tuned, train, eval, parity, TrainingOutcome.Of(split, description.Label, watched, predictions));
        if (InputExample)
            TrainingRecord.SaveExample(ExampleReader.Read(raw.FilesOf(split), [.. model.Inputs.Select(input => input.Name)], maxRows: 1), model.Inputs, execution.PathOf(Outputs, Model.ExampleFile));
    }

    static void SaveWarmStart(ITrainedModel learnt, string directory)
    {
        Directory.CreateDirectory(directory);
        learnt.SaveWarmStart(directory);
        if (!Directory.EnumerateFileSystemEntries(directory).Any())
            Directory.Delete(directory);
    }

    string? FindWarmStart(Execution execution, TransformGraph graph)
    {
        if (WarmStart is not null)
            return WarmStartOf(execution.Read(WarmStart), graph);
        if (_earlier is null)
            return null;
        if (!execution.TryRead(_earlier, out var earlier))
        {
            execution.Log.LogInformation("There is no {Kind}earlier model yet: the training begins from nothing.", StartFrom == EarlierModel.LatestBlessed ? "blessed " : "");
            return null;
        }

        if (LearntBy(earlier) != Trainer.GetType().Name)
        {
            execution.Log.LogInformation("The earlier model a{Id} was learnt by {Other}: the training begins from nothing.", earlier.Id, LearntBy(earlier));
            return null;
        }

        execution.Log.LogInformation("The training goes on from the model a{Id}.", earlier.Id);
        return WarmStartOf(earlier, graph);
    }

    /// <summary>What ids stand for; read when a trainer asks.</summary>
    static Func<string, IReadOnlyList<string>?> TermsOf(TransformGraph graph, TransformDescription description)
    {
        var loaded = new Lazy<OnnxGraph>(graph.LoadGraph);
        return name => description.Features.FirstOrDefault(feature => feature.Name == name) is { } feature ? IdNames.KeysOf(feature, description, loaded.Value) : null;
    }

    static string LearntBy(Model earlier) => earlier.Properties.TryGetValue("trainer", out var name) ? name.ToString() : "another trainer";

    string WarmStartOf(Model earlier, TransformGraph graph)
    {
        var learntBy = LearntBy(earlier);
        if (learntBy != Trainer.GetType().Name || !Directory.Exists(earlier.PathOf(Model.WarmStartFolder)))
            throw new InvalidDataException($"The model to go on from was learnt by {learntBy}. Expected one by {Trainer.GetType().Name}, made by this version of Gyre or a later one.");
        return Trainer.WarmStartsAcrossTransforms || (earlier.Properties.TryGetValue(TransformProperty, out var transform) && transform.ToString() == graph.Fingerprint)
            ? earlier.PathOf(Model.WarmStartFolder)
            : throw new InvalidDataException(
                "The model to go on from was learnt on features of another fitted transform, where the same numbers and ids mean something else. "
                + "Train both on what one transform gave, for example from different splits, or set WarmStart = null.");
    }

    static ModelSignature SaveGraph(OnnxGraph graph, ITrainedModel learnt, TransformDescription description, string path)
    {
        graph.RemoveOutputs();
        var prediction = learnt.Append(graph, description.Features.ToDictionary(feature => feature.Name, feature => feature.Tensor, StringComparer.Ordinal));
        graph.Output(ModelSignature.OutputOf(description.Label.Task), prediction, OnnxType.Float, description.Label.HasClasses ? [null, description.Label.OutputWidth] : [null]);
        graph.Save(path);
        return ModelSignature.Of(graph, description.Label);
    }

    void Record(Execution execution, ITrainedModel learnt, TunedOptions? tuned, FeatureSet train, FeatureSet eval, ParityCheck parity, TrainingOutcome? outcome)
    {
        new TrainingRecord
        {
            Trainer = Trainer.GetType().Name,
            Task = _label.Task,
            TrainRows = train.Rows,
            EvalRows = eval.Rows,
            Tuned = tuned?.Options,
            Epochs = learnt.Epochs,
            KeptEpoch = learnt.KeptEpoch,
            Steps = learnt.Steps,
            Outcome = outcome,
            Importance = learnt.Importance,
            Parity = new ParityRecord(parity.Split, parity.Rows, parity.LargestDifference),
        }.Save(execution.PathOf(Outputs, Model.TrainingFile));
        execution.SetProperty(Outputs, "trainer", Trainer.GetType().Name);
        execution.Log.LogInformation(
            "model.onnx and the trainer agree on {Rows} examples of {Split} to {Difference:E1}", parity.Rows, parity.Split, parity.LargestDifference);
    }

    static string Words(LearningTask task) => task.ToString().ToLowerInvariant();

    static FeatureSet Load(Examples examples, string split, TransformDescription description, int threads) =>
        examples.Splits.Contains(split, StringComparer.Ordinal)
            ? FeatureReader.Read(examples.FileOf(split), description.Features, description.Label, threads)
            : throw new InvalidDataException(
                $"There is no split '{split}' among the transformed examples: {string.Join(", ", examples.Splits)}. "
                + "Name others by TrainSplit and EvalSplit of TrainModel; EvalSplit = null trains without watching.");
}

/// <summary>Which model of its own a <see cref="TrainModel"/> goes on from.</summary>
public enum EarlierModel
{
    /// <summary>None: it begins from nothing.</summary>
    None,

    /// <summary>The newest of earlier data.</summary>
    LatestTrained,

    /// <summary>The newest of earlier data that was blessed, or approved by a person.</summary>
    LatestBlessed,
}
