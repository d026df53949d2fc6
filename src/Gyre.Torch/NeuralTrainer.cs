using System.Globalization;
using Gyre.Data;
using Gyre.Pipelines;
using Gyre.Torch.Layers;
using Gyre.Torch.Learning;
using Gyre.Training;

namespace Gyre.Torch;

/// <summary>
/// What all trainers of networks have in common: the options of learning by steps. Learns by Adam with decoupled weight
/// decay; takes up training that was killed where its last checkpoint was made, to the same bits.
/// </summary>
public abstract record NeuralTrainer : Trainer
{
    private protected NeuralTrainer()
    {
    }

    [NotAParameter]
    public sealed override IReadOnlyList<LearningTask> Tasks => Enum.GetValues<LearningTask>();

    [NotAParameter]
    public sealed override bool CanWarmStart => true;

    [NotAParameter]
    public sealed override bool WarmStartsAcrossTransforms => true;

    /// <summary>How often the training examples are gone through, unless <see cref="EarlyStopping"/> ends it before.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>The step size of Adam.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>How the step size changes in the course of the training.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>How many examples make one step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>How strongly all weights but biases are pulled towards zero: in each step they lose this times the learning rate of themselves.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The greatest length of all gradients together, taken as one vector; longer ones are shortened to it. 0 for any length.</summary>
    public double ClipNorm { get; init; }

    /// <summary>
    /// Stops when <see cref="Watch"/> has not become better on the eval split for this many epochs, and goes back to the weights of
    /// the best one. 0 never stops and keeps the last. The eval split then has had a say in the model: its metrics are slightly
    /// too good.
    /// </summary>
    public int EarlyStopping { get; init; }

    /// <summary>What early stopping watches.</summary>
    public WatchedMetric Watch { get; init; } = WatchedMetric.Loss;

    /// <summary>
    /// How much the examples of each class count; null for all the same. Sample weights multiply with them. Where an example may
    /// have several labels, how much the yes of each counts against its no.
    /// </summary>
    public ClassWeights? ClassWeights { get; init; }

    /// <summary>Which examples an epoch consists of.</summary>
    public Sampling Sampling { get; init; } = Sampling.All;

    /// <summary>A checkpoint is made after the first step that ends so many seconds after the last one; results do not depend on it.</summary>
    [NotAParameter]
    public double CheckpointSeconds { get; init; } = 30;

    /// <summary>Besides, a checkpoint is made after each so many steps; 0 for never. Results do not depend on it.</summary>
    [NotAParameter]
    public int CheckpointSteps { get; init; }

    public override IEnumerable<string> Problems()
    {
        if (Epochs < 1)
            yield return Problem(nameof(Epochs), Epochs, "at least 1");
        if (!(LearningRate > 0) || double.IsInfinity(LearningRate))
            yield return Problem(nameof(LearningRate), LearningRate, "a number above 0, such as 0.001");
        if (BatchSize < 1)
            yield return Problem(nameof(BatchSize), BatchSize, "at least 1");
        if (!(WeightDecay >= 0) || double.IsInfinity(WeightDecay))
            yield return Problem(nameof(WeightDecay), WeightDecay, "0 or more");
        if (!(ClipNorm >= 0) || double.IsInfinity(ClipNorm))
            yield return Problem(nameof(ClipNorm), ClipNorm, "a length above 0, or 0 for none");
        if (EarlyStopping < 0)
            yield return Problem(nameof(EarlyStopping), EarlyStopping, "a number of epochs, or 0 for never");
        if (!(CheckpointSeconds >= 0))
            yield return Problem(nameof(CheckpointSeconds), CheckpointSeconds, "0 or more");
        if (CheckpointSteps < 0)
            yield return Problem(nameof(CheckpointSteps), CheckpointSteps, "a number of steps, or 0 for none");
        foreach (var problem in Schedule.Problems().Concat(ClassWeights?.Problems() ?? []).Concat(DesignProblems()))
            yield return problem;
    }

    public override IEnumerable<string> ProblemsWith(LabelSpec label)
    {
        // Each of several labels can be weighed: how much its yes counts.
        if (label.Task != LearningTask.Multilabel)
        {
            foreach (var problem in ClassWeights?.ProblemsWith(label) ?? [])
                yield return $"{GetType().Name}: {problem}";
        }

        if (Sampling != Sampling.All && label.Task is not (LearningTask.Binary or LearningTask.Multiclass))
            yield return Problem(nameof(Sampling), Sampling, $"All: a {label.Task.ToString().ToLowerInvariant()} label has no classes that exclude each other");
        if (EarlyStopping > 0 && Watch != WatchedMetric.Loss && TaskHead.MetricsOf(label.Task) is var metrics && !metrics.Contains(Watch))
            yield return Problem(nameof(Watch), Watch, $"a metric of this task, {label.Task.ToString().ToLowerInvariant()}: {string.Join(", ", metrics.Prepend(WatchedMetric.Loss))}");
    }

    public sealed override ITrainedModel Train(TrainingInput input, CancellationToken cancellationToken)
    {
        NativeTorch.Prepare();
        return NetworkTraining.Run(this, input, cancellationToken);
    }

    internal virtual IEnumerable<string> DesignProblems() => [];

    /// <summary>Makes the network with its first weights.</summary>
    /// <param name="input">The features and examples.</param>
    /// <param name="head">What its outputs are for.</param>
    /// <param name="earlier">The network whose weights will be taken over; null for none.</param>
    internal abstract Network Build(TrainingInput input, TaskHead head, EarlierNetwork? earlier);

    private protected string Problem(string option, object value, string expected) =>
        string.Create(CultureInfo.InvariantCulture, $"{GetType().Name}.{option} is {value}. Expected {expected}.");
}

/// <summary>A metric on the eval split that says how good the weights of an epoch are.</summary>
public enum WatchedMetric
{
    /// <summary>What is minimised, without class weights.</summary>
    Loss,

    /// <summary>The area under the ROC curve; of labels that are yes or no.</summary>
    Auc,

    /// <summary>The share of examples whose most probable class is theirs.</summary>
    Accuracy,

    /// <summary>The mean over the classes of the harmonic mean of precision and recall.</summary>
    MacroF1,

    /// <summary>The root of the mean squared error, in the unit of the label.</summary>
    RootMeanSquaredError,

    /// <summary>The mean absolute error, in the unit of the label.</summary>
    MeanAbsoluteError,

    /// <summary>The normalised discounted cumulative gain over whole groups.</summary>
    Ndcg,
}

/// <summary>Which examples an epoch consists of; those of rare classes are then learnt from more often.</summary>
public enum Sampling
{
    /// <summary>Each example once.</summary>
    All,

    /// <summary>All examples, those of the smaller classes as often as it takes to be as many as those of the largest.</summary>
    Over,

    /// <summary>Of each class as many as the smallest has, drawn anew for each epoch.</summary>
    Under,
}
