using System.Globalization;
using Gyre.Pipelines;
using Gyre.Training;

namespace Gyre.Torch;

/// <summary>
/// A network of two parts. Deep: each text is the mean of the learnt vectors of its tokens, each category its vector;
/// these and the numbers go through hidden layers. Wide: one-hot vectors and numbers go through a single layer. Both
/// meet in a sigmoid. Learnt by Adam on the binary cross-entropy. Works with any mix of features, and brings numbers to
/// mean 0 and deviation 1 itself.
/// </summary>
/// <example>
/// <code>
/// new TrainModel(transform, new WideAndDeep { Epochs = 3, LearningRate = 0.001 })
/// </code>
/// </example>
[CodeVersion(1)]
public sealed record WideAndDeep : Trainer
{
    /// <summary>How often the training examples are gone through, unless <see cref="EarlyStopping"/> ends it before.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>The step size of Adam.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>How many examples make one step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>The length of the vector of a token; that of a category is at most half the number of its ids.</summary>
    public int EmbeddingSize { get; init; } = 64;

    /// <summary>The widths of the hidden layers of the deep part, in order; each ends in a ReLU.</summary>
    public IReadOnlyList<int> HiddenLayers { get; init; } = [256, 64, 16];

    /// <summary>The width of the wide part's layer.</summary>
    public int WideSize { get; init; } = 16;

    /// <summary>The share of each hidden layer's outputs that is left out at random in each step, against learning by heart.</summary>
    public double Dropout { get; init; }

    /// <summary>How strongly all weights but biases are pulled towards zero: in each step they lose this times the learning rate of themselves.</summary>
    public double WeightDecay { get; init; }

    /// <summary>
    /// Stops when the loss on the eval split has not fallen for this many epochs, and goes back to the weights of the best
    /// one. 0 never stops and keeps the last. The eval split then has had a say in the model: its metrics are slightly
    /// too good.
    /// </summary>
    public int EarlyStopping { get; init; }

    public override IEnumerable<string> Problems()
    {
        if (Epochs < 1)
            yield return Problem(nameof(Epochs), Epochs, "at least 1");
        if (!(LearningRate > 0) || double.IsInfinity(LearningRate))
            yield return Problem(nameof(LearningRate), LearningRate, "a number above 0, such as 0.001");
        if (BatchSize < 1)
            yield return Problem(nameof(BatchSize), BatchSize, "at least 1");
        if (EmbeddingSize < 1)
            yield return Problem(nameof(EmbeddingSize), EmbeddingSize, "at least 1");
        if (HiddenLayers.Any(width => width < 1))
            yield return Problem(nameof(HiddenLayers), $"[{string.Join(", ", HiddenLayers)}]", "widths of at least 1; an empty list for no hidden layers");
        if (WideSize < 1)
            yield return Problem(nameof(WideSize), WideSize, "at least 1");
        if (Dropout is not (>= 0 and < 1))
            yield return Problem(nameof(Dropout), Dropout, "a share from 0 to less than 1");
        if (!(WeightDecay >= 0) || double.IsInfinity(WeightDecay))
            yield return Problem(nameof(WeightDecay), WeightDecay, "0 or more");
        if (EarlyStopping < 0)
            yield return Problem(nameof(EarlyStopping), EarlyStopping, "a number of epochs, or 0 for never");
    }

    public override ITrainedModel Train(TrainingInput input, CancellationToken cancellationToken)
    {
        NativeTorch.Prepare();
        return new NetworkTraining(this, input).Run(cancellationToken);
    }

    static string Problem(string option, object value, string expected) =>
        string.Create(CultureInfo.InvariantCulture, $"WideAndDeep.{option} is {value}. Expected {expected}.");
}
