using System.Globalization;
using Gyre.Data;
using Gyre.Pipelines;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.LightGbm;

/// <summary>
/// Gradient-boosted decision trees, by LightGBM: each tree corrects the sum of those before it. The usual choice for tables of
/// numbers and categories; numbers need no scaling, and missing ones no filling: after <see cref="NumberValue.KeepMissing"/> each split
/// learns to which side they go. Of tokens each counts how often it occurs, so a vocabulary of some thousands is as much as trees can use.
/// </summary>
/// <example>
/// <code>
/// new TrainModel(transform, new LightGbmTrainer { Trees = 300, LearningRate = 0.05, EarlyStopping = 30 })
/// </code>
/// </example>
[CodeVersion(2)]
public sealed record LightGbmTrainer : Trainer
{
    /// <summary>
    /// The number of rounds, each of one tree (or one to a class), unless <see cref="EarlyStopping"/> ends it before. After a warm start
    /// so many more than the earlier model has.
    /// </summary>
    public int Trees { get; init; } = 100;

    /// <summary>The most leaves of a tree: how many kinds of examples it tells apart.</summary>
    public int Leaves { get; init; } = 31;

    /// <summary>The most questions in a row from the root of a tree to a leaf; 0 for no limit but <see cref="Leaves"/>.</summary>
    public int MaxDepth { get; init; }

    /// <summary>How much of what a tree has found is added: smaller needs more trees and is less exact about chance.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>The fewest training examples in a leaf.</summary>
    public int MinDataInLeaf { get; init; } = 20;

    /// <summary>How much a split must lower the training loss to be made.</summary>
    public double MinGain { get; init; }

    /// <summary>How strongly the values of leaves are pushed to exactly zero.</summary>
    public double L1 { get; init; }

    /// <summary>How strongly the values of leaves are pulled towards zero.</summary>
    public double L2 { get; init; }

    /// <summary>The share of the columns that each tree may look at, drawn anew for each.</summary>
    public double FeatureFraction { get; init; } = 1;

    /// <summary>The share of the training examples that each tree learns from, drawn anew for each.</summary>
    public double BaggingFraction { get; init; } = 1;

    /// <summary>Into how many intervals the values of a column are sorted; splits lie between them.</summary>
    public int MaxBins { get; init; } = 255;

    /// <summary>
    /// Stops when <see cref="Watch"/> has not become better on the eval split for this many rounds, and keeps the trees up to the best
    /// round. 0 never stops and keeps all. The eval split then has had a say in the model: its metrics are slightly too good.
    /// </summary>
    public int EarlyStopping { get; init; }

    /// <summary>What early stopping watches.</summary>
    public TreeMetric Watch { get; init; } = TreeMetric.Loss;

    /// <summary>How much the examples of each class count; null for all the same. Sample weights multiply with them.</summary>
    public ClassWeights? ClassWeights { get; init; }

    /// <summary>What is minimised when the label is a number.</summary>
    public RegressionLoss RegressionLoss { get; init; } = RegressionLoss.Squared;

    /// <summary>The most columns that features may make together; one with more is refused.</summary>
    public int MaxColumns { get; init; } = 65_536;

    [NotAParameter]
    public override IReadOnlyList<LearningTask> Tasks => Enum.GetValues<LearningTask>();

    [NotAParameter]
    public override bool CanWarmStart => true;

    [NotAParameter]
    public override bool TakesMissing => true;

    public override IEnumerable<string> Problems()
    {
        if (Trees < 1)
            yield return Problem(nameof(Trees), Trees, "at least 1");
        if (Leaves is < 2 or > 131_072)
            yield return Problem(nameof(Leaves), Leaves, "2 to 131072");
        if (MaxDepth < 0)
            yield return Problem(nameof(MaxDepth), MaxDepth, "a number of questions, or 0 for no limit");
        if (!(LearningRate > 0) || double.IsInfinity(LearningRate))
            yield return Problem(nameof(LearningRate), LearningRate, "a number above 0, such as 0.1");
        if (MinDataInLeaf < 1)
            yield return Problem(nameof(MinDataInLeaf), MinDataInLeaf, "at least 1");
        foreach (var (option, value) in new[] { (nameof(MinGain), MinGain), (nameof(L1), L1), (nameof(L2), L2) })
        {
            if (!(value >= 0) || double.IsInfinity(value))
                yield return Problem(option, value, "0 or more");
        }

        foreach (var (option, value) in new[] { (nameof(FeatureFraction), FeatureFraction), (nameof(BaggingFraction), BaggingFraction) })
        {
            if (value is not (> 0 and <= 1))
                yield return Problem(option, value, "a share above 0, at most 1");
        }

        if (MaxBins is < 2 or > 65_535)
            yield return Problem(nameof(MaxBins), MaxBins, "2 to 65535");
        if (EarlyStopping < 0)
            yield return Problem(nameof(EarlyStopping), EarlyStopping, "a number of rounds, or 0 for never");
        if (!Enum.IsDefined(Watch))
            yield return Problem(nameof(Watch), Watch, string.Join(", ", Enum.GetNames<TreeMetric>()));
        if (!Enum.IsDefined(RegressionLoss))
            yield return Problem(nameof(RegressionLoss), RegressionLoss, string.Join(", ", Enum.GetNames<RegressionLoss>()));
        if (MaxColumns < 1)
            yield return Problem(nameof(MaxColumns), MaxColumns, "at least 1");
        foreach (var problem in ClassWeights?.Problems() ?? [])
            yield return problem;
    }

    public override IEnumerable<string> ProblemsWith(LabelSpec label)
    {
        foreach (var problem in ClassWeights?.ProblemsWith(label) ?? [])
            yield return $"LightGbmTrainer: {problem}";
        if (TreeObjective.MetricsOf(label.Task) is var metrics && EarlyStopping > 0 && !metrics.Contains(Watch))
            yield return Problem(nameof(Watch), Watch, $"a metric of this task, {label.Task.ToString().ToLowerInvariant()}: {string.Join(", ", metrics)}");
    }

    public override ITrainedModel Train(TrainingInput input, CancellationToken cancellationToken)
    {
        NativeLightGbm.Prepare();
        return new TreeTraining(this, input).Run(cancellationToken);
    }

    static string Problem(string option, object value, string expected) =>
        string.Create(CultureInfo.InvariantCulture, $"LightGbmTrainer.{option} is {value}. Expected {expected}.");
}
