using Gyre.Onnx;
using Gyre.Torch.Layers;
using Gyre.Torch.Learning;
using Gyre.Training;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch;

/// <summary>
/// Learns any network of your own, written with TorchSharp. Derive a sealed record that holds its options; checkpoints, schedules,
/// class weights and all the rest work as they do for other networks.
/// </summary>
public abstract record ModuleTrainer : NeuralTrainer
{
    /// <summary>Makes the network with its first weights. Draw them from torch's own generator, which has been seeded.</summary>
    /// <param name="features">The features that there are.</param>
    /// <param name="outputs">How many outputs the task wants of each example.</param>
    public abstract NetworkModule Create(IReadOnlyList<FeatureSpec> features, int outputs);

    internal sealed override Network Build(TrainingInput input, TaskHead head, EarlierNetwork? earlier) => new ModuleNetwork(this, input, head);
}

/// <summary>
/// A network of your own: from the features of some examples to the task's outputs. All float parameters it registers are
/// learnt; buffers are kept. Random numbers must come from torch's own generator, which is seeded before each step.
/// </summary>
/// <remarks>
/// <c>forward</c> is given for each feature a tensor as <see cref="FeatureKind"/> says: numbers float32 [N, Size] as the transform
/// gives them; ids int64 [N, 1], −1 for none; tokens int64 [N, T], ending in −1. It gives float32 [N, outputs]: log-odds of yes,
/// or of each label; for classes logarithms of probabilities up to a constant; for a number how many deviations it lies above
/// the mean; for an order the score.
/// </remarks>
public abstract class NetworkModule(string name) : nn.Module<IReadOnlyDictionary<string, Tensor>, Tensor>(name)
{
    /// <summary>
    /// Which rows of a parameter, along its first dimension, belong to the ids of a feature, such as those of an embedding: a training that
    /// goes on from an earlier model then finds them again, whatever ids the same texts have by now. All other rows are taken over as
    /// they are. Null for parameters without such rows.
    /// </summary>
    /// <param name="parameter">The name of a parameter, as <c>named_parameters</c> tells it, for example <c>words.weight</c>.</param>
    public virtual FeatureRows? RowsOf(string parameter) => null;

    /// <summary>Adds nodes that compute what <c>forward</c> computes when predicting, to 1e-5.</summary>
    /// <param name="graph">The graph to add them to.</param>
    /// <param name="features">For each feature the name of its tensor, in the same form, except that −1 may stand between tokens too.</param>
    /// <returns>The name of a tensor float [N, outputs].</returns>
    public abstract string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features);
}

/// <summary>Rows of a parameter that belong to the ids of a feature.</summary>
/// <param name="Feature">The name of the feature.</param>
/// <param name="FirstRow">The row of its id 0; those of the others follow.</param>
public sealed record FeatureRows(string Feature, int FirstRow = 0);
