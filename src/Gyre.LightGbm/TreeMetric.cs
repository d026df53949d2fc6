namespace Gyre.LightGbm;

/// <summary>What tells whether more trees still make a model better on examples that it has not learnt from.</summary>
public enum TreeMetric
{
    /// <summary>The loss of the task, as all trainers report it.</summary>
    Loss,

    /// <summary>The area under the ROC curve; of labels that are yes or no.</summary>
    Auc,

    /// <summary>The share of examples whose most probable class is theirs.</summary>
    Accuracy,

    /// <summary>The root of the mean squared error, in the unit of the label.</summary>
    RootMeanSquaredError,

    /// <summary>The mean absolute error, in the unit of the label.</summary>
    MeanAbsoluteError,

    /// <summary>The normalised discounted cumulative gain over whole groups.</summary>
    Ndcg,
}

/// <summary>What trees minimise when they predict a number.</summary>
public enum RegressionLoss
{
    /// <summary>The squared error: leads to the mean.</summary>
    Squared,

    /// <summary>The absolute error: leads to the median, and far-off labels matter little.</summary>
    Absolute,

    /// <summary>Squared for small errors, absolute for those beyond 0.9.</summary>
    Huber,

    /// <summary>The likelihood of counts: errors weigh relative to the size, and predictions are above 0. Labels must be 0 or more.</summary>
    Poisson,
}
