using System.Text.Json.Serialization;
using Gyre.Data;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Transforms;
using Microsoft.Extensions.Logging;

namespace Gyre.Training;

/// <summary>
/// A way to learn a model from features, with its options. Equal options, data and seed must give equal weights, bit by
/// bit, whatever the number of threads. Derive a sealed record to bring a trainer of your own.
/// </summary>
public abstract record Trainer : ICarriesCode
{
    /// <summary>Decides every random choice: initial weights, order of the examples, dropout.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What it can learn to predict; a transform with another label is a definition error.</summary>
    [NotAParameter]
    public virtual IReadOnlyList<LearningTask> Tasks => [LearningTask.Binary];

    /// <summary>Whether it can go on from an earlier model of its own, see <see cref="TrainingInput.WarmStart"/>.</summary>
    [NotAParameter]
    public virtual bool CanWarmStart => false;

    /// <summary>
    /// Whether it can do so where the earlier model learnt on features of another fitted transform, in which the same text may have
    /// another id: by <see cref="TrainingInput.Terms"/>.
    /// </summary>
    [NotAParameter]
    public virtual bool WarmStartsAcrossTransforms => false;

    /// <summary>
    /// Whether it learns from numbers that are missing for some examples (NaN), see <see cref="NumberValue.KeepMissing"/>; if not, such a
    /// feature is a definition error.
    /// </summary>
    [NotAParameter]
    public virtual bool TakesMissing => false;

    /// <summary>What is wrong with the options, each with the option, its value and what was expected; asked before anything runs.</summary>
    public virtual IEnumerable<string> Problems() => [];

    /// <summary>Which of the options do not go with a label; asked before anything runs, when the classes may not be known yet.</summary>
    public virtual IEnumerable<string> ProblemsWith(LabelSpec label) => [];

    /// <summary>Learns a model. Long work reports through <see cref="TrainingInput.Report"/> and stops when cancelled.</summary>
    /// <exception cref="InvalidDataException">The data cannot be learnt from; the message says why and what to do.</exception>
    public abstract ITrainedModel Train(TrainingInput input, CancellationToken cancellationToken);

    /// <summary>What is wrong with features that keep missing numbers; null where nothing is.</summary>
    internal string? ProblemWithMissing(IReadOnlyList<string> featuresThatKeepMissing) => TakesMissing || featuresThatKeepMissing.Count == 0 ? null :
        $"{GetType().Name} cannot learn from missing numbers, and {string.Join(", ", featuresThatKeepMissing.Select(name => $"'{name}'"))} may be missing for some examples. "
        + "Put FillMissing(…) in place of KeepMissing(), or use a trainer that takes them, such as one of trees.";
}

/// <summary>What a trainer learns from.</summary>
public sealed record TrainingInput
{
    public required IReadOnlyList<FeatureSpec> Features { get; init; }

    /// <summary>What is to be predicted; one of the trainer's <see cref="Trainer.Tasks"/>, with its classes known.</summary>
    public required LabelSpec Label { get; init; }

    /// <summary>How many numbers are to be predicted for each example: one to a class for multiclass and multilabel, otherwise 1.</summary>
    public int OutputWidth => Label.OutputWidth;

    /// <summary>The examples to learn from, all with labels, see <see cref="FeatureSet.Labels"/>.</summary>
    public required FeatureSet Train { get; init; }

    /// <summary>Examples to watch progress on; never learnt from.</summary>
    public required FeatureSet Eval { get; init; }

    public required int Threads { get; init; }

    /// <summary>A directory for intermediate files; removed afterwards.</summary>
    public required string TemporaryDirectory { get; init; }

    /// <summary>
    /// A directory for checkpoints. Training that was killed finds there what it left, and must go on to the very model that
    /// it would have learnt undisturbed. It belongs to one training: equal options, data and code. Null where none is kept.
    /// </summary>
    public string? ResumeDirectory { get; init; }

    /// <summary>
    /// What <see cref="ITrainedModel.SaveWarmStart"/> wrote for the model to go on from, learnt by the same trainer on features of the
    /// same fitted transform, or of any where <see cref="Trainer.WarmStartsAcrossTransforms"/>. Null begins from nothing; never given
    /// unless <see cref="Trainer.CanWarmStart"/>.
    /// </summary>
    public string? WarmStart { get; init; }

    /// <summary>
    /// By the name of a feature: a key for each of its ids, or for each place of its vector, equal in two fitted transforms where they
    /// mean the same, such as the text of a vocabulary. Null where nothing but their number is known.
    /// </summary>
    public Func<string, IReadOnlyList<string>?> Terms { get; init; } = static _ => null;

    public required ILogger Log { get; init; }

    public required Action<Progress> Report { get; init; }

    /// <summary>
    /// Asked after each epoch or iteration with what it achieved; false ends the training there, with the model as it then is.
    /// A search stops trials in this way. A trainer that keeps checkpoints leaves one then, and asks again when it takes it up: those
    /// who stopped it may let it go on. Trainers that know no epochs need not ask.
    /// </summary>
    public Func<EpochSummary, bool> GoOn { get; init; } = static _ => true;
}

/// <summary>A learnt model that can predict, and that can say what it computes as an ONNX graph.</summary>
public interface ITrainedModel : IDisposable
{
    /// <summary>
    /// The predictions by the trainer's own arithmetic, <see cref="TrainingInput.OutputWidth"/> to an example, row by row: the
    /// probability of yes; the probabilities of the classes, which sum to 1; the probability of each label; the number;
    /// the score by which a group is ordered, the highest first.
    /// </summary>
    float[] Predict(FeatureSet features);

    /// <summary>
    /// Adds the model's nodes behind those of the transform.
    /// </summary>
    /// <param name="graph">The graph that already holds the transform.</param>
    /// <param name="features">For each feature the name of its tensor, with the type and shape that <see cref="FeatureKind"/> gives.</param>
    /// <returns>The name of the tensor with the predictions: float32 [N] where there is one to an example, otherwise float32 [N, width].</returns>
    string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features);

    /// <summary>Writes what a later training needs to go on from this model; nothing where the trainer cannot.</summary>
    /// <param name="directory">An empty directory, which becomes part of the model.</param>
    void SaveWarmStart(string directory)
    {
    }

    /// <summary>The loss and metrics after each epoch, for the record.</summary>
    IReadOnlyList<EpochSummary> Epochs { get; }

    /// <summary>
    /// The epoch that the model is of, counted from 1, where training looks for the best one and goes back to it; null where the model is that of the last.
    /// </summary>
    int? KeptEpoch => null;

    /// <summary>The training loss within epochs; null where there are no steps.</summary>
    StepCurve? Steps => null;

    /// <summary>How much each feature counts; null where the trainer has no measure of it.</summary>
    ImportanceRecord? Importance => null;
}

/// <summary>What one pass over the training examples achieved.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="TrainLoss">The mean loss over the epoch's steps.</param>
/// <param name="EvalLoss">The mean loss on the eval split afterwards; NaN when it has no examples.</param>
/// <param name="EvalAuc">The area under the ROC curve on the eval split; NaN when undefined, as it is for all tasks but the binary one.</param>
public sealed record EpochSummary(int Epoch, double TrainLoss, double EvalLoss, double EvalAuc)
{
    /// <summary>Further metrics on the eval split by name; null when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Metrics { get; init; }
}
