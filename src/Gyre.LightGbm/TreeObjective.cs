using System.Globalization;
using Gyre.Data;

namespace Gyre.LightGbm;

/// <summary>What becomes of the sum of the trees.</summary>
enum TreeLink
{
    Identity,
    Sigmoid,
    Softmax,
    Exponential,
}

/// <summary>How a task is put to LightGBM.</summary>
/// <param name="Name">LightGBM's name of the loss.</param>
/// <param name="Link">What becomes of the sum of the trees.</param>
/// <param name="Outputs">The number of trees in a round, one to an output.</param>
/// <param name="Metrics">The metrics that the task knows.</param>
sealed record TreeObjective(string Name, TreeLink Link, int Outputs, IReadOnlyList<TreeMetric> Metrics)
{
    public static TreeObjective Binary { get; } = new("binary", TreeLink.Sigmoid, 1, MetricsOf(LearningTask.Binary));

    /// <summary>The metrics that a task knows.</summary>
    public static IReadOnlyList<TreeMetric> MetricsOf(LearningTask task) => task switch
    {
        LearningTask.Multiclass => [TreeMetric.Loss, TreeMetric.Accuracy],
        LearningTask.Regression => [TreeMetric.Loss, TreeMetric.RootMeanSquaredError, TreeMetric.MeanAbsoluteError],
        LearningTask.Ranking => [TreeMetric.Loss, TreeMetric.Ndcg],
        _ => [TreeMetric.Loss, TreeMetric.Auc, TreeMetric.Accuracy],
    };

    /// <summary>Several labels are learnt one after the other, each by the objective of one.</summary>
    public static TreeObjective Of(LabelSpec label, RegressionLoss loss) => label.Task switch
    {
        LearningTask.Multiclass => new("multiclass", TreeLink.Softmax, label.Classes.Count, MetricsOf(label.Task)),
        LearningTask.Regression => new(
            loss switch
            {
                RegressionLoss.Absolute => "regression_l1",
                RegressionLoss.Huber => "huber",
                RegressionLoss.Poisson => "poisson",
                _ => "regression",
            },
            loss == RegressionLoss.Poisson ? TreeLink.Exponential : TreeLink.Identity, 1, MetricsOf(label.Task)),
        LearningTask.Ranking => new("lambdarank", TreeLink.Identity, 1, MetricsOf(label.Task)),
        _ => Binary,
    };

    /// <summary>LightGBM's parameters for data and training: <c>key=value key=value</c>.</summary>
    public string Parameters(LightGbmTrainer options, int threads) => string.Create(
        CultureInfo.InvariantCulture,
        $"objective={Name} {(Link == TreeLink.Softmax ? $"num_class={Outputs} " : "")}metric=none "
        + $"num_leaves={options.Leaves} max_depth={(options.MaxDepth == 0 ? -1 : options.MaxDepth)} learning_rate={options.LearningRate:R} "
        + $"min_data_in_leaf={options.MinDataInLeaf} min_gain_to_split={options.MinGain:R} lambda_l1={options.L1:R} lambda_l2={options.L2:R} "
        + $"feature_fraction={options.FeatureFraction:R} bagging_fraction={options.BaggingFraction:R} bagging_freq={(options.BaggingFraction < 1 ? 1 : 0)} "
        + $"max_bin={options.MaxBins} seed={options.Seed} deterministic=true force_row_wise=true num_threads={Math.Max(1, threads)} verbosity=-1");

    /// <summary>Predictions from the sums of the trees, <see cref="Outputs"/> to an example.</summary>
    public void Predict(ReadOnlySpan<double> sums, Span<float> predictions)
    {
        switch (Link)
        {
            case TreeLink.Softmax:
                for (var first = 0; first < sums.Length; first += Outputs)
                    Softmax(sums.Slice(first, Outputs), predictions.Slice(first, Outputs));
                break;
            case TreeLink.Sigmoid:
                for (var i = 0; i < sums.Length; i++)
                    predictions[i] = (float)(1 / (1 + Math.Exp(-sums[i])));
                break;
            case TreeLink.Exponential:
                for (var i = 0; i < sums.Length; i++)
                    predictions[i] = (float)Math.Exp(sums[i]);
                break;
            default:
                for (var i = 0; i < sums.Length; i++)
                    predictions[i] = (float)sums[i];
                break;
        }
    }

    static void Softmax(ReadOnlySpan<double> sums, Span<float> predictions)
    {
        var largest = sums[0];
        foreach (var sum in sums)
            largest = Math.Max(largest, sum);
        var total = 0.0;
        foreach (var sum in sums)
            total += Math.Exp(sum - largest);
        for (var i = 0; i < sums.Length; i++)
            predictions[i] = (float)(Math.Exp(sums[i] - largest) / total);
    }
}
